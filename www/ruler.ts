// The ruler of the chosen answer digit beside the sum: asked for when the addition, the digit or the model is another, and
// while the page shows it.

import { Late, type Client } from "./channel/client.js";
import type { LibraryCalls } from "./channel/protocol.js";
import type { Answered } from "./library-types.js";
import type { Store } from "./state/store.js";
import { Wanted } from "./sum/wanted.js";

interface On {
  /** What the panel is drawn of; null: this row has no ruler. */
  show: (ruler: Uint8Array | null) => void;
  failed: (error: unknown) => void;
}

export class Ruler {
  readonly #wanted;
  readonly #client;
  readonly #on;
  #isAsking = false;

  constructor(store: Store, client: Client<LibraryCalls>, on: On) {
    this.#wanted = new Wanted(store);
    this.#client = client;
    this.#on = on;
  }

  /** The model answered: it may be another one, or another addition. */
  answered(answered: Answered | null) {
    this.#wanted.answered = answered;
    this.follow();
  }

  /** Another digit is chosen, or the view is another. */
  follow() {
    if (!this.#isAsking && this.#wanted.next) void this.#ask();
  }

  /** One at a time: of what is chosen or typed meanwhile, the newest. */
  async #ask() {
    this.#isAsking = true;
    const wanted = this.#wanted;
    for (let asked = wanted.next; asked; asked = wanted.next) {
      const { answered } = wanted;
      try {
        const ruler = await this.#client.call("ruler", asked);
        if (wanted.answered !== answered) continue; // the model, or the addition, is another one by now
        wanted.show(asked);
        this.#on.show(ruler);
      } catch (error) {
        if (!(error instanceof Late)) this.#on.failed(error);
        if (wanted.answered === answered) break; // it is asked again with what comes next
      }
    }
    this.#isAsking = false;
  }
}
