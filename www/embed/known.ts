// What is known of all additions of the model that an element shows: found once for each version of it, in a Worker.

import { load } from "./load.js";
import type { Model } from "./model.js";
import { decide, type Verdict } from "./verdict.js";

interface On {
  /** @param isMapped whether the model has the map of them now */
  told: (verdict: Verdict, isMapped: boolean) => void;
  failed: (why: string) => void;
}

export class Known {
  readonly #on;
  /** What it is of: edits, and another step, make another version of a model. */
  #of: { readonly model: Model; readonly version: number } | null = null;
  #verdict: Verdict | null = null;
  #why = "";
  #stop: () => void = () => {};

  constructor(on: On) {
    this.#on = on;
  }

  #isOf(model: Model | null) {
    return this.#of !== null && this.#of.model === model && this.#of.version === model.version;
  }

  /** Of this model as it is now: its verdict, or why there will be none. */
  of(model: Model | null): { readonly verdict: Verdict | null; readonly why: string } {
    return this.#isOf(model) ? { verdict: this.#verdict, why: this.#why } : { verdict: null, why: "" };
  }

  /** Starts deciding where that has not begun. */
  decide(model: Model) {
    if (this.#isOf(model)) return;
    this.end();
    const of = { model, version: model.version };
    this.#of = of;
    const isNow = () => this.#of === of && this.#isOf(model);
    const failed = (why: string) => {
      if (!isNow()) return;
      this.#why = why;
      this.#on.failed(why);
    };
    const tell = (verdict: Verdict, map: Uint8Array | null) => {
      if (!isNow()) return;
      this.#verdict = verdict;
      if (map) model.take(map);
      this.#on.told(verdict, map !== null);
    };
    void load().then((module) => {
      if (isNow()) this.#stop = decide({ module, ...model.held() }, tell, failed);
    });
  }

  /** Of the model before nothing is told any more. */
  end() {
    this.#stop();
    this.#stop = () => {};
    this.#of = this.#verdict = null;
    this.#why = "";
  }
}
