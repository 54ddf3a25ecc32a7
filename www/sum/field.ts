// One summand: a field of ten digits, each in a cell. A screen reader and a phone's keyboard have a plain field with a
// number in it; the cells behind it show what it holds, in columns.

import { el } from "../dom.js";
import type { Scope } from "../scope.js";
import { shade } from "./looks.js";
import { chosen, erased, erasedBefore, moved, padded, typed, valueOf, type Typing } from "./digits.js";
import { DIGITS } from "./read.js";

interface On {
  /** It is another number. */
  changed: (value: string) => void;
  /** A text was pasted into it. */
  pasted: (text: string) => void;
  /** Why something was not taken; "" where something else was done since. */
  refused: (why: string) => void;
  /** The digit at this place from the left is left upwards (-1) or downwards (1). */
  left: (way: -1 | 1, at: number) => void;
  /** It is done with: a plus, an equals sign or Enter came. */
  done: (key: string) => void;
}

/** What groups digits as they are typed, and means nothing. */
const GROUPING = /^[\s,'’_]$/;

const whyNot = (key: string) => {
  if (/[-−+]/.test(key)) return "No signs: only whole numbers from 0 up are added";
  if (key === ".") return "No decimal fractions: only whole numbers are added";
  return `“${key}” is no digit`;
};

export class Field {
  readonly element;
  readonly #input;
  readonly #cells;
  readonly #on;
  #digits = padded("");

  /** @param name read out, such as "First number, X" */
  constructor(scope: Scope, id: string, name: string, on: On) {
    this.#on = on;
    this.#cells = Array.from({ length: DIGITS }, () => el("span"));
    this.#input = el("input", {
      id: scope.id(id),
      inputmode: "numeric",
      autocomplete: "off",
      spellcheck: false,
      maxlength: DIGITS + 1,
      "aria-label": name,
      "aria-describedby": scope.id("sum-fault"),
    });
    this.element = el("div", { class: "summand" }, ...this.#cells, this.#input);
    this.#input.addEventListener("beforeinput", (event) => this.#before(event));
    this.#input.addEventListener("input", () => this.#settle());
    this.#input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain");
      if (!text) return; // no number, and nothing that the field would take
      event.preventDefault();
      on.pasted(text);
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("click", (event) => this.#click(event));
    for (const type of ["focus", "blur"]) this.#input.addEventListener(type, () => this.#mark());
    const follow = () => {
      if (document.activeElement === this.#input) this.#mark();
    };
    document.addEventListener("selectionchange", follow, { signal: scope.signal });
    this.#write(this.#typing);
  }

  /** Shows a number; what is chosen of it stays chosen. */
  show(value: string) {
    const digits = padded(value);
    if (digits !== this.#digits) this.#write({ ...this.#typing, digits });
  }

  /** @param at the digit to choose, from the left; without it all are */
  focus(at?: number) {
    this.#input.focus({ preventScroll: true });
    if (at === undefined) this.#input.select();
    else this.#choose(chosen(this.#digits, at));
  }

  /** @param shareOf how much of the attention the digit of a column has; column 0 is the ones */
  shade(shareOf: (column: number) => number | undefined) {
    for (const [at, cell] of this.#cells.entries()) shade(cell, shareOf(DIGITS - 1 - at));
  }

  get #typing(): Typing {
    const { selectionStart, selectionEnd } = this.#input;
    return { digits: this.#digits, from: selectionStart ?? DIGITS, to: selectionEnd ?? DIGITS };
  }

  /** With one digit or all of them chosen: a caret between digits means the one behind it. */
  get #now(): Typing {
    const { digits, from, to } = this.#typing;
    return from === to ? chosen(digits, from) : { digits, from, to };
  }

  #write(typing: Typing) {
    const isOther = typing.digits !== this.#digits;
    this.#digits = typing.digits;
    if (this.#input.value !== typing.digits) this.#input.value = typing.digits;
    if (document.activeElement === this.#input) this.#choose(typing);
    const first = typing.digits.search(/[1-9]|.$/);
    for (const [at, cell] of this.#cells.entries()) {
      cell.textContent = typing.digits.charAt(at);
      cell.classList.toggle("leading", at < first);
    }
    return isOther;
  }

  #choose({ from, to }: Typing) {
    this.#input.setSelectionRange(from, to);
    this.#mark();
  }

  /** What is chosen, in the cells. */
  #mark() {
    const isHere = document.activeElement === this.#input;
    const { from, to } = this.#now;
    for (const [at, cell] of this.#cells.entries()) cell.classList.toggle("at", isHere && from <= at && at < to);
    this.element.classList.toggle("at-end", isHere && from >= DIGITS);
  }

  #take(typing: Typing | null) {
    if (typing && this.#write(typing)) this.#on.changed(valueOf(typing.digits));
  }

  #before(event: InputEvent) {
    if (event.inputType === "insertCompositionText") return; // cannot be held back: `#settle` takes it
    event.preventDefault();
    const { inputType, data } = event;
    if (inputType.startsWith("delete")) {
      this.#on.refused("");
      return this.#take(inputType === "deleteContentBackward" ? erasedBefore(this.#now) : erased(this.#now));
    }
    for (const key of data ?? "") this.#type(key);
  }

  #type(key: string) {
    if (GROUPING.test(key)) return;
    if (!/^\d$/.test(key)) return this.#on.refused(whyNot(key));
    const after = typed(this.#now, key);
    if (after) this.#take(after);
    else this.#on.refused("An eleventh digit: ten are the most");
  }

  /** What a keyboard wrote by itself, as some of a phone do: the digits that are there count. */
  #settle() {
    const digits = this.#input.value.replace(/\D/g, "").slice(-DIGITS);
    this.#take({ digits: padded(digits), from: DIGITS, to: DIGITS });
  }

  #key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { key, shiftKey } = event;
    const way = { ArrowUp: -1, ArrowDown: 1 }[key] as -1 | 1 | undefined;
    const to = shiftKey ? null : moved(this.#now, key);
    if (to) this.#choose(to);
    else if (way) this.#on.left(way, Math.min(this.#now.from, DIGITS - 1));
    else if (key === "+" || key === "=" || key === "Enter") this.#on.done(key);
    else return;
    this.#on.refused("");
    event.preventDefault();
    event.stopPropagation();
  }

  /** A click chooses a digit. */
  #click({ offsetX }: MouseEvent) {
    const { selectionStart, selectionEnd, clientWidth } = this.#input;
    if (selectionStart !== selectionEnd) return; // more was chosen by hand
    this.#on.refused("");
    this.#choose(chosen(this.#digits, Math.min(DIGITS - 1, Math.floor((offsetX / clientWidth) * DIGITS))));
  }
}
