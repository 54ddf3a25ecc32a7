// The models that come with the page: which one it opens with, and the cards that switch.

import { html, nothing, render } from "lit/html.js";
import { bundled as built, type Bundled } from "./bundled.js";
import type { Packed } from "./channel/protocol.js";
import { bytesOf } from "./errors.js";
import { grouped } from "./format.js";
import { isOneFile, resource } from "./resources.js";
import type { Scope } from "./scope.js";
import { siteIn } from "./site.js";

/** A site of someone's own has its title and its models in a block of the page. */
const block = "document" in globalThis ? document.getElementById("adderscope-gallery")?.textContent : undefined;
/** Null on the page as it was built. */
export const site = block ? siteIn(block) : null;
/** Why the page has other models than its site would have, each as a sentence. */
export const missed: readonly string[] =
  block && !site ? ["The list of this site’s models is damaged: write the site again with adderscope site"] : [];
const bundled = site?.models ?? built;
/** What the page is called where nothing is open, and after what is. */
export const title = site?.title ?? "AdderScope";

/** The bundled models by name. The page opens with the first. */
export const names: readonly string[] = bundled.map(({ name }) => name);

function listed(wanted: string) {
  const found = bundled.find((each) => each.name === wanted);
  if (found) return found;
  throw new Error(`No bundled model is called “${wanted}”: there are ${names.join(", ")}`);
}

async function fileOf(file: string, name: string) {
  const missing = (why: string) =>
    new Error(
      `The bundled model ${name} could not be loaded (${why}): choose another one, or open a checkpoint of your own`,
    );
  return bytesOf(await resource(file, missing), missing);
}

/** From the page's own folder: what it opens with, where that is a file of its own. */
export async function download(wanted: string): Promise<Packed> {
  const { name, file, input, opening } = listed(wanted);
  const [first, whole] = opening && !isOneFile ? [opening, input] : [input, ""];
  return { name: file.split("/").at(-1) ?? name, input: await fileOf(first, name), whole, file };
}

/** All that its file holds, from there. */
export function downloadWhole(wanted: string): Promise<Uint8Array> {
  const { name, input } = listed(wanted);
  return fileOf(input, name);
}

/** What belongs to a model in the bar: until one is there or is known not to come, its place is kept. */
const OF_MODEL = ["models", "model", "file", "bar-open", "model-tools", "weights-open", "compare-open"];

/**
 * A model has the page or, where none is open, the invitation.
 * @param isOpen whether one is
 */
export function showModel(scope: Scope, isOpen: boolean) {
  const views = scope.byId("views").querySelectorAll<HTMLElement>("[data-to]");
  for (const part of [...OF_MODEL.map((name) => scope.byId(name)), ...views]) {
    part.hidden = !isOpen;
    part.classList.remove("expected");
  }
  scope.byId("loaded").hidden = scope.byId("end").hidden = !isOpen;
  scope.byId("welcome").hidden = isOpen;
  scope.byId("formats").toggleAttribute("open", !isOpen);
  const place = isOpen ? scope.byId("models-list") : scope.byId("welcome-gallery");
  if (!place.contains(scope.byId("gallery"))) place.append(scope.byId("gallery"));
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
  const legend = site ? group.querySelector("legend") : null;
  if (legend) legend.textContent = "Models of this site";
  // Its address is the tab's, and of a model that is not there.
  if (!scope.isMain || site) scope.byId("exhibit").remove();
  group.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) on.chosen(target.value);
  });
  // By a pointer, one is chosen; arrow keys go through them.
  group.addEventListener("click", ({ target, detail }) => {
    if (target instanceof HTMLInputElement && detail > 0) scope.byId("models", HTMLDetailsElement).open = false;
  });
}

/** Marks the one that is open; "" for none. */
export function mark(scope: Scope, name: string) {
  for (const input of scope.byId("gallery").querySelectorAll("input")) input.checked = input.value === name;
}
