// The addition on the page: two numbers as on paper, and below them what the model says they add up to.

import { html, render } from "lit/html.js";
import type { Addition } from "../channel/protocol.js";
import { el, setText } from "../dom.js";
import type { Answered, Failures, Steps, Summary } from "../library-types.js";
import type { Scope } from "../scope.js";
import { found } from "../state/actions.js";
import { PLACES, additionOf, isSame, type Field as StateField, type State } from "../state/state.js";
import type { Store } from "../state/store.js";
import { AnswerRow } from "./answer-row.js";
import { Field } from "./field.js";
import { showLine } from "./line.js";
import { sharesOf } from "./looks.js";
import { read } from "./read.js";
import { Ways, type Known } from "./ways.js";
import { spokenAnswer, verdictOf } from "./words.js";

interface On {
  failures: () => Promise<Failures>;
  failed: (error: unknown) => void;
  /** The digit that is looked at may be another, or its answer. */
  looked: () => void;
}

/** How long, in milliseconds, the numbers rest before a screen reader hears the answer. */
const REST = 700;
const NAMES = ["a", "b"] as const;

export class Sum {
  readonly #scope;
  readonly #store;
  readonly #on;
  readonly #fields;
  readonly #row;
  readonly #ways;
  /** By the model that is shown; null: none is, or it has not answered yet. */
  #answered: Answered | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, store: Store, on: On) {
    this.#scope = scope;
    this.#store = store;
    this.#on = on;
    const names = { a: "First number, X", b: "Second number, Y" };
    const [a, b] = NAMES.map((name) => this.#field(name, names[name]));
    this.#fields = { a: a as Field, b: b as Field };
    this.#row = new AnswerRow({
      chosen: (digit) => store.dispatch({ type: "digit", digit }),
      left: (digit) => this.#fields.b.focus(PLACES - 2 - Math.min(digit, PLACES - 2)),
    });
    this.#ways = new Ways({
      show: (addition, digit) => this.#show(addition, digit ?? null),
      failures: on.failures,
      failed: on.failed,
    });
    this.#layOut();
    const end = store.subscribe((state, changed) => this.#follow(state, changed));
    scope.on("keydown", (event) => this.#key(event));
    scope.signal.addEventListener("abort", () => {
      end();
      clearTimeout(this.#resting);
    });
    this.#showAddition(store.state);
  }

  /** The model's answer to what is looked at, or to what was a moment ago. */
  answered(answered: Answered | null) {
    const { a, b } = additionOf(this.#store.state);
    if (answered && (answered.a !== a || answered.b !== b)) return;
    if (isSame(answered, this.#answered)) return;
    this.#answered = answered;
    this.#showAnswer();
  }

  /** Says by how many numbers it is added. */
  entitle({ facts }: Summary) {
    const count = facts.find(({ key }) => key === "parameters")?.value;
    if (count) setText(this.#scope.byId("sum-title"), `${count} numbers add two numbers`);
  }

  /** @param known null: nothing yet */
  know(known: Known | null) {
    this.#ways.know(known);
  }

  /** @param wrong how many of AdderBoard's suite */
  scored(wrong: number) {
    this.#ways.scored(wrong);
  }

  /** Takes a text that was pasted anywhere; whether it is an addition, or was meant as one. */
  pasted(text: string): boolean {
    const found = read(text);
    if (!found) return false;
    if (found.kind === "sum") this.#show({ a: Number(found.a), b: Number(found.b) }, null);
    else if (found.kind === "number") this.#refuse("That is one number: an addition has two, as in 57 + 68");
    else this.#refuse(found.why);
    return true;
  }

  /** What the chosen digit's row looks at; null: it is not known yet. */
  look(steps: Steps | null) {
    const shares = sharesOf(steps?.sources ?? []);
    this.#fields.a.shade((column) => shares.get(`X${column}`));
    this.#fields.b.shade((column) => shares.get(`Y${column}`));
    this.#row.shade((digit) => shares.get(`Z${digit}`));
  }

  #field(name: (typeof NAMES)[number], title: string) {
    const other = name === "a" ? "b" : "a";
    return new Field(this.#scope, `sum-${name}`, title, {
      changed: (value) => {
        const { a, b } = additionOf(this.#store.state);
        this.#store.dispatch({ type: "typed", a: String(a), b: String(b), [name]: value });
      },
      pasted: (text) => this.#pastedInto(name, text),
      refused: (why) => this.#refuse(why),
      left: (way, at) => {
        if ((way === 1) === (name === "a")) this.#fields[other].focus(at);
        else if (name === "b") this.#row.focus(PLACES - 2 - at);
      },
      done: (key) => {
        if (name === "a" && key !== "=") this.#fields.b.focus();
        else this.#row.focusChosen();
      },
    });
  }

  #pastedInto(name: (typeof NAMES)[number], text: string) {
    const found = read(text);
    if (found?.kind !== "number") {
      if (!this.pasted(text)) this.#refuse("What was pasted is no number");
      return;
    }
    const { a, b } = additionOf(this.#store.state);
    this.#refuse("");
    this.#store.dispatch({ type: "typed", a: String(a), b: String(b), [name]: found.value });
  }

  #layOut() {
    const label = (text: string) => el("span", { class: "label", "aria-hidden": "true" }, text);
    this.#scope
      .byId("paper")
      .replaceChildren(
        label("carry"),
        this.#row.carries,
        label("X"),
        this.#fields.a.element,
        label("Y +"),
        this.#fields.b.element,
        label("model"),
        this.#row.answer,
        label("lead"),
        this.#row.leads,
        label(""),
        this.#row.rights,
      );
    this.#scope.byId("sum-ways").replaceChildren(...this.#ways.buttons);
  }

  #follow(state: State, changed: ReadonlySet<StateField>) {
    if (changed.has("a") || changed.has("b")) this.#showAddition(state);
    else if (changed.has("digit")) this.#choose(state);
  }

  #showAddition(state: State) {
    const { a, b } = additionOf(state);
    this.#fields.a.show(String(a));
    this.#fields.b.show(String(b));
  }

  #showAnswer() {
    const { digit } = this.#store.state;
    const answered = this.#answered;
    this.#row.show(answered, digit);
    showLine(this.#scope.byId("sum-line"), answered);
    const said = this.#scope.byId("sum-said");
    said.classList.toggle("wrong", answered?.correct === false);
    const words = answered ? verdictOf(answered) : { verdict: "", detail: "" };
    render(html`<strong>${words.verdict}</strong> ${words.detail}`, said);
    clearTimeout(this.#resting);
    this.#on.looked();
    if (!answered || !this.#isTyping) return;
    this.#resting = setTimeout(() => this.#scope.announce(spokenAnswer(answered)), REST);
  }

  #choose({ digit }: State) {
    this.#row.choose(this.#answered, digit);
    this.#on.looked();
  }

  /** Whether the focus is in the sum: else whoever acts hears of something else. */
  get #isTyping() {
    return this.#scope.byId("sum").contains(document.activeElement);
  }

  #show({ a, b }: Addition, digit: number | null) {
    this.#refuse("");
    this.#store.dispatch(found(a, b));
    if (digit !== null) this.#store.dispatch({ type: "digit", digit });
  }

  /** Why something was not taken, beside the sum or, where that is out of sight, as any error; "" for nothing. */
  #refuse(why: string) {
    const fault = this.#scope.byId("sum-fault");
    setText(fault, why);
    fault.hidden = why === "";
    if (why !== "" && fault.offsetParent === null) this.#on.failed(new Error(why));
  }

  /** Escape lets go of what is pinned, then of the chosen digit. */
  #key(event: KeyboardEvent) {
    const { digit, selection } = this.#store.state;
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (this.#scope.root.querySelector("dialog[open], .menu[open]")) return;
    if (selection !== "") {
      event.preventDefault(); // a drawer stays
      this.#store.dispatch({ type: "pin", item: "" });
    } else if (digit !== null && !this.#scope.root.dataset.drawer) {
      this.#store.dispatch({ type: "digit", digit: null });
    }
  }
}
