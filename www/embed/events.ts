// What an <adder-scope> tells its page.

import type { Verdict } from "./verdict.js";

/** Names of what events tell. */
export interface AdderScopeEvents {
  /** The reader changed what is shown. */
  state: CustomEvent<{ state: string; a: number; b: number; digit: number; step: number | null }>;
  /** A mark was chosen. */
  select: CustomEvent<{ item: string; label: string; value: string }>;
  /** Something is known of all additions. */
  verdict: CustomEvent<Verdict>;
  /** It cannot be shown, or not all of it: why, in a line. */
  problem: CustomEvent<{ message: string }>;
}
