// The addition in one line, which every view has.

import { html, nothing, render } from "lit/html.js";
import { grouped } from "../format.js";
import type { Answered } from "../library-types.js";
import { digitsOf } from "../wrong/digits.js";
import { sumText } from "./words.js";

/** @param answered null: no answer is there yet */
export function showLine(place: HTMLElement, answered: Answered | null) {
  if (!answered) return render(nothing, place);
  const { a, b, answer, correct } = answered;
  const digits = digitsOf(String(answer), grouped(a + b));
  const said = digits.map(({ text, isWrong }) => (isWrong ? html`<b>${text}</b>` : text));
  const sign = html`<i class=${correct ? "good" : "bad"} role="img" aria-label=${correct ? "right" : "wrong"}
    >${correct ? "✓" : "✗"}</i
  >`;
  return render(html`<span>${sumText(answered)} =</span> <span>${said}</span> ${sign}`, place);
}
