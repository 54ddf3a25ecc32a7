// The types of what crosses between the page and the library, from one place.

import type * as trainer from "./trainer.js";

export type {
  DrawOptions,
  Edit,
  Fact,
  Failures,
  Figure,
  LearnedNumber,
  Mark,
  NamedBytes,
  Page,
  Panel,
  Progress,
  Score,
  Step,
  Summary,
  Table,
  Tensor,
  Verdict,
  Weights,
} from "./adderscope.js";
export type { Board, LogEntry, RunAbout, RunProgress, TrainingField } from "./trainer.js";

/** The part of the library that trains, with the module that its Workers are given. */
export type TrainerLibrary = typeof trainer & { module: WebAssembly.Module };
export type Theme = "light" | "dark";
