// A snapshot of a run, in words.

import { grouped, percentOf } from "./format.js";
import type { Evaluation } from "./library-types.js";

/** What was logged at it. */
export function logged(step: Evaluation | undefined) {
  if (!step) return [];
  const share = (name: string, value: number | null) => (value === null ? [] : [`${name} ${percentOf(value)}`]);
  return [...share("exact match", step.val_exact), ...share("tokens", step.val_tok_acc)];
}

/** What a screen reader says of it. */
export const spoken = (step: Evaluation | undefined) =>
  [`step ${grouped(step?.step ?? 0)}`, ...logged(step)].join(", ");
