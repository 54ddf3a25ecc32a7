// In the comparison: what came with the open model, and the models of the page, as one table.

import type { Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { button, el } from "../dom.js";
import { downloadWhole, names } from "../gallery.js";
import type { NamedBytes, Summary } from "../library-types.js";
import { ManyTable, type Model } from "./many-table.js";

interface On {
  /** The files with which one that was left aside is opened. */
  aside: (file: string) => Promise<NamedBytes[]>;
  /** One that was left aside is to be opened. */
  instead: (file: string) => void;
}

/** The models of the page. */
export const bundledModels = (): Model[] =>
  names.map((name) => ({
    name,
    input: () => downloadWhole(name),
    open: () => el("a", { href: `#model=${name}&view=panels` }, name),
  }));

export class Many {
  readonly element;
  readonly #client;
  readonly #on;
  readonly #table = new ManyTable();
  #summary: Summary | null = null;

  constructor(client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#on = on;
    const note =
      "The model that is open, what came with it and was left aside, and those of this page, as their files are.";
    this.element = el(
      "details",
      { class: "compare-many" },
      el("summary", {}, "Many models as a table"),
      el("p", { class: "note" }, note),
      this.#table.told,
      this.#table.place,
      el("p", { class: "buttons" }, this.#table.csv),
    );
    this.element.addEventListener("toggle", () => {
      if (this.element.open) void this.#table.fill(this.#models());
      else this.stop();
    });
  }

  /** Another model is open. */
  of(summary: Summary | null) {
    if (summary?.file !== this.#summary?.file) this.element.open = false;
    this.#summary = summary;
  }

  stop() {
    this.#table.stop();
  }

  #models(): Model[] {
    const { aside = [], file = "" } = this.#summary ?? {};
    const others = aside
      .filter(({ opens }) => opens)
      .map(({ file: name }) => ({
        name,
        input: async () => this.#client.call("read", await this.#on.aside(name), { epoch: Infinity }),
        open: () => button(name, () => this.#on.instead(name), { class: "link" }),
      }));
    const held = {
      name: file,
      input: async () => (await this.#client.call("held", null)).input,
      open: () => el("span", {}, file),
    };
    return [held, ...others, ...bundledModels()];
  }
}
