// AdderBoard again: another seed or more pairs, a part at a time, with progress and a way to stop.

import { check_pairs, check_seed, fresh_seed } from "./adderscope.js";
import { announce, byId, el, grouped } from "./dom.js";
import { wordsOf } from "./errors.js";
import { duration, percentOf, showFailures, wrongButton } from "./facts.js";

/** @typedef {import("./client.js").Client} Client */
/** @typedef {import("./adderscope.js").Progress} Progress */

const input = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));

/**
 * Marks the field where its text does not serve, with the reason below it.
 * @param {string} id
 * @param {(text: string) => void} check throws the reason
 */
function serves(id, check) {
  const field = input(id);
  const fault = byId(`${id}-fault`);
  try {
    check(field.value);
    fault.textContent = "";
  } catch (error) {
    fault.textContent = wordsOf(error);
  }
  const good = fault.textContent === "";
  fault.hidden = good;
  if (good) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  return good;
}

/** Whether both fields serve; the first that does not gets the focus. */
function fieldsServe() {
  const checked = [serves("board-seed", check_seed), serves("board-pairs", check_pairs)];
  const first = ["board-seed", "board-pairs"][checked.indexOf(false)];
  if (first) input(first).focus();
  return !first;
}

/** @param {Progress} progress */
function showProgress({ of, score }) {
  const bar = /** @type {HTMLProgressElement} */ (byId("board-bar"));
  bar.max = of;
  bar.value = score.total;
  const share = score.total > 0 ? `, ${percentOf(score.accuracy)} right` : "";
  byId("board-count").textContent = `${grouped(score.total)} of ${grouped(of)}${share}`;
}

/** @param {Progress} progress */
const resultText = ({ seed, score }) =>
  `Seed ${seed}: ${grouped(score.passed)} of ${grouped(score.total)} right (${percentOf(score.accuracy)}), ` +
  `${score.qualified ? "qualified" : "not qualified"}, in ${duration(score.milliseconds)}`;

/** The form and the run that it starts. */
class Again {
  #client;
  #failed;
  /** The run under way; another one, or none, ends it. @type {object | null} */
  #running = null;

  /**
   * @param {Client} client
   * @param {(error: unknown) => void} failed
   */
  constructor(client, failed) {
    this.#client = client;
    this.#failed = failed;
  }

  async run() {
    if (this.#running || !fieldsServe()) return;
    const mine = (this.#running = {});
    byId("board-status").textContent = "";
    this.#show(true);
    byId("board-cancel").focus();
    try {
      /** @type {Progress | undefined} */
      let progress = await this.#client.startRun(input("board-seed").value, input("board-pairs").value);
      while (this.#running === mine && progress) {
        showProgress(progress);
        if (progress.score.total === progress.of) return await this.#finish(progress, mine);
        progress = await this.#client.continueRun();
      }
    } catch (error) {
      if (this.#running !== mine) return;
      this.#stop("");
      this.#failed(error);
    }
  }

  cancel() {
    const { value, max } = /** @type {HTMLProgressElement} */ (byId("board-bar"));
    this.#stop(`Cancelled after ${grouped(value)} of ${grouped(max)}.`);
  }

  /** The model is no longer the one that was asked. */
  modelChanged() {
    const result = byId("board-result");
    if (this.#running) this.#stop("Stopped, because the model changed: run it again for this one.");
    else if (result.hasChildNodes()) byId("board-status").textContent = "The model has changed since that run.";
    result.replaceChildren();
  }

  /**
   * @param {Progress} progress
   * @param {object} mine the run that this is the end of
   */
  async #finish(progress, mine) {
    const failures = await this.#client.failures(true);
    if (this.#running !== mine) return;
    const text = resultText(progress);
    const open = wrongButton(failures.wrong, () => showFailures(failures));
    this.#stop("");
    byId("board-result").replaceChildren(el("span", {}, `${text}.`), ...(open ? [" ", open] : []));
    announce(text);
  }

  /** @param {string} why */
  #stop(why) {
    const hadFocus = document.activeElement === byId("board-cancel");
    this.#running = null;
    this.#show(false);
    if (hadFocus) byId("board-run").focus();
    byId("board-status").textContent = why;
    if (why) announce(why);
  }

  /** @param {boolean} running */
  #show(running) {
    byId("board-run").hidden = running;
    byId("board-cancel").hidden = byId("board-progress").hidden = !running;
  }
}

/**
 * Wires the form.
 * @param {import("./adderscope.js").Page["suite"]} suite
 * @param {Client} client
 * @param {(error: unknown) => void} failed
 */
export function boardAgain({ seed, pairs, max_pairs }, client, failed) {
  const again = new Again(client, failed);
  input("board-seed").value = String(seed);
  input("board-pairs").value = grouped(pairs);
  byId("board-most").textContent = `1 to ${grouped(max_pairs)}, after the ten edge cases`;
  byId("board-random").addEventListener("click", () => {
    input("board-seed").value = fresh_seed();
    serves("board-seed", check_seed);
  });
  byId("board-form").addEventListener("submit", (event) => {
    event.preventDefault();
    again.run();
  });
  byId("board-cancel").addEventListener("click", () => again.cancel());
  return again;
}
