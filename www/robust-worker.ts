// How firm a model is, and what float32 makes of it, away from the page and from its other Workers: a moment at a time, so
// that what is known is told.

import type { Held, RobustCalls } from "./channel/protocol.js";
import { serve, type Job } from "./channel/server.js";
import { compile } from "./part.js";
import init, { FirmNumbers, RoundedNumbers, ShortNumbers, TwoNumbers } from "./robust.js";

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

/** Computes for a moment. Gives whether there is nothing left to do. */
function slice(search: Pick<Search<unknown>, "step">): boolean {
  const start = performance.now();
  let isDone = false;
  while (!isDone && performance.now() - start < SLICE) isDone = search.step();
  return isDone;
}

async function run<Found>(search: Search<Found>, { progress, turn }: Job<{ share: number; found: Found }>) {
  try {
    let [isDone, toldAt] = [false, performance.now()];
    while (!isDone) {
      isDone = slice(search);
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

/** Decides for so many milliseconds at most; what follows from what is decided then is told. */
async function rounded(numbers: RoundedNumbers, within: number, turn: Job<never>["turn"]) {
  try {
    const start = performance.now();
    while (!slice(numbers) && performance.now() - start < within) if (!(await turn())) return null;
    return numbers.found();
  } finally {
    numbers.free();
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
  async float32({ model, near, within }, { turn }) {
    await ready;
    return rounded(new RoundedNumbers(...given(model), near), within, turn);
  },
});
