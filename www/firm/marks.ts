// How far a number can go, on the track of its slider: what is proven is a solid bar, what was only tried a dashed one, and
// a wrong value a cross.

import { el } from "../dom.js";
import { ARITHMETIC } from "../exact/words.js";
import type { Kept, NumberRange } from "../library-types.js";
import type { Row } from "../weight-row.js";
import { lineOf } from "./words.js";

function bar(kind: string, row: Row, from: number, to: number) {
  const [left, right] = [row.shareAt(from), row.shareAt(to)];
  const made = el("span", { class: kind });
  made.style.left = `${left}%`;
  made.style.width = `${right - left}%`;
  return made;
}

/** On the far side of the value, so that it hides nothing of a bar. */
function cross(row: Row, at: number, side: "below" | "above") {
  const made = el("span", { class: `wrong ${side}` }, "×");
  made.style.left = `${row.shareAt(at)}%`;
  return made;
}

/** Takes away what stands at a row. */
export function unmark({ element }: Row) {
  for (const mark of element.querySelectorAll(".firm-strip, .firm-note")) mark.remove();
  element.querySelector("input")?.removeAttribute("aria-describedby");
}

/** Draws what is known of a row's number, and says it below. */
export function markRow(row: Row, range: NumberRange, kept: Kept) {
  unmark(row);
  const { below, above } = range;
  const isProven = below.proven < above.proven;
  const isTried = below.kept < below.proven || above.kept > above.proven;
  const strip = el(
    "span",
    { class: "firm-strip", "aria-hidden": "true" },
    isTried ? bar("tried", row, below.kept, above.kept) : null,
    isProven ? bar("proven", row, below.proven, above.proven) : null,
    below.lost === null ? null : cross(row, below.lost, "below"),
    above.lost === null ? null : cross(row, above.lost, "above"),
  );
  row.element.querySelector(".track")?.append(strip);
  const id = `${row.id}-firm`;
  row.element.append(el("p", { class: "firm-note", id, title: ARITHMETIC }, lineOf(range, kept)));
  row.element.querySelector("input")?.setAttribute("aria-describedby", id);
}
