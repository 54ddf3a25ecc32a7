// A training run in words: where it is, how good it is, what its snapshots are called.

import { ALL, POWER, said } from "./exact/words.js";
import { capitalised, fixed, grouped, percentOf, remaining } from "./format.js";
import type { Board, Bounds, LogEntry, RunAbout, RunProgress } from "./library-types.js";

/** What words are made of. */
export interface RunTold {
  state: string;
  about: RunAbout;
  progress: RunProgress | null;
  log: LogEntry[];
  board: Board | null;
  /** Of the best snapshot, over all additions; once the run is over. */
  exact: Bounds | null;
  /** Steps a second lately; 0 while that is not known. */
  rate: number;
  isOver: boolean;
}

type Where = "state" | "progress" | "rate" | "about" | "log";

/** Whether an evaluation found that all additions are right. */
const isProven = (entry: LogEntry | undefined) => entry?.exact === String(ALL);

/** Where a run is, in a line. */
export function whereOf({ state, progress, rate, about, log }: Pick<RunTold, Where>) {
  if (!progress) return state === "waiting" ? "Waits for a free core" : "Starting…";
  const steps = `step ${grouped(progress.step)} of ${grouped(about.steps)}`;
  if (state === "diverged") return `Diverged, kept at ${steps}`;
  if (state === "finished" && isProven(log.at(-1))) {
    return `Finished at ${steps}: right on all ${POWER}, proven in exact arithmetic`;
  }
  if (state !== "training") return `${capitalised(state)} at ${steps}`;
  if (rate === 0) return `Training, ${steps}`;
  return `Training, ${steps}, ${grouped(Math.round(rate))} steps/s, ${remaining((about.steps - progress.step) / rate)}`;
}

const share = (value: number | null | undefined) => (value === null || value === undefined ? "–" : percentOf(value));

const lossOf = ({ progress, log }: RunTold) => {
  const loss = progress?.loss ?? log.at(-1)?.loss;
  return loss === null || loss === undefined ? "–" : fixed(loss, 4);
};

/** Everything that a run says in numbers: what it is, and its value. */
export const NUMBERS: readonly (readonly [string, (run: RunTold) => string])[] = [
  ["loss", lossOf],
  ["exact match", ({ log }) => share(log.at(-1)?.val_exact)],
  ["token accuracy", ({ log }) => share(log.at(-1)?.val_tok_acc)],
  [
    "best exact match",
    ({ progress }) =>
      progress ? `${percentOf(progress.outcome.val_exact)} at step ${grouped(progress.outcome.best_step)}` : "–",
  ],
  [
    "AdderBoard, best model",
    ({ board }) => (board ? `${grouped(board.passed)} of ${grouped(board.total)}` : "when the run is over"),
  ],
  [
    `all ${POWER} additions, best model`,
    ({ exact }) => {
      if (!exact) return "when the run is over";
      const { value, note } = said(exact);
      return `${value}, ${note}`;
    },
  ],
];

/** How many of all additions are right, in a cell of a table. */
function allOf(exact: Bounds | null) {
  if (!exact) return "–";
  if (!exact.decided) return "not decided";
  const wrong = ALL - BigInt(exact.right_at_most);
  return wrong === 0n ? "all" : `wrong on ${grouped(String(wrong))}`;
}

/** What a row of the lottery says of a run, column by column. */
export function outcomeOf({ progress, board, exact }: Pick<RunTold, "progress" | "board" | "exact">) {
  const half = progress?.outcome.half_step ?? null;
  return [
    progress ? grouped(progress.step) : "–",
    share(progress?.outcome.val_exact),
    board ? grouped(board.passed) : "–",
    half === null ? "–" : grouped(half),
    allOf(exact),
  ];
}

/** How far several runs are together, as a share of 1. */
export function shareOf(runs: readonly Pick<RunTold, "progress" | "about" | "isOver">[]) {
  const done = runs.reduce(
    (sum, { progress, about, isOver }) => sum + (isOver ? 1 : (progress?.step ?? 0) / (about.steps || 1)),
    0,
  );
  return done / (runs.length || 1);
}

/** The name under which the panels show it: that of a snapshot says of which step it is, that of a whole run cannot. */
export function fileOf({ about, log, state, isOver }: Pick<RunTold, "about" | "log" | "state" | "isOver">) {
  return isOver ? about.title : `${about.title}, step ${grouped(log.at(-1)?.step ?? 0)} (${state})`;
}
