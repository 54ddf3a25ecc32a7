// The library at work, away from the page: opens files, analyses, edits, verifies. One message in, one message out.

import init, { Session } from "./adderscope.js";
import { fetched, wordsOf } from "./errors.js";
import { onDemand } from "./part.js";
import { nearest } from "./steps.js";

/** @typedef {{id: number, call: string, input: any}} Request */
/** @typedef {import("./adderscope.js").Edit} Edit */
/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */
/** @typedef {import("./client.js").Source} Source */

/** What reads and writes files: a bundled model is shown without it. */
const formats = onDemand("formats", () => import("./formats.js"));

/** What the model was read from. @type {Source[]} */
let sources = [];

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
    for (const group of groups) {
      if (open(opened, group, await inputOf(group))) sources = group;
    }
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
  /** @param {"safetensors" | "json"} format */
  async export(format) {
    const open = await session;
    const files = await Promise.all(sources.map(fileOf));
    const { export_file } = await reader();
    return export_file(files, open.summary().snapshot ?? undefined, open.edits(), format);
  },
};

/**
 * Whether it is another model.
 * @param {Session} session
 * @param {Source[]} group
 * @param {Uint8Array} input
 */
function open(session, [first], input) {
  try {
    return session.open(input);
  } catch (error) {
    const isDamaged = first && "input" in first && !(error instanceof WebAssembly.RuntimeError);
    throw isDamaged ? new Error(`${first.name}: ${wordsOf(error)}`, { cause: error }) : error;
  }
}

function reader() {
  return formats().catch((error) => {
    throw new Error(`${wordsOf(error)}. Check the connection and try again`, { cause: error });
  });
}

/**
 * What files hold that came together.
 * @param {Source[]} group
 * @returns {Promise<Uint8Array>}
 */
async function inputOf(group) {
  const [first] = group;
  if (first && "input" in first) return first.input;
  const { read_files } = await reader();
  return read_files(/** @type {NamedBytes[]} */ (group));
}

/**
 * @param {Source} source
 * @returns {Promise<NamedBytes>}
 */
async function fileOf(source) {
  if ("bytes" in source) return source;
  const response = await fetched(source.address, (why) => new Error(`${source.name} could not be loaded (${why})`));
  return { name: source.name, bytes: new Uint8Array(await response.arrayBuffer()) };
}

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

/** @param {Request} request */
async function answer({ id, call, input }) {
  try {
    postMessage({ id, output: await calls[call]?.(input) });
  } catch (error) {
    const message = wordsOf(error);
    // A trap leaves the library's memory in an unknown state: this worker is done.
    postMessage({ id, error: message, broken: error instanceof WebAssembly.RuntimeError });
  }
}

/** One call after the other: reading may have to wait for its part of the library, and what comes after is of its model. */
let last = Promise.resolve();
addEventListener("message", (/** @type {MessageEvent<Request>} */ { data }) => {
  if (data.call === "start") answer(data);
  else if (data.call === "expectFiles") formats().catch(() => {}); // told by the call that needs it
  else last = last.then(() => answer(data));
});
