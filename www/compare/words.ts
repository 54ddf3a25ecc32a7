// Two models side by side, in words and numbers.

import { ARITHMETIC, POWER } from "../exact/words.js";
import { fixed, grouped } from "../format.js";
import type { Answers, Closest, ComparisonTold, KindOf, SideBySide } from "../library-types.js";

export const COLUMNS = ["fact", "A", "B", "Δ = B − A"];

/** What a whole number of A becomes in B. */
export function difference(a: bigint, b: bigint) {
  if (a === b) return "0";
  return b > a ? `+${grouped(String(b - a))}` : `−${grouped(String(a - b))}`;
}

/** The same of any number; five digits are more than anyone reads. */
export function change(delta: number) {
  if (delta === 0) return "0";
  const text = String(Number(Math.abs(delta).toPrecision(5)));
  return delta > 0 ? `+${text}` : `−${text}`;
}

const whole = (label: string, a: bigint, b: bigint) => [
  label,
  grouped(String(a)),
  grouped(String(b)),
  difference(a, b),
];

/** How many a model answers right, of the kinds in which it does; null where that is not decided. */
function rightOf(kinds: readonly (KindOf | undefined)[]) {
  const counts = kinds.map((kind) => kind?.count ?? null);
  return counts.includes(null) ? null : counts.reduce((sum, count) => sum + BigInt(count ?? 0), 0n);
}

const closestText = (closest: Closest | null) => (closest ? fixed(closest.lead, 3) : "–");

/** The facts of both; what all additions say of them comes later. */
export function factsOf({ parameters_a, parameters_b, suite }: SideBySide, told: ComparisonTold | null) {
  const rows = [
    whole("learned parameters", BigInt(parameters_a), BigInt(parameters_b)),
    whole(`AdderBoard, of ${grouped(suite.total)}`, BigInt(suite.passed_a), BigInt(suite.passed_b)),
  ];
  if (!told) return [...rows, [`right, of ${POWER}`, "…", "…", ""], ["closest call, in logits", "…", "…", ""]];
  const [both, onlyA, onlyB] = told.comparison.kinds;
  const [a, b] = [rightOf([both, onlyA]), rightOf([both, onlyB])];
  const { closest_a, closest_b } = told;
  const delta = closest_a && closest_b ? change(closest_b.lead - closest_a.lead) : "";
  const right =
    a === null || b === null
      ? [
          `right, of ${POWER}`,
          a === null ? "not decided" : grouped(String(a)),
          b === null ? "not decided" : grouped(String(b)),
          "",
        ]
      : whole(`right, of ${POWER}`, a, b);
  return [...rows, right, ["closest call, in logits", closestText(closest_a), closestText(closest_b), delta]];
}

/** How many additions are of a kind, or between what bounds. */
export const countOf = ({ count, at_least, at_most }: KindOf) =>
  count === null ? `${grouped(at_least)} to ${grouped(at_most)}` : grouped(count);

/** What both say to an addition. */
export function saidOf({ expected, got_a, got_b }: Answers) {
  const of = (name: string, got: number) => (got === expected ? `${name} is right` : `${name} says ${grouped(got)}`);
  return `${of("A", got_a)}, ${of("B", got_b)}`;
}

/** The four counts in a sentence. */
export function sentence({ comparison: { same, decided } }: ComparisonTold) {
  if (same) return `A and B are one architecture with the same numbers: they differ nowhere. ${ARITHMETIC}`;
  return decided
    ? `All ${POWER} additions, decided. ${ARITHMETIC}`
    : `Between these bounds: not all is decided. ${ARITHMETIC}`;
}
