// A number's ten digits while someone types: each stands in its column, the ones at the right, and what is typed takes the
// place of what is there. Behind the last digit, digits push the others to the left, as on a calculator.

import { DIGITS } from "./read.js";

/** Ten digits, and which of them are chosen: none where both ends are behind the last. */
export interface Typing {
  readonly digits: string;
  readonly from: number;
  readonly to: number;
}

const END = { from: DIGITS, to: DIGITS };

/** A number in ten columns. */
export const padded = (value: string) => value.padStart(DIGITS, "0");

/** The number that ten digits write, without zeros at its front. */
export const valueOf = (digits: string) => digits.replace(/^0+(?=\d)/, "");

/** With one digit chosen, or none behind the last. */
export function chosen(digits: string, at: number): Typing {
  if (at >= DIGITS) return { digits, ...END };
  const from = Math.max(0, at);
  return { digits, from, to: from + 1 };
}

const isWhole = ({ from, to }: Typing) => from === 0 && to === DIGITS;

const without = (digits: string, from: number, to: number) =>
  digits.slice(0, from) + "0".repeat(to - from) + digits.slice(to);

/** A digit is typed; null: it would be the eleventh. */
export function typed(typing: Typing, digit: string): Typing | null {
  const { digits, from } = typing;
  if (isWhole(typing)) return { digits: padded(digit), ...END };
  if (from >= DIGITS) return digits.startsWith("0") ? { digits: digits.slice(1) + digit, ...END } : null;
  return chosen(digits.slice(0, from) + digit + digits.slice(from + 1), from + 1);
}

/** Backspace: what is chosen becomes zero, and the digit before it is chosen; behind the last digit, that goes. */
export function erasedBefore(typing: Typing): Typing {
  const { digits, from, to } = typing;
  if (isWhole(typing)) return { digits: padded(""), ...END };
  if (from >= DIGITS) return { digits: `0${digits.slice(0, -1)}`, ...END };
  return chosen(without(digits, from, to), from - 1);
}

/** Delete: what is chosen becomes zero and stays chosen. */
export function erased(typing: Typing): Typing {
  const { digits, from, to } = typing;
  return isWhole(typing) ? { digits: padded(""), ...END } : { digits: without(digits, from, to), from, to };
}

/** Where a key leads; null for another key. */
export function moved({ digits, from, to }: Typing, key: string): Typing | null {
  switch (key) {
    case "ArrowLeft":
      return chosen(digits, from - 1);
    case "ArrowRight":
      return chosen(digits, to);
    case "Home":
      return chosen(digits, 0);
    case "End":
      return chosen(digits, DIGITS - 1);
    default:
      return null;
  }
}
