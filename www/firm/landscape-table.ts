// What two numbers do together, as a table: exact accuracy over their values. What a cell says stands in it as text; its
// lightness is a second way to read it.

import { el } from "../dom.js";
import { fixed } from "../format.js";
import type { Landscape, LandscapeCell } from "../library-types.js";
import { POWER } from "../exact/words.js";

/** A share of 1 in percent, rounded down; what is not all is not written as 100. */
const percent = (share: number) => fixed(Math.min(Math.floor(1000 * share), 999) / 10, 1);

/** What is known of a model with two numbers changed, in a cell. */
export function cellText({ right, decided, at_least }: LandscapeCell): string {
  if (right) return "all";
  return decided ? percent(at_least) : "?";
}

/** The same in words. */
export function cellTitle({ right, decided, at_least, at_most }: LandscapeCell): string {
  if (right) return `right on all ${POWER}: proven in exact arithmetic`;
  if (decided) return `${percent(at_least)} % of all ${POWER} right, in exact arithmetic`;
  const most = at_most === 1 ? "100" : percent(at_most);
  return `not decided: ${percent(at_least)} to ${most} % of all ${POWER} are right`;
}

function cellOf(cell: LandscapeCell | undefined) {
  if (!cell) return el("td", {}, "…");
  const made = el("td", { class: cell.right ? "all" : null, title: cellTitle(cell) }, cellText(cell));
  if (cell.decided) made.style.setProperty("--share", `${Math.round(50 * cell.at_least)}%`);
  return made;
}

/**
 * Values of x from left to right, of y from below.
 * @param names of x and y
 */
export function landscapeTable({ x, y, cells }: Landscape, names: readonly [string, string]) {
  // Values stand apart by the same step: as many decimals as tell them apart.
  const texts = (values: readonly number[]) => {
    const [first = 0, second = 1] = values;
    const decimals = Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(second - first) || 1)), 0), 12);
    return values.map((value) => fixed(value, decimals));
  };
  const [across, down] = [texts(x.values), texts(y.values)];
  const width = x.values.length;
  const row = (at: number) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, down[at] ?? ""),
      ...across.map((_, column) => cellOf(cells[at * width + column])),
    );
  return el(
    "table",
    { class: "landscape" },
    el(
      "caption",
      {},
      `Percent of all ${POWER} right in exact arithmetic, by ${names[0]} (across) and ${names[1]} (down)`,
    ),
    el("thead", {}, el("tr", {}, el("td"), ...across.map((text) => el("th", { scope: "col" }, text)))),
    el("tbody", {}, ...y.values.map((_, at) => row(at)).reverse()),
  );
}
