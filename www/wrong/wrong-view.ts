// The additions that a model gets wrong, as a list that works: of AdderBoard, of a search, or one of each rule.

import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { wordsOf } from "../errors.js";
import { Dialog } from "../dialog.js";
import { leadText } from "../exact/words.js";
import { grouped } from "../format.js";
import type { ExactReport, Failures, WrongAnswer } from "../library-types.js";
import type { Scope } from "../scope.js";
import { sumText } from "../sum/words.js";
import { markedDigits } from "./marked.js";
import { sorted, type Listed, type Order } from "./order.js";
import { Search } from "./search.js";

/** Where wrong answers are looked for. */
const SOURCES = [
  { key: "board", title: "AdderBoard’s" },
  { key: "search", title: "Search" },
  { key: "rules", title: "One of each rule" },
] as const;
export type Source = (typeof SOURCES)[number]["key"];

const COLUMNS: readonly {
  readonly name: string;
  readonly order?: Order;
  readonly title?: string;
  readonly isNumber?: true;
}[] = [
  { name: "a + b", order: "found" },
  { name: "right", isNumber: true },
  { name: "the model says", isNumber: true },
  { name: "first wrong", order: "digit", title: "The first answer digit that is wrong: Z0 is the ones digit" },
  { name: "carry chain", order: "chain", title: "The longest run of columns that send a carry", isNumber: true },
  { name: "lead", order: "lead", title: "By how much, in logits, the wrong digit leads the right one", isNumber: true },
  { name: "fails alike" },
];

interface On {
  /** An addition is to be looked at. */
  show: (a: number, b: number) => void;
}

/** What is listed. */
interface List {
  readonly title: string;
  readonly note: string;
  readonly all: readonly Listed[];
}

const NOTHING: List = { title: "Wrong additions", note: "", all: [] };

const titleOf = (listed: number, wrong: number) =>
  listed < wrong
    ? `The first ${grouped(listed)} of ${grouped(wrong)} wrong additions`
    : `${wrong === 0 ? "No" : grouped(wrong)} wrong addition${wrong === 1 ? "" : "s"}`;

export class WrongView {
  readonly #client;
  readonly #on;
  readonly #dialog;
  readonly #search;
  #source: Source = "board";
  #list = NOTHING;
  #report: ExactReport | null = null;
  #order: { by: Order; isFalling: boolean } = { by: "found", isFalling: false };
  /** The simplest that fails alike, by the place in the list; "…" while it is looked for. */
  #simplest = new Map<number, WrongAnswer | "…">();
  /** Another question than the one that is answered. */
  #asked = 0;

