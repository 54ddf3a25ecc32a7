// Whether float32 answers as exact arithmetic does: looked into where someone reads all that is known, in a Worker that goes
// with the question. It is of no hurry, and a tenth of what decides.

import { Late } from "../channel/client.js";
import type { Held, RobustCalls } from "../channel/protocol.js";
import type { ExactReport, InFloat32 } from "../library-types.js";
import { workerClient } from "../workers.js";

/** As in the other Workers: within it something is heard of a Worker that is alive. */
const PATIENCE = 30_000;

/**
 * @param report of the model: its closest call and what it gets wrong are asked for where nothing is proven
 * @param within how long, in milliseconds, deciding the model may take
 */
export async function inFloat32(
  model: Held,
  { closest, counterexamples }: ExactReport,
  within: number,
  signal: AbortSignal,
): Promise<InFloat32> {
  const additions = closest ? [closest, ...counterexamples] : counterexamples;
  const near = Float64Array.from(additions.flatMap(({ a, b }) => [a, b]));
  const robust = workerClient<RobustCalls>("robust-worker.js", {
    name: "The worker that looks into float32",
    patience: PATIENCE,
  });
  signal.addEventListener("abort", () => robust.close());
  try {
    const found = await robust.call("float32", { model, near, within }, { signal });
    if (!found) throw new Late("Nobody waits for it any more");
    return found;
  } finally {
    robust.close();
  }
}
