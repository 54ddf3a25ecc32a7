// The types of what crosses between the page and the library, from one place. wasm-bindgen writes them, from the Rust
// that takes and returns them, beside the rest of what the build makes of the library.

import type * as trainer from "./trainer.js";

export type {
  Alignment,
  Answered,
  CaseText,
  DrawOptions,
  Edit,
  Evaluation,
  Fact,
  Failures,
  Figure,
  LearnedNumber,
  Mark,
  Page,
  PanelText,
  Place,
  SuiteProgress,
  Summary,
  Table,
  Tensor,
  TimedScore,
  Verdict,
  Weights,
} from "./adderscope.js";
export type {
  Answers,
  Comparison,
  Difference,
  KindOf,
  LandscapePicture,
  ManyRow,
  NumberPair,
  Pair,
  SideBySide,
  TensorPair,
  Told as ComparisonTold,
} from "./compare.js";
export type { Bounds, Closest, Counterexample, DigitShare, Report as ExactReport, Rule, Share } from "./exact.js";
export type {
  AdditionTrace,
  Explanation,
  Intervening,
  Part,
  Patching,
  LensStage,
  LogitPart,
  PairKind,
  Stage,
  Steps,
  StepSource,
  StepUnit,
  Suites,
  Term,
  WrongAnswer,
} from "./explain.js";
export type { NamedBytes } from "./formats.js";
export type { Decimals, InFloat32, Kept, Landscape, LandscapeCell, NumberRange, Ranges, Side } from "./robust.js";
export type { Board, LogEntry, RunAbout, RunProgress, TrainingField } from "./trainer.js";

/** The part of the library that trains, with the module that its Workers are given. */
export type TrainerLibrary = typeof trainer & { module: WebAssembly.Module };
export type Theme = "light" | "dark";
