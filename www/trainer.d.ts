// What the page asks of the part of the library that trains: the types of trainer.js, which wasm-bindgen writes from src/web.

import type { DrawOptions, Mark } from "./adderscope.js";

export default function init(options?: { module_or_path: unknown }): Promise<unknown>;

/** A setting of a training run. */
export interface TrainingField {
  name: string;
  /** What it does, as half a sentence. */
  about: string;
  kind: "number" | "switch" | "text" | "choice";
  /** What it may be, in words. */
  wanted: string;
  default: string;
  /** What it may be, where that is a list. */
  choices: string[];
}

export function training_fields(): TrainingField[];
/** What is wrong with settings, given as text by name; `name` is empty where no field is to blame. */
export function check_settings(settings: Record<string, string>): { name: string; message: string }[];
/** The names of the files that a run leaves. */
export function run_files(): string[];

/** What a training run is. */
export interface RunAbout {
  /** `62p, seed 42` */
  title: string;
  seed: string;
  steps: number;
}

/** One evaluation of a training run. */
export interface LogEntry {
  step: number;
  val_exact: number | null;
  val_tok_acc: number | null;
  loss: number | null;
}

/** Where a training run is. */
export interface RunProgress {
  step: number;
  steps: number;
  loss: number | null;
  /** Evaluations since this was asked last. */
  evaluated: LogEntry[];
  /** The best snapshot so far, and the first step with half of the additions right. */
  outcome: { step: number; best_step: number; val_exact: number; val_tok_acc: number; half_step: number | null };
  finished: boolean;
  /** Why the run cannot go on. */
  diverged: string | null;
}

/** What AdderBoard's own suite says of a run's best snapshot. */
export interface Board {
  passed: number;
  total: number;
}

/** A training run. Lives in a Worker of its own. */
export class Trainer {
  /** Settings as text by name. Throws what a person reads. */
  constructor(settings: Record<string, string>);
  static restore(bytes: Uint8Array): Trainer;
  about(): RunAbout;
  /** Goes on for some milliseconds; whether it can go on after that. */
  run(milliseconds: number): boolean;
  progress(): RunProgress;
  /** The last snapshot as a file. */
  snapshot(): Uint8Array;
  file(name: string): Uint8Array;
  board(): Board;
}

/** Exact match of several runs, as a figure. */
export class Seeds {
  constructor(runs: { name: string; points: number[][] }[], steps: number);
  free(): void;
  aspect(panel: string, width: number): number;
  draw(panel: string, canvas: HTMLCanvasElement, options: DrawOptions): void;
  marks(panel: string, options: DrawOptions): Mark[];
}
