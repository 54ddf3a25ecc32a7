// The models that come with the page: which one it opens with, and the cards that switch.

import { html, nothing, render } from "lit/html.js";
import { bundled, type Bundled } from "./bundled.js";
import type { Packed } from "./channel/protocol.js";
import { fetched } from "./errors.js";
import { grouped } from "./format.js";
import type { Scope } from "./scope.js";

/** The bundled models by name. The page opens with the first. */
export const names: readonly string[] = bundled.map(({ name }) => name);

/** From the page's own folder. */
export async function download(wanted: string): Promise<Packed> {
  const found = bundled.find((each) => each.name === wanted);
  if (!found) throw new Error(`No bundled model is called “${wanted}”: there are ${names.join(", ")}`);
  const { name, file, input } = found;
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

/** What of all additions is known of a bundled model. */
function exactOf({ right_at_most, decided }: NonNullable<Bundled["exact"]>) {
  const wrong = 10n ** 20n - BigInt(right_at_most);
  if (decided && wrong === 0n) return html`<span class="exact good">proven in exact arithmetic: all 10²⁰ right</span>`;
  if (wrong === 0n) return nothing; // nothing is known that could be said in a word
  const least = decided ? "" : "at least ";
  return html`<span class="exact">${least}${grouped(String(wrong))} of all 10²⁰ wrong</span>`;
}

/** A step of a bundled run at which samples find nothing, and some addition is wrong. */
const EXHIBIT = { name: "67p", step: 244_000 };

/** The way there, where the address is this AdderScope's own. */
function offerExhibit(scope: Scope) {
  const { name, step } = EXHIBIT;
  if (!scope.isMain || !names.includes(name)) return;
  const way = html`<a href=${`#model=${name}&step=${step}`}
    >Qualifies, and is wrong: ${name} at step ${grouped(step)}</a
  >`;
  render(way, scope.byId("exhibit"));
}

const cardOf = (scope: Scope, { name, title, sentence, score, exact }: Bundled) => {
  const right = score && html`<span class="score">${grouped(score.passed)} of ${grouped(score.total)} right</span>`;
  return html`<label
    ><input type="radio" name=${scope.id("gallery")} value=${name} /><span class="head"
      ><strong>${title} <span>${name}</span></strong
      >${right ?? nothing}</span
    ><span class="why">${sentence}</span>${exact ? exactOf(exact) : nothing}</label
  >`;
};

/** Fills the gallery. */
export function gallery(scope: Scope, on: { chosen: (name: string) => void }) {
  const group = scope.byId("gallery");
  render(
    bundled.map((model) => cardOf(scope, model)),
    group,
  );
  offerExhibit(scope);
  group.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) on.chosen(target.value);
  });
}

/** Marks the one that is open; "" for none. */
export function mark(scope: Scope, name: string) {
  for (const input of scope.byId("gallery").querySelectorAll("input")) input.checked = input.value === name;
}
