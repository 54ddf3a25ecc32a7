// The model's answer below the two numbers: a button for each digit, right or wrong by a sign as well as by colour, with
// its lead, and what would be right below a wrong one.

import { el, setText } from "../dom.js";
import type { Answered, Place } from "../library-types.js";
import { shade } from "./looks.js";
import { leadOf, lookedAt, spokenPlace } from "./words.js";
import { PLACES } from "../state/state.js";

interface On {
  /** A digit is chosen; null: it is let go. */
  chosen: (digit: number | null) => void;
  /** The row is left upwards, at this digit. */
  left: (digit: number) => void;
}

/** The eleven places as they stand on the page, the largest first. */
const COLUMNS = Array.from({ length: PLACES }, (_, at) => PLACES - 1 - at);

/** A column of the sum. */
class Column {
  readonly carry = el("span");
  readonly button;
  readonly lead = el("span");
  readonly right = el("span");

  constructor(digit: number, on: On) {
    this.button = el("button", { type: "button", tabindex: -1, "data-digit": digit });
    this.button.addEventListener("click", () => on.chosen(digit));
  }

  show(place: Place | undefined) {
    const isWrong = place !== undefined && place.said !== place.right;
    setText(this.carry, place?.carry ? "1" : "");
    setText(this.button, place ? String(place.said ?? "·") : "");
    this.button.classList.toggle("wrong", isWrong);
    setText(this.lead, place ? leadOf(place) : "");
    setText(this.right, isWrong ? String(place.right) : "");
    if (place) this.button.setAttribute("aria-label", spokenPlace(place));
  }

  /** @param isPinned whether someone chose it, and not the page */
  choose(isChosen: boolean, isPinned: boolean) {
    this.button.classList.toggle("chosen", isChosen);
    this.button.setAttribute("aria-pressed", String(isChosen && isPinned));
    this.button.tabIndex = isChosen ? 0 : -1;
  }
}

export class AnswerRow {
  /** Carries above the numbers; and the answer, its leads and what would be right below them. */
  readonly carries;
  readonly answer;
  readonly leads;
  readonly rights;
  readonly #columns;
  readonly #on;
  #chosen = 0;

  constructor(on: On) {
    this.#on = on;
    this.#columns = new Map(COLUMNS.map((digit) => [digit, new Column(digit, on)]));
    const all = [...this.#columns.values()];
    const hidden = { "aria-hidden": "true" };
    this.carries = el("div", { class: "row carries", ...hidden }, ...all.map(({ carry }) => carry));
    const name = "The model’s answer, digit by digit";
    this.answer = el(
      "div",
      { class: "row answer", role: "group", "aria-label": name },
      ...all.map(({ button }) => button),
    );
    this.leads = el("div", { class: "row leads", ...hidden }, ...all.map(({ lead }) => lead));
    this.rights = el("div", { class: "row rights", ...hidden }, ...all.map(({ right }) => right));
    this.answer.addEventListener("keydown", (event) => this.#key(event));
    this.show(null, null);
  }

  /** @param answered null: no answer is there yet */
  show(answered: Answered | null, digit: number | null) {
    for (const [at, column] of this.#columns) column.show(answered?.places[at]);
    this.choose(answered, digit);
  }

  choose(answered: Answered | null, digit: number | null) {
    this.#chosen = answered ? lookedAt(answered, digit) : (digit ?? 0);
    for (const [at, column] of this.#columns) column.choose(at === this.#chosen && answered !== null, digit !== null);
    if (!answered) this.#columns.get(this.#chosen)?.button.setAttribute("tabindex", "0");
  }

  /** @param shareOf how much of the attention an answer digit has */
  shade(shareOf: (digit: number) => number | undefined) {
    for (const [at, { button }] of this.#columns) shade(button, shareOf(at));
  }

  focus(digit: number) {
    this.#columns.get(digit)?.button.focus({ preventScroll: true });
  }

  focusChosen() {
    this.focus(this.#chosen);
  }

  #key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = Number((event.target as HTMLElement).dataset.digit ?? this.#chosen);
    const last = PLACES - 1;
    const to = { ArrowLeft: Math.min(last, at + 1), ArrowRight: Math.max(0, at - 1), Home: last, End: 0 }[event.key];
    if (to !== undefined) {
      this.#on.chosen(to);
      this.focus(to);
    } else if (event.key === "ArrowUp") {
      this.#on.left(at);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
