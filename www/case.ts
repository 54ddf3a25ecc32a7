// A case of additions, opened from the map of all of them: how many are right, and additions of its kind to look at.

import { button, el } from "./dom.js";
import { grouped } from "./format.js";
import type { CaseText } from "./library-types.js";

type Pair = readonly [number, number];

/** @param show an addition is to be looked at */
export function caseDetails({ name, sentence, example, wrong }: CaseText, show: (a: number, b: number) => void) {
  const way = (what: string, [a, b]: Pair) =>
    el(
      "li",
      {},
      `${what} `,
      button(`${grouped(a)} + ${grouped(b)}`, () => show(a, b), { class: "link" }),
    );
  return [
    el("h3", {}, name),
    el("p", {}, sentence),
    el("ul", {}, example ? way("One of them:", example) : null, wrong ? way("One that is wrong:", wrong) : null),
  ];
}
