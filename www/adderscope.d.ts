// What the page asks of the library: the types of adderscope.js, which wasm-bindgen writes from src/web.rs.

export default function init(options?: { module_or_path: unknown }): Promise<unknown>;

/** The custom properties of both themes. The build writes them to theme.css. */
export function theme_css(): string;

/** What the page is made of, before and after a model is loaded. */
export function page(): Page;

export interface Page {
  sections: { key: string; question: string }[];
  panels: { key: string; number: number; title: string; section: string; wide: boolean }[];
  alignments: { key: "answer" | "script"; label: string; sentence: string }[];
  /** For the file picker. */
  accepts: string[];
  /** AdderBoard's own. */
  suite: { seed: number; pairs: number; qualifying_accuracy: number };
}

/** Throws what a user reads where a file is too large to be read. */
export function check_size(name: string, bytes: number): void;

export interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

export interface Fact {
  key: string;
  label: string;
  value: string;
  note?: string;
  tone?: "good" | "bad";
}

export interface Summary {
  name: string;
  file: string;
  format: string;
  facts: Fact[];
  notes: string[];
  has_log: boolean;
  breakdown: { name: string; count: number }[];
}

export interface Failure {
  a: string;
  b: string;
  expected: string;
  got: string;
}

export interface Verification {
  total: number;
  passed: number;
  accuracy: number;
  qualified: boolean;
  milliseconds: number;
  failures: Failure[];
}

/** A loaded model. Lives in the Worker. */
export class Session {
  constructor();
  free(): void;
  /** A checkpoint, a log or both, in any order. Throws what a user reads; the last good model stays. */
  open(files: NamedBytes[]): Summary;
  /** For `new Figure(…)`; of no other use. */
  report(): Uint8Array<ArrayBuffer>;
  verify(seed: number, pairs: number): Verification;
  export(format: "safetensors" | "json"): Uint8Array;
}

/** What was drawn where, in CSS pixels: a circle of radius `r`, or a box of `w` × `h` with its centre at `x`, `y`. */
export interface Mark {
  x: number;
  y: number;
  r: number;
  w?: number;
  h?: number;
  label: string;
  value: string;
}

export interface Table {
  columns: string[];
  rows: string[][];
}

export interface Panel {
  key: string;
  number: number;
  title: string;
  /** A short fact, shown at the right of the title. */
  aside: string;
  sentence: string;
  /** Why the panel does not apply to this model, or null. */
  note: string | null;
  has_table: boolean;
}

export interface DrawOptions {
  width: number;
  height: number;
  /** Canvas pixels per CSS pixel. */
  scale: number;
  theme: "light" | "dark";
  alignment: string;
  title: boolean;
}

/** A report, ready to be drawn. Lives on the page: text needs a window to be measured. */
export class Figure {
  constructor(report: Uint8Array);
  free(): void;
  /** Shows another report; returns the keys of the panels to draw again. */
  replace(report: Uint8Array, alignment: string): string[];
  panels(alignment: string): Panel[];
  section_sentence(key: string, alignment: string): string;
  draw(panel: string, canvas: HTMLCanvasElement, options: DrawOptions): void;
  /** What `draw` draws where with these options. */
  marks(panel: string, options: DrawOptions): Mark[];
  draw_figure(canvas: HTMLCanvasElement, options: DrawOptions): void;
  /** One panel, or the whole figure for null. */
  svg(panel: string | null, options: DrawOptions): string;
  table(panel: string, alignment: string): Table;
  csv(panel: string, alignment: string): string;
  /** The height, in CSS pixels, that a panel of this width wants. */
  aspect(panel: string, width: number): number;
  /** The same with title, aside and sentence in the drawing. */
  titled_aspect(panel: string, width: number, alignment: string): number;
}
