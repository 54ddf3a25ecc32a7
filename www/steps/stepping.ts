// The steps of the chosen digit are asked for when the addition, the digit or the model is another, and while the page shows
// them: after all else, and while a weight is dragged when it rests.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import type { Answered, Steps } from "../library-types.js";
import type { Store } from "../state/store.js";
import { Wanted } from "../sum/wanted.js";

/** What moves is waited for, in milliseconds. */
const REST = 120;

interface On {
  show: (steps: Steps | null, answered: Answered | null) => void;
  /** What is shown is of something else than what is chosen. */
  busy: (isBusy: boolean) => void;
  failed: (error: unknown) => void;
}

export class Stepping {
  readonly #wanted;
  readonly #client;
  readonly #on;
  #isAsking = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, client: Client<LibraryCalls>, on: On) {
    this.#wanted = new Wanted(store);
    this.#client = client;
    this.#on = on;
  }

  answered(answered: Answered | null) {
    this.#wanted.answered = answered;
    clearTimeout(this.#resting);
    if (answered) this.#rest();
    else this.#on.show(null, null);
  }

  /** Another digit is chosen, or the view is another. */
  follow() {
    if (!this.#isAsking && this.#wanted.next) void this.#ask();
  }

  #rest() {
    this.#resting = setTimeout(() => this.follow(), REST);
  }

  /** One at a time. */
  async #ask() {
    const wanted = this.#wanted;
    const { next: asked, answered } = wanted;
    if (!asked) return;
    this.#isAsking = true;
    this.#on.busy(true);
    try {
      const steps = await this.#client.call("steps", asked, { priority: "background" });
      if (wanted.answered === answered) this.#on.show(steps, answered);
    } catch (error) {
      if (!(error instanceof Late)) this.#on.failed(error);
    }
    // What could not be had is not asked for again: another question comes.
    if (wanted.answered === answered) wanted.show(asked);
    this.#isAsking = false;
    this.#on.busy(false);
    if (wanted.answered === answered) this.follow();
    else if (wanted.answered) this.#rest();
  }
}
