// The verdict over all additions on the page: below AdderBoard's score, with ways to what it was found by, and as a line in the
// Weights drawer and in the bar of the run.

import { html, nothing, render } from "lit/html.js";
import type { Decided } from "../channel/protocol.js";
import type { Bounds, ExactReport } from "../library-types.js";
import type { Scope } from "../scope.js";
import * as words from "./words.js";

export type Shown =
  /** A model is on its way, or there is none. */
  | { readonly state: "waits" }
  | { readonly state: "at work"; readonly bounds: Bounds | null; readonly isAsked: boolean }
  | { readonly state: "told"; readonly decided: Decided }
  | { readonly state: "failed"; readonly why: string };

interface On {
  /** An addition is to be looked at. */
  show: (a: number, b: number) => void;
  /** All that is known is wanted. */
  more: (report: ExactReport) => void;
  goOn: () => void;
  stop: () => void;
}

/** How long, in milliseconds, what is known of the numbers before stays in sight. */
const STALE = 120;

export class VerdictView {
  readonly #scope;
  readonly #on;
  #shown: Shown = { state: "waits" };
  /** Whether parts are switched off. */
  #isUnder = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, on: On) {
    this.#scope = scope;
    this.#on = on;
    scope.signal.addEventListener("abort", () => clearTimeout(this.#waiting));
  }

  /** @param isUnder whether it is of the model with parts switched off */
  show(shown: Shown, isUnder = false) {
    const { state } = this.#shown;
    this.#shown = shown;
    this.#isUnder = isUnder;
    this.#scope.byId("exact").setAttribute("aria-busy", String(shown.state === "at work"));
    clearTimeout(this.#waiting);
    // While something is dragged or a run is moved the next verdict is there in some milliseconds.
    const isBetween = shown.state === "at work" && shown.bounds === null && !shown.isAsked && state !== "waits";
    if (isBetween) this.#waiting = setTimeout(() => this.#show(), STALE);
    else this.#show();
  }

  #show() {
    const bounds = this.#bounds();
    for (const [id, text] of [
      ["weights-exact", words.line],
      ["film-exact", words.short],
    ] as const) {
      this.#scope.byId(id).textContent = bounds ? `${text(bounds)}${this.#isUnder ? words.UNDER : ""}` : "";
      this.#scope.byId(id).title = bounds ? words.ARITHMETIC : "";
    }
    render([this.#fact(bounds), html`<div>${this.#details()}</div>`], this.#scope.byId("exact"));
  }

  #bounds(): Bounds | null {
    const shown = this.#shown;
    if (shown.state === "told") return shown.decided.bounds;
    return shown.state === "at work" ? shown.bounds : null;
  }

  /** As the facts above it. */
  #fact(bounds: Bounds | null) {
    const shown = this.#shown;
    if (shown.state === "waits") return nothing;
    const milliseconds = shown.state === "told" && bounds?.decided ? shown.decided.milliseconds : null;
    const label = `${words.labelOf(milliseconds)}${this.#isUnder ? words.UNDER : ""}`;
    const { value, note, tone } = this.#said(bounds);
    return html`<dl class="facts">
      <div data-fact="exact">
        <dt>${label}</dt>
        <dd class=${tone || nothing}>${value}${note ? html`<small> ${note}</small>` : nothing}</dd>
      </div>
    </dl>`;
  }

  #said(bounds: Bounds | null): words.Said {
    const shown = this.#shown;
    if (shown.state === "failed") return { value: "not run", note: shown.why, tone: "" };
    if (!bounds) return { value: "…", note: "", tone: "" };
    const said = words.said(bounds);
    // Until it is over nothing is known of what is left.
    return bounds.decided || shown.state === "told" ? said : { ...said, value: "…" };
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

  #told(decided: Decided) {
    const { bounds, report, isDone } = decided;
    const goOn = html`<button type="button" @click=${this.#on.goOn}>Go on</button>`;
    return html`<p title=${words.ARITHMETIC}>${words.sentence(bounds)} ${bounds.decided || isDone ? nothing : goOn}</p>
      ${report ? this.#ways(report) : nothing}`;
  }

  /** What it was found by, each an addition to look at. */
  #ways(report: ExactReport) {
    const {
      rules: [rule],
      counterexamples: [example],
      closest,
    } = report;
    return html`<ul>
      ${rule ? this.#way("Wrong where", words.ruleText(rule), rule.example ?? null) : nothing}
      ${example ? this.#way("Simplest wrong one:", words.wrongText(example), example) : nothing}
      ${closest ? this.#way("Closest call:", words.closestText(closest), closest) : nothing}
      <li><button type="button" class="link" @click=${() => this.#on.more(report)}>All of it…</button></li>
    </ul>`;
  }

  #way(what: string, text: string, addition: { a: number; b: number } | null) {
    const show = () => addition && this.#on.show(addition.a, addition.b);
    const way = addition
      ? html`<button type="button" class="link" title=${text} @click=${show}>${text}</button>`
      : text;
    return html`<li>${what} ${way}</li>`;
  }
}
