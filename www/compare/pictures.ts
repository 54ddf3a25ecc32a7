// The twelve panels of A beside those of B: on common axes, and what is otherwise in the other model outlined.

import { Figure } from "../adderscope.js";
import type { Compared } from "../channel/protocol.js";
import { el } from "../dom.js";
import type { Alignment, PanelText, Theme } from "../library-types.js";
import { Plot } from "../plot.js";
import type { Scope } from "../scope.js";

/** Panels of the figure; those after them need what no comparison has. */
const PANELS = 12;

const SIDES = ["A", "B"] as const;

/** One panel of one model. */
class Picture {
  readonly element;
  readonly #plot;
  readonly #note = el("p", { class: "note" });

  constructor(scope: Scope, side: string, failed: (message: string) => void) {
    this.#plot = new Plot(scope, { failed });
    this.element = el("figure", {}, el("figcaption", {}, side), this.#plot.element, this.#note);
  }

  show(figure: Figure, { key, title, sentence, aside, note }: PanelText, alignment: Alignment, theme: Theme) {
    this.#plot.element.hidden = note !== null;
    this.#note.textContent = note ?? `${sentence} ${aside}`.trim();
    this.#plot.show(note === null ? { figure, panel: key, alignment, theme, name: `${title}: ${sentence}` } : null);
  }

  clear() {
    this.#plot.show(null);
  }
}

export class Pictures {
  readonly element = el("section", { class: "compare-panels" }, el("h3", {}, "The twelve panels"));
  readonly #pictures;
  readonly #titles;
  #figures: readonly [Figure, Figure] | null = null;

  constructor(scope: Scope, failed: (message: string) => void) {
    const pair = () => SIDES.map((side) => new Picture(scope, side, failed));
    this.#pictures = Array.from({ length: PANELS }, pair);
    this.#titles = this.#pictures.map(() => el("h4"));
    const rows = this.#pictures.map((pair, at) =>
      el("article", {}, this.#titles[at] ?? null, el("div", { class: "pair" }, ...pair.map(({ element }) => element))),
    );
    const note = "On common axes; what is otherwise in the other model is outlined.";
    this.element.append(el("p", { class: "note" }, note), ...rows);
  }

  /** Takes the analyses of both. */
  take({ reports: [a, b] }: Compared) {
    this.clear();
    this.#figures = [new Figure(a), new Figure(b)];
    this.#figures[0].set_beside(b, true);
    this.#figures[1].set_beside(a, false);
  }

  draw(alignment: Alignment, theme: Theme) {
    for (const [side, figure] of (this.#figures ?? []).entries()) {
      for (const [at, text] of figure.panels(alignment).slice(0, PANELS).entries()) {
        const title = this.#titles[at];
        if (title) title.textContent = `${text.number}. ${text.title}`;
        this.#pictures[at]?.[side]?.show(figure, text, alignment, theme);
      }
    }
  }

  clear() {
    for (const pair of this.#pictures) for (const picture of pair) picture.clear();
    for (const figure of this.#figures ?? []) figure.free();
    this.#figures = null;
  }
}
