// Ways to additions that are worth a look: any, one that the model gets wrong, the closest call, a long carry.

import type { Addition } from "../channel/protocol.js";
import { button, setText } from "../dom.js";
import type { ExactReport, Failures } from "../library-types.js";

interface On {
  /** An addition is to be looked at, and this digit of it. */
  show: (addition: Addition, digit?: number) => void;
  /** What AdderBoard's suite finds wrong. */
  failures: () => Promise<Failures>;
  failed: (error: unknown) => void;
}

/** What is known of the model over all additions. */
export type Known = Pick<ExactReport, "counterexamples" | "closest" | "wrong">;

const MOST = 9_999_999_999;
const ALL_RIGHT = "There is none: right on all 10²⁰ additions, proven in exact arithmetic";
const NOT_YET = "It comes once all additions are decided";

const random = () => Math.floor(Math.random() * (MOST + 1));

export class Ways {
  readonly buttons;
  readonly #on;
  readonly #wrong;
  readonly #closest;
  #known: Known | null = null;
  /** Whether AdderBoard's suite found some. */
  #isWrong = false;
  /** Of the wrong ones that are known, the next to be shown. */
  #next = 0;

  constructor(on: On) {
    this.#on = on;
    this.#wrong = button("One it gets wrong", () => void this.#showWrong());
    this.#closest = button("The closest call", () => this.#showClosest());
    this.buttons = [
      button("Random", () => on.show({ a: random(), b: random() })),
      this.#wrong,
      this.#closest,
      button("A long carry", () => on.show({ a: MOST, b: 1 })),
      button("57 + 68", () => on.show({ a: 57, b: 68 })),
    ];
    this.know(null);
  }

  /** @param known null: all additions are not decided yet, or are those of another model */
  know(known: Known | null) {
    this.#known = known;
    this.#next = 0;
    this.#offer();
  }

  /** @param wrong how many of AdderBoard's suite */
  scored(wrong: number) {
    this.#isWrong = wrong > 0;
    this.#offer();
  }

  #offer() {
    const isNone = this.#known?.wrong === "0";
    setText(this.#wrong, isNone ? "None is wrong" : "One it gets wrong");
    const isThere = !isNone && (this.#isWrong || (this.#known?.counterexamples.length ?? 0) > 0);
    this.#enable(this.#wrong, isThere, isNone ? ALL_RIGHT : "None is known so far");
    this.#enable(this.#closest, Boolean(this.#known?.closest), this.#known ? "None was found" : NOT_YET);
  }

  /** A button that cannot be pressed is still reached, and says why. */
  #enable(made: HTMLButtonElement, isEnabled: boolean, why: string) {
    made.setAttribute("aria-disabled", String(!isEnabled));
    made.title = isEnabled ? "" : why;
  }

  async #showWrong() {
    if (this.#wrong.ariaDisabled === "true") return;
    const found = this.#known?.counterexamples ?? [];
    const counterexample = found[this.#next % found.length];
    this.#next += 1;
    if (counterexample) return this.#on.show(counterexample);
    try {
      const { listed } = await this.#on.failures();
      const each = listed[this.#next % listed.length];
      if (each) this.#on.show({ a: each[0], b: each[1] });
    } catch (error) {
      this.#on.failed(error);
    }
  }

  #showClosest() {
    const closest = this.#known?.closest;
    if (closest) this.#on.show(closest, closest.digit);
  }
}
