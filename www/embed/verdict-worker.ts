// Scores and decides a model, away from the page: AdderBoard's suite, then all additions.

import init, { Deciding, suite_score } from "../whole.js";
import { wordsOf } from "../errors.js";
import type { Asked, Told } from "./verdict.js";

/** Intervals between two looks at the clock, and how long, in milliseconds, until bounds are told again. */
const [LOOKS, AGAIN] = [5_000, 200];

const tell = (told: Told) => postMessage(told);

async function decide({ module, input, snapshot, edits, within }: Asked) {
  await init({ module_or_path: module });
  const { passed, total, qualified } = suite_score(input, snapshot, edits);
  tell({ adderboard: { passed, total, qualified }, bounds: null, map: null });
  const deciding = new Deciding(input, snapshot, edits, undefined);
  const end = performance.now() + within;
  for (let next = performance.now() + AGAIN; !deciding.step(LOOKS) && performance.now() < end;) {
    if (performance.now() < next) continue;
    next = performance.now() + AGAIN;
    tell({ adderboard: null, bounds: deciding.bounds(), map: null });
  }
  tell({ adderboard: null, bounds: deciding.bounds(), map: deciding.map() });
}

self.onmessage = ({ data }: MessageEvent<Asked>) => {
  decide(data).catch((error: unknown) => tell({ failed: wordsOf(error) }));
};
