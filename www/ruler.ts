// The ruler of the chosen answer digit beside the sum: asked for when the addition, the digit or the model is another, and
// while the page shows it.

import { Late, type Client } from "./channel/client.js";
import type { LibraryCalls } from "./channel/protocol.js";
import type { Answered } from "./library-types.js";
import { isSame, type State } from "./state/state.js";
import type { Store } from "./state/store.js";
import { lookedAt } from "./sum/words.js";

interface On {
  /** What the panel is drawn of; null: this row has no ruler. */
  show: (ruler: Uint8Array | null) => void;
  failed: (error: unknown) => void;
}

type Asked = LibraryCalls["ruler"]["input"];

export class Ruler {
  readonly #store;
  readonly #client;
  readonly #on;
  #answered: Answered | null = null;
  /** What is shown, of the model as it is; null: nothing, or of the model as it was. */
  #shown: Asked | null = null;
  #isAsking = false;

  constructor(store: Store, client: Client<LibraryCalls>, on: On) {
    this.#store = store;
    this.#client = client;
    this.#on = on;
  }

  /** The model answered: it may be another one, or another addition. */
  answered(answered: Answered | null) {
    this.#answered = answered;
    this.#shown = null;
    this.follow();
  }

  /** Another digit is chosen, or the view is another. */
  follow() {
    if (!this.#isAsking && this.#wanted()) void this.#ask();
  }

  #wanted(): Asked | null {
    const { view, digit }: State = this.#store.state;
    const answered = this.#answered;
    if (!answered || view !== "addition") return null;
    const asked = { a: answered.a, b: answered.b, digit: lookedAt(answered, digit) };
    return isSame(asked, this.#shown) ? null : asked;
  }

  /** One at a time: of what is chosen or typed meanwhile, the newest. */
  async #ask() {
    this.#isAsking = true;
    for (let wanted = this.#wanted(); wanted; wanted = this.#wanted()) {
      const answered = this.#answered;
      try {
        const ruler = await this.#client.call("ruler", wanted);
        if (this.#answered !== answered) continue; // the model, or the addition, is another one by now
        this.#shown = wanted;
        this.#on.show(ruler);
      } catch (error) {
        if (!(error instanceof Late)) this.#on.failed(error);
        if (this.#answered === answered) break; // it is asked again with what comes next
      }
    }
    this.#isAsking = false;
  }
}
