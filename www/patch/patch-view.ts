// Parts of the model are switched off, and ways of the chosen digit are taken from another addition; what is done is named in
// the bar for as long as it is.

import { html, nothing, render, type TemplateResult } from "lit/html.js";
import type { Client } from "../channel/client.js";
import type { Addition, DigitAsked, LibraryCalls } from "../channel/protocol.js";
import type { Answered, Intervening, Patching } from "../library-types.js";
import type { Scope } from "../scope.js";
import { additionOf, isSame, letGo, switchedOff } from "../state/state.js";
import type { Store } from "../state/store.js";
import { Stepping, type Told } from "../steps/stepping.js";
import { numberText } from "../steps/words.js";
import { sumText } from "../sum/words.js";
import { Second } from "./second.js";
import { switches } from "./switches.js";
import { askedBy, doneOf, patchOf, reachOf, spokenCombination, weightOf } from "./words.js";

type Way = Patching["ways"][number];

export class PatchView {
  readonly #scope;
  readonly #store;
  readonly #stepping;
  readonly #second;
  readonly #find;
  /** What is done, as it is written and in words. */
  #words: { readonly under: readonly string[]; readonly text: string } = { under: [], text: "" };
  /** What is shown. */
  #told: Told<Intervening> | null = null;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, failed: (error: unknown) => void) {
    this.#scope = scope;
    this.#store = store;
    this.#second = new Second(scope, (second) => this.#choose(second));
    const find = (asked: DigitAsked) => client.call("intervening", asked, { priority: "background" });
    this.#find = find;
    this.#stepping = new Stepping<Intervening>(store, find, {
      show: (told) => this.#show(told),
      busy: (isBusy) => scope.byId("patch").setAttribute("aria-busy", String(isBusy)),
      failed,
    });
    const end = store.subscribe((_, changed) => {
      if (changed.has("interventions")) this.#name();
    });
    scope.signal.addEventListener("abort", end);
    this.#name();
  }

  /** The model answered: it may be another one, or another addition. */
  answered(answered: Answered | null) {
    this.#stepping.answered(answered);
  }

  /** Another digit is chosen, or the view is another. */
  follow() {
    this.#stepping.follow();
  }

  #show(told: Told<Intervening> | null) {
    this.#told = told;
    this.#name();
    render(told ? this.#content(told) : nothing, this.#scope.byId("patch"));
  }

  /** What is done, in words: where no digit is looked into they are asked for alone. */
  async #word(under: readonly string[]) {
    const { state } = this.#store;
    try {
      this.#words = { under, text: doneOf(await this.#find({ ...additionOf(state), digit: state.digit ?? 0, under })) };
    } catch {
      return; // it has nothing of the kind, which the answer says; or another model comes
    }
    if (this.#store.state.interventions === under) this.#name();
  }

  /** What is done, in the bar. Where it is not known in words yet, as it is written. */
  #name() {
    const { interventions, view } = this.#store.state;
    const { found, asked } = this.#told ?? {};
    if (found && asked && isSame(asked.under, interventions)) {
      this.#words = { under: asked.under ?? [], text: doneOf(found) };
    }
    const isKnown = isSame(this.#words.under, interventions);
    if (!isKnown && view !== "addition") void this.#word(interventions);
    const done = isKnown
      ? this.#words.text
      : interventions.filter((each) => !/^patch:[^/]*\/[^/]*$/.test(each)).join(", ");
    const under = this.#scope.byId("under");
    const isDone = interventions.length > 0 && done !== "";
    const [so, whole] = reachOf(switchedOff({ interventions }).length > 0);
    under.classList.toggle("wrap", isDone);
    render(
      isDone
        ? html`<strong>${done}</strong>
            <span><span class="so">${so}</span> ${whole}</span>
            <button type="button" title="Escape" @click=${() => this.#intervene(letGo(this.#store.state))}>
              Let go
            </button>`
        : nothing,
      under,
    );
  }

  /** @param digit stays the one that is looked at, whatever the answer becomes */
  #intervene(interventions: readonly string[], digit = this.#told?.asked.digit) {
    this.#store.dispatch({ type: "intervene", interventions, ...(digit === undefined ? {} : { digit }) });
  }

  /** With this patch, or without any. */
  #patch(patch: string | null) {
    this.#intervene([...switchedOff(this.#store.state), ...(patch === null ? [] : [patch])]);
  }

  /** Another second addition. */
  #choose(second: Addition) {
    const { found, asked } = this.#told ?? {};
    if (asked) this.#patch(patchOf(asked.digit, second, found?.chosen ?? undefined));
  }

  #toggle(text: string) {
    const { interventions } = this.#store.state;
    const without = interventions.filter((each) => each !== text);
    this.#intervene(without.length < interventions.length ? without : [text, ...interventions]);
  }

  #content({ found, answered, asked: { digit, a, b, under } }: Told<Intervening>): TemplateResult {
    const { patching, place_values } = found;
    const place = answered.places[digit];
    const isWrong = place !== undefined && place.forced !== place.right;
    const weight = weightOf(place_values, { a, b, digit, isWrong });
    const sum = { X: a, Y: b, Z: a + b };
    const digitAt = (name: string) => {
      const number = sum[name.charAt(0) as keyof typeof sum];
      return String(Math.floor(number / 10 ** Number(name.slice(1))) % 10);
    };
    // What is typed meanwhile stays.
    if (under === this.#store.state.interventions) {
      this.#second.show(patching ? { a: patching.a2, b: patching.b2 } : { a, b });
    }
    return html`
      <header>
        <h2>Switch off and patch</h2>
        <p data-terms>
          Take a part away, or give Z${digit} a part of another addition: answer, ruler, steps and the verdict follow.
        </p>
      </header>
      <div class="parts">
        <section class="step off">
          <h3>Switch off</h3>
          <p data-terms>
            The FFN or a hidden unit, which then writes nothing; or attention to places, which no row looks at then.
          </p>
          ${switches(found, digitAt, (text) => this.#toggle(text))}
        </section>
        <section class="step ways-of">
          <h3>Z${digit} with ways of another addition</h3>
          <p data-terms>
            The row’s own token, and keys and values of the places that it reads most; its attention is computed anew.
          </p>
          ${this.#second.element} ${this.#buttons(found, digit)}
          ${patching ? this.#table(patching, found.chosen) : nothing}
          ${weight === "" ? nothing : html`<p class=${isWrong ? "weight bad" : "weight"} data-terms>${weight}</p>`}
          ${place_values.length > 0 && patching ? this.#values(place_values, digit) : nothing}
        </section>
      </div>
    `;
  }

  #buttons({ carried, patching }: Intervening, digit: number): TemplateResult {
    const swap = () => {
      if (!patching) return;
      const { a, b, a2, b2 } = patching;
      const ways = this.#told?.found.chosen ?? undefined;
      this.#patch(patchOf(digit, { a, b }, ways));
      this.#store.dispatch({ type: "typed", a: String(a2), b: String(b2) });
    };
    const carry = () => {
      if (carried) this.#choose({ a: carried[0], b: carried[1] });
    };
    const random = () => {
      const any = () => Math.floor(Math.random() * 10_000_000_000);
      this.#choose({ a: any(), b: any() });
    };
    const why = (isThere: boolean, text: string) => (isThere ? nothing : text);
    return html`<div class="ways">
      <button
        type="button"
        aria-disabled=${carried === null}
        title=${why(carried !== null, "Nothing is carried into the ones")}
        @click=${carry}
      >
        One that differs by the carry into Z${digit}
      </button>
      <button
        type="button"
        aria-disabled=${patching === null}
        title=${why(patching !== null, "There is no second addition yet")}
        @click=${swap}
      >
        Swap
      </button>
      <button type="button" @click=${random}>Random</button>
    </div>`;
  }

  #table(patching: Patching, chosen: string | null): TemplateResult {
    const { a, b, a2, b2, digit, first, second, ways, combinations } = patching;
    const [bare] = combinations;
    const shown = chosen ?? bare?.patch;
    const name = this.#scope.id("patch-combination");
    const head = ({ title, first, second, same }: Way) =>
      html`<th scope="col" class=${same ? "same" : nothing}>
        ${title} <small>${first === "" ? "there is none" : same ? `${first}, in both` : `${first}; ${second}`}</small>
      </th>`;
    return html`<p class="asked">
        Z${digit} of ${sumText({ a, b })} is <strong>${first}</strong>, of ${sumText({ a: a2, b: b2 })} it is
        <strong>${second}</strong>.
      </p>
      <div class="scroll" tabindex="0" role="region" aria-label="All sixteen combinations">
        <table class="combinations">
          <thead>
            <tr>
              <th scope="col"><span class="unseen">Choose</span></th>
              ${ways.map(head)}
              <th scope="col" class="at-right">says</th>
              <th scope="col">as asked by</th>
              <th scope="col" class="at-right">lead</th>
              <th scope="col" class="at-right">s</th>
            </tr>
          </thead>
          <tbody>
            ${combinations.map(
              (each) =>
                html`<tr
                  class=${each.patch === shown ? "chosen" : nothing}
                  data-patch=${each.patch}
                  @click=${() => this.#patch(each.patch)}
                >
                  <td>
                    <input
                      type="radio"
                      name=${name}
                      .checked=${each.patch === shown}
                      aria-label=${spokenCombination(each, patching)}
                      @change=${() => this.#patch(each.patch)}
                    />
                  </td>
                  ${each.second.map((is) => html`<td class=${is ? "of-second" : "of-first"}>${is ? "●" : "○"}<span class="word">${is ? " second" : " first"}</span></td>`)}
                  <td class="at-right">${each.said}</td>
                  <td>${askedBy(each)}</td>
                  <td class="at-right">${numberText(each.lead)}</td>
                  <td class="at-right">${each.s === null ? "several" : numberText(each.s)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  #values(values: Intervening["place_values"], digit: number): TemplateResult {
    const text = (ratio: number | null) => (ratio === null ? "none" : numberText(ratio));
    return html`<p class="values">
      Of all columns, where ten is right:
      ${values.map(({ column, ratio }) => {
        const each = html`Z${column}&nbsp;${text(ratio)}`;
        return html` <span>${column === digit ? html`<strong>${each}</strong>` : each}</span>`;
      })}
    </p>`;
  }
}
