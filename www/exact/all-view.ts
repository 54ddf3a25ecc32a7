// All that is known of a model over all additions: rules, float32, and how many are right digit by digit.

import { button, el, setText, tableOf } from "../dom.js";
import { grouped } from "../format.js";
import { wordsOf } from "../errors.js";
import type { ExactReport, InFloat32 } from "../library-types.js";
import type { Scope } from "../scope.js";
import { sumText } from "../sum/words.js";
import { Dialog } from "../dialog.js";
import { ARITHMETIC, ASKING_FLOAT32, float32Of, sentence, shareRow } from "./words.js";

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
  /** Ends what is looked into for the dialog. */
  #asking: AbortController | null = null;

  /** @param show an addition is to be looked at */
  constructor(scope: Scope, show: (a: number, b: number) => void) {
    this.#dialog = new Dialog(scope, "exact-all", () => this.close());
    this.#dialog.title.textContent = "All 10²⁰ additions";
    this.#show = (a: number, b: number) => {
      this.close();
      show(a, b);
    };
  }

  /** @param asked looks into what float32 makes of it */
  show(report: ExactReport, asked: (signal: AbortSignal) => Promise<InFloat32>) {
    const float32 = el("span", { role: "status" }, ASKING_FLOAT32);
    this.#dialog.sentence.textContent = sentence(report);
    const parts = sharesOf(report).flatMap(({ name, first, rows }) => [
      el("h3", {}, name),
      tableOf({ columns: [first, "right", "of"], rows }, name),
    ]);
    const rules = report.rules.length > 0 ? [rulesOf(report, this.#show)] : [];
    const content = el(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "What is known" },
      el("p", {}, `${ARITHMETIC} `, float32),
      ...rules,
      ...parts,
    );
    this.#dialog.content.replaceChildren(content);
    this.#dialog.open();
    void this.#ask(asked, (text) => setText(float32, text), report);
  }

  async #ask(
    asked: (signal: AbortSignal) => Promise<InFloat32>,
    say: (text: string) => void,
    { right_at_most }: ExactReport,
  ) {
    this.#asking?.abort();
    const mine = (this.#asking = new AbortController());
    try {
      const found = await asked(mine.signal);
      if (!mine.signal.aborted) say(float32Of({ ...found, right_at_most }));
    } catch (error) {
      if (!mine.signal.aborted) say(`What float32 answers was not looked into: ${wordsOf(error)}`);
    }
  }

  close() {
    this.#asking?.abort();
    this.#asking = null;
    this.#dialog.close();
  }
}
