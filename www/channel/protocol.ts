// What crosses between the page and a Worker: the calls of each by name, and the messages that carry them.

import type {
  AdditionTrace,
  Answered,
  Board,
  Bounds,
  ComparisonTold,
  Decimals,
  Edit,
  ExactReport,
  Explanation,
  InFloat32,
  Intervening,
  Landscape,
  Failures,
  ManyRow,
  NamedBytes,
  Ranges,
  SuiteProgress,
  Steps,
  Suites,
  Term,
  RunAbout,
  RunProgress,
  Evaluation,
  SideBySide,
  Summary,
  Verdict,
  Weights,
  WrongAnswer,
} from "../library-types.js";

/** A call: what goes in, what comes back, and what is told meanwhile. */
export interface Call {
  input: unknown;
  output: unknown;
  progress: unknown;
}

/** The calls of a Worker, by name. */
export type Calls<Table> = { [Name in keyof Table]: Call };

/** What a bundled file holds, as it was read when the page was built; the file itself is one of the page's. */
export interface Packed {
  name: string;
  input: Uint8Array;
  /** Where all that it holds is, where `input` has of its run the opening snapshot's numbers alone; or "". */
  whole: string;
  file: string;
}
export type Source = NamedBytes | Packed;

/** Where a model stands and what was done to it. */
export interface Standing {
  /** The training step, or the nearest; null: where the file opens. */
  readonly step: number | null;
  /** What axes are made for. */
  readonly scales: "snapshot" | "run";
  /** All numbers that are not the file's. */
  readonly edits: readonly Readonly<Edit>[];
}

/** Two summands. */
export interface Addition {
  readonly a: number;
  readonly b: number;
}

/** An addition that is asked for, under these interventions. */
export interface Asked extends Addition {
  readonly under?: readonly string[];
}

/** One answer digit of one addition. */
export interface DigitAsked extends Asked {
  readonly digit: number;
}

/** Files to be opened, in groups, as they came together. */
export interface Files {
  readonly groups: readonly (readonly Source[])[];
  /** The training step that a run opens with; null: its best. */
  readonly opensAt: number | null;
}

/** What the figure is drawn of. */
export interface Drawn {
  report: Uint8Array<ArrayBuffer>;
  /** The model without its edits, which stays behind as a ghost; null: it has none. */
  unedited: Uint8Array | null;
  /** What axes are made for. */
  scales: Standing["scales"];
  /** How far the numbers of the run go: once for each, when axes are first made for it. */
  extremes: Uint8Array | null;
}

/** A model that was opened, as it stands. */
export interface Opened extends Drawn {
  summary: Summary;
  weights: Weights;
  /** Its own answer to the addition that was asked. */
  answered: Answered;
  /** Of its run; empty without one. */
  steps: Evaluation[];
  /** Whether it is another model; else what came joined the one that was open. */
  isOther: boolean;
  /** Why it does not stand where it should: then nothing was done to it. Or "". */
  refused: string;
}

/** The model that was open, as it stands now. */
export interface Changed extends Drawn {
  summary: Summary;
  answered: Answered;
  verdict: Verdict;
  /** Where they were asked for. */
  weights: Weights | null;
  /** Whether it is another snapshot, without the edits of the one before. */
  moved: boolean;
}

