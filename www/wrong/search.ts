// A search for wrong answers over many pairs, a part at a time, with progress and a way to stop.

import { html, nothing, render } from "lit/html.js";
import { check_pairs, fresh_seed } from "../adderscope.js";
import type { LibraryCalls, SuiteRun } from "../channel/protocol.js";
import { Late, type Client } from "../channel/client.js";
import { whyNot } from "../errors.js";
import { grouped } from "../format.js";
import type { PairKind, SuiteProgress } from "../library-types.js";

/** Pairs that are asked where nobody says otherwise: they take about a second. */
const PAIRS = 100_000;

interface On {
  found: (run: SuiteRun) => void;
  said: (text: string) => void;
  failed: (error: unknown) => void;
}

export class Search {
  readonly element = document.createElement("form");
  readonly #client;
  readonly #on;
  #running: AbortController | null = null;
  #progress: SuiteProgress | null = null;
  #fault = "";
  /** What can be drawn, once the library told. */
  #kinds: readonly PairKind[] = [];

  constructor(client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#on = on;
    this.element.className = "search";
    this.element.noValidate = true;
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#run(new FormData(this.element));
    });
    this.#show();
  }

  /** It is looked at: what can be drawn is asked for, once. */
  async offer() {
    if (this.#kinds.length > 0) return;
    try {
      const { kinds } = await this.#client.call("suites", null);
      this.#kinds = kinds;
      this.#show();
    } catch (error) {
      if (!(error instanceof Late)) this.#on.failed(error);
    }
  }

  /** Nothing is searched any more. */
  stop() {
    this.#running?.abort();
    this.#running = null;
    this.#show();
  }

  async #run(asked: FormData) {
    const textOf = (name: string) => {
      const text = asked.get(name);
      return typeof text === "string" ? text : "";
    };
    const pairs = textOf("pairs");
    this.#fault = whyNot(() => check_pairs(pairs));
    this.stop();
    if (this.#fault) return;
    const mine = new AbortController();
    this.#running = mine;
    this.#progress = null;
    this.#show();
    const progress = (progress: SuiteProgress) => {
      if (this.#running !== mine) return;
      this.#progress = progress;
      this.#show();
    };
    try {
      const input = { draw: textOf("kind"), seed: fresh_seed(), pairs };
      const run = await this.#client.call("board", input, {
        priority: "background",
        signal: mine.signal,
        progress,
      });
      if (this.#running !== mine) return;
      this.stop();
      if (run) this.#on.found(run);
    } catch (error) {
      if (this.#running !== mine) return;
      this.stop();
      this.#on.failed(error);
    }
  }

  #cancel() {
    const { score, of } = this.#progress ?? { score: { total: 0 }, of: 0 };
    this.stop();
    this.#on.said(`Cancelled after ${grouped(score.total)} of ${grouped(of)} pairs.`);
  }

  #show() {
    const isRunning = this.#running !== null;
    const kinds = this.#kinds.map(({ key, title }) => html`<option value=${key}>${title}</option>`);
    const bar = (progress: SuiteProgress | null) =>
      html`<progress aria-label="Pairs asked" max=${progress?.of ?? 1} value=${progress?.score.total ?? 0}></progress
        ><span>${progress ? `${grouped(progress.score.total)} of ${grouped(progress.of)}` : ""}</span>`;
    render(
      html`<label
          >Kind<select name="kind" ?disabled=${isRunning}>
            ${kinds}
          </select></label
        >
        <label
          >How many<input
            name="pairs"
            inputmode="numeric"
            autocomplete="off"
            value=${grouped(PAIRS)}
            aria-invalid=${this.#fault ? "true" : nothing}
            ?disabled=${isRunning}
        /></label>
        ${
          isRunning
            ? html`<button type="button" @click=${() => this.#cancel()}>Cancel</button>${bar(this.#progress)}`
            : html`<button class="primary" ?disabled=${this.#kinds.length === 0}>Search</button>`
        }
        <p class="fault" role="alert" ?hidden=${!this.#fault}>${this.#fault}</p>`,
      this.element,
    );
  }
}
