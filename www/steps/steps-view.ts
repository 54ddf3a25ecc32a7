// One answer digit, step by step: where its number comes from, what the hidden units make of it, what is said, and what
// would have been said earlier.

import { html, nothing, render, type TemplateResult } from "lit/html.js";
import type { Client } from "../channel/client.js";
import type { DigitAsked, LibraryCalls } from "../channel/protocol.js";
import type { Answered, Steps, StepSource } from "../library-types.js";
import type { Scope } from "../scope.js";
import type { Store } from "../state/store.js";
import { ArithmeticView } from "./arithmetic.js";
import { bar, curve } from "./pictures.js";
import { Stepping, type Told } from "./stepping.js";
import {
  headline,
  largest,
  lensOf,
  numberText,
  partOf,
  partsOf,
  probabilityOf,
  productOf,
  shareText,
  STAGES,
  totalOf,
  valueOf,
  type Arithmetic,
} from "./words.js";

/** Sources that have a row of their own, and hidden units that have a picture. */
const SOURCES = 9;
const UNITS = 6;

/** A place and the digit that stands there. */
const placeOf = (name: string, token: number) =>
  name === "+" ? "PLUS" : name === "=" ? "EQUALS" : `${name} = ${token}`;

/** The colour of a place. */
const kindOf = (name: string) => (/^[XYZ]\d/.test(name) ? name.charAt(0).toLowerCase() : "special");

const mark = (isRight: boolean) =>
  isRight ? html`<span class="good" aria-label="right">✓</span>` : html`<span class="bad" aria-label="wrong">✗</span>`;

interface On {
  /** What the digit's row looks at; null: it is not known. */
  looked: (steps: Steps | null) => void;
  /** They stand on the page. */
  shown: () => void;
  failed: (error: unknown) => void;
}