/** The calls of the Worker that computes. */
export interface LibraryCalls {
  /** First of all: the library, compiled by the page. */
  start: { input: WebAssembly.Module; output: void; progress: never };
  /** Files may be opened soon: what reads them can be on its way. */
  expectFiles: { input: null; output: void; progress: never };
  /** The last good model stays where this fails. Another one is brought to where it should stand. */
  open: { input: Files & { standing: Standing; addition: Addition }; output: Opened; progress: never };
  /** Brings the model that is open to where it should stand. */
  apply: { input: { standing: Standing; addition: Addition; weights: boolean }; output: Changed; progress: never };
  /** The model's own answer to an addition. */
  answer: { input: Asked; output: Answered; progress: never };
  /** The ruler that an answer digit of an addition is read off, as the figure takes it; null: its row has none. */
  ruler: { input: DigitAsked; output: Uint8Array<ArrayBuffer> | null; progress: never };
  weights: { input: null; output: Weights; progress: never };
  /** The score on AdderBoard's own suite. */
  verify: { input: null; output: Verdict; progress: never };
  /** What is answered wrong on AdderBoard's own suite. */
  failures: { input: null; output: Failures; progress: never };
  /** Many pairs, AdderBoard's or of another kind; null where it was cancelled, or the model changed. */
  board: { input: { draw: string; seed: string; pairs: string }; output: SuiteRun | null; progress: SuiteProgress };
  /** What is wrong with the answers to some additions, summands in turns; those that are right are left out. */
  wrong: { input: { summands: Float64Array }; output: WrongAnswer[]; progress: never };
  /** The simplest addition that fails as `a + b` does; null where that is right. */
  simplest: { input: { a: number; b: number }; output: WrongAnswer | null; progress: never };
  /** Every intermediate of `a + b`, summands as numbers. */
  trace: { input: Addition; output: AdditionTrace; progress: never };
  /** How an answer digit of `a + b` comes about; null: a number of its pass is not finite. */
  steps: { input: DigitAsked; output: Steps | null; progress: never };
  /** How the number that an item names was made in `a + b`, as the row of a digit sees it. */
  explain: { input: Asked & { item: string; digit?: number }; output: Explanation; progress: never };
  /** What is done to the pass and what else can be, where an answer digit is looked at. Fails where it is nothing. */
  intervening: { input: DigitAsked; output: Intervening; progress: never };
  /** What is made in one step of the number of a tensor that an item names, in the model's tables and in `a + b`. */
  entered: { input: Addition & { item: string }; output: readonly string[]; progress: never };
  /** What items are called in a sentence; what names nothing stays as it is. */
  named: { input: { items: readonly string[] }; output: string[]; progress: never };
  /** The report with what panels show measured with something switched off, as the figure takes it. */
  measured: { input: { under: readonly string[] }; output: Uint8Array<ArrayBuffer>; progress: never };
  /** Where wrong answers are looked for. */
  suites: { input: null; output: Suites; progress: never };
  /** What the words of the page mean. */
  terms: { input: null; output: Term[]; progress: never };
  /** What is open, as it stands, for the Worker that decides; with these interventions. */
  held: { input: { under: readonly string[] } | null; output: Held; progress: never };
  /** What a link has of the model that is open, without edits: `weights=…`. */
  link: { input: null; output: string; progress: never };
  /** What files hold that came together, for another part of the library. */
  read: { input: readonly Source[]; output: Uint8Array; progress: never };
  /** What is open, as a file, edits included. */
  export: { input: "safetensors" | "json"; output: Uint8Array<ArrayBuffer>; progress: never };
}

/** A model as it stands, for a part of the library that takes what `read_files` wrote. */
export interface Held {
  /** Of what was opened: another one is another model. */
  readonly id: number;
  readonly input: Uint8Array;
  /** Of a run. */
  readonly snapshot: number | undefined;
  readonly edits: Edit[];
  /** Of the 33 places, those that no row looks at. */
  readonly hidden: Uint8Array;
  /** What is switched off in it, as a sentence. */
  readonly off: string;
}

export interface ToDecide {
  readonly model: Held;
  /** How long it may compute in all, in milliseconds; null: to the end. */
  readonly within: number | null;
  /** Whether it is one of many, and nothing of it is to be kept. */
  readonly isPassedBy: boolean;
  /** What is wanted: each takes its time, bounds the least. */
  readonly wanted: "bounds" | "report" | "map";
}

/** What is known of a model over all additions. */
export interface Decided {
  bounds: Bounds;
  /** In full, where that was asked for. */
  report: ExactReport | null;
  /** Case by case, where that was asked for: what the figure takes. */
  map: Uint8Array<ArrayBuffer> | null;
  /** What it took to compute. */
  milliseconds: number;
  /** Whether nothing is left to do: what is not decided by now never will be. */
  isDone: boolean;
}

/** The calls of the Worker that decides all additions. */
export interface ExactCalls {
  /**
   * How many are right, as far as it is known when nothing is left to do or time is up; null where it was cancelled
   * before, unless it was to go on to the end. The model that was decided last goes on where it stopped.
   */
  decide: { input: ToDecide; output: Decided | null; progress: Bounds };
}

/** Part of the right answers that may be lost where not all are right, from 0 to 1. */
interface Changing {
  readonly model: Held;
  readonly part: number;
}

/** A learned number: a tensor's name and a flat index. */
export interface Named {
  readonly tensor: string;
  readonly index: number;
}

/** The calls of the Worker that finds how firm a model is. Where one is cancelled, what there is by then comes back. */
export interface RobustCalls {
  /** How far numbers can go: all, or only one. */
  ranges: {
    input: Changing & { readonly only: Named | null };
    output: Ranges;
    progress: { share: number; found: Ranges };
  };
  /** How short all numbers can be. */
  decimals: { input: Changing; output: Decimals; progress: { share: number; found: Decimals } };
  /** What two numbers do together: so many values of each, as far as `reach` to both sides. */
  landscape: {
    input: Changing & { readonly x: Named; readonly y: Named; readonly reach: number; readonly values: number };
    output: Landscape;
    progress: { share: number; found: Landscape };
  };
  /**
   * Whether float32 answers as exact arithmetic does, of which no more is decided than in so many milliseconds. Where that
   * is not proven, additions are asked for whose summands are `near`, one after the other. Cancelled: null.
   */
  float32: {
    input: { readonly model: Held; readonly near: Float64Array; readonly within: number };
    output: InFloat32 | null;
    progress: never;
  };
}

