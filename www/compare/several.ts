// Several models that came together: the first of them is open, and all of them stand in a table on the page, each a click
// from its panels, for as long as one of them is open.

import type { Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { button, el, setText } from "../dom.js";
import type { NamedBytes, Summary } from "../library-types.js";
import type { Outcome } from "../model.js";
import type { ModelRef } from "../state/state.js";
import { bundledModels } from "./many.js";
import { ManyTable, type Model } from "./many-table.js";

interface On {
  /** The files with which one of those that came with the open model is opened. */
  aside: (file: string) => Promise<NamedBytes[]>;
  /** A model is to be opened, at its panels: settles once it is, or will not be. */
  bring: (files: Promise<NamedBytes[]>) => Promise<Outcome>;
  /** There is a table, of so many models. */
  told: (words: string) => void;
  /** The table is closed, and with it goes the focus. */
  closed: () => void;
}

/** A model that was chosen here. */
interface Wanted {
  readonly name: string;
  isShown: boolean;
}

/** The folder that a file came in, where there were several. */
const folderOf = (name: string) => name.slice(0, name.lastIndexOf("/") + 1);

/** Of the files of a model those that are its own: what lies in other folders is of other models. */
const own = (name: string, files: readonly NamedBytes[]) =>
  files.filter((file) => folderOf(file.name) === folderOf(name));

export class Several {
  readonly element;
  readonly #client;
  readonly #on;
  readonly #table = new ManyTable();
  readonly #title = el("h2");
  readonly #more = button("Add the models of this page", () => void this.#fill(true));
  readonly #close = button("Close the table", () => {
    this.#forget();
    this.#on.closed();
  });
  /** Models that came together, by the names of their files. */
  #set = new Map<string, Promise<NamedBytes[]>>();
  /** What leads to each, by the same names, and the one that is open. */
  #openers = new Map<string, HTMLElement>();
  #open = "";
  /** Under which keys the tab has those that were opened. */
  #keys = new Set<string>();
  /** The one that was chosen here, until it is open. */
  #wanted: Wanted | null = null;
  /** Whether the models of the page are among them. */
  #isMore = false;

  constructor(client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#on = on;
    this.element = el(
      "section",
      { class: "several of-facts", hidden: true, "aria-label": "Models that came together" },
      this.#title,
      el(
        "p",
        { class: "note" },
        "The files as they are, without edits. Click a name to open that model’s panels, or a column’s name to sort.",
      ),
      this.#table.place,
      this.#table.told,
      el("p", { class: "buttons" }, this.#table.csv, this.#more, this.#close),
    );
  }

  /** A model is open, and scored; null: none is. */
  of(summary: Summary | null, ref: ModelRef | null) {
    const { files = "", bundled = "" } = ref ?? {};
    const isWanted = summary !== null && this.#wanted?.name === summary.file;
    if (isWanted) this.#keys.add(files);
    if (isWanted || this.#wanted?.isShown) this.#wanted = null; // or another one took its place
    const isKnown = files === "" ? bundled !== "" && this.#isMore : this.#keys.has(files);
    if (!isKnown) {
      this.#forget();
      const others = summary?.aside.filter(({ opens }) => opens) ?? [];
      if (summary && others.length > 0) this.#take(summary.file, others, files);
    }
    this.#mark(bundled === "" ? (summary?.file ?? "") : bundled);
  }

  /** More files came of the model that is open, which the tab has under another key with them. */
  joined(files: string) {
    if (this.#keys.size > 0) this.#keys.add(files);
  }

  /** The row of the one that is open says so. */
  #mark(open: string) {
    this.#open = open;
    for (const [name, opener] of this.#openers) {
      if (name === open) opener.setAttribute("aria-current", "true");
      else opener.removeAttribute("aria-current");
    }
  }

  #forget() {
    this.#table.stop();
    this.#set.clear();
    this.#keys.clear();
    this.#wanted = null;
    this.#isMore = false;
    this.element.hidden = true;
  }

  #take(first: string, others: Summary["aside"], key: string) {
    this.#keys.add(key);
    for (const name of [first, ...others.map(({ file }) => file)]) {
      const files = this.#on.aside(name);
      files.catch(() => {}); // told where its row would be
      this.#set.set(name, files);
    }
    void this.#fill(false);
  }

  #fill(isMore: boolean) {
    this.#isMore = isMore;
    this.#more.hidden = isMore;
    this.#openers.clear();
    const came = [...this.#set].map(([name, files], at): Model => {
      // The first opens with all that came, the others with what is of no other model.
      const wanted = at === 0 ? files : files.then((all) => own(name, all));
      wanted.catch(() => {}); // told where its row would be
      return {
        name,
        // Whatever is open by then.
        input: async () => this.#client.call("read", await wanted, { epoch: Infinity }),
        open: () => button(name, () => void this.#opened(name, wanted), { class: "link" }),
      };
    });
    const models = (isMore ? [...came, ...bundledModels()] : came).map((model) => ({
      ...model,
      open: () => {
        const opener = model.open();
        this.#openers.set(model.name, opener);
        return opener;
      },
    }));
    return this.#table.fill(models, (rows) => this.#shown(rows));
  }

  async #opened(name: string, files: Promise<NamedBytes[]>) {
    const wanted: Wanted = { name, isShown: false };
    this.#wanted = wanted;
    wanted.isShown = (await this.#on.bring(files)) === "shown";
    if (!wanted.isShown && this.#wanted === wanted) this.#wanted = null;
  }

  /** One model alone is no table: what else came is of the same run. */
  #shown(rows: number) {
    if (rows < 2) return;
    setText(this.#title, `${rows} models, ${this.#isMore ? "those of this page among them" : "opened together"}`);
    if (this.element.hidden) this.#on.told("What was opened holds several models: a table of them is below the facts");
    this.element.hidden = false;
    this.#mark(this.#open);
  }
}
