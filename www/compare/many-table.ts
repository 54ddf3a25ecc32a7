// Many models as one table, the one of `adderscope table`: row by row as they come, sorted by a click, as CSV.

import type { Client } from "../channel/client.js";
import type { CompareCalls } from "../channel/protocol.js";
import { button, el, setText } from "../dom.js";
import { save } from "../download.js";
import { wordsOf } from "../errors.js";
import { grouped, readsAsNumber, shortened } from "../format.js";
import { sortable } from "../sortable.js";
import { pairPart } from "./pair.js";
import { comparer } from "./worker.js";

/** A model that may have a row. */
export interface Model {
  readonly name: string;
  readonly input: () => Promise<Uint8Array>;
  /** What its name leads to: its panels. */
  readonly open: () => HTMLElement;
}

/** Columns: what each model is called, and how many of all additions it answers right. */
const [LABEL, EXACT] = ["name", "exact"];

/** A model's row, the file that has the same model, or in words why there is none: one that cannot be had leaves the others theirs. */
async function rowOf(model: Model, worker: Client<CompareCalls>) {
  try {
    return await worker.call("row", await model.input());
  } catch (error) {
    return wordsOf(error);
  }
}

export class ManyTable {
  readonly told = el("p", { class: "note", role: "status" });
  readonly place = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Many models" });
  readonly csv = button("CSV", () => void this.#save(), { "aria-label": "Many models as CSV", hidden: true });
  #rows: string[][] = [];
  #worker: Client<CompareCalls> | null = null;

  stop() {
    this.#worker?.close();
    this.#worker = null;
  }

  /**
   * Row by row, as they come.
   * @param shown called with how many there are so far
   */
  async fill(models: readonly Model[], shown: (rows: number) => void = () => {}) {
    this.stop();
    const worker = (this.#worker = comparer());
    const isMine = () => this.#worker === worker;
    this.#rows = [];
    this.csv.hidden = true;
    this.place.replaceChildren();
    const opens = new Map<string[], HTMLElement>();
    const without: string[] = [];
    try {
      const { table_header } = await pairPart();
      const header = table_header();
      for (const [at, model] of models.entries()) {
        setText(this.told, `Deciding ${at + 1} of ${models.length}…`);
        const row = await rowOf(model, worker);
        if (!isMine()) return;
        if (typeof row === "string") {
          without.push(`${model.name}: ${row}`);
        } else if (row.same !== null) {
          if (row.same !== model.name) without.push(`${model.name}, which is of ${row.same}`);
        } else {
          this.#rows.push(row.cells);
          opens.set(row.cells, model.open());
          this.#show(header, opens);
          shown(this.#rows.length);
        }
      }
      setText(this.told, without.length > 0 ? `Without ${without.join("; ")}.` : "");
      this.csv.hidden = this.#rows.length === 0;
    } catch (error) {
      if (isMine()) setText(this.told, wordsOf(error));
    } finally {
      if (isMine()) this.stop();
    }
  }

  /** Columns in which nothing stands are left to the file. */
  #show(header: string[], opens: ReadonlyMap<string[], HTMLElement>) {
    const label = header.indexOf(LABEL);
    const filled = header.flatMap((_, at) => (at !== label && this.#rows.some((row) => row[at] !== "") ? [at] : []));
    const columns = [label, ...filled];
    const numeric = new Set(columns.filter((at) => this.#rows.every((row) => readsAsNumber(row[at] ?? ""))));
    const classOf = (at: number) => (numeric.has(at) ? "number" : null);
    const cell = (row: string[], at: number) => {
      const text = row[at] ?? "";
      if (at === label) return el("th", { scope: "row", "data-value": text }, opens.get(row) ?? text);
      const none = header[at] === EXACT ? "not decided" : "–";
      const shown = /^\d{5,}$/.test(text) ? grouped(text) : shortened(text);
      return el("td", { class: classOf(at), "data-value": text, title: text }, text === "" ? none : shown);
    };
    const head = columns.map((at) => el("th", { scope: "col", class: classOf(at) }, header[at] ?? ""));
    const table = el(
      "table",
      {},
      el("caption", { class: "unseen" }, "Many models"),
      el("thead", {}, el("tr", {}, ...head)),
      el("tbody", {}, ...this.#rows.map((row) => el("tr", {}, ...columns.map((at) => cell(row, at))))),
    );
    sortable(table);
    this.place.replaceChildren(table);
  }

  async #save() {
    const { table_csv } = await pairPart();
    save(new Blob([table_csv(this.#rows)], { type: "text/csv" }), "models.csv");
  }
}
