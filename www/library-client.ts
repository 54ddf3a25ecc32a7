// The page's channel to the Worker that computes.

import { workerFiles } from "./built.js";
import { Client } from "./channel/client.js";
import type { Files, LibraryCalls, Standing } from "./channel/protocol.js";
import { library } from "./library.js";

/** What is scored or read in one go takes this long, in milliseconds, on no machine that a page is of use on. */
const PATIENCE = 30_000;

/** What a Worker must know that takes the place of another. */
interface Shown {
  readonly epoch: number;
  readonly kept: (Files & { standing: Standing }) | null;
}

/** @param shown what is shown at the time */
export function libraryClient(shown: () => Shown) {
  return new Client<LibraryCalls>({
    spawn: () => new Worker(new URL(workerFiles["worker.js"], import.meta.url), { type: "module" }),
    name: "The page's worker",
    script: "worker.js",
    failed: (why) => `AdderScope itself failed on this (${why}). That is a bug: please report it, with the file`,
    patience: PATIENCE,
    epoch: () => shown().epoch,
    prepare: async (call, again) => {
      await call("start", await library);
      const { kept, epoch } = shown();
      if (!again || !kept) return;
      await call("open", kept, { epoch });
      await call("verify", null, { epoch }); // the list of wrong answers is of the score
    },
  });
}
