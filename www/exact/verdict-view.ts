// The verdict over all additions on the page: a fact beside AdderBoard's score, the sentences and ways below the facts, and a
// line in the Weights drawer and in the bar of the run.

import { html, nothing, render } from "lit/html.js";
import type { Decided } from "../channel/protocol.js";
import type { Bounds, Counterexample, ExactReport, Rule } from "../library-types.js";
import type { Scope } from "../scope.js";
import * as words from "./words.js";

export type Shown =
  /** A model is on its way, or there is none. */
  | { readonly state: "waits" }
  | { readonly state: "at work"; readonly bounds: Bounds | null; readonly isAsked: boolean }
  | { readonly state: "told"; readonly decided: Decided }
  | { readonly state: "failed"; readonly why: string };

/** A fact: what it is called, and what it is. */
export interface ExactFact extends words.Said {
  label: string;
}

interface On {
  fact: (fact: ExactFact) => void;
  /** An addition is to be looked at. */
  show: (a: number, b: number) => void;
  goOn: () => void;
  stop: () => void;
}

export class VerdictView {
  readonly #scope;
  readonly #on;
  #shown: Shown = { state: "waits" };

  constructor(scope: Scope, on: On) {
    this.#scope = scope;
    this.#on = on;
  }

  /** What is shown, for a screen reader. */
  get sentence() {
    return this.#shown.state === "told" ? words.sentence(this.#shown.decided.report) : "";
  }

  show(shown: Shown) {
    const { state } = this.#shown;
    this.#shown = shown;
    // What was known stays in sight until something else is: it is of the model before for some milliseconds.
    const isBetween = shown.state === "at work" && shown.bounds === null && !shown.isAsked && state !== "waits";
    const all = [this.#scope.byId("exact"), this.#scope.byId("weights-exact"), this.#scope.byId("film-exact")];
    for (const element of all) element.setAttribute("aria-busy", String(shown.state === "at work"));
    if (isBetween) return;
    const bounds = this.#bounds();
    this.#showFact(bounds);
    const text = bounds ? words.line(bounds) : "";
    for (const id of ["weights-exact", "film-exact"]) {
      this.#scope.byId(id).textContent = text;
      this.#scope.byId(id).title = bounds ? words.ARITHMETIC : "";
    }
    render(this.#details(), this.#scope.byId("exact"));
  }

  #bounds(): Bounds | null {
    const shown = this.#shown;
    if (shown.state === "told") return shown.decided.report;
    return shown.state === "at work" ? shown.bounds : null;
  }

  #showFact(bounds: Bounds | null) {
    const shown = this.#shown;
    if (shown.state === "failed") {
      this.#on.fact({ label: words.labelOf(null), value: "not run", note: shown.why, tone: "" });
      return;
    }
    const label = words.labelOf(shown.state === "told" && bounds?.decided ? shown.decided.milliseconds : null);
    if (!bounds) return this.#on.fact({ label, value: "…", note: "", tone: "" });
    const said = words.said(bounds);
    // Until it is over nothing is known of what is left.
    const value = bounds.decided || shown.state === "told" ? said.value : "…";
    this.#on.fact({ ...said, label, value });
  }

  #details() {
    const shown = this.#shown;
    if (shown.state === "at work") {
      if (!shown.isAsked) return html`<p>Deciding all additions, in exact arithmetic…</p>`;
      return html`<p>
        Deciding all additions, in exact arithmetic…
        <button type="button" class="link" @click=${this.#on.stop}>Stop</button>
      </p>`;
    }
    return shown.state === "told" ? this.#told(shown.decided) : nothing;
  }

  #told({ report, isDone }: Decided) {
    const goOn = html`<button type="button" @click=${this.#on.goOn}>Go on</button>`;
    return html`<p title=${words.ARITHMETIC}>
        ${words.sentence(report)} ${report.decided || isDone ? nothing : goOn}
        <span class="aside">${words.float32Of(report)}</span>
      </p>
      ${this.#ways(report)} ${this.#rules(report.rules)}`;
  }

  #addition(text: string, { a, b }: { a: number; b: number }) {
    return html`<button type="button" class="link" @click=${() => this.#on.show(a, b)}>${text}</button>`;
  }

  #ways({ counterexamples, closest }: ExactReport) {
    const [example] = counterexamples;
    const ways = [
      example ? html`<li>Simplest wrong one: ${this.#addition(words.wrongText(example), example)}</li>` : nothing,
      closest ? html`<li>Closest call: ${this.#addition(words.closestText(closest), closest)}</li>` : nothing,
    ];
    return html`<ul>
      ${ways}
    </ul>`;
  }

  #rule(rule: Rule) {
    const example: Counterexample | null = rule.example ?? null;
    const text = words.ruleText(rule);
    return html`<li>${example ? this.#addition(text, example) : text}</li>`;
  }

  #rules(rules: Rule[]) {
    if (rules.length === 0) return nothing;
    const [first, more] = [rules.slice(0, words.FOREMOST), rules.slice(words.FOREMOST)];
    const rest = html`<details class="numbers">
      <summary>${words.moreText(more)}</summary>
      <ul>
        ${more.map((rule) => this.#rule(rule))}
      </ul>
    </details>`;
    return html`<p>It is wrong where</p>
      <ul class="rules">
        ${first.map((rule) => this.#rule(rule))}
      </ul>
      ${more.length > 0 ? rest : nothing}`;
  }
}
