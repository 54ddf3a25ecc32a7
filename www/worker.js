// The library at work, away from the page: opens files, analyses, edits, verifies. One message in, one message out.

import init, { Session } from "./adderscope.js";

/** @typedef {{id: number, call: string, input: any}} Request */
/** @typedef {import("./adderscope.js").Edit} Edit */

/** Made by the first message; the others wait for it. @type {Promise<Session>} */
let session;

/** @type {Record<string, (input: any) => any>} */
const calls = {
  /** @param {WebAssembly.Module} module compiled once, by the page */
  async start(module) {
    session = init({ module_or_path: module }).then(() => new Session());
    await session;
  },
  /** @param {{groups: import("./adderscope.js").NamedBytes[][], edits: Edit[]}} input files as they came, then edits */
  async open({ groups, edits }) {
    const opened = await session;
    for (const files of groups) opened.open(files);
    if (edits.length > 0) opened.edit(edits);
    return { summary: opened.summary(), report: opened.report(), weights: opened.weights() };
  },
  /** @param {Edit[]} edits */
  async edit(edits) {
    const edited = await session;
    edited.edit(edits);
    return { summary: edited.summary(), report: edited.report(), verdict: edited.verify() };
  },
  weights: async () => (await session).weights(),
  verify: async () => (await session).verify(),
  failures: async (ofRun) => (await session).failures(ofRun),
  startRun: async ({ seed, pairs }) => (await session).start_run(seed, pairs),
  continueRun: async () => (await session).continue_run(),
  export: async (format) => (await session).export(format),
};

addEventListener("message", async (/** @type {MessageEvent<Request>} */ { data: { id, call, input } }) => {
  try {
    postMessage({ id, output: await calls[call]?.(input) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A trap leaves the library's memory in an unknown state: this worker is done.
    postMessage({ id, error: message, broken: error instanceof WebAssembly.RuntimeError });
  }
});
