// The model's answer to the addition that is looked at: it comes with what else is asked of the model, and is asked for
// where only the addition is another.

import { Late, type Client } from "../channel/client.js";
import type { Asked, LibraryCalls } from "../channel/protocol.js";
import type { Answered } from "../library-types.js";
import { additionOf, isSame } from "../state/state.js";
import type { Store } from "../state/store.js";

interface On {
  answered(answered: Answered): void;
  failed(error: unknown): void;
}

export class Answering {
  readonly #store;
  readonly #client;
  readonly #on;
  /** What the model that is shown answered last; null: nothing is shown. */
  #last: Asked | null = null;
  #isAsking = false;

  constructor(store: Store, client: Client<LibraryCalls>, on: On) {
    this.#store = store;
    this.#client = client;
    this.#on = on;
  }

  /** The model answered, as it is now. */
  told(answered: Answered) {
    const { a, b } = answered;
    this.#last = { a, b, under: [] };
    if (this.#store.state.interventions.length === 0) this.#on.answered(answered);
    this.follow(); // another addition may be looked at by now, or something is done to the pass
  }

  /** Nothing is shown any more. */
  forget() {
    this.#last = null;
  }

  /** Asks for the addition that is looked at, one at a time: of what is typed meanwhile, the newest. */
  follow() {
    if (!this.#isAsking && this.#wanted()) void this.#ask();
  }

  #wanted() {
    const { state } = this.#store;
    const asked = { ...additionOf(state), under: state.interventions };
    return this.#last && !isSame(asked, this.#last) ? asked : null;
  }

  async #ask() {
    this.#isAsking = true;
    for (let wanted = this.#wanted(); wanted; wanted = this.#wanted()) {
      const last = this.#last;
      try {
        const answered = await this.#client.call("answer", wanted, { priority: "urgent" });
        if (this.#last !== last) continue; // another model is shown by now
        this.#last = wanted;
        this.#on.answered(answered);
      } catch (error) {
        if (!(error instanceof Late)) this.#on.failed(error);
        if (this.#last !== last) continue;
        if (error instanceof Late || wanted.under.length === 0) break; // the model that comes answers it
        this.#store.dispatch({ type: "intervene", interventions: [] }); // it has nothing of the kind
      }
    }
    this.#isAsking = false;
  }
}
