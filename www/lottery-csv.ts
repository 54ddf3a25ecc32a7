// What came of each seed as the table that `adderscope sweep` writes.

import { pairPart } from "./compare/pair.js";
import { comparer } from "./compare/worker.js";
import type { NamedBytes } from "./library-types.js";
import type { Run } from "./run.js";

/** As the command line calls how a run ended. */
const OUTCOMES: Partial<Record<Run["state"], string>> = { finished: "done", diverged: "diverged", stopped: "stopped" };

/** What a run itself says, by the names of columns. */
function saidBy({ about, progress, state, seconds }: Run): Readonly<Record<string, string>> {
  const { step = 0, outcome } = progress ?? {};
  return {
    name: `seed-${about.seed}`,
    seed: about.seed,
    steps: String(step),
    val_exact: String(outcome?.val_exact ?? 0),
    first_half: String(outcome?.half_step ?? ""),
    seconds: seconds.toFixed(1),
    outcome: OUTCOMES[state] ?? state,
  };
}

/**
 * Of those that are over and left a model.
 * @param read what a file holds, as the Worker takes it
 */
export async function lotteryCsv(runs: readonly Run[], read: (files: NamedBytes[]) => Promise<Uint8Array>) {
  const { table_header, table_csv } = await pairPart();
  const header = table_header();
  const worker = comparer();
  try {
    const rows: string[][] = [];
    for (const run of runs.filter(({ isOver, state, progress }) => isOver && state !== "failed" && progress)) {
      const input = await read([{ name: "best.safetensors", bytes: await run.file("best.safetensors") }]);
      const { cells } = await worker.call("row", input);
      const said = saidBy(run);
      rows.push(header.map((name, at) => said[name] ?? cells[at] ?? ""));
    }
    return table_csv(rows);
  } finally {
    worker.close();
  }
}
