// A model that is open, as the package gives it: everything is computed where it runs, and nothing is sent anywhere.

import {
  Deciding,
  Figure,
  Intervention,
  Looking,
  Session,
  link_of,
  model_report,
  panel_names,
  proof,
  read_files,
  suite_score,
} from "../whole.js";
import type {
  AdditionTrace,
  Alignment,
  Answered,
  Bounds,
  Edit,
  Evaluation,
  Explanation,
  ModelReport,
  NamedBytes,
  Proof as Proven,
  Score,
  Steps,
  Summary,
  Weights,
} from "../whole.js";
import { MAP } from "../map.js";
import { FIRST_ADDITION } from "../state/state.js";
import { lookedAt } from "../sum/words.js";
import { Panel, type Looked, type Shown } from "./panel.js";

export { Panel, type Look, type Looked, type Picture } from "./panel.js";
export type {
  AdditionTrace,
  Alignment,
  Answered,
  Bounds,
  Edit,
  Evaluation,
  Explanation,
  ModelReport,
  NamedBytes,
  Score,
  Steps,
  Summary,
  Weights,
};

/** What a checkpoint can come as: its bytes, files that belong together, or a link that has `weights=` in it. */
export type Source = Uint8Array | ArrayBuffer | Readonly<NamedBytes> | readonly Readonly<NamedBytes>[] | string;

/** Intervals that are looked at between two looks at the clock. */
const LOOKS = 20_000;
/** Finished models take milliseconds; who wants more for others says so. */
const SECONDS = 5;
/** Digits of a summand. */
const DIGITS = 10;

const isList = (source: Source): source is readonly Readonly<NamedBytes>[] => Array.isArray(source);
const asBytes = (bytes: Uint8Array | ArrayBuffer) => (bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes);

/** The files of a source. Names are for messages: formats are told from the bytes. */
export function filesOf(source: Source, name: string): NamedBytes[] {
  if (typeof source === "string") {
    const [weights] = /weights=[\w-]+/.exec(source) ?? [];
    if (weights === undefined) {
      throw new Error("a text that is opened should be a link with weights= in it: read a file and give its bytes");
    }
    return [{ name: "the link", bytes: new TextEncoder().encode(weights) }];
  }
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return [{ name, bytes: asBytes(source) }];
  return (isList(source) ? source : [source]).map(({ name, bytes }) => ({ name, bytes: asBytes(bytes) }));
}

/** What is known of all additions: what `adderscope prove --json` prints, without `schema` and `version`. Numbers of additions are decimal texts. */
export interface Proof extends Proven {
  /** How long it took. */
  readonly milliseconds: number;
}

/** How a model is decided. */
export interface Within {
  /** How long it may take, in seconds; 5 where nothing is said. */
  readonly seconds?: number;
  /** Of numbers of at most so many digits; 10 where nothing is said. */
  readonly digits?: number;
}

/** A model that is open. */
export class Model {
  readonly #session = new Session();
  readonly #files: readonly NamedBytes[];
  readonly #input: Uint8Array;
  #figure: Figure | null = null;
  /** What the figure was made ready for last: a panel, and what of the model it shows. */
  #ready = "";
  #map: Uint8Array | null = null;
  #version = 0;

  /** @internal @param files as they came; `open` makes models */
  constructor(files: readonly NamedBytes[]) {
    this.#files = files;
    try {
      this.#input = read_files([...files]);
      this.#session.open(this.#input);
    } catch (error) {
      this.#session.free();
      throw error;
    }
  }

  /** What it is: parameters, step, what the file says of itself, and how that was read. */
  summary(): Summary {
    return this.#session.summary();
  }

