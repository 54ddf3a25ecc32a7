// A training run, away from the page: it trains in turns, so that messages get through, and says where it is.

import type { TrainerCalls } from "./channel/protocol.js";
import { serve, type Handlers } from "./channel/server.js";
import init, { Trainer, run_files } from "./trainer.js";

/** How long, in milliseconds, the run goes on before the Worker listens again. */
const TURN = 40;
/** How often, in milliseconds, it says where it is. */
const TELL = 120;

let trainer: Trainer | undefined;

/** The page sends `start` before all else. */
function run() {
  if (!trainer) throw new Error("The run has not started");
  return trainer;
}

const fileOf = (name: string) => run().file(name);

const calls: Handlers<TrainerCalls> = {
  async start({ module, ...from }) {
    await init({ module_or_path: module }); // compiled once, by the page
    trainer = "saved" in from ? Trainer.restore(from.saved) : new Trainer(from.settings);
    if ("saved" in from && from.more !== undefined) trainer.extend(from.more);
    return { about: trainer.about(), progress: trainer.progress() };
  },
  async train(_, { progress, turn }) {
    let toldAt = -Infinity;
    while (run().run(TURN)) {
      if (performance.now() - toldAt > TELL) {
        toldAt = performance.now();
        progress(run().progress());
      }
      if (!(await turn())) break;
    }
    return run().progress();
  },
  snapshot: () => ({
    progress: run().progress(),
    model: run().snapshot(),
    log: fileOf("log.jsonl"),
  }),
  file: fileOf,
  end() {
    const files = new Map(run_files().map((name) => [name, fileOf(name)]));
    return { progress: run().progress(), files, board: run().board(), exact: run().exact() };
  },
};

serve<TrainerCalls>(self, calls);
