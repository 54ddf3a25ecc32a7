// Two models side by side, away from the page and from its other Workers: a moment at a time, so that it can be cancelled.

import type { Compared, CompareCalls } from "./channel/protocol.js";
import { serve } from "./channel/server.js";
import init, { Comparing } from "./compare.js";
import { compile } from "./part.js";

/** How long, in milliseconds, it computes before it listens. */
const SLICE = 25;
/** Intervals between two looks at the clock. */
const EVALUATIONS = 2000;

const ready = compile("compare").then((module) => init({ module_or_path: module }));
ready.catch(() => {}); // told by the calls, which wait for it

const beside = (comparing: Comparing): Compared => ({
  sides: comparing.sides(),
  names: [comparing.name(false), comparing.name(true)],
  reports: [comparing.report(false), comparing.report(true)],
  told: null,
});

serve<CompareCalls>(self, {
  async compare({ a, b, within }, { progress, turn }) {
    await ready;
    const comparing = new Comparing(a.input, a.snapshot, a.edits, b.input, b.snapshot, b.step ?? undefined);
    try {
      const compared = beside(comparing);
      progress(compared);
      let [isDone, spent] = [false, 0];
      while (!isDone && spent < within && (await turn())) {
        const start = performance.now();
        while (!isDone && performance.now() - start < SLICE) isDone = comparing.step(EVALUATIONS);
        spent += performance.now() - start;
      }
      return { ...compared, told: comparing.told() };
    } finally {
      comparing.free();
    }
  },
});
