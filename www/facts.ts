// What was loaded: the facts row, its notes, where the numbers are, and the AdderBoard suite's verdict.

import { html, nothing, render } from "lit/html.js";
import { title } from "./gallery.js";
import { duration, grouped, percentOf, percentSet } from "./format.js";
import type { Fact, TimedScore, Summary } from "./library-types.js";
import type { Scope } from "./scope.js";

/** AdderBoard's verdict, as its two facts say it. */
interface Verdict {
  asked: { value: string; note?: string; milliseconds?: number; wrong?: number };
  qualified: { value: string; note?: string; tone?: "good" | "bad" };
}

const factOf = ({ key, label, value, note, tone }: Fact & { tone?: "good" | "bad" }, more: unknown = nothing) =>
  html`<div data-fact=${key}>
    <dt data-terms .textContent=${label}></dt>
    <dd class=${tone ?? nothing}>${value}${note ? html`<small> ${note}</small>` : nothing}${more}</dd>
  </div>`;

/** One square for every learned number, tensor by tensor. */
const squaresOf = ({ name, count }: Summary["breakdown"][number]) =>
  html`<li>
    <span class="squares" aria-hidden="true">${Array.from({ length: count }, () => html`<i></i>`)}</span
    ><span class="name">${name}</span><span class="count">${grouped(count)}</span>
  </li>`;

export class Facts {
  #scope;
  #on;
  #facts: Fact[] = [];
  /** None until a suite is on its way. */
  #verdict: Verdict | null = null;
  /** The share that must be right. */
  #qualifying = 0;

  /**
   * @param on.wrong someone wants to see what AdderBoard's own suite got wrong
   * @param on.instead someone wants to open a file that was left aside
   * @param on.compare someone wants to compare it with the model
   */
  constructor(
    scope: Scope,
    on: { wrong: () => void; instead: (file: string) => void; compare: (file: string) => void },
  ) {
    this.#scope = scope;
    this.#on = on;
  }

  showSummary(summary: Summary) {
    const { notes, aside, breakdown } = summary;
    const offer = (file: string) =>
      html` <button class="link" type="button" @click=${() => this.#on.instead(file)}>Open it instead</button>
        <button class="link" type="button" @click=${() => this.#on.compare(file)}>Compare</button>`;
    this.#verdict = null;
    this.showEdited(summary);
    const total = breakdown.reduce((sum, { count }) => sum + count, 0);
    render(
      [
        ...notes.map((note) => html`<li>${note}</li>`),
        ...aside.map(({ file, sentence, opens }) => html`<li>${sentence}${opens ? offer(file) : nothing}</li>`),
      ],
      this.#scope.byId("notes"),
    );
    render(breakdown.map(squaresOf), this.#scope.byId("numbers"));
    this.#scope.byId("numbers-summary").textContent = `Where the ${grouped(total)} learned numbers are`;
    this.#scope.byId("numbers-details").hidden = breakdown.length === 0;
  }

  /** What an edit changes of it; everything stays in its place. */
  showEdited({ name, file, format, edited, facts }: Summary) {
    this.#scope.byId("model").textContent = name;
    this.#scope.byId("file").textContent = file;
    this.#scope.byId("heading").textContent = `${name}, from ${file} (${format})`;
    this.#scope.title(`${file}${edited > 0 ? " (edited)" : ""} · ${title}`);
    this.#facts = facts;
    this.#render();
  }

  /**
   * Keeps the place of the verdict while the Worker is at it.
   * @param qualifying the share that must be right
   */
  showVerifying(qualifying: number) {
    this.#qualifying = qualifying;
    this.#verdict = { asked: { value: "…" }, qualified: { value: "…" } };
    this.#render();
  }

  showVerified({ total, passed, accuracy, qualified, milliseconds }: TimedScore) {
    this.#verdict = {
      asked: { value: grouped(passed), note: `of ${grouped(total)}`, milliseconds, wrong: total - passed },
      qualified: { value: qualified ? "yes" : "no", note: percentOf(accuracy), tone: qualified ? "good" : "bad" },
    };
    this.#render();
  }

  showNotVerified(message: string) {
    this.#verdict = { asked: { value: "not run" }, qualified: { value: "unknown", note: message } };
    this.#render();
  }

  #render() {
    const facts = this.#facts.map((fact) => factOf(fact));
    render([...facts, ...this.#verdictFacts()], this.#scope.byId("facts"));
  }

  #verdictFacts() {
    if (!this.#verdict) return [];
    const { asked, qualified } = this.#verdict;
    const { milliseconds, wrong = 0, ...said } = asked;
    const label =
      milliseconds === undefined
        ? "AdderBoard suite"
        : `AdderBoard suite, greedy, run here in ${duration(milliseconds)}`;
    const open =
      wrong > 0
        ? html`<button type="button" class="link" @click=${this.#on.wrong}>${grouped(wrong)} wrong…</button>`
        : nothing;
    return [
      factOf({ key: "adderboard", label, ...said }, open),
      factOf({ key: "qualified", label: `qualifies at ${percentSet(this.#qualifying)}`, ...qualified }),
    ];
  }
}
