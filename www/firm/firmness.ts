// "How firm is it?" in the Weights drawer: how far each number can go until an addition is answered wrong, and how short all
// of them can be, what two do together. Asked for, in a Worker of its own, which goes with what was asked of it.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls, Named, RobustCalls } from "../channel/protocol.js";
import { button, el, setText, tableOf } from "../dom.js";
import { wordsOf } from "../errors.js";
import { ARITHMETIC, POWER } from "../exact/words.js";
import { wholePercentOf } from "../format.js";
import type { Ranges } from "../library-types.js";
import type { Scope } from "../scope.js";
import type { Store } from "../state/store.js";
import type { Row } from "../weight-row.js";
import { workerClient } from "../workers.js";
import { LandscapeView } from "./landscape-view.js";
import { markRow, unmark } from "./marks.js";
import { decimalsText, inward, keptText, knownOf, provenOf, wrongText } from "./words.js";

/** One step of a model of two hundred numbers takes seconds. */
const PATIENCE = 60_000;

/** Parts of the right answers that may be lost where not all are right. */
const PARTS = [
  ["0.001", "0.1 %"],
  ["0.01", "1 %"],
  ["0.1", "10 %"],
] as const;

const COLUMNS = ["number", "value", "proven from", "to", "nearest wrong value", "what is known"];

/** Values of each number in a landscape, and how far they may go from its own. */
const VALUES = 11;
const REACHES = ["0.01", "0.1", "1"];

/** Of the drawer: its rows. */
interface Rows {
  rowOf(tensor: string, index: number): Row | undefined;
}

const fresh = () =>
  workerClient<RobustCalls>("robust-worker.js", { name: "The worker that changes numbers", patience: PATIENCE });

