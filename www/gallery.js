// The models that come with the page: which one it opens with, and the cards that switch.

import { bundled } from "./bundled.js";
import { byId, el, grouped } from "./dom.js";
import { fetched } from "./errors.js";
import { state } from "./state.js";

/** @typedef {import("./bundled.js").Bundled} Bundled */
/** @typedef {import("./client.js").Packed} Packed */

/** In the address: none of them. */
export const NONE = "none";
const [first] = bundled;

/**
 * What the address asks for: a model, or null for none. Throws what a person reads.
 * @param {string} name as in the state
 * @returns {Bundled | null}
 */
export function wanted(name) {
  if (name === NONE || !first) return null;
  const found = name === "" ? first : bundled.find((each) => each.name === name);
  if (found) return found;
  const names = bundled.map((each) => each.name).join(", ");
  throw new Error(`No bundled model is called “${name}”: there are ${names}`);
}

/** How the state names it. @param {Bundled | null} model */
export const stateName = (model) => (model === null ? NONE : model === first ? "" : model.name);

/**
 * From the page's own folder.
 * @param {Bundled} model
 * @returns {Promise<Packed>}
 */
export async function download({ name, file, input }) {
  const missing = (/** @type {string} */ why) =>
    new Error(`The bundled model ${name} could not be loaded (${why}): choose another one, or open a checkpoint of your own`);
  const response = await fetched(new URL(`./${input}`, import.meta.url), missing);
  const address = new URL(`./${file}`, import.meta.url).href;
  return { name: file.split("/").at(-1) ?? name, input: new Uint8Array(await response.arrayBuffer()), address };
}

/** What belongs to a model in the bar: until one is there or is known not to come, its place is kept. @param {boolean} shown */
export function showBar(shown) {
  for (const part of [byId("model-bar"), byId("model-tools")]) {
    part.hidden = !shown;
    part.classList.remove("expected");
  }
}

/** Without a model the invitation has the page to itself. */
export function showAlone() {
  showBar(false);
  byId("welcome").classList.add("alone");
  byId("formats").toggleAttribute("open", true);
}

/** What the page opens with, fetched while the library is on its way. */
export function firstModel() {
  const { model: name, step } = state();
  const [bundled, complaint] = (() => {
    try {
      return [wanted(name), null];
    } catch (error) {
      return [wanted(""), error];
    }
  })();
  if (!bundled) {
    showAlone();
    return null;
  }
  const file = download(bundled);
  file.catch(() => {}); // told once the page is there
  return { bundled, file, complaint, step: complaint ? "" : step };
}

/** @param {Bundled} model */
function card({ name, title, sentence, score }) {
  const right = score && `${grouped(score.passed)} of ${grouped(score.total)} right`;
  return el(
    "label",
    {},
    el("input", { type: "radio", name: "gallery", value: name }),
    el(
      "span",
      { class: "head" },
      el("strong", {}, title, " ", el("span", {}, name)),
      right ? el("span", { class: "score" }, right) : null,
    ),
    el("span", { class: "why" }, sentence),
  );
}

/**
 * Fills the gallery.
 * @param {(model: Bundled) => void} choose
 */
export function gallery(choose) {
  const group = byId("gallery");
  group.append(...bundled.map(card));
  group.addEventListener("change", ({ target }) => {
    const chosen = bundled.find(({ name }) => target instanceof HTMLInputElement && name === target.value);
    if (chosen) choose(chosen);
  });
}

/** Marks the one that is open. @param {Bundled | null} model */
export function mark(model) {
  for (const input of byId("gallery").querySelectorAll("input")) input.checked = input.value === model?.name;
}
