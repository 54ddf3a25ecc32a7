// A changed model's score beside the file's, and how far a slider was moved.

import { grouped } from "./format.js";
import type { Verdict } from "./library-types.js";

/** The score beside the file's, in words. */
export function comparison({ score, file_passed }: Verdict) {
  const change = score.passed - file_passed;
  if (change === 0) return "as the file’s";
  return `${grouped(Math.abs(change))} ${change > 0 ? "more" : "fewer"} than the file’s`;
}

/** Whether that is better. */
export function toneOf({ score, file_passed }: Verdict) {
  if (score.passed === file_passed) return "";
  return score.passed > file_passed ? "good" : "bad";
}

/** What a screen reader says of a score. */
export const spokenScore = (verdict: Verdict) =>
  `${grouped(verdict.score.passed)} of ${grouped(verdict.score.total)} right, ${comparison(verdict)}`;

/**
 * The part of a slider's track between the file's value, in the middle, and this one; in percent.
 * @param positions of the slider, on each side
 */
export function shareOf(position: number, positions: number): [from: number, to: number] {
  const share = (50 * position) / positions;
  return [50 + Math.min(0, share), 50 + Math.max(0, share)];
}
