// What is told of the chosen digit below the sum, its steps and what else: asked for when the addition, the digit or the model
// is another, and while the page shows it: after all else, and while a weight is dragged when it rests.

import { Late } from "../channel/client.js";
import type { DigitAsked } from "../channel/protocol.js";
import type { Answered } from "../library-types.js";
import type { Store } from "../state/store.js";
import { Wanted } from "../sum/wanted.js";

/** What moves is waited for, in milliseconds. */
const REST = 120;

/** What was told, of which answer, and what was asked. */
export interface Told<Found> {
  readonly found: Found;
  readonly answered: Answered;
  readonly asked: DigitAsked;
}

interface On<Found> {
  /** null: there is nothing to tell of. */
  show: (told: Told<Found> | null) => void;
  /** What is shown is of something else than what is chosen. */
  busy: (isBusy: boolean) => void;
  failed: (error: unknown) => void;
}

export class Stepping<Found> {
  readonly #wanted;
  readonly #find;
  readonly #on;
  #isAsking = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, find: (asked: DigitAsked) => Promise<Found>, on: On<Found>) {
    this.#wanted = new Wanted(store);
    this.#find = find;
    this.#on = on;
  }

  answered(answered: Answered | null) {
    this.#wanted.answered = answered;
    clearTimeout(this.#resting);
    if (answered) this.#rest();
    else this.#on.show(null);
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
    if (!asked || !answered) return;
    this.#isAsking = true;
    this.#on.busy(true);
    try {
      const found = await this.#find(asked);
      if (wanted.answered === answered) this.#on.show({ found, answered, asked });
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
