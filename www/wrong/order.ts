// Wrong answers in an order.

import type { WrongAnswer } from "../library-types.js";

/** What they can be sorted by; `found`: as they were found. */
export type Order = "found" | "digit" | "chain" | "lead";

/** A wrong answer in a list. */
export interface Listed extends WrongAnswer {
  /** Where it stands among those that were found. */
  readonly at: number;
  /** What it is an example of, or "". */
  readonly rule: string;
}

const keyOf = (listed: Listed, order: Order) => (order === "found" ? listed.at : listed[order]);

/** Sorted; those that are alike stay as they were found. */
export function sorted(all: readonly Listed[], order: Order, isFalling: boolean): Listed[] {
  const sign = isFalling ? -1 : 1;
  return [...all].sort((one, other) => sign * (keyOf(one, order) - keyOf(other, order)) || one.at - other.at);
}
