// What is to be looked into: the chosen digit of the addition that the model answered, while the page shows it.

import type { DigitAsked } from "../channel/protocol.js";
import type { Answered } from "../library-types.js";
import { isSame } from "../state/state.js";
import type { Store } from "../state/store.js";
import { lookedAt } from "./words.js";

export class Wanted {
  readonly #store;
  #answered: Answered | null = null;
  /** What is shown, of the model as it is; null: nothing, or of the model as it was. */
  #shown: DigitAsked | null = null;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The model's last answer: another one is of another model, or of another addition. */
  get answered() {
    return this.#answered;
  }

  set answered(answered: Answered | null) {
    this.#answered = answered;
    this.#shown = null;
  }

  /** What is shown now is of this. */
  show(asked: DigitAsked) {
    this.#shown = asked;
  }

  /** What to ask for; null: nothing, or it is shown. */
  get next(): DigitAsked | null {
    const { view, digit, interventions: under } = this.#store.state;
    const answered = this.#answered;
    if (!answered || view !== "addition") return null;
    const asked = { a: answered.a, b: answered.b, digit: lookedAt(answered, digit), under };
    return isSame(asked, this.#shown) ? null : asked;
  }
}
