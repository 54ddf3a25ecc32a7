// An answer as it is shown, with the digits set apart that are wrong.

import { html } from "lit/html.js";
import { grouped } from "../format.js";
import { digitsOf } from "./digits.js";

export const markedDigits = (answer: number, expected: number) =>
  digitsOf(String(answer), grouped(expected)).map(({ text, isWrong }) => (isWrong ? html`<b>${text}</b>` : text));
