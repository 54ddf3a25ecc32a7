// A verdict over all additions in words. "Proven" never stands alone: it is of exact arithmetic. A share below 1 is never
// written as 100 %, and what is not decided is said to be.

import { duration, grouped } from "../format.js";
import type { Bounds, Closest, Counterexample, InFloat32, Rule, Share } from "../library-types.js";
import { sumText } from "../sum/words.js";

/** All pairs of numbers of at most ten digits. */
export const ALL = 100_000_000_000_000_000_000n;
/** The same, short. */
export const POWER = "10²⁰";

export const ARITHMETIC =
  "In exact arithmetic: the claim is about the function of the numbers as they are stored, without any rounding.";

/** Hundredths of a percent that are whole. */
const hundredths = (count: bigint) => (count * 10_000n) / ALL;

/** Where parts of the model are switched off, all that is said is. */
export const UNDER = ", with parts switched off";

/** A share of all additions in percent, rounded down: 100 % is all of them, 0 % none. */
export function shareText(count: string): string {
  const number = BigInt(count);
  const whole = hundredths(number);
  if (number > 0n && whole === 0n) return "less than 0.01 %";
  if (number === ALL) return "100 %";
  if (number === 0n) return "0 %";
  return `${whole / 100n}.${String(whole % 100n).padStart(2, "0")} %`;
}

/** A share of 1 for a drawing: 1 only for all of them. */
export function shareOf(count: string): number {
  const share = Number(`0.${count.padStart(20, "0")}`);
  return BigInt(count) === ALL ? 1 : Math.min(share, 1 - Number.EPSILON / 2);
}

/** A share between two bounds, which never meet where they are not the same number. */
export function sharesOf({ right_at_least, right_at_most }: Pick<Bounds, "right_at_least" | "right_at_most">) {
  const atLeast = shareOf(right_at_least);
  const atMost = shareOf(right_at_most);
  const isDecided = right_at_least === right_at_most;
  return { atLeast: isDecided ? atMost : Math.min(atLeast, atMost - Number.EPSILON / 2), atMost };
}

export type Tone = "good" | "bad" | "";

/** A verdict as the facts, the weights and the film say it. */
export interface Said {
  value: string;
  note: string;
  tone: Tone;
}

const isWrong = ({ right_at_most }: Pick<Bounds, "right_at_most">) => BigInt(right_at_most) < ALL;

/** What is known so far, or at the end. */
export function said(bounds: Bounds): Said {
  const { right_at_least, right_at_most, decided } = bounds;
  if (decided) {
    const wrong = ALL - BigInt(right_at_most);
    if (wrong === 0n) return { value: "right on all", note: "proven in exact arithmetic", tone: "good" };
    return { value: `wrong on ${grouped(String(wrong))}`, note: `of ${POWER}, in exact arithmetic`, tone: "bad" };
  }
  const between = `${shareText(right_at_least)} to ${shareText(right_at_most)}`;
  return { value: "undecided", note: `${between} are right`, tone: isWrong(bounds) ? "bad" : "" };
}

/** The same in a line, beside other numbers. */
export function line(bounds: Bounds): string {
  const { right_at_least, right_at_most, decided } = bounds;
  if (!decided) return `${shareText(right_at_least)} to ${shareText(right_at_most)} of all ${POWER} right, undecided`;
  if (!isWrong(bounds)) return `all ${POWER} right, in exact arithmetic`;
  return `${shareText(right_at_most)} of all ${POWER} right, wrong on ${grouped(String(ALL - BigInt(right_at_most)))}`;
}

/** The same in a few words. */
export function short(bounds: Bounds): string {
  const { right_at_least, right_at_most, decided } = bounds;
  if (!decided) return `${shareText(right_at_least)} to ${shareText(right_at_most)} of all ${POWER}, undecided`;
  return isWrong(bounds) ? `${shareText(right_at_most)} of all ${POWER}` : line(bounds);
}

/** How it was found. */
export const labelOf = (milliseconds: number | null) =>
  milliseconds === null
    ? `all ${POWER} additions`
    : `all ${POWER} additions, decided here in ${duration(milliseconds)}`;

const of = (count: string) => `${grouped(count)} of ${grouped(String(ALL))} additions`;

const FLOAT32 = {
  proven: "float32 gives the same answers, in whatever order it adds.",
  refuted: "float32 is another matter: some addition it answers otherwise",
  // What follows a wrong digit may be another one.
  proven_where_wrong: "float32 is right on the same additions, in whatever order it adds.",
  open: "Whether float32, which rounds, answers all of them alike is open.",
};

/** Until that is known. */
export const ASKING_FLOAT32 = "Whether float32, which rounds, answers all of them alike is being looked into…";

export function float32Of({
  float32,
  float32_differs,
  right_at_most,
}: InFloat32 & Pick<Bounds, "right_at_most">): string {
  if (float32_differs) return `${FLOAT32.refuted}, ${sumText(float32_differs)} in Z${float32_differs.digit}.`;
  return float32 === "proven" && isWrong({ right_at_most }) ? FLOAT32.proven_where_wrong : FLOAT32[float32];
}

/** What is known, as a sentence. */
export function sentence({ right_at_least, right_at_most, decided }: Bounds): string {
  if (decided && BigInt(right_at_least) === ALL) return `Right on ${of(right_at_least)}: proven, in exact arithmetic.`;
  if (decided) return `Right on ${of(right_at_least)}, counted in exact arithmetic.`;
  const between = `at least ${grouped(right_at_least)} and at most ${of(right_at_most)} are right`;
  return `Not decided: ${between}, in exact arithmetic.`;
}

/** A rule with its count: "column 7 is 5 + 6 …: 10 000 wrong". */
export const ruleText = ({ text, count }: Rule) => `${text}: ${grouped(count)} wrong`;

export const wrongText = (example: Counterexample) => `${sumText(example)}, said to be ${grouped(example.got)}`;

export const closestText = ({ a, b, digit, lead }: Closest) =>
  `${sumText({ a, b })}, whose digit Z${digit} leads by ${leadText(lead)}`;

/** A difference of logits. */
export function leadText(lead: number): string {
  const text = Math.abs(lead) < 0.001 && lead !== 0 ? lead.toExponential(1) : lead.toFixed(Math.abs(lead) < 1 ? 4 : 2);
  return text.replace("-", "−");
}

/** A row of a table: what it is of, and how many of how many are right. */
export const shareRow = (of: string, { right_at_least, right_at_most, total }: Share) => [
  of,
  right_at_least === right_at_most ? grouped(right_at_least) : `${grouped(right_at_least)} – ${grouped(right_at_most)}`,
  grouped(total),
];
