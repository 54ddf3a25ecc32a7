// The addition in one line, which every view has.

import { html, nothing, render } from "lit/html.js";
import type { Answered } from "../library-types.js";
import { markedDigits } from "../wrong/marked.js";
import { sumText } from "./words.js";

/** @param answered null: no answer is there yet */
export function showLine(place: HTMLElement, answered: Answered | null) {
  if (!answered) return render(nothing, place);
  const { a, b, answer, correct } = answered;
  const sign = html`<i class=${correct ? "good" : "bad"} role="img" aria-label=${correct ? "right" : "wrong"}
    >${correct ? "✓" : "✗"}</i
  >`;
  return render(html`<span>${sumText(answered)} =</span> <span>${markedDigits(answer, a + b)}</span> ${sign}`, place);
}
