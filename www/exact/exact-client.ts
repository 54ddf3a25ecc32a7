// The page's way to the Worker that decides. One that does not listen any more is given up for another: nothing that the
// page shows waits for it.

import type { CallOptions, Client } from "../channel/client.js";
import type { Decided, ExactCalls, ToDecide } from "../channel/protocol.js";
import type { Bounds } from "../library-types.js";
import { workerClient } from "../workers.js";

/** How long, in milliseconds, one that was cancelled may go on before another Worker takes its place. */
const GRACE = 400;
/** How much longer than it may compute, in milliseconds, a call may take. */
const BEYOND = 5000;
/** As in the other Workers: within it something is heard of a Worker that is alive. */
const PATIENCE = 30_000;

type How = Pick<CallOptions<Bounds>, "priority" | "progress"> & { signal: AbortSignal };

const fresh = () => workerClient<ExactCalls>("exact-worker.js", { name: "The verdict’s worker", patience: PATIENCE });

export class ExactClient {
  #client: Client<ExactCalls> | null = null;

  async decide(asked: ToDecide, how: How): Promise<Decided | null> {
    for (;;) {
      const client = (this.#client ??= fresh());
      const { answer, isOverdue } = this.#asked(client, asked, how);
      try {
        return await answer;
      } catch (error) {
        if (isOverdue()) throw new Error("It takes longer than expected: undecided", { cause: error });
        // Another call was, or the Worker broke: the next one is a fresh one.
        const isInnocent = client !== this.#client && !how.signal.aborted;
        if (client === this.#client && !how.signal.aborted) this.#give(client);
        if (!isInnocent) throw error;
      }
    }
  }

  close() {
    this.#client?.close();
    this.#client = null;
  }

  #asked(client: Client<ExactCalls>, asked: ToDecide, how: How) {
    let isOverdue = false;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const giveUp = () => {
      isOverdue = true;
      this.#give(client);
    };
    const within = asked.within;
    if (within !== null) timers.add(setTimeout(giveUp, within + BEYOND));
    const cancelled = () => timers.add(setTimeout(giveUp, GRACE));
    how.signal.addEventListener("abort", cancelled, { once: true });
    const answer = client.call("decide", asked, how).finally(() => {
      for (const timer of timers) clearTimeout(timer);
      how.signal.removeEventListener("abort", cancelled);
    });
    return { answer, isOverdue: () => isOverdue };
  }

  #give(client: Client<ExactCalls>) {
    if (client === this.#client) this.#client = null;
    client.close();
  }
}
