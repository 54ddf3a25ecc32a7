// One panel of a model: its words, its values, and its picture.

import type { Alignment, DrawOptions, Figure, Mark, PanelText, Table } from "../whole.js";
import { FIGURE } from "./stills.js";

/** What of a model a panel shows. */
export interface Looked {
  /** The addition that the ruler is of: 3141592653 + 2718281828 where nothing is said. */
  readonly a?: number;
  readonly b?: number;
  /** The answer digit that the ruler is of, 0 for the ones: a wrong one, or the one with the smallest lead, where nothing is said. */
  readonly digit?: number;
  /** How rows are named: after the digit that they predict, or as MicroAdder's script does. */
  readonly alignment?: Alignment;
  /** Whether axes are made for this snapshot, or for the whole run. */
  readonly scales?: "snapshot" | "run";
  /** What is switched off: `ffn`, `hidden:1`, `place:X3`, `column:4`, `group:X`. */
  readonly off?: readonly string[];
}

/** How a picture is wanted. */
export interface Picture {
  readonly theme?: "light" | "dark";
  /** In CSS pixels: 640, or as wide as the canvas. */
  readonly width?: number;
  /** In CSS pixels: what suits the width. */
  readonly height?: number;
  /** With title and sentence: of SVG they are where nothing is said. */
  readonly title?: boolean;
  /** On nothing, for paper of any colour. */
  readonly transparent?: boolean;
}

/** The same on a canvas. */
export interface Look extends Picture {
  /** Canvas pixels per CSS pixel: those of the screen. */
  readonly scale?: number;
}

/** @internal */
export type Shown = Pick<
  Figure,
  "panels" | "draw" | "draw_figure" | "svg" | "marks" | "table" | "csv" | "aspect" | "titled_aspect"
>;

/** In CSS pixels. */
const WIDTH = 640;

export class Panel {
  /** Its name: `ruler`. */
  readonly key: string;
  readonly #looked;
  readonly #of;

  /** @internal @param of makes what draws it: `Model.panel` gives that */
  constructor(key: string, looked: Looked, of: (looked: Looked) => Shown) {
    this.key = key;
    this.#looked = looked;
    this.#of = of;
  }

  /** Title, a fact beside it, what to look for, and why it is not drawn where it is not. Null of the whole figure. */
  words(): PanelText | null {
    return (
      this.#of(this.#looked)
        .panels(this.#alignment)
        .find(({ key }) => key === this.key) ?? null
    );
  }

  /** @internal What draws it now: of one panel at a time. */
  prepared(): Shown {
    return this.#of(this.#looked);
  }

  /** What is drawn, as rows of text; of the whole figure nothing. */
  table(): Table {
    if (this.key === FIGURE) return { columns: [], rows: [], items: [] };
    return this.#of(this.#looked).table(this.key, this.#alignment);
  }

  /** The same as comma-separated text. */
  csv(): string {
    return this.key === FIGURE ? "" : this.#of(this.#looked).csv(this.key, this.#alignment);
  }

  /** The picture as an SVG document. */
  svg(picture: Picture = {}): string {
    const shown = this.#of(this.#looked);
    return shown.svg(this.key === FIGURE ? undefined : this.key, this.#options(shown, { title: true, ...picture }));
  }

  /** Draws it on a canvas, as large as that is on its page or, where it is on none, as its attributes say. */
  draw(canvas: HTMLCanvasElement, look: Look = {}): void {
    const shown = this.#of(this.#looked);
    const options = this.#options(shown, { width: canvas.clientWidth || canvas.width, scale: pixels(), ...look });
    if (this.key === FIGURE) shown.draw_figure(canvas, options);
    else shown.draw(this.key, canvas, options);
  }

  /** What `draw` draws where with the same look, in CSS pixels. */
  marks(look: Look = {}): Mark[] {
    const shown = this.#of(this.#looked);
    return this.key === FIGURE ? [] : shown.marks(this.key, this.#options(shown, look));
  }

  get #alignment() {
    return this.#looked.alignment ?? "answer";
  }

  #options(shown: Shown, { theme = "light", width = WIDTH, height, title = false, transparent, scale = 1 }: Look) {
    const suits = () => {
      if (this.key === FIGURE) return width;
      return title ? shown.titled_aspect(this.key, width, this.#alignment) : shown.aspect(this.key, width);
    };
    const options: DrawOptions = {
      width,
      height: height ?? suits(),
      scale,
      theme,
      alignment: this.#alignment,
      title,
      bare: transparent ?? false,
    };
    return options;
  }
}

const pixels = () => ("devicePixelRatio" in globalThis ? devicePixelRatio : 1);