export class StepsView {
  readonly #element;
  readonly #store;
  readonly #arithmetic;
  readonly #stepping;
  readonly #looked;
  /** What the steps are of that are shown. */
  #asked: DigitAsked | null = null;
  readonly #shown;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, { looked, shown, failed }: On) {
    this.#element = scope.byId("steps");
    this.#looked = looked;
    this.#shown = shown;
    this.#store = store;
    this.#arithmetic = new ArithmeticView(scope, client);
    const find = (asked: DigitAsked) => client.call("steps", asked, { priority: "background" });
    this.#stepping = new Stepping<Steps | null>(store, find, {
      show: (told) => this.#show(told),
      busy: (isBusy) => this.#element.setAttribute("aria-busy", String(isBusy)),
      failed,
    });
  }

  /** The model answered: it may be another one, or another addition. */
  answered(answered: Answered | null) {
    this.#stepping.answered(answered);
  }

  /** Another digit is chosen, or the view is another. */
  follow() {
    this.#stepping.follow();
  }

  #show(told: Told<Steps | null> | null) {
    const steps = told?.found ?? null;
    this.#asked = told?.asked ?? null;
    this.#looked(steps);
    render(told && steps ? this.#content(steps, told.answered) : nothing, this.#element);
    this.#shown();
  }

  /** A number that opens its arithmetic. */
  #number(steps: Steps, text: string, of: string | Arithmetic, called: string): TemplateResult {
    const open = () => {
      const { a, b, digit } = steps;
      const asked = this.#asked ?? { a, b, digit };
      if (typeof of === "string") void this.#arithmetic.ask(asked, of);
      else this.#arithmetic.open(asked, of);
    };
    const [item, made] = typeof of === "string" ? [of, ""] : ["", of.madeOf?.join(" ") ?? ""];
    return html`<button
      type="button"
      class="figure"
      data-item=${item || nothing}
      data-made-of=${made || nothing}
      aria-label="${called}: ${text}"
      title=${called}
      @click=${open}
    >
      ${text}
    </button>`;
  }

  /** A number that no item names, with its arithmetic. */
  #arithmeticOf(steps: Steps, arithmetic: Arithmetic): TemplateResult {
    return this.#number(steps, numberText(arithmetic.value), arithmetic, arithmetic.title);
  }

  #content(steps: Steps, answered: Answered): TemplateResult {
    const go = (digit: number) => this.#store.dispatch({ type: "digit", digit });
    const { digit } = steps;
    return html`
      <header>
        <h2>Z${digit}, step by step</h2>
        <p data-terms>${headline(steps, answered)}</p>
        <span class="pair">
          <button type="button" ?disabled=${digit === 10} @click=${() => go(digit + 1)}>
            ← Z${Math.min(10, digit + 1)}
          </button>
          <button type="button" ?disabled=${digit === 0} @click=${() => go(digit - 1)}>
            Z${Math.max(0, digit - 1)} →
          </button>
        </span>
      </header>
      <div class="parts">
        ${this.#sources(steps)} ${this.#units(steps)} ${this.#tokens(steps)} ${this.#stages(steps)}
      </div>
    `;
  }

  #sources(steps: Steps): TemplateResult {
    const { along, sources, written } = steps;
    const { shown, rest } = largest(sources, SOURCES);
    const several = sources.some(({ head }) => head > 0);
    const products = [...shown.map(({ product }) => product), rest];
    const reach = { least: Math.min(...products), most: Math.max(...products) };
    const row = (source: StepSource) => {
      const { name, token, head, weight, product } = source;
      const called = `${placeOf(name, token)}${several ? `, head ${head + 1}` : ""}`;
      return html`<li>
        <span>${called}</span>
        ${this.#number(steps, shareText(weight.value), weight.item ?? "", `Weight of ${called}`)}
        <span aria-hidden="true">×</span>
        ${this.#number(steps, numberText(source.value), valueOf(source), `What is read of ${called}`)}
        ${bar(product, reach, kindOf(name))}
        ${this.#number(steps, numberText(product), productOf(source), `What ${called} adds`)}
      </li>`;
    };
    const [only] = written;
    const whole = along === "number" && written.length === 1 && only?.item ? only.item : totalOf(steps);
    return html`<section class="step sources">
      <h3>Where the number comes from</h3>
      <p data-terms>
        ${
          along === "number"
            ? "Attention weight times what is read of the place: they add up to s."
            : `Attention wrote ${written.length} numbers. Weight times value along the direction in which they moved this row: they add up to how far.`
        }
      </p>
      <ul>
        ${shown.map(row)}
        <li class="rest">
          <span>all others</span> ${bar(rest, reach, "special")} <span class="number">${numberText(rest)}</span>
        </li>
        <li class="whole">
          <strong>${along === "number" ? "s" : "moved by"}</strong>
          ${this.#number(steps, numberText(steps.total), whole, along === "number" ? "s" : "How far it moved the row")}
          ${this.#number(steps, "all terms", totalOf(steps), "The sum of all places")}
        </li>
      </ul>
      ${
        along === "direction"
          ? html`<p class="written">
              Written:
              ${written.map((each) => this.#number(steps, numberText(each.value), each.item ?? "", each.label))}
            </p>`
          : nothing
      }
    </section>`;
  }

  #units(steps: Steps): TemplateResult {
    const [from, to] = steps.range;
    const stop = (steps.stop - from) / (to - from || 1);
    const { units } = steps;
    const more = units.length - UNITS;
    return html`<section class="step units">
      <h3>${units.length === 1 ? "The hidden unit" : `The ${units.length} hidden units`}</h3>
      <p data-terms>Along the ruler: thin before GELU, bold after it; the line is where this addition stops.</p>
      <ul>
        ${units.slice(0, UNITS).map(
          (unit, i) =>
            html`<li>
              <span>unit ${i}</span>
              ${this.#number(steps, numberText(unit.before.value), unit.before.item ?? "", `Unit ${i} before GELU`)}
              <span aria-hidden="true">→</span>
              ${this.#number(steps, numberText(unit.after.value), unit.after.item ?? "", `Unit ${i} after GELU`)}
              ${curve(unit, stop)}
            </li>`,
        )}
      </ul>
      ${more > 0 ? html`<p>and ${more} more</p>` : nothing}
    </section>`;
  }

  #tokens(steps: Steps): TemplateResult {
    const { tokens, said, right } = steps;
    return html`<section class="step tokens">
      <h3>What it says</h3>
      <p data-terms>Logits, and the probabilities that the softmax makes of them.</p>
      <ul>
        ${tokens.map(
          ({ token, logit, probability }) =>
            html`<li class=${token === said ? "leads" : ""}>
              <span
                >${token}
                ${token === said ? mark(said === right) : token === right ? html`<span class="unseen">right</span>` : nothing}</span
              >
              ${this.#number(steps, numberText(logit.value), logit.item ?? "", `Logit of ${token}`)}
              ${bar(probability, { least: 0, most: 1 }, token === said ? (said === right ? "right" : "wrong") : "special")}
              ${this.#number(steps, shareText(probability), probabilityOf(steps, token), `Probability of ${token}`)}
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #stages(steps: Steps): TemplateResult {
    const { lens, parts, said, right, norm } = steps;
    const part = (i: number) => {
      const of = parts[i];
      return of ? this.#arithmeticOf(steps, partOf(of, said)) : nothing;
    };
    return html`<section class="step stages">
      <h3>What it would have said</h3>
      <p data-terms>${norm}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">after</th>
            <th scope="col">it would say</th>
            <th scope="col" class="number">by the logit</th>
            <th scope="col" class="number">adds to the logit of ${said}</th>
          </tr>
        </thead>
        <tbody>
          ${lens.map(
            (stage, i) =>
              html`<tr>
                <th scope="row">${STAGES[stage.stage]}</th>
                <td>${stage.said} ${mark(stage.said === right)}</td>
                <td class="number">${this.#arithmeticOf(steps, lensOf(stage))}</td>
                <td class="number">${part(i)}</td>
              </tr>`,
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colspan="3">their sum, the logit of ${said}</th>
            <td class="number">
              ${this.#number(steps, numberText(steps.tokens[said]?.logit.value ?? NaN), partsOf(steps, said), `What makes the logit of ${said}`)}
            </td>
          </tr>
        </tfoot>
      </table>
    </section>`;
  }
}
