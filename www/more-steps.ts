// What lets a run that is over go on: to its end where it ended early, for some more steps where it has done all of them.

import { el, setText } from "./dom.js";
import { grouped } from "./format.js";
import type { TrainerLibrary } from "./library-types.js";
import type { Run } from "./run.js";
import type { Scope } from "./scope.js";

/** What the field begins with. */
const USUAL = "20000";

interface On {
  /** So many steps are wanted. */
  wanted: (run: Run, more: number) => void;
  /** The library that runs are trained by: it checks what is asked for. */
  library: () => TrainerLibrary | null;
}

/** Whether a run can go on, and from before its end. */
function kindOf({ isOver, state, progress, about }: Run) {
  if (!isOver || !progress || !(state === "finished" || state === "stopped")) return null;
  return progress.step < about.steps ? "early" : "done";
}

/** The row with the field and the button. */
export class MoreSteps {
  readonly element;
  #label;
  #field;
  #fault;
  #button = el("button", { type: "submit" });
  #run: Run | null = null;
  #on;

  constructor(scope: Scope, on: On) {
    this.#on = on;
    const id = scope.id("train-more");
    this.#fault = el("p", { class: "fault", id: `${id}-fault`, role: "alert", hidden: true });
    this.#field = el("input", {
      id,
      type: "text",
      value: USUAL,
      inputmode: "numeric",
      autocomplete: "off",
      "aria-describedby": this.#fault.id,
    });
    this.#label = el("label", { for: id }, "More steps");
    this.element = el("form", { class: "more", hidden: true }, this.#label, this.#field, this.#button, this.#fault);
    this.element.noValidate = true;
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      const more = this.#more();
      if (this.#run && more !== null) on.wanted(this.#run, more);
    });
  }

  show(run: Run) {
    this.#run = run;
    const kind = kindOf(run);
    this.element.hidden = kind === null;
    this.#label.hidden = this.#field.hidden = kind !== "done";
    setText(this.#button, kind === "done" ? "Train on" : `Go on to step ${grouped(run.about.steps)}`);
  }

  /** How many are asked for; 0 where it goes on to its end, null where the field does not serve, which it says. */
  #more() {
    if (this.#field.hidden) return 0;
    const text = this.#field.value.replace(/\s/g, "");
    const fault = this.#on.library()?.check_settings({ extra_steps: text })[0]?.message ?? "";
    const more = fault ? null : Number(text);
    const words = fault || more !== 0 ? fault : "0 steps are none: it takes a whole number from 1 up";
    setText(this.#fault, words);
    this.#fault.hidden = words === "";
    if (words) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
    if (words) this.#field.focus();
    return words ? null : more;
  }
}
