// Several runs side by side: their curves in one plot, their outcomes in a table.

import { Seeds } from "./adderscope.js";
import { button, el, setText } from "./dom.js";
import { save } from "./download.js";
import { wordsOf } from "./errors.js";
import type { NamedBytes, Theme } from "./library-types.js";
import { lotteryCsv } from "./lottery-csv.js";
import { ARITHMETIC, POWER } from "./exact/words.js";
import { Plot } from "./plot.js";
import type { Run } from "./run.js";
import { curveOf } from "./run-curves.js";
import { outcomeOf } from "./run-words.js";
import type { Scope } from "./scope.js";
import { sortable } from "./sortable.js";

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
    this.element = el(
      "tr",
      {},
      el("th", { scope: "row", "data-value": run.about.seed }, this.#button, this.#state),
      ...this.#cells,
    );
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
  /** What files hold, as Workers take it. */
  read: (files: NamedBytes[]) => Promise<Uint8Array>;
  failed: (message: string) => void;
}

/** Wires the lottery's part of the drawer. */
export function lotteryView(scope: Scope, on: On) {
  const plot = new Plot(scope, { failed: on.failed });
  scope.byId("train-curves").append(plot.element);
  const take = async () => {
    try {
      save(new Blob([await lotteryCsv([...rows.keys()], on.read)], { type: "text/csv" }), "sweep.csv");
    } catch (error) {
      on.failed(wordsOf(error));
    }
  };
  const csv = button("Table (CSV)", () => void take());
  scope.byId("train-lottery").append(el("p", { class: "buttons" }, csv));
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
      const caption =
        "What came of each seed: its best snapshot, the first step with half of the additions right, and how many of " +
        "all additions the best snapshot answers right, in exact arithmetic";
      const table = el(
        "table",
        {},
        el("caption", { class: "unseen" }, caption),
        el("thead", {}, el("tr", {}, ...head)),
        el("tbody", {}, ...[...rows.values()].map(({ element }) => element)),
      );
      sortable(table);
      scope.byId("train-table").replaceChildren(table);
    },

    show(selected: Run | null, theme: Theme) {
      if (rows.size < 2) return;
      for (const [run, row] of rows) row.show(run === selected);
      const runs = [...rows.keys()];
      csv.hidden = !runs.some(({ isOver }) => isOver);
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
