// The arithmetic of a number, in a dialog: the formula with the numbers put in. What it is made of can be asked for in turn.

import { html, nothing, render, type TemplateResult } from "lit/html.js";
import { Late, type Client } from "../channel/client.js";
import type { DigitAsked, LibraryCalls } from "../channel/protocol.js";
import { wordsOf } from "../errors.js";
import { Dialog } from "../dialog.js";
import type { Scope } from "../scope.js";
import { combined, exactText, RULES, type Arithmetic } from "./words.js";

type Factor = Arithmetic["scale"][number];

export class ArithmeticView {
  readonly #client;
  readonly #dialog;
  #asked: DigitAsked = { a: 0, b: 0, digit: 0 };
  /** What was looked at on the way here, this last. */
  #way: Arithmetic[] = [];
  #calls = 0;

  constructor(scope: Scope, client: Client<LibraryCalls>) {
    this.#client = client;
    this.#dialog = new Dialog(scope, "arithmetic", () => this.close());
    this.#dialog.element.classList.add("narrow");
    this.#dialog.title.tabIndex = -1;
  }

  close() {
    this.#calls += 1;
    this.#way = [];
    this.#dialog.close();
  }

  /** Opens with a number that no item names. */
  open(asked: DigitAsked, arithmetic: Arithmetic) {
    this.#asked = asked;
    this.#way = [arithmetic];
    this.#show();
  }

  /** Opens with the number that an item names. */
  async ask(asked: DigitAsked, item: string) {
    this.#asked = asked;
    this.#way = [];
    await this.#follow(item);
  }

  async #follow(item: string) {
    const call = (this.#calls += 1);
    try {
      const explanation = await this.#client.call("explain", { item, ...this.#asked });
      if (call !== this.#calls) return;
      this.#way.push({ ...explanation, title: item });
      this.#show();
    } catch (error) {
      if (call !== this.#calls || error instanceof Late) return;
      this.#dialog.title.textContent = item;
      this.#dialog.sentence.textContent = wordsOf(error);
      render(nothing, this.#dialog.content);
      this.#dialog.open();
    }
  }

  #back() {
    this.#way.pop();
    this.#show();
  }

  #show() {
    const shown = this.#way.at(-1);
    if (!shown) return;
    this.#dialog.title.textContent = `${shown.title} = ${exactText(shown.value)}`;
    this.#dialog.sentence.textContent = shown.formula;
    render(this.#content(shown), this.#dialog.content);
    this.#dialog.open();
    this.#dialog.title.focus();
  }

  #factor({ item, label, value }: Factor): TemplateResult {
    const number = html`<span class="number">${exactText(value)}</span>`;
    if (!item) return html`<span class="factor">${label} ${number}</span>`;
    return html`<button type="button" class="factor" data-item=${item} @click=${() => void this.#follow(item)}>
      ${label} ${number}
    </button>`;
  }

  #factors(factors: readonly Factor[]) {
    return factors.map(
      (each, i) => html`${i > 0 ? html`<span aria-label="times">×</span>` : nothing}${this.#factor(each)}`,
    );
  }

  #content(shown: Arithmetic): TemplateResult {
    const { rule, scale, terms } = shown;
    const sum = terms.reduce((all, { value }) => all + value, 0);
    const share = rule.kind === "share" ? ` of ${terms[rule.term]?.label ?? ""}` : "";
    const row = (value: number, what: unknown) =>
      html`<tr>
        <td class="number">${exactText(value)}</td>
        <td>${what}</td>
      </tr>`;
    return html`
      ${
        this.#way.length > 1
          ? html`<button type="button" class="link back" @click=${() => this.#back()}>← Back</button>`
          : nothing
      }
      <div class="scroll" tabindex="0" role="region" aria-label="What it is made of">
        <table>
          <caption class="unseen">
            What it is made of
          </caption>
          <tbody>
            ${terms.map((term) => row(term.value, this.#factors(term.factors)))}
          </tbody>
          ${
            terms.length > 0
              ? html`<tfoot>
                  ${terms.length > 1 || rule.kind !== "sum" ? row(sum, `${RULES[rule.kind]}${share}`) : nothing}
                  ${
                    scale.length > 0
                      ? row(
                          scale.reduce((all, { value }) => all * value, 1),
                          html`times ${this.#factors(scale)}`,
                        )
                      : nothing
                  }
                  ${row(combined(shown), html`<strong>${shown.title}</strong>`)}
                </tfoot>`
              : nothing
          }
        </table>
      </div>
    `;
  }
}
