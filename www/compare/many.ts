// Many models as one table, the one of `adderscope table`: those that came with the open one, and those of the page.

import type { Client } from "../channel/client.js";
import type { CompareCalls, LibraryCalls } from "../channel/protocol.js";
import { button, el, setText } from "../dom.js";
import { save } from "../download.js";
import { wordsOf } from "../errors.js";
import { grouped, readsAsNumber, shortened } from "../format.js";
import { downloadWhole, names } from "../gallery.js";
import type { NamedBytes, Summary } from "../library-types.js";
import { sortable } from "../sortable.js";
import { pairPart } from "./pair.js";

/** A model that has a row. */
interface Model {
  readonly name: string;
  readonly input: () => Promise<Uint8Array>;
  /** What its name leads to: its panels. */
  readonly open: () => HTMLElement;
}

interface On {
  /** The files with which one that was left aside is opened. */
  aside: (file: string) => Promise<NamedBytes[]>;
  /** One that was left aside is to be opened. */
  instead: (file: string) => void;
}

const LABEL = "name";

/** A model's row, or why it has none: one that cannot be had leaves the others their rows. */
async function rowOf(model: Model, worker: Client<CompareCalls>) {
  try {
    return await worker.call("row", await model.input());
  } catch (error) {
    return wordsOf(error);
  }
}

export class Many {
  readonly element;
  readonly #client;
  readonly #fresh;
  readonly #on;
  readonly #told = el("p", { class: "note", role: "status" });
  readonly #place = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Many models" });
  readonly #csv = button("CSV", () => void this.#save(), { "aria-label": "Many models as CSV", hidden: true });
  #summary: Summary | null = null;
  #rows: string[][] = [];
  #worker: Client<CompareCalls> | null = null;

  constructor(client: Client<LibraryCalls>, fresh: () => Client<CompareCalls>, on: On) {
    this.#client = client;
    this.#fresh = fresh;
    this.#on = on;
    const note =
      "The model that is open, what came with it and was left aside, and those of this page, as their files are.";
    this.element = el(
      "details",
      { class: "compare-many" },
      el("summary", {}, "Many models as a table"),
      el("p", { class: "note" }, note),
      this.#told,
      this.#place,
      el("p", { class: "buttons" }, this.#csv),
    );
    this.element.addEventListener("toggle", () => {
      if (this.element.open) void this.#fill();
      else this.stop();
    });
  }

  /** Another model is open. */
  of(summary: Summary | null) {
    if (summary?.file !== this.#summary?.file) this.element.open = false;
    this.#summary = summary;
  }

  stop() {
    this.#worker?.close();
    this.#worker = null;
  }

  #models(): Model[] {
    const { aside = [], file = "" } = this.#summary ?? {};
    const others = aside
      .filter(({ opens }) => opens)
      .map(({ file: name }) => ({
        name,
        input: async () => this.#client.call("read", await this.#on.aside(name)),
        open: () => button(name, () => this.#on.instead(name), { class: "link" }),
      }));
    const held = {
      name: file,
      input: async () => (await this.#client.call("held", null)).input,
      open: () => el("span", {}, file),
    };
    const bundled = names.map((name) => ({
      name,
      input: () => downloadWhole(name),
      open: () => el("a", { href: `#model=${name}&view=panels` }, name),
    }));
    return [held, ...others, ...bundled];
  }

  /** Row by row, as they come. */
  async #fill() {
    this.stop();
    const worker = (this.#worker = this.#fresh());
    const isMine = () => this.#worker === worker;
    this.#rows = [];
    this.#csv.hidden = true;
    const opens = new Map<string[], HTMLElement>();
    const without: string[] = [];
    try {
      const { table_header } = await pairPart();
      const header = table_header();
      for (const model of this.#models()) {
        setText(this.#told, `Deciding ${this.#rows.length + 1}…`);
        const row = await rowOf(model, worker);
        if (!isMine()) return;
        if (typeof row === "string") {
          without.push(`${model.name}: ${row}`);
          continue;
        }
        if (this.#rows.some((known) => known.join() === row.join())) continue; // it is open, and of the page
        this.#rows.push(row);
        opens.set(row, model.open());
        this.#show(header, opens);
      }
      setText(this.#told, without.length > 0 ? `Without ${without.join("; ")}` : "");
      this.#csv.hidden = this.#rows.length === 0;
    } catch (error) {
      if (isMine()) setText(this.#told, wordsOf(error));
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
      return el(
        "td",
        { class: classOf(at), "data-value": text, title: text },
        /^\d{5,}$/.test(text) ? grouped(text) : shortened(text),
      );
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
    this.#place.replaceChildren(table);
  }

  async #save() {
    const { table_csv } = await pairPart();
    save(new Blob([table_csv(this.#rows)], { type: "text/csv" }), "models.csv");
  }
}
