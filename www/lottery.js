// Several runs side by side: their curves in one plot, their outcomes in a table.

import { byId, el, grouped } from "./dom.js";
import { percentOf } from "./facts.js";
import { Plot } from "./plot.js";

/** @typedef {import("./library.js").TrainerLibrary} TrainerLibrary */
/** @typedef {import("./run.js").Run} Run */

const COLUMNS = ["seed", "step", "exact match", "AdderBoard", "half at"];

/** A run's row; its button brings the run to the panels. */
class Row {
  #cells = COLUMNS.slice(1).map(() => el("td", { class: "number" }));
  #state = el("small");
  #button;
  /** @type {Run} */
  #run;

  /**
   * @param {Run} run
   * @param {() => void} chosen
   */
  constructor(run, chosen) {
    this.#run = run;
    this.#button = el("button", { type: "button", class: "link" }, run.about.seed);
    this.element = el("tr", {}, el("th", { scope: "row" }, this.#button, this.#state), ...this.#cells);
    // The button is for the keyboard; the whole row is easier to hit.
    this.element.addEventListener("click", chosen);
  }

  /** @param {boolean} isChosen */
  show(isChosen) {
    const { progress, board, state } = this.#run;
    const outcome = progress?.outcome;
    const texts = [
      progress ? grouped(progress.step) : "–",
      outcome ? percentOf(outcome.val_exact) : "–",
      board ? grouped(board.passed) : "–",
      outcome?.half_step !== null && outcome ? grouped(outcome.half_step) : "–",
    ];
    for (const [at, text] of texts.entries()) {
      const cell = this.#cells[at];
      if (cell && cell.textContent !== text) cell.textContent = text;
    }
    if (this.#state.textContent !== state) this.#state.textContent = state;
    this.#button.setAttribute("aria-label", `Seed ${this.#run.about.seed} in the panels`);
    this.element.classList.toggle("chosen", isChosen);
    if (isChosen) this.#button.setAttribute("aria-current", "true");
    else this.#button.removeAttribute("aria-current");
  }
}

/**
 * Wires the lottery's part of the drawer.
 * @param {(run: Run) => void} chosen
 * @param {(message: string) => void} failed
 */
export function lotteryView(chosen, failed) {
  const plot = new Plot({ failed });
  byId("train-curves").append(plot.element);
  /** @type {Map<Run, Row>} */
  let rows = new Map();
  /** @type {TrainerLibrary["Seeds"] | undefined} */
  let Seeds;
  /** @type {InstanceType<TrainerLibrary["Seeds"]> | null} */
  let figure = null;
  let drawn = "";

  return {
    /** @param {Run[]} runs @param {TrainerLibrary} library */
    begin(runs, library) {
      ({ Seeds } = library);
      byId("train-lottery").hidden = runs.length < 2;
      rows = new Map(runs.map((run) => [run, new Row(run, () => chosen(run))]));
      drawn = "";
      const head = COLUMNS.map((name, at) => el("th", { scope: "col", class: at > 0 ? "number" : null }, name));
      byId("train-table").replaceChildren(
        el(
          "table",
          {},
          el("caption", { class: "unseen" }, "What came of each seed: its best snapshot, and the first step with half of the additions right"),
          el("thead", {}, el("tr", {}, ...head)),
          el("tbody", {}, ...[...rows.values()].map(({ element }) => element)),
        ),
      );
    },

    /**
     * @param {Run | null} selected
     * @param {"light" | "dark"} theme
     */
    show(selected, theme) {
      if (rows.size < 2 || !Seeds) return;
      for (const [run, row] of rows) row.show(run === selected);
      const runs = [...rows.keys()];
      const now = `${theme} ${runs.map(({ log }) => log.length)}`;
      if (now === drawn) return;
      drawn = now;
      const points = (/** @type {Run} */ { log }) => log.map(({ step, val_exact }) => [step, val_exact ?? 0]);
      const curves = runs.map((run) => ({ name: `seed ${run.about.seed}`, points: points(run) }));
      figure?.free();
      figure = new Seeds(curves, runs[0]?.about.steps ?? 1);
      const name = `Exact match over training of ${runs.length} seeds; the table below has their outcomes.`;
      plot.show({ figure: /** @type {any} */ (figure), panel: "seeds", alignment: "answer", theme, name });
    },
  };
}
