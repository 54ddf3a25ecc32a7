// The page's channel to the Worker that computes.

import type { LibraryCalls } from "./channel/protocol.js";
import { library } from "./library.js";
import { workerClient } from "./workers.js";

/** What is scored or read in one go takes this long, in milliseconds, on no machine that a page is of use on. */
const PATIENCE = 30_000;

/** What a Worker must know that takes the place of another. */
interface Shown {
  readonly epoch: number;
  readonly kept: LibraryCalls["open"]["input"] | null;
}

/** @param shown what is shown at the time */
export function libraryClient(shown: () => Shown) {
  return workerClient<LibraryCalls>("worker.js", {
    name: "The page's worker",
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
