// Twelve cards under five questions.

import { button, byId, el, setText } from "./dom.js";
import { Plot } from "./plot.js";

/** @typedef {import("./adderscope.js").Page} Page */
/** @typedef {import("./adderscope.js").Panel} Panel */
/** @typedef {import("./adderscope.js").Figure} Figure */
/** @typedef {"png" | "svg" | "csv"} Format */
/** @typedef {{figure: Figure, alignment: string, theme: "light" | "dark"}} View */

/**
 * What a card and the large view both offer.
 * @param {(format: Format) => void} save
 * @param {() => string} title
 */
export function downloads(save, title) {
  return /** @type {Format[]} */ (["png", "svg", "csv"]).map((format) => {
    const made = button(format.toUpperCase(), () => save(format));
    made.addEventListener("focus", () => made.setAttribute("aria-label", `${title()} as ${format.toUpperCase()}`));
    return made;
  });
}

/**
 * Only what there is: no picture of a note, no table without rows.
 * @param {HTMLElement[]} buttons of `downloads`
 * @param {string | null} note
 * @param {boolean} table
 */
export function offer([png, svg, csv], note, table) {
  if (png) png.hidden = note !== null;
  if (svg) svg.hidden = note !== null;
  if (csv) csv.hidden = !table;
}

/** No card is higher than this, however wide: the next question should be in reach. In CSS pixels. */
const MOST_HEIGHT = 440;

class Card {
  #title = el("span");
  #aside = el("span", { class: "aside" });
  #sentence = el("p", { class: "sentence" });
  #note = el("p", { class: "empty", hidden: true });
  #plot;
  #key;
  #enlarge;
  #downloads;

  /**
   * @param {Page["panels"][number]} info
   * @param {{open: (key: string) => void, pick: (at: number) => boolean, save: (key: string, format: Format) => void, failed: (message: string) => void}} on
   */
  constructor({ key, title, wide }, on) {
    this.#key = key;
    const fit = (/** @type {number} */ height) => Math.min(height, MOST_HEIGHT);
    this.#plot = new Plot({ failed: on.failed, opened: () => on.open(key), picked: on.pick, fit });
    const heading = el("h3", { id: `title-${key}` }, this.#title, this.#aside);
    this.#enlarge = button("Enlarge", () => on.open(key), { "aria-describedby": heading.id });
    this.#downloads = downloads((format) => on.save(key, format), () => title);
    this.element = el(
      "article",
      { class: wide ? "card wide" : "card", "data-panel": key, "aria-labelledby": heading.id },
      el("div", {}, heading, this.#sentence),
      el("div", { class: "body" }, this.#plot.element, this.#note),
      el("footer", {}, this.#enlarge, ...this.#downloads),
    );
  }

  /**
   * @param {Panel} panel
   * @param {View} view
   * @param {boolean} redraw whether what its canvas shows has changed
   */
  show({ title, aside, sentence, note, has_table }, view, redraw) {
    setText(this.#title, title);
    setText(this.#aside, aside);
    setText(this.#sentence, sentence);
    if (!redraw) return;
    setText(this.#note, note);
    this.#note.hidden = note === null;
    this.#plot.element.hidden = note !== null;
    this.#enlarge.hidden = !has_table;
    offer(this.#downloads, note, has_table);
    this.#plot.show(note === null ? { ...view, panel: this.#key, name: `${title}. ${sentence}` } : null);
  }
}

/**
 * Lays out the page and returns what fills it with a model.
 * @param {Page} page
 * @param {ConstructorParameters<typeof Card>[1]} on
 * @returns {(panels: Panel[], view: View, changed?: Set<string>) => void} without `changed`, all are drawn
 */
export function layOut(page, on) {
  /** @type {Map<string, Card>} */
  const cards = new Map();
  /** @type {Map<string, HTMLElement>} */
  const sentences = new Map();

  const sections = page.sections.map(({ key, question }) => {
    const panels = page.panels.filter((panel) => panel.section === key);
    const grid = el("div", { class: `grid of-${panels.length}` });
    for (const panel of panels) {
      const card = new Card(panel, on);
      cards.set(panel.key, card);
      grid.append(card.element);
    }
    const sentence = el("p", { class: "lead" });
    sentences.set(key, sentence);
    const heading = el("h2", { id: `question-${key}` }, question);
    return el("section", { "aria-labelledby": heading.id, "data-section": key }, heading, sentence, grid);
  });
  byId("sections").replaceChildren(...sections);

  return (panels, view, changed) => {
    for (const [key, sentence] of sentences) {
      setText(sentence, view.figure.section_sentence(key, view.alignment));
    }
    for (const panel of panels) cards.get(panel.key)?.show(panel, view, changed?.has(panel.key) ?? true);
  };
}
