// A's run beside B: a slider over its steps, and a film of them. B stays where it is.

import { button, el, setText } from "../dom.js";
import { FilmClock } from "../film-clock.js";
import { grouped } from "../format.js";
import type { Evaluation } from "../library-types.js";
import type { Scope } from "../scope.js";
import { nearest } from "../steps.js";

interface On {
  /** Another step of A is wanted, by hand or by the film that plays. */
  moved: (step: number, by: "hand" | "film") => void;
  /** The film stands still: the step that it is at is looked at. */
  paused: () => void;
}

export class FilmRow {
  readonly element = el("p", { class: "film-row", hidden: true });
  readonly #slider = el("input", { type: "range", min: 0, step: 1, "aria-label": "Step of A’s run" });
  readonly #where = el("span", { class: "number" });
  readonly #play;
  readonly #on;
  #steps: readonly Evaluation[] = [];
  #film: FilmClock | null = null;

  constructor(scope: Scope, on: On) {
    this.#on = on;
    this.#play = button("Play A", () => (this.#film ? this.#pause() : this.#start()));
    this.element.append(this.#play, this.#slider, this.#where);
    this.#slider.addEventListener("input", () => {
      this.stop();
      this.#move("hand");
    });
    scope.signal.addEventListener("abort", () => this.stop());
  }

  get isPlaying() {
    return this.#film !== null;
  }

  /** A's run, at this step; where nobody moved it, at the snapshot that is shown. */
  show(steps: readonly Evaluation[], step: number | null, snapshot: number | null) {
    this.#steps = steps;
    this.element.hidden = steps.length < 2;
    this.#slider.max = String(Math.max(0, steps.length - 1));
    const index = step === null ? snapshot : nearest(steps, step);
    if (this.#film && index !== this.#film.index) this.stop();
    this.#slider.valueAsNumber = index ?? 0;
    this.#tell();
  }

  stop() {
    if (!this.#film) return;
    this.#film = null;
    setText(this.#play, "Play A");
  }

  #pause() {
    this.stop();
    this.#on.paused();
  }

  #start() {
    const at = this.#slider.valueAsNumber;
    this.#film = new FilmClock(this.#steps.length - 1, at, at > 0, performance.now());
    setText(this.#play, "Pause");
    this.#slider.valueAsNumber = this.#film.index;
    this.#move("hand");
    requestAnimationFrame((time) => this.#frame(time));
  }

  #frame(time: number) {
    const film = this.#film;
    if (!film) return;
    film.tick(time);
    const isOver = film.isOver;
    if (film.index !== this.#slider.valueAsNumber) {
      this.#slider.valueAsNumber = film.index;
      if (isOver) this.stop(); // so that what comes last is decided, too
      this.#move("film");
    } else if (isOver) {
      this.stop();
    }
    if (this.#film) requestAnimationFrame((next) => this.#frame(next));
  }

  #move(by: "hand" | "film") {
    this.#tell();
    const step = this.#steps[this.#slider.valueAsNumber];
    if (step) this.#on.moved(step.step, by);
  }

  #tell() {
    const [step, last] = [this.#steps[this.#slider.valueAsNumber], this.#steps.at(-1)];
    const text = step && last ? `A at step ${grouped(step.step)} of ${grouped(last.step)}` : "";
    setText(this.#where, text);
    this.#slider.setAttribute("aria-valuetext", text);
  }
}