  constructor(scope: Scope, client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#on = on;
    this.#dialog = new Dialog(scope, "failures", () => this.close());
    this.#dialog.element.classList.add("wrong");
    this.#search = new Search(client, {
      found: ({ failures, result }) => {
        const { passed, total } = result.score;
        const note = `${grouped(passed)} of ${grouped(total)} pairs right, seed ${result.seed}`;
        void this.#look(this.#failing(failures, `${note}.`));
      },
      said: (text) => {
        this.#show({ ...NOTHING, note: text });
        scope.announce(text);
      },
      failed: (error) => this.#show({ ...NOTHING, note: wordsOf(error) }),
    });
    scope.signal.addEventListener("abort", () => this.#search.stop());
  }

  /** Opens with those of a source. */
  open(source: Source = "board") {
    this.#choose(source);
    this.#dialog.open();
  }

  /** Opens with those of a run that someone asked for. */
  list(failures: Failures) {
    this.#source = "search";
    void this.#look(this.#failing(failures, ""));
    this.#dialog.open();
  }

  /** What is known of all additions; null: of another model. */
  know(report: ExactReport | null) {
    this.#report = report;
    if (report && this.#dialog.element.open && this.#source === "rules") this.#choose("rules");
  }

  /** The model is no longer the one that was asked. */
  modelChanged() {
    this.#search.stop();
    if (this.#dialog.element.open) this.#choose(this.#source);
    else this.#list = NOTHING;
  }

  close() {
    this.#asked += 1;
    this.#search.stop();
    this.#dialog.close();
  }

  #choose(source: Source) {
    this.#source = source;
    this.#search.stop();
    if (source === "board") void this.#look(this.#ofBoard());
    else if (source === "rules") void this.#look(this.#ofRules());
    else {
      this.#show({ ...NOTHING, note: "Pairs are drawn anew each time, and the model is asked all of them." });
      void this.#search.offer();
    }
  }

  async #ofBoard(): Promise<List> {
    const [failures, { adderboard }] = await Promise.all([
      this.#client.call("failures", null),
      this.#client.call("suites", null),
    ]);
    return this.#failing(failures, `Of AdderBoard’s own ${grouped(adderboard)} additions.`);
  }

  async #ofRules(): Promise<List> {
    const report = this.#report;
    if (!report) return { ...NOTHING, note: "Not decided yet: all additions have their turn after everything else." };
    const rules = report.rules.flatMap(({ text, count, example }) => (example ? [{ text, count, example }] : []));
    const all = await this.#details(rules.map(({ example }) => [example.a, example.b]));
    const named = all.map((listed) => {
      const of = rules.find(({ example }) => example.a === listed.a && example.b === listed.b);
      return { ...listed, rule: of ? `${of.text}: ${grouped(of.count)} wrong` : "" };
    });
    const note =
      named.length > 0
        ? "One of each rule, in exact arithmetic. The rules part the wrong additions by their first wrong digit."
        : "No rule names a wrong addition.";
    return { title: titleOf(named.length, named.length), note, all: named };
  }

  async #failing({ wrong, listed }: Failures, note: string): Promise<List> {
    return { title: titleOf(listed.length, wrong), note, all: await this.#details(listed) };
  }

  async #details(pairs: readonly (readonly [number, number])[]): Promise<Listed[]> {
    if (pairs.length === 0) return [];
    const found = await this.#client.call("wrong", { summands: Float64Array.from(pairs.flat()) });
    return found.map((answer, at) => ({ ...answer, at, rule: "" }));
  }

  async #look(list: Promise<List>) {
    const asked = ++this.#asked;
    this.#show({ ...NOTHING, note: "…" });
    try {
      const found = await list;
      if (this.#asked === asked) this.#show(found);
    } catch (error) {
      if (this.#asked === asked && !(error instanceof Late)) this.#show({ ...NOTHING, note: wordsOf(error) });
    }
  }

  #show(list: List) {
    this.#list = list;
    this.#order = { by: "found", isFalling: false };
    this.#simplest.clear();
    this.#render();
  }

  #sortBy(by: Order) {
    const isFalling = this.#order.by === by ? !this.#order.isFalling : by !== "found";
    this.#order = { by, isFalling };
    this.#render();
  }

  async #shrink({ at, a, b }: Listed) {
    const list = this.#list;
    this.#simplest.set(at, "…");
    this.#render();
    const found = await this.#client.call("simplest", { a, b }).catch(() => null);
    if (this.#list !== list) return; // another one is shown
    if (found) this.#simplest.set(at, found);
    else this.#simplest.delete(at);
    this.#render();
  }

  #link(of: { a: number; b: number }) {
    const show = () => {
      this.close();
      this.#on.show(of.a, of.b);
    };
    return html`<button type="button" class="link" @click=${show}>${sumText(of)}</button>`;
  }

  #render() {
    const { title, note, all } = this.#list;
    this.#dialog.title.textContent = title;
    this.#dialog.sentence.textContent = note;
    const sources = SOURCES.map(
      ({ key, title }) =>
        html`<label
          ><input
            type="radio"
            name="wrong-source"
            .checked=${this.#source === key}
            @change=${() => this.#choose(key)}
          />${title}</label
        >`,
    );
    render(
      html`<fieldset class="choice">
          <legend class="unseen">Where to look</legend>
          ${sources}
        </fieldset>
        ${this.#source === "search" ? this.#search.element : nothing} ${all.length > 0 ? this.#table(all) : nothing}`,
      this.#dialog.content,
    );
  }

  #table(all: readonly Listed[]) {
    const { by, isFalling } = this.#order;
    const rows = sorted(all, by, isFalling).map((listed) => this.#row(listed));
    const hasRules = all.some(({ rule }) => rule !== "");
    const head = COLUMNS.map(({ name, order, title, isNumber }) => {
      const kind = isNumber ? "number" : nothing;
      if (!order) return html`<th scope="col" class=${kind}>${name}</th>`;
      const direction = isFalling ? "descending" : "ascending";
      const sort = by === order ? direction : "none";
      return html`<th scope="col" class=${kind} aria-sort=${sort} title=${title ?? nothing}>
        <button type="button" class="sort" @click=${() => this.#sortBy(order)}>${name}</button>
      </th>`;
    });
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Wrong additions">
      <table>
        <caption class="unseen">
          Additions that the model gets wrong
        </caption>
        <thead>
          <tr>
            ${head}${hasRules ? html`<th scope="col">wrong where</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  }

  #row(listed: Listed): TemplateResult {
    const { at, expected, got, digit, chain, lead, rule } = listed;
    const right = grouped(expected);
    const simplest = this.#simplest.get(at);
    const alike = () => {
      if (simplest === "…") return "…";
      if (simplest) return this.#link(simplest);
      return html`<button type="button" class="link" @click=${() => void this.#shrink(listed)}>Shrink</button>`;
    };
    return html`<tr>
      <td>${this.#link(listed)}</td>
      <td class="number">${right}</td>
      <td class="number">${markedDigits(got, expected)}</td>
      <td>Z${digit}</td>
      <td class="number">${chain}</td>
      <td class="number">${leadText(lead)}</td>
      <td>${alike()}</td>
      ${rule ? html`<td class="words">${rule}</td>` : nothing}
    </tr>`;
  }
}
