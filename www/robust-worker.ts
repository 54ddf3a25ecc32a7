// How firm a model is, away from the page and from its other Workers: a moment at a time, so that what is known is told.

import type { Held, RobustCalls } from "./channel/protocol.js";
import { serve, type Job } from "./channel/server.js";
import { compile } from "./part.js";
import init, { FirmNumbers, ShortNumbers, TwoNumbers } from "./robust.js";

/** How long, in milliseconds, it computes before it listens, and how often it says what it knows. */
const [SLICE, TELL] = [25, 200];

const ready = compile("robust").then((module) => init({ module_or_path: module }));
ready.catch(() => {}); // told by the calls, which wait for it

interface Search<Found> {
  step(): boolean;
  progress(): number;
  found(): Found;
  free(): void;
}

async function run<Found>(search: Search<Found>, { progress, turn }: Job<{ share: number; found: Found }>) {
  try {
    let [isDone, toldAt] = [false, performance.now()];
    while (!isDone) {
      const start = performance.now();
      while (!isDone && performance.now() - start < SLICE) isDone = search.step();
      if (performance.now() - toldAt > TELL) {
        toldAt = performance.now();
        progress({ share: search.progress(), found: search.found() });
      }
      if (!(await turn())) break;
    }
    return search.found();
  } finally {
    search.free();
  }
}

const given = ({ input, snapshot, edits }: Held) => [input, snapshot, edits] as const;

serve<RobustCalls>(self, {
  async ranges({ model, part, only }, job) {
    await ready;
    return run(new FirmNumbers(...given(model), part, only?.tensor, only?.index ?? 0), job);
  },
  async decimals({ model, part }, job) {
    await ready;
    return run(new ShortNumbers(...given(model), part), job);
  },
  async landscape({ model, x, y, reach, values }, job) {
    await ready;
    return run(new TwoNumbers(...given(model), x.tensor, x.index, y.tensor, y.index, reach, values), job);
  },
});
