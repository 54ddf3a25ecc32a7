// The Weights drawer, before anyone opened it: what is in it comes with what no first view needs.

import { wireDrawer, type Drawer } from "./drawer.js";
import { wordsOf } from "./errors.js";
import { later } from "./later-load.js";
import type { Verdict, Weights } from "./library-types.js";
import type { Scope } from "./scope.js";
import type { Change } from "./state/actions.js";
import type { WeightRows } from "./weights.js";

interface On {
  /** @param goesOn whether it is in the same go as the last time */
  changed: (changes: readonly Change[], goesOn: boolean) => void;
  wanted: (isOpen: boolean) => void;
}

export class WeightsLater {
  readonly drawer: Drawer;
  readonly #scope;
  readonly #positions;
  readonly #changed;
  #rows: WeightRows | null = null;
  /** Of the model that is open, until there are rows. */
  #weights: Weights | null = null;
  #verdict: Verdict | null = null;

  /** @param positions of a slider, on each side */
  constructor(scope: Scope, positions: number, { changed, wanted }: On) {
    this.#scope = scope;
    this.#positions = positions;
    this.#changed = changed;
    this.drawer = wireDrawer(scope, "weights", { wanted, opened: () => void this.#opened() });
  }

  async #opened() {
    const place = this.#scope.byId("weights-left-out");
    try {
      if (!this.#rows) place.textContent = "Loading…";
      const { WeightRows } = await later();
      if (!this.#rows) place.textContent = "";
      this.fill(WeightRows);
      this.#rows?.opened();
    } catch (error) {
      place.textContent = wordsOf(error);
    }
  }

  /** What is in the drawer has come. */
  fill(Rows: typeof WeightRows) {
    if (this.#rows) return;
    this.#rows = new Rows(this.#scope, this.#positions, this.#changed);
    if (this.#weights) this.#rows.show(this.#weights);
    if (this.#verdict) this.#rows.showScore(this.#verdict);
  }

  /** The row of a number. */
  rowOf(tensor: string, index: number) {
    return this.#rows?.rowOf(tensor, index);
  }

  /** The score is on its way to what the state has. */
  busy(isBusy: boolean) {
    this.#scope.byId("weights-verdict").setAttribute("aria-busy", String(isBusy));
  }

  /** A model was opened, or moved: its numbers, edits included. */
  show(weights: Weights) {
    this.#weights = weights;
    this.#verdict = null;
    this.#rows?.show(weights);
  }

  showScore(verdict: Verdict) {
    this.#verdict = verdict;
    this.#rows?.showScore(verdict);
  }

  /** The numbers were changed and have this score. */
  edited(verdict: Verdict) {
    this.#verdict = verdict;
    this.#rows?.edited(verdict);
  }
}
