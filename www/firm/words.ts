// How firm a number is, in words. What is proven is so in exact arithmetic for every value between two; what was tried is
// known of these values only.

import type { Decimals, Kept, NumberRange, Side } from "../library-types.js";
import { fixed, percentSet } from "../format.js";
import { POWER } from "../exact/words.js";

/** Digits of a bound by its distance from the number: more would say nothing. */
const DIGITS = 3;
const MOST_DECIMALS = 12;

/** A bound, rounded towards the number, so that what is said of all values up to it stays true. */
export function inward(value: number, bound: number): string {
  const distance = Math.abs(bound - value);
  const decimals = distance === 0 ? 6 : DIGITS - 1 - Math.floor(Math.log10(distance));
  const places = Math.min(Math.max(decimals, 0), MOST_DECIMALS);
  const scale = 10 ** places;
  const whole = bound > value ? Math.floor(bound * scale) : Math.ceil(bound * scale);
  return fixed(distance === 0 ? value : whole / scale, places);
}

/** A value as it was tried. */
const tried = (value: number) => String(Math.fround(value) === value ? shortest(value) : value).replace("-", "−");

/** The fewest digits that read back to the same f32. */
function shortest(value: number): number {
  for (let digits = 1; digits < 10; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

const isWidened = ({ value, below, above }: NumberRange) => below.proven < value || above.proven > value;

/** Values that are proven, from and to; null where there is none beside the number's own. */
export const provenOf = (range: NumberRange): [string, string] | null =>
  isWidened(range) ? [inward(range.value, range.below.proven), inward(range.value, range.above.proven)] : null;

/** The wrong value that is nearest to the number; null where none was found. */
export function wrongOf({ value, below, above }: NumberRange): number | null {
  const all = [below.lost, above.lost].filter((lost) => lost !== null);
  const distance = (lost: number) => Math.abs(lost - value);
  return all.length === 0 ? null : all.reduce((best, lost) => (distance(lost) < distance(best) ? lost : best));
}

function triedOf({ value }: NumberRange, side: Side, kept: Kept, where: string) {
  const noun = kept.what === "right" ? "no wrong value" : "none that loses more";
  if (side.tried === 0 || side.kept === side.proven) return null;
  return `${where} to ${inward(value, side.kept)} ${noun} among ${side.tried} tried`;
}

/** What is known of a number beyond what is proven of it. */
export function knownOf(range: NumberRange, kept: Kept): string {
  if (!range.read) return "read by no answer digit: any value will do";
  const beyond = [triedOf(range, range.below, kept, "down"), triedOf(range, range.above, kept, "up")];
  const known = beyond.filter((each) => each !== null);
  if (known.length > 0) return known.join("; ");
  return isWidened(range) ? "all of it proven" : "no other value is known to do";
}

export const wrongText = (range: NumberRange) => {
  const wrong = wrongOf(range);
  return wrong === null ? "none found" : tried(wrong);
};

/** All of it in a line. */
export function lineOf(range: NumberRange, kept: Kept): string {
  if (!range.read) return "Read by no answer digit: any value will do, proven in exact arithmetic.";
  const proven = provenOf(range);
  const word = kept.what === "right" ? "wrong at" : "lost at";
  const wrong = [range.below.lost, range.above.lost].filter((lost) => lost !== null).map(tried);
  const parts = [
    proven ? `proven from ${proven[0]} to ${proven[1]}` : null,
    proven && knownOf(range, kept) === "all of it proven" ? null : knownOf(range, kept),
    wrong.length > 0 ? `${word} ${wrong.join(" and ")}` : null,
  ];
  const line = parts.filter((part) => part !== null).join("; ");
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}

/** What is asked of a changed model. */
export function keptText(kept: Kept): string {
  if (kept.what === "right") return `Kept is: right on all ${POWER} additions, in exact arithmetic.`;
  return `The model is not right on all ${POWER} additions. Kept is: no more than ${percentSet(kept.lost)} of its right answers are lost, by the values that were tried; nothing is proven between them.`;
}

/** How short all numbers can be. */
export function decimalsText({ kept, decimals, significant }: Decimals): string {
  const what = kept.what === "right" ? "stays right on all additions, proven in exact arithmetic" : "loses no more";
  const of = (digits: number | null, unit: string) =>
    digits === null ? `no rounding to ${unit} is short enough` : `${digits} ${unit}`;
  return `With all numbers rounded the model ${what}: ${of(decimals, "decimals")}, or ${of(significant, "digits that count")}.`;
}
