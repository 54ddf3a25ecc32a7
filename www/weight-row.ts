// One learned number: a slider, a field, and the way back.

import { read_weight, show_weight, slider_position, slider_value } from "./adderscope.js";
import { button, el } from "./dom.js";
import { wordsOf } from "./errors.js";
import type { LearnedNumber } from "./library-types.js";
import { shareOf } from "./weights-words.js";

interface About {
  /** Of its tensor. */
  title: string;
  /** For the elements that others refer to. */
  id: string;
  /** Of the slider, on each side. */
  positions: number;
}

/** Moves of a slider within this time of each other, in milliseconds, are one edit. */
const GO = 700;

export class Row {
  readonly element;
  readonly id;
  readonly name;
  #slider;
  #field = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  #reset;
  #fault;
  #number;
  #positions;
  #change;
  #value = 0;
  /** When its slider moved last. */
  #dragged = -Infinity;

  /** @param change told what it is now, null for the file's, and whether it is dragged on */
  constructor(
    number: LearnedNumber,
    { title, id, positions }: About,
    change: (value: number | null, goesOn: boolean) => void,
  ) {
    const { subscript, place } = number;
    const name = place ? `${place}: ${title}` : title;
    this.id = id;
    this.name = name;
    this.#number = number;
    this.#positions = positions;
    this.#change = change;
    this.#slider = el("input", { type: "range", min: -positions, max: positions, "aria-label": name });
    this.#fault = el("p", { class: "fault", id: `${id}-fault`, role: "alert", hidden: true });
    this.#field.setAttribute("aria-label", `Value of ${name}`);
    const back = () => {
      this.reset();
      this.focus(); // the button goes with the edit
    };
    this.#reset = button("↺", back, { class: "reset" });
    this.element = el(
      "li",
      { class: place ? null : "lone" },
      place ? el("span", { class: "place" }, place, el("code", {}, subscript)) : null,
      el("span", { class: "track" }, this.#slider),
      this.#field,
      this.#reset,
      this.#fault,
    );
    this.#slider.addEventListener("input", () => {
      const { original, reach } = this.#number;
      const now = performance.now();
      this.#set(slider_value(original, reach, this.#slider.valueAsNumber), now - this.#dragged < GO);
      this.#dragged = now;
    });
    this.#slider.addEventListener("dblclick", () => this.reset());
    this.#field.addEventListener("change", () => this.#read());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.become(number);
  }

  /** The same number of another model, such as a later snapshot of a run. */
  become(number: LearnedNumber) {
    const typed = document.activeElement === this.#field && this.#field.value !== show_weight(this.#value);
    this.#number = number;
    this.#value = read_weight(number.value);
    const back = `back to ${show_weight(number.original)}`;
    this.#reset.title = `B${back.slice(1)}`;
    this.#reset.setAttribute("aria-label", `${this.name}: ${back}`);
    if (!typed) this.#show(); // not under the hands of someone who types
  }

  get isEdited() {
    return !Object.is(this.#value, this.#number.original);
  }

  reset() {
    if (this.isEdited) this.#set(this.#number.original);
    else this.#show();
  }

  /** Where a value is on the slider's track, in percent. */
  shareAt(value: number) {
    const { original, reach } = this.#number;
    return 50 + (50 * slider_position(original, reach, value)) / this.#positions;
  }

  focus() {
    this.#slider.focus();
  }

  #set(value: number, goesOn = false) {
    this.#value = value;
    this.#dragged = -Infinity; // another way of changing it is another edit
    this.#show();
    this.#change(this.isEdited ? value : null, goesOn);
  }

  #read() {
    try {
      const value = read_weight(this.#field.value);
      if (Object.is(value, this.#value)) this.#show();
      else this.#set(value);
    } catch (error) {
      this.#fault.textContent = wordsOf(error);
      this.#fault.hidden = false;
      this.#field.setAttribute("aria-invalid", "true");
      this.#field.setAttribute("aria-describedby", this.#fault.id);
    }
  }

  /** Escape takes back what was typed, and the browser's undo is of that; where nothing was, both are the drawer's. */
  #key(event: KeyboardEvent) {
    if (this.#field.value === show_weight(this.#value)) return;
    if (event.key === "Escape") this.#show();
    else if (!event.ctrlKey && !event.metaKey) return;
    event.stopPropagation();
  }

  #show() {
    const { original, reach } = this.#number;
    const text = show_weight(this.#value);
    const position = slider_position(original, reach, this.#value);
    this.#slider.valueAsNumber = position;
    this.#slider.setAttribute("aria-valuetext", text);
    const [from, to] = shareOf(position, this.#positions);
    this.#slider.style.setProperty("--from", `${from}%`);
    this.#slider.style.setProperty("--to", `${to}%`);
    this.#field.value = text;
    this.#field.removeAttribute("aria-invalid");
    this.#field.removeAttribute("aria-describedby");
    this.#fault.hidden = true;
    this.element.classList.toggle("edited", this.isEdited);
    this.#reset.hidden = !this.isEdited;
  }
}
