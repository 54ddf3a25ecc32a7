// The models that come with the page: which one it opens with, and the cards that switch.

import { html, nothing, render } from "lit/html.js";
import { bundled, type Bundled } from "./bundled.js";
import { fetched } from "./errors.js";
import { grouped } from "./format.js";
import type { Scope } from "./scope.js";

export type { Bundled };
/** What a file holds, as it was read when the page was built; the file itself is at `address`. */
export interface Packed {
  name: string;
  input: Uint8Array;
  address: string;
}

/** In the address: none of them. */
export const NONE = "none";
const [first] = bundled;

/**
 * What the address asks for: a model, or null for none. Throws what a person reads.
 * @param name as in the state
 */
export function wanted(name: string): Bundled | null {
  if (name === NONE || !first) return null;
  const found = name === "" ? first : bundled.find((each) => each.name === name);
  if (found) return found;
  const names = bundled.map((each) => each.name).join(", ");
  throw new Error(`No bundled model is called “${name}”: there are ${names}`);
}

/** How the state names it. */
export const stateName = (model: Bundled | null) => (model === null ? NONE : model === first ? "" : model.name);

/** From the page's own folder. */
export async function download({ name, file, input }: Bundled): Promise<Packed> {
  const missing = (why: string) =>
    new Error(
      `The bundled model ${name} could not be loaded (${why}): choose another one, or open a checkpoint of your own`,
    );
  const response = await fetched(new URL(`./${input}`, import.meta.url), missing);
  const address = new URL(`./${file}`, import.meta.url).href;
  return { name: file.split("/").at(-1) ?? name, input: new Uint8Array(await response.arrayBuffer()), address };
}

/** What belongs to a model in the bar: until one is there or is known not to come, its place is kept. */
export function showBar(scope: Scope, shown: boolean) {
  for (const part of [scope.byId("model-bar"), scope.byId("model-tools")]) {
    part.hidden = !shown;
    part.classList.remove("expected");
  }
}

/** Without a model the invitation has the page to itself. */
export function showAlone(scope: Scope) {
  showBar(scope, false);
  scope.byId("welcome").classList.add("alone");
  scope.byId("formats").toggleAttribute("open", true);
}

/** What the page opens with, fetched while the library is on its way; null for none. */
export function firstModel({ model: name, step }: { model: string; step: string }) {
  const [chosen, complaint] = (() => {
    try {
      return [wanted(name), null];
    } catch (error) {
      return [wanted(""), error];
    }
  })();
  if (!chosen) return null;
  const file = download(chosen);
  file.catch(() => {}); // told once the page is there
  return { bundled: chosen, file, complaint, step: complaint ? "" : step };
}

const cardOf = (scope: Scope, { name, title, sentence, score }: Bundled) => {
  const right = score && html`<span class="score">${grouped(score.passed)} of ${grouped(score.total)} right</span>`;
  return html`<label
    ><input type="radio" name=${scope.id("gallery")} value=${name} /><span class="head"
      ><strong>${title} <span>${name}</span></strong
      >${right ?? nothing}</span
    ><span class="why">${sentence}</span></label
  >`;
};

/** Fills the gallery. */
export function gallery(scope: Scope, on: { chosen: (model: Bundled) => void }) {
  const group = scope.byId("gallery");
  render(
    bundled.map((model) => cardOf(scope, model)),
    group,
  );
  group.addEventListener("change", ({ target }) => {
    const chosen = bundled.find(({ name }) => target instanceof HTMLInputElement && name === target.value);
    if (chosen) on.chosen(chosen);
  });
}

/** Marks the one that is open. */
export function mark(scope: Scope, model: Bundled | null) {
  for (const input of scope.byId("gallery").querySelectorAll("input")) input.checked = input.value === model?.name;
}
