// The Weights drawer: every learned number as a slider and a field. What it changes goes out as edits, the newest only.

import { read_weight, show_weight, slider_position, slider_value } from "./adderscope.js";
import { announce, button, byId, el, grouped } from "./dom.js";
import { bringPanels, wireDrawer } from "./drawer.js";
import { wordsOf } from "./errors.js";

/** @typedef {import("./adderscope.js").Edit} Edit */
/** @typedef {import("./adderscope.js").LearnedNumber} LearnedNumber */
/** @typedef {import("./adderscope.js").Tensor} Tensor */
/** @typedef {import("./adderscope.js").Weights} Weights */
/** @typedef {import("./adderscope.js").Verdict} Verdict */
/** @typedef {(name: string, index: number, value: number) => void} Change */

/** How long, in milliseconds, the numbers rest before a screen reader hears the score. */
const REST = 900;

/** One learned number. */
class Row {
  #slider;
  #field = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  #reset;
  #fault;
  #name;
  /** @type {LearnedNumber} */
  #number;
  #change;
  #value = 0;

  /**
   * @param {LearnedNumber} number
   * @param {string} title of its tensor
   * @param {string} id for the elements that others refer to
   * @param {number} positions of the slider, on each side
   * @param {(value: number) => void} change
   */
  constructor(number, title, id, positions, change) {
    const { subscript, place } = number;
    const name = place ? `${place}: ${title}` : title;
    this.#name = name;
    this.#number = number;
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
      this.#set(slider_value(original, reach, this.#slider.valueAsNumber));
    });
    this.#slider.addEventListener("dblclick", () => this.reset());
    this.#field.addEventListener("change", () => this.#read());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.become(number);
  }

  /** The same number of another model, such as a later snapshot of a run. @param {LearnedNumber} number */
  become(number) {
    const typed = document.activeElement === this.#field && this.#field.value !== show_weight(this.#value);
    this.#number = number;
    this.#value = read_weight(number.value);
    const back = `back to ${show_weight(number.original)}`;
    this.#reset.title = `B${back.slice(1)}`;
    this.#reset.setAttribute("aria-label", `${this.#name}: ${back}`);
    if (!typed) this.#show(); // not under the hands of someone who types
  }

  get isEdited() {
    return !Object.is(this.#value, this.#number.original);
  }

  reset() {
    if (this.isEdited) this.#set(this.#number.original);
    else this.#show();
  }

  focus() {
    this.#slider.focus();
  }

  /** @param {number} value */
  #set(value) {
    this.#value = value;
    this.#show();
    this.#change(value);
  }

  #read() {
    try {
      const value = read_weight(this.#field.value);
      if (!Object.is(value, this.#value)) return this.#set(value);
      this.#show();
    } catch (error) {
      this.#fault.textContent = wordsOf(error);
      this.#fault.hidden = false;
      this.#field.setAttribute("aria-invalid", "true");
      this.#field.setAttribute("aria-describedby", this.#fault.id);
    }
  }

  /** Escape takes back what was typed; where nothing was, it is the drawer's. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || this.#field.value === show_weight(this.#value)) return;
    this.#show();
    event.stopPropagation();
  }

  #show() {
    const { original, reach } = this.#number;
    const text = show_weight(this.#value);
    const position = slider_position(original, reach, this.#value);
    this.#slider.valueAsNumber = position;
    this.#slider.setAttribute("aria-valuetext", text);
    // The part of the track between the file's value and this one.
    const share = (50 * position) / Number(this.#slider.max);
    this.#slider.style.setProperty("--from", `${50 + Math.min(0, share)}%`);
    this.#slider.style.setProperty("--to", `${50 + Math.max(0, share)}%`);
    this.#field.value = text;
    this.#field.removeAttribute("aria-invalid");
    this.#field.removeAttribute("aria-describedby");
    this.#fault.hidden = true;
    this.element.classList.toggle("edited", this.isEdited);
    this.#reset.hidden = !this.isEdited;
  }
}

/**
 * A tensor's numbers under its heading.
 * @param {Tensor} tensor
 * @param {number} positions
 * @param {Change} change
 */
function tensorOf({ name, source, title, numbers }, positions, change) {
  const rows = numbers.map(
    (number, index) => new Row(number, title, `weight-${name}-${index}`, positions, (value) => change(name, index, value)),
  );
  const heading = el("h3", {}, title, " ", el("code", {}, source));
  const back = () => {
    for (const row of rows) row.reset();
    rows[0]?.focus();
  };
  const reset = button("Reset", back, { class: "link", "aria-label": `Reset ${title}` });
  reset.hidden = true;
  const element = el(
    "section",
    { "data-tensor": name },
    el("header", {}, heading, rows.length > 1 ? reset : null),
    el("ul", {}, ...rows.map((row) => row.element)),
  );
  const mark = () => {
    reset.hidden = !rows.some((row) => row.isEdited);
  };
  mark();
  return {
    element,
    rows,
    mark,
    /** Whether these rows can show another model's tensor. @param {Tensor | undefined} other */
    fits: (other) => other?.name === name && other.source === source && other.title === title && other.numbers.length === rows.length,
    /** @param {Tensor | undefined} other that fits */
    become: (other) => {
      for (const [at, number] of (other?.numbers ?? []).entries()) rows[at]?.become(number);
    },
  };
}

/** Sends edits one batch at a time: what comes meanwhile waits, of each number the newest only. */
class Outbox {
  /** @type {Map<string, Edit>} */
  #waiting = new Map();
  #isBusy = false;
  #send;
  #busy;

  /**
   * @param {(edits: Edit[]) => Promise<void>} send
   * @param {(busy: boolean) => void} busy
   */
  constructor(send, busy) {
    this.#send = send;
    this.#busy = busy;
  }

  /** @param {Edit} edit */
  async put(edit) {
    this.#waiting.set(`${edit.name} ${edit.index}`, edit);
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#busy(true);
    await null; // what comes in one go, such as a reset of all, goes out in one go
    while (this.#waiting.size > 0) {
      const edits = [...this.#waiting.values()];
      this.#waiting.clear();
      await this.#send(edits);
    }
    this.#isBusy = false;
    this.#busy(false);
  }

  clear() {
    this.#waiting.clear();
  }
}

/** The score beside the file's, in words. @param {Verdict} verdict */
function comparison({ score, file_passed }) {
  const change = score.passed - file_passed;
  if (change === 0) return "as the file’s";
  return `${grouped(Math.abs(change))} ${change > 0 ? "more" : "fewer"} than the file’s`;
}

/** @param {Verdict} verdict */
function showScore(verdict) {
  const { score, file_passed } = verdict;
  byId("weights-score").textContent = grouped(score.passed);
  byId("weights-total").textContent = ` of ${grouped(score.total)} right`;
  const change = byId("weights-change");
  change.textContent = comparison(verdict);
  change.className = score.passed === file_passed ? "" : score.passed > file_passed ? "good" : "bad";
}

/**
 * Wires the drawer.
 * @param {number} positions of a slider, on each side
 * @param {(edits: Edit[]) => Promise<void>} send never fails
 */
export function weightsDrawer(positions, send) {
  /** @type {ReturnType<typeof tensorOf>[]} */
  let tensors = [];
  const outbox = new Outbox(send, (busy) => byId("weights-verdict").setAttribute("aria-busy", String(busy)));
  const resetAll = byId("weights-reset");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  const mark = () => {
    for (const tensor of tensors) tensor.mark();
    const edited = tensors.flatMap(({ rows }) => rows).filter((row) => row.isEdited).length;
    resetAll.textContent = edited > 0 ? `Reset all ${grouped(edited)}` : "Reset all";
    resetAll.toggleAttribute("disabled", edited === 0);
  };
  /** @type {Change} */
  const change = (name, index, value) => {
    outbox.put({ name, index, value });
    mark();
  };
  resetAll.addEventListener("click", () => {
    for (const { rows } of tensors) for (const row of rows) row.reset();
    byId("weights-title").focus(); // a button that is disabled loses the focus
  });
  /** Numbers that no one has looked at yet: the rows are made when the drawer is open. @type {Weights | null} */
  let waiting = null;
  const build = () => {
    if (!waiting) return;
    const weights = waiting;
    waiting = null;
    const same = weights.tensors.length === tensors.length && tensors.every((tensor, at) => tensor.fits(weights.tensors[at]));
    if (same) {
      for (const [at, tensor] of tensors.entries()) tensor.become(weights.tensors[at]);
    } else {
      tensors = weights.tensors.map((tensor) => tensorOf(tensor, positions, change));
      byId("weights-list").replaceChildren(...tensors.map(({ element }) => element));
    }
    byId("weights-left-out").textContent = weights.left_out;
    mark();
  };
  wireDrawer("weights", () => {
    build();
    bringPanels(byId("weights"));
  });

  return {
    /** A model was opened: its numbers, edits included. @param {Weights} weights */
    show(weights) {
      outbox.clear();
      clearTimeout(resting);
      waiting = weights;
      if (!byId("weights").hidden) build();
      for (const id of ["weights-score", "weights-change"]) byId(id).textContent = "";
      byId("weights-total").textContent = "…";
    },
    showScore,
    /** The numbers were changed and have this score. @param {Verdict} verdict */
    edited(verdict) {
      showScore(verdict);
      clearTimeout(resting);
      const { passed, total } = verdict.score;
      const text = `${grouped(passed)} of ${grouped(total)} right, ${comparison(verdict)}`;
      resting = setTimeout(() => announce(text), REST);
    },
  };
}
