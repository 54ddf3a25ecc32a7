// What stands above and below the view of an embed: the addition and its answer, the verdict, values, and the way to the page.

import { el, setText, tableOf } from "../dom.js";
import { line, ARITHMETIC } from "../exact/words.js";
import { grouped } from "../format.js";
import { AnswerRow } from "../sum/answer-row.js";
import { spokenAnswer, verdictOf } from "../sum/words.js";
import type { Answered } from "../whole.js";
import type { Part } from "./asked.js";
import type { Verdict } from "./verdict.js";
import type { Words } from "./views.js";

const SUMMAND = /^\d{1,10}$/;
const WANTED = "A summand should be a whole number from 0 to 9999999999";

interface On {
  added: (a: string, b: string) => void;
  chosen: (digit: number | null) => void;
}

/** The addition: two fields, and the answer in words and as digits. */
export class Sum {
  readonly form;
  readonly digits;
  readonly #fields;
  readonly #said = el("output");
  readonly #row;

  constructor(on: On) {
    const field = (name: string) =>
      el("input", { type: "text", inputmode: "numeric", "aria-label": name, maxlength: 13, spellcheck: "false" });
    const [a, b] = [field("First number"), field("Second number")];
    this.#fields = [a, b];
    this.form = el("form", { class: "sum" }, a, el("span", {}, "+"), b, el("span", {}, "="), this.#said);
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => {
      const [one, other] = this.#fields.map(({ value }) => value.replaceAll(/[\s\u202f,]/g, ""));
      for (const each of this.#fields) {
        const fits = SUMMAND.test(each.value.replaceAll(/[\s\u202f,]/g, ""));
        each.setAttribute("aria-invalid", String(!fits));
        each.title = fits ? "" : WANTED;
      }
      if (one !== undefined && other !== undefined && SUMMAND.test(one) && SUMMAND.test(other)) on.added(one, other);
      else setText(this.#said, `? ${WANTED}`);
    });
    this.#row = new AnswerRow({ chosen: on.chosen, left: () => a.focus() });
    const { carries, answer, leads, rights } = this.#row;
    this.digits = el("div", { class: "digits" }, carries, answer, rights, leads);
  }

  show(answered: Answered, digit: number, isPinned: boolean, hidden: ReadonlySet<Part>) {
    for (const [at, value] of [answered.a, answered.b].entries()) {
      const field = this.#fields[at];
      if (!field) continue;
      field.readOnly = hidden.has("edit");
      if (field.value.replaceAll(/\D/g, "") !== String(value)) field.value = grouped(value);
      field.setAttribute("aria-invalid", "false");
    }
    const { verdict, detail } = verdictOf(answered);
    setText(this.#said, answered.correct ? `${grouped(answered.answer)} ✓` : `${grouped(answered.answer)} ✗`);
    this.#said.setAttribute("aria-label", spokenAnswer(answered));
    this.#said.title = `${verdict} ${detail}`;
    this.#said.classList.toggle("wrong", !answered.correct);
    this.#row.show(answered, isPinned ? digit : null);
    this.digits.hidden = hidden.has("digits");
  }
}

/** What is known of all additions, in a line. */
export function verdictText({ adderboard, exact, decided }: Verdict): string {
  const score = adderboard ? `AdderBoard ${grouped(adderboard.passed)} of ${grouped(adderboard.total)}` : "";
  const all = exact ? line(exact) : decided ? "" : "all additions are being decided";
  return [score, all].filter((each) => each !== "").join("; ");
}
export { ARITHMETIC };

/** The sentence and the values behind a summary, so that the view keeps its place. */
export class Values {
  readonly element;
  readonly #inside = el("div", { class: "inside", tabindex: 0, role: "group", "aria-label": "Values" });

  constructor() {
    this.element = el("details", { class: "values" }, el("summary", {}, "In words and numbers"), this.#inside);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.element.open) return;
      this.element.open = false;
      this.element.querySelector("summary")?.focus();
    });
  }

  show({ title, sentence, table }: Words, hidden: ReadonlySet<Part>) {
    const words = sentence === "" || hidden.has("sentence") ? null : el("p", {}, sentence);
    const rows = table && table.rows.length > 0 && !hidden.has("table") ? tableOf(table, title, true) : null;
    this.#inside.replaceChildren(...[words, rows].filter((each) => each !== null));
    this.element.hidden = !words && !rows;
  }
}