/** The second of two models: of a run a snapshot or the nearest to a training step, else as its file opens. */
export interface Other {
  readonly input: Uint8Array;
  readonly snapshot: number | undefined;
  readonly step: number | null;
}

/** Two models side by side. */
export interface Compared {
  sides: SideBySide;
  /** What they are called, A first. */
  names: readonly [string, string];
  /** Their analyses, as the figure takes them. */
  reports: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  /** The rulers of one answer digit of the addition, as the figure takes them; `undefined`: it has none. */
  rulers: readonly [Uint8Array<ArrayBuffer> | undefined, Uint8Array<ArrayBuffer> | undefined];
  /** What all additions say, and that case by case, as the figure takes it; null: not yet. */
  told: ComparisonTold | null;
  maps: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] | null;
}

/** What two models are compared for beside all that is always told. */
export interface ComparedFor {
  /** How long, in milliseconds, all additions may be decided for; 0: they are not asked. */
  readonly within: number;
  readonly addition: Addition;
  /** The answer digit whose rulers are wanted; null: the first in which the answers differ. */
  readonly digit: number | null;
}

/** The calls of the Worker that compares. */
export interface CompareCalls {
  /** Told at once without what all additions say, and with that once it is decided, or has taken so long in milliseconds. */
  compare: {
    input: { readonly a: Held; readonly b: Other } & ComparedFor;
    output: Compared;
    progress: Compared;
  };
  /** A model's row in the table of many, of the bytes that `read` gave, beside those that were asked for before. */
  row: { input: Uint8Array; output: ManyRow; progress: never };
  /** The same as `compare` at another step of A's run: the nearest. */
  goTo: { input: { readonly step: number } & ComparedFor; output: Compared; progress: Compared };
}

/** A suite that a person asked for, at its end. */
export interface SuiteRun {
  result: SuiteProgress;
  failures: Failures;
}

/** What a training run is begun with. */
export type RunSource =
  | { settings: Record<string, string> }
  /** `more`: it is over, and goes on to its end or, from there, for so many steps. */
  | { saved: Uint8Array; more?: number };

/** The calls of a Worker that trains. */
export interface TrainerCalls {
  /** First of all: the library, compiled by the page, and what to train. */
  start: {
    input: RunSource & { module: WebAssembly.Module };
    output: { about: RunAbout; progress: RunProgress };
    progress: never;
  };
  /** Trains to the end, or until it is cancelled, which pauses it: what comes back is where it is. */
  train: { input: null; output: RunProgress; progress: RunProgress };
  /** The last evaluated model, with the log so far. */
  snapshot: {
    input: null;
    output: { progress: RunProgress; model: Uint8Array<ArrayBuffer>; log: Uint8Array<ArrayBuffer> };
    progress: never;
  };
  file: { input: string; output: Uint8Array<ArrayBuffer>; progress: never };
  /** Everything that is worth keeping: the Worker is not needed after it. */
  end: {
    input: null;
    output: {
      progress: RunProgress;
      files: Map<string, Uint8Array<ArrayBuffer>>;
      board: Board;
      /** Of all additions, of the best snapshot. */
      exact: Bounds;
    };
    progress: never;
  };
}

/** Which of two calls that wait comes first: a number that is dragged before all else, what takes long at the end. */
export const PRIORITY = { background: 0, usual: 1, urgent: 2 } as const;
export type Priority = keyof typeof PRIORITY;

/** From the page. */
export type Request<Table> =
  | {
      [Name in keyof Table & string]: {
        kind: "call";
        id: number;
        call: Name;
        input: Table[Name] extends { input: infer Input } ? Input : never;
        epoch: number;
        priority: Priority;
      };
    }[keyof Table & string]
  | { kind: "cancel"; id: number }
  | { kind: "ping" };

/** From the Worker. `broken`: its memory is in an unknown state, and it is done. */
export type Answer =
  | { kind: "output"; id: number; output: unknown }
  | { kind: "progress"; id: number; progress: unknown }
  | { kind: "error"; id: number; message: string; broken: boolean }
  | { kind: "cancelled"; id: number }
  | { kind: "late"; id: number }
  | { kind: "pong" };
