// What is in the Weights drawer: every learned number as a slider and a field.

import { button, el } from "./dom.js";
import { bringPanels } from "./drawer.js";
import { grouped } from "./format.js";
import type { Tensor, Verdict, Weights } from "./library-types.js";
import type { Scope } from "./scope.js";
import type { Change } from "./state/actions.js";
import { Row } from "./weight-row.js";
import { comparison, spokenScore, toneOf } from "./weights-words.js";

/** How long, in milliseconds, the numbers rest before a screen reader hears the score. */
const REST = 900;

/** A tensor's numbers under its heading. */
function tensorOf(
  scope: Scope,
  { name, source, title, numbers }: Tensor,
  { positions, changed, together }: Pick<WeightRows, "positions" | "changed" | "together">,
) {
  const rows = numbers.map((number, index) => {
    const about = { title, id: scope.id(`weight-${name}-${index}`), positions };
    const row = new Row(number, about, (value, goesOn) => changed({ name, index, value }, goesOn));
    row.element.dataset["item"] = `weight:${name}/${index}`;
    return row;
  });
  const heading = el("h3", {}, title, " ", el("code", {}, source));
  const back = () => {
    together(() => {
      for (const row of rows) row.reset();
    });
    rows[0]?.focus();
  };
  const reset = button("Reset", back, { class: "link", "aria-label": `Reset ${title}` });
  reset.hidden = true;
  const element = el(
    "section",
    { "data-tensor": name },
    el("header", {}, heading, rows.length > 1 ? reset : null),
    el("ul", {}, ...rows.map((row) => row.element)),
  );
  const mark = () => {
    reset.hidden = !rows.some((row) => row.isEdited);
  };
  mark();
  return {
    element,
    name,
    rows,
    mark,
    /** Whether these rows can show another model's tensor. */
    fits: (other: Tensor | undefined) =>
      other?.name === name && other.source === source && other.title === title && other.numbers.length === rows.length,
    /** @param other that fits */
    become: (other: Tensor | undefined) => {
      for (const [at, number] of (other?.numbers ?? []).entries()) rows[at]?.become(number);
    },
  };
}

export class WeightRows {
  #scope;
  readonly positions;
  #changed;
  #resetAll;
  #tensors: ReturnType<typeof tensorOf>[] = [];
  /** Numbers that no one has looked at yet: the rows are made when the drawer is open. */
  #waiting: Weights | null = null;
  #batch: Change[] | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param positions of a slider, on each side
   * @param changed told what was changed, and whether in the same go as the last time
   */
  constructor(scope: Scope, positions: number, changed: (changes: readonly Change[], goesOn: boolean) => void) {
    this.#scope = scope;
    this.positions = positions;
    this.#changed = changed;
    this.#resetAll = scope.byId("weights-reset");
    this.#resetAll.addEventListener("click", () => {
      this.together(() => {
        for (const { rows } of this.#tensors) for (const row of rows) row.reset();
      });
      scope.byId("weights-title").focus(); // a button that is disabled loses the focus
    });
    scope.signal.addEventListener("abort", () => clearTimeout(this.#resting));
  }

  /** The drawer is open now. */
  opened() {
    this.#build();
    void bringPanels(this.#scope, this.#scope.byId("weights"));
  }

  /** A number was changed in its row. */
  readonly changed = (change: Change, goesOn: boolean) => {
    if (this.#batch) this.#batch.push(change);
    else this.#changed([change], goesOn);
    this.#mark();
  };

  /** What is changed meanwhile is one edit. */
  readonly together = (work: () => void) => {
    this.#batch = [];
    work();
    if (this.#batch.length > 0) this.#changed(this.#batch, false);
    this.#batch = null;
  };

  /** The row of a number. */
  rowOf(tensor: string, index: number): Row | undefined {
    return this.#tensors.find(({ name }) => name === tensor)?.rows[index];
  }

  /** A model was opened, or moved: its numbers, edits included. */
  show(weights: Weights) {
    clearTimeout(this.#resting);
    this.#waiting = weights;
    if (!this.#scope.byId("weights").hidden) this.#build();
    for (const id of ["weights-score", "weights-change"]) this.#scope.byId(id).textContent = "";
    this.#scope.byId("weights-total").textContent = "…";
  }

  showScore(verdict: Verdict) {
    const { passed, total } = verdict.score;
    this.#scope.byId("weights-score").textContent = grouped(passed);
    this.#scope.byId("weights-total").textContent = ` of ${grouped(total)} right`;
    const change = this.#scope.byId("weights-change");
    change.textContent = comparison(verdict);
    change.className = `change ${toneOf(verdict)}`;
  }

  /** The numbers were changed and have this score. */
  edited(verdict: Verdict) {
    this.showScore(verdict);
    clearTimeout(this.#resting);
    const text = spokenScore(verdict);
    this.#resting = setTimeout(() => this.#scope.announce(text), REST);
  }

  #mark() {
    for (const tensor of this.#tensors) tensor.mark();
    const edited = this.#tensors.flatMap(({ rows }) => rows).filter((row) => row.isEdited).length;
    this.#resetAll.textContent = edited > 1 ? `Reset all ${grouped(edited)}` : "Reset all";
    this.#resetAll.toggleAttribute("disabled", edited === 0);
  }

  #build() {
    if (!this.#waiting) return;
    const { tensors, left_out } = this.#waiting;
    this.#waiting = null;
    const same =
      tensors.length === this.#tensors.length && this.#tensors.every((tensor, at) => tensor.fits(tensors[at]));
    if (same) {
      for (const [at, tensor] of this.#tensors.entries()) tensor.become(tensors[at]);
    } else {
      this.#tensors = tensors.map((tensor) => tensorOf(this.#scope, tensor, this));
      this.#scope.byId("weights-list").replaceChildren(...this.#tensors.map(({ element }) => element));
    }
    this.#scope.byId("weights-left-out").textContent = left_out;
    this.#mark();
  }
}
