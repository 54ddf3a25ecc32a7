// The library at work, away from the page: opens files, analyses, verifies. One message in, one message out.

import init, { Session } from "./adderscope.js";

/** @typedef {{id: number, call: string, input: any}} Request */

/** Made by the first message; the others wait for it. @type {Promise<Session>} */
let session;

/** @type {Record<string, (input: any) => any>} */
const calls = {
  /** @param {WebAssembly.Module} module compiled once, by the page */
  async start(module) {
    session = init({ module_or_path: module }).then(() => new Session());
    await session;
  },
  /** @param {import("./adderscope.js").NamedBytes[]} files */
  async open(files) {
    const opened = await session;
    return { summary: opened.open(files), report: opened.report() };
  },
  verify: async ({ seed, pairs }) => (await session).verify(seed, pairs),
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
