// The steps of the chosen digit are asked for when the addition, the digit or the model is another, and while the page shows
// them: after all else, and while a weight is dragged when it rests.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import type { Answered, Steps } from "../library-types.js";
import { isSame } from "../state/state.js";
import type { Store } from "../state/store.js";
import { lookedAt } from "../sum/words.js";

/** What moves is waited for, in milliseconds. */
const REST = 120;

interface On {
  show: (steps: Steps | null, answered: Answered | null) => void;
  /** What is shown is of something else than what is chosen. */
  busy: (isBusy: boolean) => void;
  failed: (error: unknown) => void;
}

type Asked = LibraryCalls["steps"]["input"];

export class Stepping {
  readonly #store;
  readonly #client;
  readonly #on;
  #answered: Answered | null = null;
  /** What is shown, of the model as it is; null: nothing, or of the model as it was. */
  #shown: Asked | null = null;
  #isAsking = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, client: Client<LibraryCalls>, on: On) {
    this.#store = store;
    this.#client = client;
    this.#on = on;
  }

  answered(answered: Answered | null) {
    this.#answered = answered;
    this.#shown = null;
    clearTimeout(this.#resting);
    if (answered) this.#rest();
    else this.#on.show(null, null);
  }

  /** Another digit is chosen, or the view is another. */
  follow() {
    if (!this.#isAsking && this.#wanted()) void this.#ask();
  }

  #rest() {
    this.#resting = setTimeout(() => this.follow(), REST);
  }

  #wanted(): Asked | null {
    const { view, digit } = this.#store.state;
    const answered = this.#answered;
    if (!answered || view !== "addition") return null;
    const asked = { a: answered.a, b: answered.b, digit: lookedAt(answered, digit) };
    return isSame(asked, this.#shown) ? null : asked;
  }

  /** One at a time. */
  async #ask() {
    const [wanted, answered] = [this.#wanted(), this.#answered];
    if (!wanted) return;
    this.#isAsking = true;
    this.#on.busy(true);
    try {
      const steps = await this.#client.call("steps", wanted, { priority: "background" });
      if (this.#answered === answered) this.#on.show(steps, answered);
    } catch (error) {
      if (!(error instanceof Late)) this.#on.failed(error);
    }
    // What could not be had is not asked for again: another question comes.
    if (this.#answered === answered) this.#shown = wanted;
    this.#isAsking = false;
    this.#on.busy(false);
    if (this.#answered === answered) this.follow();
    else if (this.#answered) this.#rest();
  }
}
