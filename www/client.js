// The page's end of the Worker: a call is a promise. A Worker that broke is replaced by the next call.

import { workerFiles } from "./built.js";

/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */
/** @typedef {import("./adderscope.js").Summary} Summary */
/** @typedef {import("./adderscope.js").Edit} Edit */
/** @typedef {import("./adderscope.js").Verdict} Verdict */
/** @typedef {import("./adderscope.js").Step} Step */
/** @typedef {"snapshot" | "run"} Scales */
/** @typedef {{index: number, scales: Scales}} Shown a snapshot of a run, and what its axes are made for */
/** @typedef {{name: string, input: Uint8Array, address: string}} Packed what a file holds, as it was read when the page was built; the file itself is at `address` */
/** @typedef {NamedBytes | Packed} Source */
/** @typedef {{groups: Source[][], edits: Edit[], shown?: Shown | null, step?: number}} Kept `step`: to the snapshot nearest to it */
/** @typedef {{summary: Summary, report: Uint8Array, weights: import("./adderscope.js").Weights, steps: Step[], shown: Shown | null}} Opened */
/** @typedef {{summary: Summary, report: Uint8Array, verdict: Verdict}} Edited */
/** @typedef {Edited & {moved: boolean}} Moved */

export class Client {
  #module;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, {resolve: (output: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #next = 0;
  /** What the model on the page was opened from, in the order it came. @type {Source[][]} */
  #groups = [];
  /** What was edited since, by tensor and index. @type {Map<string, Edit>} */
  #edits = new Map();
  /** Where in its run it stands, once a snapshot was chosen. @type {Shown | null} */
  #shown = null;
  /** How many models were opened: an edit is for the one that it was made on. */
  #models = 0;
  /** Settled when no file is being opened. @type {Promise<unknown>} */
  #opening = Promise.resolve();

  /** @param {Promise<WebAssembly.Module>} module the Worker is there when it comes */
  constructor(module) {
    this.#module = module;
    this.#start();
  }

  /** Someone is about to open a file: what reads it can be fetched meanwhile. */
  expectFiles() {
    this.#worker?.postMessage({ call: "expectFiles" });
  }

  /** What brings the present model back, with its edits: for `open`. @returns {Kept} */
  kept() {
    return { groups: this.#groups, edits: [...this.#edits.values()], shown: this.#shown };
  }

  /**
   * Files as they came together: a checkpoint, a log or both; several such groups are opened one after the other.
   * @param {Kept} kept
   * @returns {Promise<Opened>}
   */
  async open(kept) {
    const { groups, edits } = kept;
    const work = this.#call("open", kept);
    this.#opening = Promise.allSettled([this.#opening, work]);
    const output = await work;
    // A log alone joins the checkpoint that is open; a checkpoint replaces it and its edits.
    const hasModel = groups.flat().some(({ name }) => name === output.summary.file);
    if (hasModel) {
      this.#models += 1;
      this.#groups = [];
      this.#edits.clear();
      this.#shown = output.shown;
    }
    this.#groups.push(...groups);
    this.#remember(edits);
    return output;
  }

  /**
   * @param {Edit[]} edits
   * @returns {Promise<Edited | null>} null: another model was opened meanwhile
   */
  async edit(edits) {
    const output = await this.#change("edit", edits);
    if (output) this.#remember(edits);
    return output;
  }

  /**
   * Another snapshot of the run, without edits, or other scales for the same one.
   * @param {Shown} shown
   * @returns {Promise<Moved | null>} null: another model was opened meanwhile
   */
  async show(shown) {
    const output = await this.#change("show", shown);
    if (output?.moved) this.#edits.clear();
    if (output) this.#shown = shown;
    return output;
  }

  /** Every learned number as it is now. @returns {Promise<import("./adderscope.js").Weights>} */
  weights() {
    return this.#call("weights", null);
  }

  /** Scores the model on AdderBoard's own suite. @returns {Promise<Verdict>} */
  verify() {
    return this.#call("verify", null);
  }

  /**
   * What was answered wrong, in the suite that was run last or in AdderBoard's own.
   * @param {boolean} ofRun
   * @returns {Promise<import("./adderscope.js").Failures>}
   */
  failures(ofRun) {
    return this.#call("failures", ofRun);
  }

  /**
   * @param {string} seed
   * @param {string} pairs
   * @returns {Promise<import("./adderscope.js").Progress>}
   */
  startRun(seed, pairs) {
    return this.#call("startRun", { seed, pairs });
  }

  /** @returns {Promise<import("./adderscope.js").Progress | undefined>} undefined: an edit or another file ended it */
  continueRun() {
    return this.#call("continueRun", null);
  }

  /**
   * @param {"safetensors" | "json"} format
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  export(format) {
    return this.#call("export", format);
  }

  #start() {
    const worker = new Worker(new URL(workerFiles["worker.js"], import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#answer(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#stop(`The page's worker stopped: ${event.message || "worker.js did not load"}. Reload the page`);
    });
    this.#module.then((module) => worker === this.#worker && this.#call("start", module)).catch(() => {}); // told to whoever calls
    if (this.#groups.length > 0) this.#call("open", this.kept()).catch(() => {});
  }

  /**
   * A change of the model that is open now, once no file is on its way.
   * @param {"edit" | "show"} call
   * @param {unknown} input
   * @returns {Promise<any>} null: another model was opened meanwhile
   */
  async #change(call, input) {
    const model = this.#models;
    await this.#opening;
    if (model !== this.#models) return null;
    const output = await this.#call(call, input);
    return model === this.#models ? output : null;
  }

  /** @param {Edit[]} edits */
  #remember(edits) {
    for (const edit of edits) this.#edits.set(`${edit.name} ${edit.index}`, edit);
  }

  /** @param {string} message for the calls that still wait */
  #stop(message) {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(message));
  }

  /**
   * @param {string} call
   * @param {unknown} input
   * @returns {Promise<any>}
   */
  #call(call, input) {
    if (!this.#worker) this.#start();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker?.postMessage({ id, call, input });
    });
  }

  /** @param {{id: number, output?: unknown, error?: string, broken?: boolean}} data */
  #answer({ id, output, error, broken }) {
    const call = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) {
      call?.resolve(output);
    } else if (broken) {
      const message = `AdderScope itself failed on this (${error}). That is a bug: please report it, with the file`;
      call?.reject(new Error(message));
      this.#stop(message);
    } else {
      call?.reject(new Error(error));
    }
  }
}
