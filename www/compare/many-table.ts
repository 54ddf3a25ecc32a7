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
  /** What is in the place. */
  #shown: { layout: string; body: HTMLElement; sort: ReturnType<typeof sortable> } | null = null;
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
    this.#shown = null;
    this.place.replaceChildren();
    // How far it is can be seen; what is heard is the beginning and the end.
    const at = el("span", { "aria-hidden": "true" });
    this.told.replaceChildren(`Deciding ${models.length} models… `, at);
    const opens = new Map<string[], HTMLElement>();
    const without: string[] = [];
    try {
      const { table_header } = await pairPart();
      const header = table_header();
      for (const [done, model] of models.entries()) {
        setText(at, `${done} are done.`);
        const row = await rowOf(model, worker);
        if (!isMine()) return;
        if (typeof row === "string") {
          without.push(`${model.name}: ${row}`);
        } else if (row.same !== null) {
          if (row.same !== model.name) without.push(`${model.name} (the same model as ${row.same})`);
        } else {
          this.#rows.push(row.cells);
          opens.set(row.cells, model.open());
          this.#show(header, opens);
          shown(this.#rows.length);
        }
      }
      setText(this.told, without.length > 0 ? `Without ${without.join("; ")}.` : "The table is complete.");
      this.csv.hidden = this.#rows.length === 0;
    } catch (error) {
      if (isMine()) setText(this.told, wordsOf(error));
    } finally {
      if (isMine()) this.stop();
    }
  }

  /** The newest row joins the others; where it makes columns others, all rows stand in a new table. */
  #show(header: string[], opens: ReadonlyMap<string[], HTMLElement>) {
    const label = header.indexOf(LABEL);
    // Columns in which nothing stands are left to the file.
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
    const rowOf = (row: string[]) => el("tr", {}, ...columns.map((at) => cell(row, at)));
    const layout = columns.map((at) => `${at} ${classOf(at) ?? ""}`).join();
    const { focused, sorted } = this.#stands();
    const newest = this.#rows.at(-1);
    if (this.#shown?.layout === layout && newest) {
      this.#shown.body.append(rowOf(newest));
    } else {
      const head = columns.map((at) => el("th", { scope: "col", class: classOf(at) }, header[at] ?? ""));
      const body = el("tbody", {}, ...this.#rows.map(rowOf));
      const caption = el("caption", { class: "unseen" }, "Many models");
      const table = el("table", {}, caption, el("thead", {}, el("tr", {}, ...head)), body);
      this.#shown = { layout, body, sort: sortable(table) };
      this.place.replaceChildren(table);
    }
    if (sorted) this.#shown.sort(sorted.name, sorted.way);
    this.#focus(focused);
  }

  /** What has the focus in the table, and what it is sorted by. */
  #stands() {
    const focused = this.place.contains(document.activeElement) ? document.activeElement : null;
    const head = this.place.querySelector("[aria-sort]");
    const way = head?.getAttribute("aria-sort") === "descending" ? -1 : 1;
    return { focused, sorted: head && { name: head.textContent, way } };
  }

  /** Brings the focus back: what leads to a model is the same in each table, a column's name is another with the same words. */
  #focus(before: Element | null) {
    if (!before || before === document.activeElement) return;
    const sorts = [...this.place.querySelectorAll<HTMLElement>(".sorts")];
    const there = this.place.contains(before)
      ? before
      : sorts.find(({ textContent }) => textContent === before.textContent);
    if (there instanceof HTMLElement) there.focus({ preventScroll: true });
  }

  async #save() {
    const { table_csv } = await pairPart();
    save(new Blob([table_csv(this.#rows)], { type: "text/csv" }), "models.csv");
  }
}
