// Several runs side by side: their curves in one plot, their outcomes in a table.

import { Seeds } from "./adderscope.js";
import { el, setText } from "./dom.js";
import type { Theme } from "./library-types.js";
import { ARITHMETIC, POWER } from "./exact/words.js";
import { Plot } from "./plot.js";
import type { Run } from "./run.js";
import { curveOf } from "./run-curves.js";
import { outcomeOf } from "./run-words.js";
import type { Scope } from "./scope.js";

const COLUMNS = ["seed", "step", "exact match", "AdderBoard", "half at", `all ${POWER}`];

/** A run's row; its button brings the run to the panels. */
class Row {
  readonly element;
  #cells = COLUMNS.slice(1).map(() => el("td", { class: "number" }));
  #state = el("small");
  #button;
  #run;

  constructor(run: Run, chosen: () => void) {
    this.#run = run;
    this.#button = el("button", { type: "button", class: "link" }, run.about.seed);
    this.element = el("tr", {}, el("th", { scope: "row" }, this.#button, this.#state), ...this.#cells);
    // The button is for the keyboard; the whole row is easier to hit.
    this.element.addEventListener("click", chosen);
  }

  show(isChosen: boolean) {
    for (const [at, text] of outcomeOf(this.#run).entries()) {
      const cell = this.#cells[at];
      if (cell) setText(cell, text);
    }
    setText(this.#state, this.#run.state);
    this.#button.setAttribute("aria-label", `Seed ${this.#run.about.seed} in the panels`);
    this.element.classList.toggle("chosen", isChosen);
    if (isChosen) this.#button.setAttribute("aria-current", "true");
    else this.#button.removeAttribute("aria-current");
  }
}

interface On {
  chosen: (run: Run) => void;
  failed: (message: string) => void;
}

/** Wires the lottery's part of the drawer. */
export function lotteryView(scope: Scope, on: On) {
  const plot = new Plot(scope, { failed: on.failed });
  scope.byId("train-curves").append(plot.element);
  let rows = new Map<Run, Row>();
  let figure: Seeds | null = null;
  let drawn = "";

  return {
    begin(runs: Run[]) {
      scope.byId("train-lottery").hidden = runs.length < 2;
      rows = new Map(runs.map((run) => [run, new Row(run, () => on.chosen(run))]));
      drawn = "";
      const head = COLUMNS.map((name, at) => {
        const title = at === COLUMNS.length - 1 ? ARITHMETIC : null;
        return el("th", { scope: "col", class: at > 0 ? "number" : null, title }, name);
      });
      scope
        .byId("train-table")
        .replaceChildren(
          el(
            "table",
            {},
            el(
              "caption",
              { class: "unseen" },
              "What came of each seed: its best snapshot, the first step with half of the additions right, and how many of " +
                "all additions the best snapshot answers right, in exact arithmetic",
            ),
            el("thead", {}, el("tr", {}, ...head)),
            el("tbody", {}, ...[...rows.values()].map(({ element }) => element)),
          ),
        );
    },

    show(selected: Run | null, theme: Theme) {
      if (rows.size < 2) return;
      for (const [run, row] of rows) row.show(run === selected);
      const runs = [...rows.keys()];
      const now = `${theme} ${runs.map(({ log }) => log.length).join()}`;
      if (now === drawn) return;
      drawn = now;
      figure?.free();
      figure = new Seeds(runs.map(curveOf), Math.max(1, ...runs.map(({ about }) => about.steps)));
      const name = `Exact match over training of ${runs.length} seeds; the table below has their outcomes.`;
      plot.show({ figure, panel: "seeds", alignment: "answer", theme, name });
    },
  };
}
