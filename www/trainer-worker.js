// A training run, away from the page: it trains in turns, so that messages get through, and says where it is.

import { wordsOf } from "./errors.js";
import init, { Trainer, run_files } from "./trainer.js";

/** @typedef {{id: number, call: string, input: any}} Request */

/** How long, in milliseconds, the run goes on before the Worker listens again. */
const TURN = 40;
/** How often, in milliseconds, it says where it is. */
const TELL = 120;

/** @type {Trainer} */
let trainer;
let goes = false;
let toldAt = 0;

// A message to itself comes back at once, after what the page sent meanwhile; a timer would wait some milliseconds.
const turns = new MessageChannel();
turns.port1.onmessage = () => {
  if (!goes) return;
  try {
    goes = trainer.run(TURN);
    if (!goes || performance.now() - toldAt > TELL) tell();
  } catch (error) {
    goes = false;
    postMessage({ fault: wordsOf(error) });
  }
  if (goes) turns.port2.postMessage(null);
};

function tell() {
  toldAt = performance.now();
  postMessage({ progress: trainer.progress() });
}

/** @type {Record<string, (input: any) => any>} */
const calls = {
  /** @param {{module: WebAssembly.Module, settings?: Record<string, string>, saved?: Uint8Array}} input */
  async start({ module, settings, saved }) {
    await init({ module_or_path: module }); // compiled once, by the page
    trainer = saved ? Trainer.restore(saved) : new Trainer(settings ?? {});
    tell();
    return trainer.about();
  },
  /** @param {boolean} on */
  go(on) {
    if (on && !goes) turns.port2.postMessage(null);
    goes = on;
    tell();
  },
  /** The last evaluated model, with the log so far. */
  snapshot() {
    tell(); // the page then knows of which step it is
    return { model: trainer.snapshot(), log: trainer.file("log.jsonl") };
  },
  /** @param {string} name */
  file: (name) => trainer.file(name),
  /** Everything that is worth keeping: the Worker is not needed after it. */
  end() {
    goes = false;
    tell();
    const files = run_files().map((name) => [name, trainer.file(name)]);
    return { files: new Map(/** @type {any} */ (files)), board: trainer.board() };
  },
};

/** What the first message began; the others wait for it. @type {Promise<unknown>} */
let started = Promise.resolve();

addEventListener("message", async (/** @type {MessageEvent<Request>} */ { data: { id, call, input } }) => {
  const output = started.then(() => calls[call]?.(input));
  if (call === "start") started = output;
  try {
    postMessage({ id, output: await output });
  } catch (error) {
    postMessage({ id, error: wordsOf(error) });
  }
});
