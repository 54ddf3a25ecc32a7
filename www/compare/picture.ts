// One panel of two models: what it says, its pictures, its values, and both as files.

import { button, el, setText, tableOf } from "../dom.js";
import { fileOf, save, type Drawable, type Format } from "../download.js";
import { wordsOf } from "../errors.js";
import { grouped } from "../format.js";
import type { Alignment, Pair, PanelText, Theme } from "../library-types.js";
import { RULER } from "../map.js";
import { offer } from "../panels.js";
import { Plot } from "../plot.js";
import type { Scope } from "../scope.js";
import type { SidesChoice } from "../state/state.js";

/** How two models are looked at. */
export interface Look {
  readonly pair: Pair;
  readonly sides: SidesChoice;
  readonly alignment: Alignment;
  readonly theme: Theme;
  /** What a panel says of one of them, or of both. */
  readonly said: (key: string, of: SidesChoice) => string;
  /** What files begin with. */
  readonly name: string;
}

const CALLED = { a: "A", b: "B", both: "B − A" } as const;
/** Of a map both models and their difference; of all else one picture, with both in it. */
const OF_A_MAP = ["a", "b", "both"] as const satisfies readonly SidesChoice[];
const FORMATS: Format[] = ["png", "svg", "csv"];
/** Rows of a table that are shown: all are in the file. */
const ROWS = 1000;

export class Picture {
  readonly element;
  readonly #scope;
  readonly #failed;
  readonly #title = el("h4");
  readonly #sentence = el("p", { class: "sentence", "data-terms": true });
  readonly #note = el("p", { class: "empty", hidden: true });
  readonly #pictures = el("div", { class: "pair" });
  readonly #table = el("div", { class: "scroll", tabindex: 0, role: "region" });
  readonly #values = el("details", {}, el("summary", {}, "Values"), this.#table);
  readonly #files;
  /** The first is there from the beginning, those of a map when there is one. */
  readonly #plots: { readonly element: HTMLElement; readonly plot: Plot }[] = [];
  #look: Look | null = null;
  #key = "";

  constructor(scope: Scope, failed: (message: string) => void) {
    this.#scope = scope;
    this.#failed = failed;
    this.#files = FORMATS.map((format) => button(format.toUpperCase(), () => void this.#save(format)));
    const files = el("p", { class: "buttons" }, ...this.#files);
    this.element = el("article", {}, this.#title, this.#sentence, this.#pictures, this.#note, files, this.#values);
    this.#values.addEventListener("toggle", () => this.#tell());
  }

  show({ key, number, title, aside, sentence, note, has_table }: PanelText, look: Look) {
    const isMap = look.pair.is_map(key, look.alignment);
    this.#look = look;
    this.#key = key;
    this.element.dataset.compared = key;
    this.#title.replaceChildren(`${number}. ${title} `, el("span", { class: "aside" }, aside));
    setText(this.#sentence, sentence);
    setText(this.#note, note);
    this.#note.hidden = note === null;
    for (const [at, format] of FORMATS.entries()) {
      this.#files[at]?.setAttribute("aria-label", `${title} as ${format.toUpperCase()}`);
    }
    offer(this.#files, note, has_table);
    this.#values.hidden = !has_table;
    this.#table.setAttribute("aria-label", `Values of “${title}”`);
    const shown = isMap && look.sides === "both" ? OF_A_MAP : [look.sides];
    const drawn = shown.filter((of) => of !== look.sides || note === null);
    this.#pictures.hidden = drawn.length === 0;
    const nameOf = (of: SidesChoice) =>
      `${title}, ${of === "both" && !isMap ? "A and B" : CALLED[of]}: ${look.said(key, of)}`;
    for (const [at, of] of drawn.entries()) this.#draw(at, of, look, nameOf(of));
    for (const { element, plot } of this.#plots.slice(drawn.length)) {
      element.hidden = true;
      plot.show(null);
    }
    this.#pictures.classList.toggle("several", drawn.length > 1);
    this.#tell();
  }

  clear() {
    this.#look = null;
    for (const { plot } of this.#plots) plot.show(null);
    this.#table.replaceChildren();
  }

  #draw(at: number, of: SidesChoice, { pair, alignment, theme, sides }: Look, name: string) {
    const { element, plot } = (this.#plots[at] ??= this.#made());
    element.hidden = false;
    const isNamed = of !== sides || this.#plots.filter(({ element }) => !element.hidden).length > 1;
    setText(element.querySelector("figcaption") ?? element, isNamed ? CALLED[of] : "");
    const figure = {
      aspect: (key: string, width: number) => pair.aspect(key, of, alignment, width),
      draw: (key: string, canvas: HTMLCanvasElement, options: Parameters<Pair["draw"]>[3]) =>
        pair.draw(key, of, canvas, options),
      marks: (key: string, options: Parameters<Pair["marks"]>[2]) => pair.marks(key, of, options),
    };
    plot.show({ figure, panel: this.#key, alignment, theme, name });
  }

  #made() {
    const plot = new Plot(this.#scope, { failed: this.#failed, isOne: this.#key === RULER });
    const element = el("figure", {}, el("figcaption"), plot.element);
    this.#pictures.append(element);
    return { element, plot };
  }

  /** Its values, where someone looks at them. */
  #tell() {
    if (!this.#values.open || !this.#look) return;
    const { pair, sides, alignment } = this.#look;
    const { columns, rows, items } = pair.table(this.#key, sides, alignment);
    const table = tableOf({ columns, rows: rows.slice(0, ROWS), items }, this.#title.textContent);
    const more = `The first ${ROWS} of ${grouped(rows.length)} rows: all of them are in the CSV.`;
    this.#table.replaceChildren(table, ...(rows.length > ROWS ? [el("p", { class: "note" }, more)] : []));
  }

  async #save(format: Format) {
    if (!this.#look) return;
    const { pair, sides, alignment, theme, name } = this.#look;
    const key = this.#key;
    const drawable: Drawable = {
      height: (width) => pair.titled_aspect(key, sides, alignment, width),
      csv: () => pair.csv(key, sides, alignment),
      svg: (options) => pair.svg(key, sides, options),
      draw: (canvas, options) => pair.draw(key, sides, canvas, options),
    };
    try {
      save(await fileOf(drawable, { alignment, theme }, format), `${name}-${key}.${format}`);
    } catch (error) {
      this.#failed(wordsOf(error));
    }
  }
}
