// What W3C WebDriver, by which WebKit is driven, and Marionette, Firefox's own protocol, have in common.

/** How an element is written in the protocol. */
export const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** Keys that are no letters, as the protocol writes them. */
const KEYS: Record<string, string> = {
  Backspace: "\ue003",
  Tab: "\ue004",
  Enter: "\ue007",
  Escape: "\ue00c",
  PageUp: "\ue00e",
  PageDown: "\ue00f",
  End: "\ue010",
  Home: "\ue011",
  ArrowLeft: "\ue012",
  ArrowUp: "\ue013",
  ArrowRight: "\ue014",
  ArrowDown: "\ue015",
};

/** Keys that are pressed one after the other, names or letters, as one of the `actions` of the protocol. */
export function pressed(keys: string[]) {
  const letters = keys.flatMap((key) => (KEYS[key] === undefined ? [...key] : [KEYS[key]]));
  const actions = letters.flatMap((value) => [
    { type: "keyDown", value },
    { type: "keyUp", value },
  ]);
  return { type: "key", id: "keyboard", actions };
}
