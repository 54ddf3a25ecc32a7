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

/** How good a bundled model is: of all additions where that is decided, else of AdderBoard's. */
function rightOf({ score, exact }: Bundled) {
  if (exact?.decided) {
    const wrong = 10n ** 20n - BigInt(exact.right_at_most);
    if (wrong > 0n) return html`<span class="score">wrong on ${grouped(String(wrong))} of 10²⁰</span>`;
    return html`<span class="score">proven on all 10²⁰, in exact arithmetic</span>`;
  }
  return score ? html`<span class="score">${grouped(score.passed)} of ${grouped(score.total)} right</span>` : nothing;
}

const cardOf = (scope: Scope, model: Bundled) =>
  html`<label
    ><input type="radio" name=${scope.id("gallery")} value=${model.name} /><span class="head"
      ><strong>${model.title} <span>${model.name}</span></strong
      >${rightOf(model)}</span
    ><span class="why">${model.sentence}</span></label
  >`;

/** Fills the gallery. */
export function gallery(scope: Scope, on: { chosen: (name: string) => void }) {
  const group = scope.byId("gallery");
  render(
    bundled.map((model) => cardOf(scope, model)),
    group,
  );
  if (!scope.isMain) scope.byId("exhibit").remove(); // its address is the tab's
  group.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) on.chosen(target.value);
  });
}

/** Marks the one that is open; "" for none. */
export function mark(scope: Scope, name: string) {
  for (const input of scope.byId("gallery").querySelectorAll("input")) input.checked = input.value === name;
}
