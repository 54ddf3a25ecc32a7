// A card for each panel, under the question that it answers.

import { button, el, setText } from "./dom.js";
import type { Format } from "./download.js";
import type { Page, PanelText } from "./library-types.js";
import { MAP, RULER } from "./map.js";
import { Plot } from "./plot.js";
import { toolbar } from "./toolbar.js";
import type { View } from "./view.js";
import type { Scope } from "./scope.js";

interface On {
  /** Someone wants to see a panel large. */
  open: (key: string) => void;
  /** What a mark stands for is wanted; false where there is nothing more to say of it. */
  choose: (item: string) => boolean;
  /** The same, on the ruler. */
  stop: (item: string) => boolean;
  /** A place on a curve was pointed at; false where there is no run to move through. */
  pick: (at: number) => boolean;
  save: (key: string, format: Format) => void;
  failed: (message: string) => void;
}

const FORMATS: Format[] = ["png", "svg", "csv"];

/** What a card and the large view both offer. */
export function downloads(save: (format: Format) => void, title: () => string) {
  return FORMATS.map((format) => {
    const made = button(format.toUpperCase(), () => save(format));
    made.addEventListener("focus", () => made.setAttribute("aria-label", `${title()} as ${format.toUpperCase()}`));
    return made;
  });
}

/**
 * Only what there is: no picture of a note, no table without rows.
 * @param buttons of `downloads`
 */
export function offer([png, svg, csv]: HTMLElement[], note: string | null, table: boolean) {
  if (png) png.hidden = note !== null;
  if (svg) svg.hidden = note !== null;
  if (csv) csv.hidden = !table;
}

/** No card is higher than this, however wide: the next question should be in reach. The map is the last. In CSS pixels. */
const MOST_HEIGHT = 440;

/** No ruler is lower than this: its lanes must be told apart. */
const LEAST_RULER = 300;

class Card {
  readonly element;
  #title = el("span");
  #aside = el("span", { class: "aside" });
  #sentence = el("p", { class: "sentence", "data-terms": true });
  #note = el("p", { class: "empty", hidden: true });
  #plot;
  #key;
  #enlarge;
  #downloads;
  #offered;

  constructor(scope: Scope, { key, title, wide }: Page["panels"][number], on: On) {
    this.#key = key;
    const body = el("div", { class: "body" });
    const fit = (height: number) => {
      if (scope.root.dataset.view === "overview") return body.clientHeight;
      if (key === RULER) return Math.max(LEAST_RULER, body.clientHeight);
      return key === MAP ? height : Math.min(height, MOST_HEIGHT);
    };
    const { failed, choose, stop, pick: picked } = on;
    const isRuler = key === RULER;
    const chosen = isRuler ? stop : choose;
    this.#plot = new Plot(scope, { failed, opened: () => on.open(key), chosen, picked, fit, isOne: isRuler });
    const heading = el(isRuler ? "h2" : "h3", { id: scope.id(`title-${key}`) }, this.#title, this.#aside);
    body.append(this.#plot.element, this.#note);
    this.#enlarge = button("Enlarge", () => on.open(key), { "aria-label": `Enlarge “${title}”` });
    this.#downloads = downloads(
      (format) => on.save(key, format),
      () => title,
    );
    const buttons = el("div", {}, this.#enlarge, ...this.#downloads);
    this.#offered = toolbar(buttons, `What to do with “${title}”`);
    this.element = el(
      "article",
      { class: wide ? "card wide" : "card", "data-panel": key, "aria-labelledby": heading.id },
      el("div", {}, heading, this.#sentence),
      body,
      el("footer", {}, buttons),
    );
  }

  /** @param redraw whether what its canvas shows has changed */
  show({ title, aside, sentence, note, has_table }: PanelText, view: View, redraw: boolean) {
    setText(this.#title, title);
    setText(this.#aside, aside);
    setText(this.#sentence, sentence);
    if (!redraw) return;
    setText(this.#note, note);
    this.#note.hidden = note === null;
    this.#plot.element.hidden = note !== null;
    this.#enlarge.hidden = !has_table;
    offer(this.#downloads, note, has_table);
    this.#offered();
    this.#plot.show(note === null ? { ...view, panel: this.#key, name: `${title}. ${sentence}` } : null);
  }
}

/** Lays out the page and returns what fills it with a model: without `changed`, all panels are drawn. */
export function layOut(scope: Scope, page: Pick<Page, "sections" | "panels">, on: On) {
  const cards = new Map<string, Card>();
  const sentences = new Map<string, HTMLElement>();

  const sections = page.sections.map(({ key, question }) => {
    const panels = page.panels.filter((panel) => panel.section === key && panel.key !== RULER);
    const grid = el("div", { class: `grid of-${panels.length}` });
    for (const panel of panels) {
      const card = new Card(scope, panel, on);
      cards.set(panel.key, card);
      grid.append(card.element);
    }
    const sentence = el("p", { class: "lead", "data-terms": true });
    sentences.set(key, sentence);
    const heading = el("h2", { id: scope.id(`question-${key}`) }, question);
    return el("section", { "aria-labelledby": heading.id, "data-section": key }, heading, sentence, grid);
  });
  scope.byId("sections").replaceChildren(...sections);
  for (const panel of page.panels.filter(({ key }) => key === RULER)) {
    const card = new Card(scope, panel, on);
    cards.set(panel.key, card);
    scope.byId("ruler").replaceChildren(card.element);
  }

  return (panels: PanelText[], view: View, changed?: Set<string>) => {
    for (const [key, sentence] of sentences) {
      setText(sentence, view.figure.section_sentence(key, view.alignment));
    }
    for (const panel of panels) cards.get(panel.key)?.show(panel, view, changed?.has(panel.key) ?? true);
  };
}
