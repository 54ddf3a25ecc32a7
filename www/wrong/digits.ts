// An answer beside the sum, digit by digit.

import { grouped } from "../format.js";

/**
 * The answer with as many digits as the sum at least, and which of them are wrong. A digit that the answer lacks is a 0.
 * @param answer grouped or not
 * @param expected grouped
 */
export function digitsOf(answer: string, expected: string) {
  const digits = (text: string) => text.replace(/\D/g, "");
  const got = grouped(digits(answer).padStart(digits(expected).length, "0"));
  const right = expected.padStart(got.length);
  return [...got].map((text, at) => ({ text, isWrong: text !== right[at] && /\d/.test(text) }));
}
