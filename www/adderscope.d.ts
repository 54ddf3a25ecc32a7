// What the page asks of the library: the types of adderscope.js, which wasm-bindgen writes from src/web.

export default function init(options?: { module_or_path: unknown }): Promise<unknown>;

/** The custom properties of both themes. The build writes them to theme.css. */
export function theme_css(): string;

/** What the page is made of, before and after a model is loaded. */
export function page(): Page;

export interface Page {
  sections: { key: string; question: string }[];
  panels: { key: string; number: number; title: string; section: string; wide: boolean }[];
  alignments: { key: "answer" | "script"; label: string; sentence: string }[];
  gallery: { name: string; title: string; sentence: string; file: string }[];
  /** For the file picker. */
  accepts: string[];
  /** AdderBoard's own, and the most random pairs that can be asked for. */
  suite: { seed: number; pairs: number; max_pairs: number; qualifying_accuracy: number };
  /** On each side of a slider's middle, which is the file's value. */
  slider_positions: number;
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
  /** Numbers that were edited since the file was opened. */
  edited: number;
  /** Its place among the snapshots of its run, or null. */
  snapshot: number | null;
  /** Whether training can go on from the file. */
  can_go_on: boolean;
  step: number | null;
  has_log: boolean;
  breakdown: { name: string; count: number }[];
}

export interface Failures {
  wrong: number;
  /** The first of them. */
  listed: { a: string; b: string; expected: string; got: string }[];
}

export interface Score {
  total: number;
  passed: number;
  accuracy: number;
  qualified: boolean;
  milliseconds: number;
}

/** The score on AdderBoard's own suite. */
export interface Verdict {
  score: Score;
  /** How many the file's numbers get right, whatever was edited. */
  file_passed: number;
}

/** A suite that a person asked for, under way or done. */
export interface Progress {
  seed: string;
  /** Additions to be asked; the score's total is what was asked so far. */
  of: number;
  score: Score;
}

/** What a run logged at a snapshot; shares of 1. */
export interface Step {
  step: number;
  val_exact: number | null;
  val_tok_acc: number | null;
}

/** A learned number set to a value. */
export interface Edit {
  name: string;
  index: number;
  value: number;
}

export interface LearnedNumber {
  /** `[0, 2]`, or "" for a tensor of one number. */
  subscript: string;
  /** What it is, or "". */
  place: string;
  /** Text that reads back to the same bits. */
  value: string;
  original: number;
  /** How far its slider goes to both sides. */
  reach: number;
}

export interface Tensor {
  name: string;
  /** Its name in the file. */
  source: string;
  title: string;
  numbers: LearnedNumber[];
}

export interface Weights {
  tensors: Tensor[];
  /** What cannot be edited, as a sentence, or "". */
  left_out: string;
}

/** Throws what a person reads where the text is no weight. */
export function read_weight(text: string): number;
export function show_weight(value: number): string;
export function slider_value(original: number, reach: number, position: number): number;
export function slider_position(original: number, reach: number, value: number): number;

/** Throw what a person reads where the text does not serve. */
export function check_seed(text: string): void;
export function check_pairs(text: string): void;
export function fresh_seed(): string;

/** A loaded model. Lives in the Worker. */
export class Session {
  constructor();
  free(): void;
  /** Takes what `read_files` of formats.js wrote; whether that is another model. Throws what a user reads; the last good model stays. */
  open(input: Uint8Array): boolean;
  summary(): Summary;
  /** For `new Figure(…)`; of no other use. */
  report(): Uint8Array<ArrayBuffer>;
  weights(): Weights;
  /** Of the run that the model is a snapshot of; empty without one. */
  steps(): Step[];
  /** Drops edits. Throws what a person reads; then nothing changes. */
  show_snapshot(index: number): void;
  /** What axes are made for. */
  set_scales(scales: "snapshot" | "run"): void;
  /** All of them or, where it throws, none. */
  edit(edits: Edit[]): void;
  /** Where the numbers are not the file's. */
  edits(): Edit[];
  verify(): Verdict;
  /** Throws what a person reads. */
  start_run(seed: string, pairs: string): Progress;
  continue_run(): Progress | undefined;
  failures(of_run: boolean): Failures;
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
  /** Where it is on a horizontal axis of numbers, for a point of a line. */
  at?: number;
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
