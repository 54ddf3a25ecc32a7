// What two numbers do together: a heat map, drawn as panels are, with its values and its files.

import { pairPart } from "../compare/pair.js";
import { button, el, setText } from "../dom.js";
import { fileOf, save, type Drawable, type Format } from "../download.js";
import { wordsOf } from "../errors.js";
import type { Landscape, LandscapePicture } from "../library-types.js";
import { Plot } from "../plot.js";
import type { Scope } from "../scope.js";
import type { Store } from "../state/store.js";
import { landscapeTable } from "./landscape-table.js";

const FORMATS: Format[] = ["png", "svg", "csv"];
const TITLE = "Landscape of two numbers";

/** What is drawn: what was found, and what the numbers are called. */
interface Shown {
  readonly found: Landscape;
  readonly names: readonly [string, string];
}

export class LandscapeView {
  readonly element;
  readonly #scope;
  readonly #store;
  readonly #plot;
  readonly #told = el("p", { class: "firm-told", role: "status" });
  readonly #table = el("div", {
    class: "scroll",
    tabindex: 0,
    role: "region",
    "aria-label": "Values of the landscape",
  });
  readonly #values = el("details", {}, el("summary", {}, "Values"), this.#table);
  #shown: Shown | null = null;
  #picture: LandscapePicture | null = null;

  constructor(scope: Scope, store: Store) {
    this.#scope = scope;
    this.#store = store;
    this.#plot = new Plot(scope, { failed: (message) => setText(this.#told, message) });
    const files = FORMATS.map((format) =>
      button(format.toUpperCase(), () => void this.#save(format), {
        "aria-label": `${TITLE} as ${format.toUpperCase()}`,
      }),
    );
    this.element = el(
      "section",
      { class: "landscape-view", hidden: true, "aria-label": TITLE },
      this.#plot.element,
      this.#told,
      el("p", { class: "buttons" }, ...files),
      this.#values,
    );
    this.#values.addEventListener("toggle", () => this.#tell());
    const again = () => this.#draw();
    const end = store.subscribe((_, changed) => {
      if (changed.has("theme")) again();
    });
    scope.dark.addEventListener("change", again, { signal: scope.signal });
    scope.signal.addEventListener("abort", () => {
      end();
      this.clear();
    });
  }

  /** Shows what is known so far. */
  async show(shown: Shown) {
    this.#shown = shown;
    this.element.hidden = false;
    setText(this.#told, "");
    this.#tell();
    const sides: { free: () => void }[] = [];
    try {
      const { LandscapePicture, Side } = await pairPart();
      if (this.#shown !== shown) return; // more is known meanwhile
      const { x, y, cells } = shown.found;
      const [across, up] = ([x, y] as const).map(({ tensor, index, values }, at) => {
        const side = new Side(tensor, index, shown.names[at] ?? "", Float32Array.from(values));
        sides.push(side);
        return side;
      });
      if (!across || !up) return;
      const picture = new LandscapePicture(
        across,
        up,
        Float64Array.from(cells.flatMap(({ at_least, at_most }) => [at_least, at_most])),
        Uint8Array.from(cells.flatMap(({ right, decided }) => [Number(right), Number(decided)])),
      );
      this.#picture?.free();
      this.#picture = picture;
      this.#draw();
    } catch (error) {
      setText(this.#told, wordsOf(error));
    } finally {
      for (const side of sides) side.free();
    }
  }

  clear() {
    this.#shown = null;
    this.element.hidden = true;
    this.#plot.show(null);
    this.#table.replaceChildren();
    this.#picture?.free();
    this.#picture = null;
  }

  #draw() {
    const picture = this.#picture;
    if (!picture) return;
    const figure = {
      aspect: (_: string, width: number) => picture.aspect(width, false),
      draw: (_: string, canvas: HTMLCanvasElement, options: Parameters<LandscapePicture["draw"]>[1]) =>
        picture.draw(canvas, options),
      marks: (_: string, options: Parameters<LandscapePicture["marks"]>[0]) => picture.marks(options),
    };
    const { alignment } = this.#store.state;
    const name = `${TITLE}: ${picture.sentence()}`;
    this.#plot.show({ figure, panel: TITLE, alignment, theme: this.#scope.theme(), name });
  }

  /** The values, where someone looks at them. */
  #tell() {
    if (this.#values.open && this.#shown) {
      this.#table.replaceChildren(landscapeTable(this.#shown.found, this.#shown.names));
    }
  }

  async #save(format: Format) {
    const picture = this.#picture;
    if (!picture) return;
    const drawable: Drawable = {
      height: (width, titled) => picture.aspect(width, titled),
      csv: () => picture.csv(),
      svg: (options) => picture.svg(options),
      draw: (canvas, options) => picture.draw(canvas, options),
    };
    try {
      const { alignment } = this.#store.state;
      save(await fileOf(drawable, { alignment, theme: this.#scope.theme() }, format), `landscape.${format}`);
    } catch (error) {
      setText(this.#told, wordsOf(error));
    }
  }
}