  /** All analyses: the object that `adderscope report --json` prints. */
  report({ alignment = "answer" }: { readonly alignment?: Alignment } = {}): ModelReport {
    return model_report(this.#session.report(), alignment);
  }

  /** Its own answer to `a + b`, digit by digit. */
  answer(a: number, b: number, off: readonly string[] = []): Answered {
    return off.length > 0 ? this.#under(off, (pass) => pass.answer(a, b)) : this.#session.answer(a, b);
  }

  /** Every intermediate of `a + b`. */
  trace(a: number, b: number): AdditionTrace {
    const looking = new Looking(this.#input, this.#snapshot, this.edits());
    try {
      return looking.trace(a, b);
    } finally {
      looking.free();
    }
  }

  /** How a number was made, such as `hidden:Z1/0`, when the model adds `a + b`. */
  explain(item: string, a: number, b: number): Explanation {
    return this.#under([], (pass) => pass.explain(item, a, b, 0));
  }

  /** How an answer digit, 0 for the ones, comes about; null where a number of the pass is not finite. */
  steps(a: number, b: number, digit: number, off: readonly string[] = []): Steps | null {
    return this.#under(off, (pass) => pass.steps(a, b, digit)) ?? null;
  }

  /** The score on AdderBoard's own 10 010 additions, with every wrong answer. */
  suite(): Score {
    return suite_score(this.#input, this.#snapshot, this.edits());
  }

  /**
   * How many of all additions are right, in exact arithmetic, as far as that is decided in some seconds, and whether float32
   * answers alike: the object that `adderscope prove --json` prints, without `schema` and `version`.
   */
  prove({ seconds = SECONDS, digits = DIGITS }: Within = {}): Proof {
    const start = performance.now();
    const proven = this.#decided(seconds, (deciding) => proof(deciding, digits));
    return { ...proven, milliseconds: performance.now() - start };
  }

  /**
   * A panel by its key, as `Model.panels` lists them, or `figure`, the twelve together.
   * @param looked the addition and the digit that the ruler is of, how rows are named, what is switched off
   */
  panel(key: string, looked: Looked = {}): Panel {
    const { keys } = Model.panels();
    if (key !== "figure" && !keys.includes(key)) {
      throw new Error(`there is no panel “${key.slice(0, 40)}”: there are figure, ${keys.join(", ")}`);
    }
    return new Panel(key, looked, (asked) => {
      if (key === MAP && !this.#map) this.take(this.#decided(SECONDS, (deciding) => deciding.map()));
      return this.#shown(key, asked);
    });
  }

  /** @internal The same of what is known: where that is not taken yet, the map of all additions says so. */
  known(key: string, looked: Looked): Panel {
    return new Panel(key, looked, (asked) => this.#shown(key, asked));
  }

  /** Keys and titles of all panels. */
  static panels(): { readonly keys: readonly string[]; readonly titles: readonly string[] } {
    const names = panel_names();
    return { keys: names.map(({ key }) => key), titles: names.map(({ title }) => title) };
  }

  /** Every learned number. */
  weights(): Weights {
    return this.#session.weights();
  }

  /** Sets learned numbers: all of them or, where it throws, none. */
  edit(changes: readonly Edit[]): void {
    this.#session.edit([...changes]);
    this.#changed();
  }

  /** The numbers that are not the file's. */
  edits(): Edit[] {
    return this.#session.edits();
  }

  /** What a run logged at each of its snapshots; empty for a model that is not of a run. */
  snapshots(): Evaluation[] {
    return this.#session.steps();
  }

  /** Shows the snapshot of a run at this training step, or the nearest. What was edited is dropped. */
  show(step: number): void {
    const away = this.snapshots().map((each) => Math.abs(each.step - step));
    if (away.length === 0) throw new Error("the model is not of a run: it has no other step");
    this.#session.show_snapshot(away.indexOf(Math.min(...away)));
    this.#changed();
  }

  /** The model in a link: `weights=…`, to stand after the # of AdderScope's address. What was edited is not in it. */
  link(): string {
    return link_of([...this.#files], this.#snapshot);
  }

  /** @internal What another thread decides it by: what was read, the snapshot and the edits. */
  held(): { readonly input: Uint8Array; readonly snapshot: number | undefined; readonly edits: Edit[] } {
    return { input: this.#input, snapshot: this.#snapshot, edits: this.edits() };
  }

  /** @internal Another one after each change. */
  get version(): number {
    return this.#version;
  }

  /** @internal Takes what another thread found over all additions, for the map of them and the ruler. */
  take(map: Uint8Array | null): void {
    this.#map = map;
    this.#ready = "";
  }

  /** Gives its memory back; nothing can be asked of it any more. */
  free(): void {
    this.#figure?.free();
    this.#session.free();
  }

  get #snapshot() {
    return this.#session.summary().snapshot ?? undefined;
  }

  #changed() {
    this.#figure?.free();
    this.#figure = null;
    this.#map = null;
    this.#version += 1;
  }

  /** The figure with what a panel of it shows: as it is, where it shows that already. */
  #shown(key: string, looked: Looked): Shown {
    const wanted = JSON.stringify([key, looked]);
    if (this.#figure && this.#ready === wanted) return this.#figure;
    this.#ready = ""; // where that fails it is ready for nothing
    const figure = this.#prepared(key, looked);
    this.#ready = wanted;
    return figure;
  }

  #prepared(
    key: string,
    { a = FIRST_ADDITION.a, b = FIRST_ADDITION.b, digit, scales = "snapshot", off = [] }: Looked,
  ): Figure {
    const report = this.#session.report();
    const figure = (this.#figure ??= new Figure(report));
    const extremes = scales === "run" ? this.#session.extremes() : undefined;
    if (extremes) figure.set_extremes(extremes);
    const measured = off.length > 0 ? this.#under(off, (pass) => pass.measured(report)) : report;
    figure.replace(measured, "answer", extremes ? "run" : "snapshot");
    figure.set_map(this.#map ?? undefined, "");
    const row = digit ?? lookedAt(this.answer(a, b, off), null);
    if (key === "ruler") figure.set_ruler(this.#under(off, (pass) => pass.ruler(a, b, row)));
    return figure;
  }

  #decided<Told>(seconds: number, tell: (deciding: Deciding) => Told): Told {
    const deciding = new Deciding(this.#input, this.#snapshot, this.edits(), undefined);
    try {
      const end = performance.now() + 1000 * seconds;
      while (!deciding.step(LOOKS) && performance.now() < end);
      return tell(deciding);
    } finally {
      deciding.free();
    }
  }

  #under<Told>(off: readonly string[], tell: (pass: Intervention) => Told): Told {
    const pass = new Intervention(this.#input, this.#snapshot, this.edits(), off);
    try {
      return tell(pass);
    } finally {
      pass.free();
    }
  }
}
