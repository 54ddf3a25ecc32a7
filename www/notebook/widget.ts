// <adder-scope> as a Jupyter widget, for the Python package: the traits of its _widget.py, both ways.
//
// https://anywidget.dev/en/afm/

import type { AdderScopeEvents } from "../embed/events.js";
import { NAME, define } from "../embed/inline.js";

/** What anywidget gives: the traits, as both sides see them. */
interface Traits {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** A file as it comes from Python. */
interface Sent {
  name: string;
  bytes: DataView;
}

/** What Python sets and the element shows. */
const SHOWN = ["view", "theme", "hide", "a", "b", "digit"] as const;

/** Where JupyterLab says whether it is light. */
const LIGHT = "data-jp-theme-light";

/** "auto" is as JupyterLab is, where that is around, and not as the system is. */
function themeHere(theme: unknown) {
  const isLight = document.body.getAttribute(LIGHT);
  return theme === "auto" && isLight !== null ? (isLight === "true" ? "light" : "dark") : theme;
}

function render({ model, el }: { model: Traits; el: HTMLElement }) {
  define();
  // By its name: each widget has this module anew, and the element is defined by the first one.
  const element = document.createElement(NAME);
  const end = new AbortController();
  /** What the element tells is not told to it again. */
  let isTelling = false;
  const tell = (traits: Record<string, unknown>) => {
    isTelling = true;
    for (const [name, value] of Object.entries(traits)) model.set(name, value);
    isTelling = false;
    model.save_changes();
  };
  const traitOf = (name: string) => (name === "theme" ? themeHere(model.get(name)) : model.get(name));
  const show = (names: readonly string[]) => {
    if (!isTelling) Object.assign(element, Object.fromEntries(names.map((name) => [name, traitOf(name)])));
  };
  const open = () => {
    element.files = (model.get("files") as Sent[]).map(({ name, bytes }) => ({
      name,
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    }));
  };
  const on = (event: string, listener: () => void) => {
    model.on(event, listener);
    end.signal.addEventListener("abort", () => model.off(event, listener));
  };
  const hear = <Name extends keyof AdderScopeEvents>(
    name: Name,
    traitsOf: (detail: AdderScopeEvents[Name]["detail"]) => Record<string, unknown>,
  ) => element.addEventListener(name, (event) => tell(traitsOf((event as AdderScopeEvents[Name]).detail)));
  hear("state", ({ a, b, digit }) => ({ a, b, digit }));
  hear("select", (selected) => ({ selected }));
  hear("verdict", (verdict) => ({ verdict }));
  hear("problem", ({ message }) => ({ problem: message }));
  show(SHOWN);
  open();
  on("change:files", open);
  for (const name of SHOWN) on(`change:${name}`, () => show([name]));
  const themes = new MutationObserver(() => show(["theme"]));
  themes.observe(document.body, { attributeFilter: [LIGHT] });
  el.append(element);
  return () => {
    end.abort();
    themes.disconnect();
    element.remove();
  };
}

export default { render };
