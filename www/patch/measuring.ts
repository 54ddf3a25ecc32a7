// What panels count and average, measured anew with what is switched off: while it is not there they are of the whole model.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { isSame, switchedOff } from "../state/state.js";
import type { Store } from "../state/store.js";

interface On {
  /** Panels are drawn of this from now on; null: of the whole model. */
  show: (measured: Uint8Array | null) => void;
  failed: (error: unknown) => void;
}

export class Measuring {
  readonly #store;
  readonly #client;
  readonly #on;
  /** What is switched off in what is shown, or on its way. */
  #off: readonly string[] = [];
  #asking: AbortController | null = null;

  constructor(store: Store, client: Client<LibraryCalls>, on: On) {
    this.#store = store;
    this.#client = client;
    this.#on = on;
  }

  /** Something else may be switched off. */
  follow() {
    if (!isSame(this.#off, switchedOff(this.#store.state))) this.renew();
  }

  /** The model is another, or has other numbers. */
  renew() {
    this.#asking?.abort();
    this.#asking = null;
    this.#off = switchedOff(this.#store.state);
    if (this.#off.length === 0) this.#on.show(null);
    else void this.#ask(this.#off);
  }

  async #ask(under: readonly string[]) {
    const mine = new AbortController();
    this.#asking = mine;
    try {
      const measured = await this.#client.call("measured", { under }, { priority: "background", signal: mine.signal });
      if (!mine.signal.aborted) this.#on.show(measured);
    } catch (error) {
      if (error instanceof Late || mine.signal.aborted) return;
      this.#on.show(null);
      this.#on.failed(error);
    }
  }
}
