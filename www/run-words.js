// A training run in words: where it is, how good it is, what its snapshots are called.

import { grouped } from "./dom.js";
import { percentOf } from "./facts.js";

/** @typedef {import("./run.js").Run} Run */

/** @param {number} seconds */
function left(seconds) {
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours > 0) return `${hours} h ${minutes % 60} min left`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s left` : `${Math.ceil(seconds)} s left`;
}

/** Where a run is, in a line. @param {Run} run */
export function whereOf({ state, progress, rate, about }) {
  if (!progress) return state === "waiting" ? "Waits for a free core" : "Starting…";
  const steps = `step ${grouped(progress.step)} of ${grouped(about.steps)}`;
  if (state === "diverged") return `Diverged, kept at ${steps}`;
  if (state !== "training") return `${state.charAt(0).toUpperCase()}${state.slice(1)} at ${steps}`;
  if (rate === 0) return `Training, ${steps}`;
  return `Training, ${steps}, ${grouped(Math.round(rate))} steps/s, ${left((about.steps - progress.step) / rate)}`;
}

/** @param {number | null | undefined} value */
const share = (value) => (value === null || value === undefined ? "–" : percentOf(value));

/** Everything that a run says in numbers: what it is, and its value. @type {[string, (run: Run) => string][]} */
export const NUMBERS = [
  ["loss", ({ progress, log }) => (progress?.loss ?? log.at(-1)?.loss)?.toFixed(4) ?? "–"],
  ["exact match", ({ log }) => share(log.at(-1)?.val_exact)],
  ["token accuracy", ({ log }) => share(log.at(-1)?.val_tok_acc)],
  [
    "best exact match",
    ({ progress }) => (progress ? `${percentOf(progress.outcome.val_exact)} at step ${grouped(progress.outcome.best_step)}` : "–"),
  ],
  [
    "AdderBoard, best model",
    ({ board }) => (board ? `${grouped(board.passed)} of ${grouped(board.total)}` : "when the run is over"),
  ],
];

/** The name under which the panels show it: that of a snapshot says of which step it is, that of a whole run cannot. @param {Run} run */
export function fileOf({ about, log, state, isOver }) {
  return isOver ? about.title : `${about.title}, step ${grouped(log.at(-1)?.step ?? 0)} (${state})`;
}
