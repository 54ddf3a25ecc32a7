// All that is known of a model over all additions: rules, float32, and how many are right digit by digit.

import { button, el, tableOf } from "../dom.js";
import { grouped } from "../format.js";
import type { ExactReport } from "../library-types.js";
import type { Scope } from "../scope.js";
import { sumText } from "../sum/words.js";
import { Dialog } from "../dialog.js";
import { ARITHMETIC, float32Of, sentence, shareRow } from "./words.js";

function rulesOf({ rules }: ExactReport, show: (a: number, b: number) => void) {
  const rows = rules.map(({ text, count, example }) => {
    const shown = example ?? null;
    const way = shown ? button(sumText(shown), () => show(shown.a, shown.b), { class: "link" }) : "";
    return el(
      "tr",
      {},
      el("td", { class: "words" }, text),
      el("td", { class: "number" }, grouped(count)),
      el("td", {}, way),
    );
  });
  const head = ["wrong where", "additions", "such as"].map((name) => el("th", { scope: "col" }, name));
  return el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...rows));
}

function sharesOf({ by_digit, by_carry_chain }: ExactReport) {
  const digits = by_digit.map((share) => shareRow(`Z${share.digit}, carry ${share.carry}`, share));
  const chains = by_carry_chain.map((share) => shareRow(String(share.chain), share));
  return [
    { name: "By answer digit and carry into it, after right digits", first: "digit", rows: digits },
    { name: "By the longest run of columns that send a carry", first: "columns", rows: chains },
  ].filter(({ rows }) => rows.length > 0);
}

export class AllView {
  readonly #dialog;
  readonly #show;

  /** @param show an addition is to be looked at */
  constructor(scope: Scope, show: (a: number, b: number) => void) {
    this.#dialog = new Dialog(scope, "exact-all", () => this.close());
    this.#dialog.title.textContent = "All 10²⁰ additions";
    this.#show = (a: number, b: number) => {
      this.close();
      show(a, b);
    };
  }

  show(report: ExactReport) {
    this.#dialog.sentence.textContent = sentence(report);
    const parts = sharesOf(report).flatMap(({ name, first, rows }) => [
      el("h3", {}, name),
      tableOf({ columns: [first, "right", "of"], rows }, name),
    ]);
    const rules = report.rules.length > 0 ? [rulesOf(report, this.#show)] : [];
    const content = el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "What is known" },
      el("p", {}, `${ARITHMETIC} ${float32Of(report)}`),
      ...rules,
      ...parts,
    );
    this.#dialog.content.replaceChildren(content);
    this.#dialog.open();
  }

  close() {
    this.#dialog.close();
  }
}