export class Firmness {
  readonly #client;
  readonly #rows;
  readonly #all = button("All numbers", () => void this.#ranges(null));
  readonly #one = button("Only the one looked at", () => void this.#ranges(this.#looked), { disabled: true });
  readonly #decimals = button("Fewest decimals", () => void this.#short());
  readonly #two = button("Landscape of the last two looked at", () => void this.#landscape(), { disabled: true });
  readonly #stop = button("Stop", () => this.#stopped(), { hidden: true });
  readonly #part = el(
    "select",
    { "aria-label": "Part of the right answers that may be lost" },
    ...PARTS.map(([value, text]) => el("option", { value, selected: value === "0.01" }, text)),
  );
  readonly #reach = el(
    "select",
    { "aria-label": "How far a landscape goes from a number" },
    ...REACHES.map((value) => el("option", { value, selected: value === "0.1" }, value)),
  );
  readonly #map;
  readonly #bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": "How much is done" });
  readonly #told = el("p", { class: "firm-told", role: "status" });
  readonly #table = el("details", { hidden: true }, el("summary", {}, "As a table"));
  /** The number that someone had in hand last. */
  #looked: Named | null = null;
  /** And the one before. */
  #before: Named | null = null;
  #running: AbortController | null = null;
  #marked: Row[] = [];

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, rows: Rows) {
    this.#client = client;
    this.#rows = rows;
    this.#map = new LandscapeView(scope, store);
    const lead = `How far can a number go until one of all ${POWER} additions is answered wrong? The others stay as they are.`;
    const legend = [
      ["proven", `proven for every value, in exact arithmetic`],
      ["tried", "no wrong value among those tried, no proof"],
      ["wrong", "wrong"],
    ] as const;
    const sample = (kind: string) =>
      el(
        "span",
        { class: "firm-strip", "aria-hidden": "true" },
        el("span", { class: kind }, kind === "wrong" ? "×" : ""),
      );
    scope
      .byId("firm")
      .append(
        el("p", {}, lead),
        el("p", { class: "buttons" }, this.#all, this.#one, this.#decimals, this.#two, this.#stop),
        el("p", {}, el("label", {}, "Of a model that is not right on all, its right answers may fall by ", this.#part)),
        el("p", {}, el("label", {}, "A landscape goes from its two numbers as far as ", this.#reach)),
        this.#bar,
        this.#told,
        el(
          "ul",
          { class: "firm-legend", title: ARITHMETIC },
          ...legend.map(([kind, text]) => el("li", {}, sample(kind), text)),
        ),
        this.#table,
        this.#map.element,
      );
    scope.byId("weights-list").addEventListener("focusin", ({ target }) => this.#looksAt(target));
    const end = store.subscribe((_, changed) => {
      if (changed.has("models")) this.#looksAt(null);
      if (changed.has("edits") || changed.has("step") || changed.has("models")) this.forget();
    });
    scope.signal.addEventListener("abort", () => {
      end();
      this.#running?.abort();
    });
  }

  /** What was found is of numbers that are others now. */
  forget() {
    const had = this.#end() || this.#marked.length > 0 || this.#told.textContent !== "";
    this.#clear();
    if (had) setText(this.#told, "The numbers are others now: ask again.");
  }

  #clear() {
    for (const row of this.#marked) unmark(row);
    this.#marked = [];
    this.#table.hidden = true;
    this.#map.clear();
    setText(this.#told, "");
  }

  /** Whether something was at work. */
  #end() {
    const running = this.#running;
    this.#running = null;
    running?.abort();
    this.#busy(false);
    return running !== null;
  }

  #stopped() {
    const known = this.#told.textContent;
    this.#end();
    setText(this.#told, `Stopped. ${known}`);
    this.#all.focus(); // a button that goes takes the focus with it
  }

  #busy(isBusy: boolean) {
    this.#stop.hidden = this.#bar.hidden = !isBusy;
    this.#all.disabled = this.#decimals.disabled = isBusy;
    this.#one.disabled = isBusy || !this.#looked;
    this.#two.disabled = isBusy || !this.#looked || !this.#before;
  }

  #looksAt(target: EventTarget | null) {
    const item = target instanceof Element ? target.closest("li") : null;
    const tensor = item?.closest<HTMLElement>("[data-tensor]")?.dataset["tensor"];
    const siblings = item?.parentElement?.children;
    const looked = item && siblings && tensor ? { tensor, index: [...siblings].indexOf(item) } : null;
    const isSame = looked?.tensor === this.#looked?.tensor && looked?.index === this.#looked?.index;
    if (!looked) this.#before = null;
    else if (!isSame) this.#before = this.#looked;
    this.#looked = looked;
    const name = item?.querySelector("input")?.getAttribute("aria-label");
    setText(this.#one, name ? `Only “${name}”` : "Only the one looked at");
    this.#busy(this.#running !== null);
  }

  #ranges(only: Named | null) {
    let shown = -1;
    return this.#ask("ranges", { only }, (found, share) => {
      if (found.numbers.length !== shown) this.#showRanges(found);
      shown = found.numbers.length;
      const unread = found.numbers.filter(({ read }) => !read).length;
      const more = unread > 0 ? ` ${unread} of them: read by no answer digit.` : "";
      const done = share < 1 ? ` ${wholePercentOf(share)} done.` : "";
      setText(this.#told, `${shown} of ${found.total} numbers.${more} ${keptText(found.kept)}${done}`);
    });
  }

  #short() {
    return this.#ask("decimals", {}, (found, share) => {
      setText(this.#told, share < 1 ? `${found.tried.length} roundings tried.` : decimalsText(found));
    });
  }

  #landscape() {
    const [x, y] = [this.#looked, this.#before];
    if (!x || !y) return;
    const names = [x, y].map(({ tensor, index }) => this.#rows.rowOf(tensor, index)?.name ?? tensor);
    const more = { x, y, reach: Number(this.#reach.value), values: VALUES };
    return this.#ask("landscape", more, (found, share) => {
      void this.#map.show({ found, names: [names[0] ?? "", names[1] ?? ""] });
      const all = found.cells.filter(({ right }) => right).length;
      const done = share < 1 ? ` ${wholePercentOf(share)} done.` : "";
      setText(
        this.#told,
        `Right on all ${POWER} in ${all} of ${found.cells.length} cells, in exact arithmetic.${done}`,
      );
    });
  }

  #showRanges({ numbers, kept }: Ranges) {
    for (const range of numbers) {
      const row = this.#rows.rowOf(range.tensor, range.index);
      if (!row || this.#marked.includes(row)) continue;
      markRow(row, range, kept);
      this.#marked.push(row);
    }
    const rows = numbers.map((range) => {
      const [from, to] = range.read ? (provenOf(range) ?? ["–", "–"]) : ["any", "any"];
      const name = `${range.tensor}${range.subscript}`;
      return [name, inward(range.value, range.value), from, to, wrongText(range), knownOf(range, kept)];
    });
    const table = tableOf({ columns: COLUMNS, rows }, `How far each number can go. ${keptText(kept)}`);
    const region = { class: "scroll", tabindex: 0, role: "region", "aria-label": "How far each number can go" };
    this.#table.querySelector(".scroll")?.remove();
    this.#table.append(el("div", region, table));
    this.#table.hidden = numbers.length === 0;
  }

  async #ask<Name extends keyof RobustCalls>(
    name: Name,
    more: Omit<RobustCalls[Name]["input"], "model" | "part">,
    show: (found: RobustCalls[Name]["output"], share: number) => void,
  ) {
    this.#end();
    this.#clear();
    const mine = new AbortController();
    this.#running = mine;
    const robust = fresh();
    mine.signal.addEventListener("abort", () => robust.close()); // in the middle of a step, too
    this.#busy(true);
    this.#bar.value = 0;
    this.#stop.focus();
    setText(this.#told, "Deciding the model itself…");
    const progress = ({ share, found }: RobustCalls[Name]["progress"]) => {
      if (this.#running !== mine) return;
      this.#bar.value = share;
      show(found, share);
    };
    try {
      const model = await this.#client.call("held", null);
      if (this.#running !== mine) return;
      const input = { model, part: Number(this.#part.value), ...more } as RobustCalls[Name]["input"];
      const found = await robust.call(name, input, { progress });
      if (this.#running === mine) show(found, 1);
    } catch (error) {
      if (this.#running === mine && !(error instanceof Late)) setText(this.#told, wordsOf(error));
    } finally {
      robust.close();
      const hadFocus = document.activeElement === this.#stop;
      if (this.#running === mine) this.#end();
      if (hadFocus && this.#stop.hidden) this.#all.focus();
    }
  }
}
