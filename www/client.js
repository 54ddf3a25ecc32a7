// The page's end of the Worker: a call is a promise. A Worker that broke is replaced by the next call.

/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */
/** @typedef {import("./adderscope.js").Summary} Summary */
/** @typedef {import("./adderscope.js").Verification} Verification */

export class Client {
  #module;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, {resolve: (output: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #next = 0;
  /** What the model on the page was opened from, for a new Worker. @type {NamedBytes[][]} */
  #opened = [];

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    this.#module = module;
    this.#start();
  }

  /**
   * @param {NamedBytes[]} files
   * @returns {Promise<{summary: Summary, report: Uint8Array}>}
   */
  async open(files) {
    const output = await this.#call("open", files);
    // A log alone joins the checkpoint that is open; a checkpoint replaces both.
    const hasModel = files.some(({ name }) => name === output.summary.file);
    this.#opened = hasModel ? [files] : [...this.#opened, files];
    return output;
  }

  /**
   * @param {number} seed
   * @param {number} pairs
   * @returns {Promise<Verification>}
   */
  verify(seed, pairs) {
    return this.#call("verify", { seed, pairs });
  }

  /**
   * @param {"safetensors" | "json"} format
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  export(format) {
    return this.#call("export", format);
  }

  #start() {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#answer(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#stop(`The page's worker stopped: ${event.message || "worker.js did not load"}. Reload the page`);
    });
    this.#call("start", this.#module).catch(() => {}); // told to whoever calls next
    for (const files of this.#opened) this.#call("open", files).catch(() => {});
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
