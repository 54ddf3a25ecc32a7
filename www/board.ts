// AdderBoard again: another seed or more pairs, a part at a time, with progress and a way to stop.

import { check_pairs, check_seed, fresh_seed } from "./adderscope.js";
import type { SuiteRun } from "./channel/protocol.js";
import { button, el } from "./dom.js";
import { whyNot } from "./errors.js";
import { duration, grouped, percentOf } from "./format.js";
import type { Failures, Page, SuiteProgress } from "./library-types.js";
import type { Scope } from "./scope.js";

interface On {
  /** Runs a suite; null where it was cancelled, or the model changed. */
  run: (
    asked: { draw: string; seed: string; pairs: string },
    how: { signal: AbortSignal; progress: (progress: SuiteProgress) => void },
  ) => Promise<SuiteRun | null>;
  /** Someone wants to see what it got wrong. */
  wrong: (failures: Failures) => void;
  failed: (error: unknown) => void;
}

/** How far a run is. */
function countText({ of, score }: SuiteProgress) {
  const share = score.total > 0 ? `, ${percentOf(score.accuracy)} right` : "";
  return `${grouped(score.total)} of ${grouped(of)}${share}`;
}

const resultText = ({ seed, score }: SuiteProgress) =>
  `Seed ${seed}: ${grouped(score.passed)} of ${grouped(score.total)} right (${percentOf(score.accuracy)}), ` +
  `${score.qualified ? "qualified" : "not qualified"}, in ${duration(score.milliseconds)}`;

/** A field of the form, with the reason below it where its text does not serve. */
class Field {
  readonly input;
  #fault;
  #check;

  /** @param check throws the reason */
  constructor(scope: Scope, id: string, check: (text: string) => void) {
    this.input = scope.byId(id, HTMLInputElement);
    this.#fault = scope.byId(`${id}-fault`);
    this.#check = check;
  }

  /** Whether its text serves; says why it does not. */
  serves() {
    const why = whyNot(() => this.#check(this.input.value));
    this.#fault.textContent = why;
    this.#fault.hidden = why === "";
    if (why) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    return why === "";
  }
}

/** The form and the run that it starts. */
class Again {
  #scope;
  #on;
  #seed;
  #pairs;
  #bar;
  #result;
  #status;
  /** The run under way; another one, or none, ends it. */
  #running: AbortController | null = null;

  constructor(scope: Scope, { seed, pairs, max_pairs }: Page["suite"], on: On) {
    this.#scope = scope;
    this.#on = on;
    this.#seed = new Field(scope, "board-seed", check_seed);
    this.#pairs = new Field(scope, "board-pairs", check_pairs);
    this.#bar = scope.byId("board-bar", HTMLProgressElement);
    this.#result = scope.byId("board-result");
    this.#status = scope.byId("board-status");
    this.#seed.input.value ||= String(seed); // someone was faster
    this.#pairs.input.value ||= grouped(pairs);
    scope.byId("board-most").textContent = `1 to ${grouped(max_pairs)}, after the ten edge cases`;
    scope.byId("board-random").addEventListener("click", () => {
      this.#seed.input.value = fresh_seed();
      this.#seed.serves();
    });
    scope.byId("board-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.run();
    });
    scope.byId("board-cancel").addEventListener("click", () => this.cancel());
    scope.byId("board-run").toggleAttribute("disabled", false);
    scope.signal.addEventListener("abort", () => this.#running?.abort());
  }

  async run() {
    if (this.#running || !this.#fieldsServe()) return;
    const mine = new AbortController();
    this.#running = mine;
    this.#status.textContent = "";
    this.#show(true);
    this.#scope.byId("board-cancel").focus();
    const asked = { draw: "adderboard", seed: this.#seed.input.value, pairs: this.#pairs.input.value };
    const progress = (progress: SuiteProgress) => {
      if (this.#running === mine) this.#showProgress(progress);
    };
    try {
      const run = await this.#on.run(asked, { signal: mine.signal, progress });
      if (this.#running !== mine) return;
      if (run) this.#finish(run);
      else this.modelChanged();
    } catch (error) {
      if (this.#running !== mine) return;
      this.#stop("");
      this.#on.failed(error);
    }
  }

  cancel() {
    this.#stop(`Cancelled after ${grouped(this.#bar.value)} of ${grouped(this.#bar.max)}.`);
  }

  /** The model is no longer the one that was asked. */
  modelChanged() {
    if (this.#running) this.#stop("Stopped, because the model changed: run it again for this one.");
    else if (this.#result.hasChildNodes()) this.#status.textContent = "The model has changed since that run.";
    this.#result.replaceChildren();
  }

  /** Whether both fields serve; the first that does not gets the focus. */
  #fieldsServe() {
    const wrong = [this.#seed, this.#pairs].filter((field) => !field.serves());
    wrong[0]?.input.focus();
    if (wrong.length > 0) this.#result.replaceChildren(); // it is of what was asked before
    return wrong.length === 0;
  }

  #showProgress(progress: SuiteProgress) {
    this.#bar.max = progress.of;
    this.#bar.value = progress.score.total;
    this.#scope.byId("board-count").textContent = countText(progress);
  }

  #finish({ result, failures }: SuiteRun) {
    const text = resultText(result);
    const { wrong } = failures;
    const open = () => button(`${grouped(wrong)} wrong…`, () => this.#on.wrong(failures), { class: "link" });
    this.#stop("");
    this.#result.replaceChildren(el("span", {}, `${text}.`), ...(wrong > 0 ? [" ", open()] : []));
    this.#scope.announce(text);
  }

  #stop(why: string) {
    const hadFocus = document.activeElement === this.#scope.byId("board-cancel");
    this.#running?.abort();
    this.#running = null;
    this.#show(false);
    if (hadFocus) this.#scope.byId("board-run").focus();
    this.#status.textContent = why;
    if (why) this.#scope.announce(why);
  }

  #show(running: boolean) {
    this.#scope.byId("board-run").hidden = running;
    this.#scope.byId("board-cancel").hidden = this.#scope.byId("board-progress").hidden = !running;
  }
}

/** Wires the form. */
export const boardAgain = (scope: Scope, suite: Page["suite"], on: On) => new Again(scope, suite, on);
