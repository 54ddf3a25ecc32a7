// The page's end of a training run: its Worker, where it is, and what it leaves.

import { workerFiles } from "./built.js";
import { wordsOf } from "./errors.js";
import { fileOf } from "./run-words.js";

/** @typedef {import("./trainer.js").RunProgress} RunProgress */
/** @typedef {import("./trainer.js").RunAbout} RunAbout */
/** @typedef {"waiting" | "training" | "paused" | "stopped" | "finished" | "diverged" | "failed"} RunState */
/** @typedef {{files: Map<string, Uint8Array<ArrayBuffer>>, board: import("./trainer.js").Board}} Left */

/** The rate is that of the last few seconds. In milliseconds. */
const WINDOW = 4000;

/** States in which a run is over. */
const OVER = new Set(["stopped", "finished", "diverged", "failed"]);

export class Run {
  /** @type {RunState} */
  state = "waiting";
  /** @type {RunAbout} */
  about;
  /** @type {RunProgress | null} */
  progress = null;
  /** Every evaluation so far: step, exact match and token accuracy. @type {import("./trainer.js").LogEntry[]} */
  log = [];
  /** AdderBoard's verdict on the best snapshot, once the run is over. @type {import("./trainer.js").Board | null} */
  board = null;
  /** Why it diverged or failed. */
  fault = "";
  /** Whether something of it is worth keeping that was not downloaded. */
  unsaved = false;
  #changed;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, {resolve: (output: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #next = 0;
  /** @type {[number, number][]} time and step of what was told lately */
  #times = [];
  /** @type {Left | null} */
  #left = null;
  #ends = false;
  /** @type {() => void} */
  #settle = () => {};
  /** @type {Promise<void>} */
  #over = new Promise((resolve) => (this.#settle = resolve));

  /**
   * @param {RunAbout} about what is known before it starts
   * @param {() => void} changed
   */
  constructor(about, changed) {
    this.about = about;
    this.#changed = changed;
  }

  /** Settles when the run is over. @returns {Promise<void>} */
  get over() {
    return this.#over;
  }

  get isOver() {
    return OVER.has(this.state);
  }

  /** Steps a second lately; 0 while that is not known. */
  get rate() {
    const [first, last] = [this.#times[0], this.#times.at(-1)];
    if (this.state !== "training" || !first || !last || last[0] - first[0] < 300) return 0;
    return ((last[1] - first[1]) / (last[0] - first[0])) * 1000;
  }

  /**
   * Starts it with settings, or takes up a saved run, which then waits to be resumed.
   * @param {WebAssembly.Module} module
   * @param {{settings: Record<string, string>} | {saved: Uint8Array}} from
   */
  async start(module, from) {
    this.state = "saved" in from ? "paused" : "training";
    const worker = new Worker(new URL(workerFiles["trainer-worker.js"], import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#answer(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(`The run's worker stopped: ${event.message || "trainer-worker.js did not load"}. Reload the page`);
    });
    try {
      this.about = await this.#call("start", { module, ...from });
      if (this.progress?.finished) await this.#end("finished"); // a saved run can be
      else if (this.state === "training" && !this.#ends) await this.#call("go", true);
    } catch (error) {
      this.#fail(wordsOf(error));
      throw error;
    }
    this.#changed();
  }

  async pause() {
    if (this.state !== "training") return;
    await this.#call("go", false);
    if (this.#ends) return; // it came to its end first
    this.state = "paused";
    this.#changed();
  }

  resume() {
    if (this.state !== "paused") return;
    this.state = "training";
    this.#times = [];
    this.#changed();
    return this.#call("go", true);
  }

  /** Ends it where it is; one that has not started will not. */
  async stop() {
    if (this.isOver) return;
    if (this.#worker) await this.#end("stopped");
    else this.state = "stopped";
    this.#changed();
  }

  /**
   * What the panels show of it: its last evaluated model with the log; once it is over, its whole history.
   * @returns {Promise<import("./adderscope.js").NamedBytes[]>}
   */
  async toShow() {
    if (this.isOver) return [{ name: fileOf(this), bytes: await this.file("history.safetensors") }];
    const { model, log } = await this.#call("snapshot", null);
    return [
      { name: fileOf(this), bytes: model },
      { name: "log.jsonl", bytes: log },
    ];
  }

  /** @param {string} name @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async file(name) {
    const bytes = this.#left ? this.#left.files.get(name) : await this.#call("file", name);
    if (!bytes) throw new Error(`The run left no ${name}`);
    return bytes;
  }

  /** @param {RunState} how */
  async #end(how) {
    if (this.#ends) return;
    this.#ends = true;
    try {
      /** @type {Left} */
      const left = await this.#call("end", null);
      this.#left = left;
      this.board = left.board;
      this.state = how;
      this.#terminate("The run is over");
    } catch (error) {
      this.#fail(wordsOf(error));
    }
    this.#changed();
  }

  /** @param {string} why */
  #fail(why) {
    if (this.isOver) return;
    this.state = "failed";
    this.fault = why;
    this.#terminate(why);
    this.#changed();
  }

  /** @param {string} why for what still waits */
  #terminate(why) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settle();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(why));
  }

  /**
   * @param {string} call
   * @param {unknown} input
   * @returns {Promise<any>}
   */
  #call(call, input) {
    const worker = this.#worker;
    if (!worker) return Promise.reject(new Error(this.fault || "The run is over"));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call, input });
    });
  }

  /** @param {{id?: number, output?: unknown, error?: string, progress?: RunProgress, fault?: string}} data */
  #answer({ id, output, error, progress, fault }) {
    if (progress) return this.#told(progress);
    if (fault !== undefined) return this.#fail(`AdderScope itself failed in training (${fault}). That is a bug: please report it`);
    const call = this.#waiting.get(id ?? -1);
    this.#waiting.delete(id ?? -1);
    if (error === undefined) call?.resolve(output);
    else call?.reject(new Error(error));
  }

  /** @param {RunProgress} progress */
  #told(progress) {
    const now = performance.now();
    if (progress.step > (this.progress?.step ?? 0)) this.unsaved = true;
    this.progress = progress;
    this.log.push(...progress.evaluated);
    this.#times.push([now, progress.step]);
    while ((this.#times[0]?.[0] ?? now) < now - WINDOW) this.#times.shift();
    if (progress.diverged) this.fault = progress.diverged;
    if (this.state === "training" && (progress.finished || progress.diverged)) {
      this.#end(progress.diverged ? "diverged" : "finished");
    }
    this.#changed();
  }
}
