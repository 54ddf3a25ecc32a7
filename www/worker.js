// The library at work, away from the page: opens files, analyses, edits, verifies. One message in, one message out.

import init, { Session } from "./adderscope.js";
import { nearest } from "./steps.js";

/** @typedef {{id: number, call: string, input: any}} Request */
/** @typedef {import("./adderscope.js").Edit} Edit */

/** Settled by the call "start", which the others wait for. @type {(session: Promise<Session>) => void} */
let settle;
/** @type {Promise<Session>} */
const session = new Promise((resolve) => (settle = resolve));

/** @type {Record<string, (input: any) => any>} */
const calls = {
  /** @param {WebAssembly.Module} module compiled once, by the page */
  async start(module) {
    settle(init({ module_or_path: module }).then(() => new Session()));
    await session;
  },
  /** @param {import("./client.js").Kept} input files as they came, a snapshot or a step, edits */
  async open({ groups, edits, shown, step }) {
    const opened = await session;
    for (const files of groups) opened.open(files);
    const steps = opened.steps();
    const index = step === undefined ? null : nearest(steps, step);
    const chosen = index === null ? (shown ?? null) : { index, scales: /** @type {const} */ ("run") };
    if (chosen) show(opened, chosen);
    if (edits.length > 0) opened.edit(edits);
    return { summary: opened.summary(), report: opened.report(), weights: opened.weights(), steps, shown: chosen };
  },
  /** @param {import("./client.js").Shown} shown */
  async show(shown) {
    const open = await session;
    const moved = show(open, shown);
    return { moved, summary: open.summary(), report: open.report(), verdict: open.verify() };
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

/**
 * Whether the snapshot is another one.
 * @param {Session} session
 * @param {import("./client.js").Shown} shown
 */
function show(session, { index, scales }) {
  const moved = session.summary().snapshot !== index;
  if (moved) session.show_snapshot(index);
  session.set_scales(scales);
  return moved;
}

addEventListener("message", async (/** @type {MessageEvent<Request>} */ { data: { id, call, input } }) => {
  try {
    postMessage({ id, output: await calls[call]?.(input) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // A trap leaves the library's memory in an unknown state: this worker is done.
    postMessage({ id, error: message, broken: error instanceof WebAssembly.RuntimeError });
  }
});
