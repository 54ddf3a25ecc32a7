// What is done to a pass, in words and as it is written.

import { fixed } from "../format.js";
import type { Addition } from "../channel/protocol.js";
import type { Intervening, Patching } from "../library-types.js";
import { numberText } from "../steps/words.js";

type Combination = Patching["combinations"][number];

/** "Switched off: the FFN. Z3 has X2 and Y2 of 57 + 69." or "". */
export const doneOf = ({ off, taken }: Pick<Intervening, "off" | "taken">): string =>
  [off, taken].flatMap((each) => (each === null ? [] : `${each}.`)).join(" ");

/** What of the page is so, and what is of the whole model: with parts switched off, or with ways of another addition alone. */
export const reachOf = (isOff: boolean): [string, string] =>
  isOff
    ? [
        "Answer, ruler, steps, panels 4 to 8 and the verdict on all additions are so.",
        "AdderBoard’s score is of the whole model, as are panels that say so.",
      ]
    : ["Answer, ruler and steps are so.", "Score, verdict, panels and map are of the whole model."];

/** Which of the two additions asks for what a combination says. */
export function askedBy({ is_first, is_second }: Combination): string {
  if (is_first && is_second) return "both";
  if (is_first) return "the first";
  return is_second ? "the second" : "neither";
}

/** A combination, as it is read out. */
export function spokenCombination(combination: Combination, { ways }: Patching): string {
  const taken = ways.filter((_, i) => combination.second[i]).map(({ title }) => title);
  const what = taken.length === 0 ? "Nothing" : taken.join(", ");
  const { said, lead } = combination;
  return `${what} from the second: says ${said}, as asked by ${askedBy(combination)}, leads by ${numberText(lead)}`;
}

/** An addition that ways of a digit can be taken from, as an intervention is written; with ways that were taken before. */
export const patchOf = (digit: number, { a, b }: Addition, before: string | undefined) =>
  [`patch:Z${digit}/${a}+${b}`, ...(before?.split("/").slice(2) ?? [])].join("/");

/** What a digit of a column weighs beside one of the column before, and what that makes of this addition. */
export function weightOf(
  values: Intervening["place_values"],
  { a, b, digit, isWrong }: Addition & { readonly digit: number; readonly isWrong: boolean },
): string {
  const ratio = values.find(({ column }) => column === digit)?.ratio;
  if (ratio === undefined || ratio === null) return "";
  const before = digit - 1;
  const digitOf = (n: number) => Math.floor(n / 10 ** before) % 10;
  const pair = digitOf(a) + digitOf(b);
  const whose = isWrong ? `Z${digit} is wrong here. Its` : `The`;
  const of = isWrong ? "" : ` of column ${digit}`;
  return (
    `${whose} place value${of} is ${fixed(ratio, 2)}: X${before} + Y${before} = ${pair} count as ` +
    `${fixed(pair / ratio, 2)} of column ${digit} in s, where ${fixed(pair / 10, 1)} is right.`
  );
}
