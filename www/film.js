// A run's way through training: a slider over its snapshots, and a film of them.

import { announce, byId, el, grouped } from "./dom.js";
import { percentOf } from "./facts.js";
import { nearest } from "./steps.js";

/** @typedef {import("./adderscope.js").Step} Step */
/** @typedef {import("./adderscope.js").Score} Score */
/** @typedef {import("./client.js").Shown} Shown */

/** How long a film of a whole run takes, in milliseconds. */
const WHOLE = 12_000;
/** How long, in milliseconds, the slider rests before a screen reader hears where it is. */
const REST = 900;
/** What has the arrow keys for itself. */
const USES_KEYS = "input, textarea, select, canvas, dialog, [role=region]";

/**
 * What was logged, in words.
 * @param {Step | undefined} step
 */
function words(step) {
  if (!step) return [];
  const share = (/** @type {string} */ name, /** @type {number | null} */ value) =>
    value === null ? [] : [`${name} ${percentOf(value)}`];
  return [...share("exact match", step.val_exact), ...share("tokens", step.val_tok_acc)];
}

/** One snapshot at a time is asked for; of those wanted meanwhile, the newest. */
class Mover {
  /** @type {Shown | null} */
  #wanted = null;
  #isBusy = false;
  #show;
  #rested;

  /**
   * @param {(shown: Shown) => Promise<void>} show never fails
   * @param {() => void} rested
   */
  constructor(show, rested) {
    this.#show = show;
    this.#rested = rested;
  }

  get isBusy() {
    return this.#isBusy;
  }

  /** @param {Shown} shown */
  async go(shown) {
    this.#wanted = shown;
    if (this.#isBusy) return;
    this.#isBusy = true;
    byId("film").setAttribute("aria-busy", "true");
    while (this.#wanted) {
      const next = this.#wanted;
      this.#wanted = null;
      await this.#show(next);
    }
    this.#isBusy = false;
    byId("film").setAttribute("aria-busy", "false");
    this.#rested();
  }

  /** Another run, or none, is there now. */
  forget() {
    this.#wanted = null;
  }
}

class Film {
  #slider = /** @type {HTMLInputElement} */ (byId("film-slider"));
  #fixed = /** @type {HTMLInputElement} */ (byId("film-fixed"));
  #play = byId("film-play");
  #mover;
  #rested;
  /** @type {Step[]} */
  #steps = [];
  /** The first move fixes the scales, unless a person has chosen. */
  #isChosen = false;
  /** Whether the run stands where someone took it. */
  #isMoved = false;
  /** Of the film under way: when the last frame was, and how far it is, in snapshots. @type {{at: number, time: number} | null} */
  #film = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /**
   * @param {(shown: Shown) => Promise<void>} show never fails
   * @param {() => void} rested nothing moves any more
   */
  constructor(show, rested) {
    this.#rested = rested;
    this.#mover = new Mover(show, () => this.#rest());
    this.#slider.addEventListener("input", () => {
      this.#stop();
      this.#move(this.#slider.valueAsNumber);
    });
    this.#fixed.addEventListener("change", () => {
      this.#isChosen = true;
      this.#mover.go(this.#shown);
    });
    this.#play.addEventListener("click", () => (this.#film ? this.#stop() : this.#start()));
    addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#stop();
    });
  }

  /**
   * Another model is there.
   * @param {Step[]} steps none: it is not of a run
   * @param {Shown | null} shown what a person chose; null: nothing yet
   * @param {number} index of the snapshot that is shown
   * @param {Score} [score]
   */
  open(steps, shown, index, score) {
    this.#stop();
    this.#mover.forget();
    this.#steps = steps;
    byId("film").hidden = steps.length === 0;
    byId("film-warning").hidden = true; // it was of what was there before
    document.body.classList.toggle("with-film", steps.length > 0);
    document.body.classList.toggle("of-run", steps.length > 0);
    if (steps.length === 0) return;
    this.#slider.max = String(steps.length - 1);
    this.#slider.value = String(index);
    this.#isMoved = shown !== null;
    this.#isChosen = shown !== null;
    this.#fixed.checked = shown?.scales === "run";
    this.#play.toggleAttribute("disabled", steps.length < 2);
    this.#tell(index, score);
  }

  /** A snapshot of a run that still goes on is there: no bar yet, but panels that hold still as they will with it. */
  wait() {
    this.open([], null, 0);
    document.body.classList.add("of-run");
  }

  /** Goes to the snapshot nearest to a step; false without a run. @param {number} step */
  goTo(step) {
    const index = nearest(this.#steps, step);
    if (index === null) return false;
    this.#stop();
    this.#move(index);
    return true;
  }

  /**
   * The panels show this snapshot now.
   * @param {number} index
   * @param {Score} [score]
   */
  tell(index, score) {
    this.#tell(index, score);
  }

  get #shown() {
    const scales = /** @type {Shown["scales"]} */ (this.#fixed.checked ? "run" : "snapshot");
    return { index: this.#slider.valueAsNumber, scales };
  }

  /** @param {number} index */
  #move(index) {
    this.#slider.valueAsNumber = index;
    this.#isMoved = true;
    if (!this.#isChosen) this.#fixed.checked = true;
    const step = this.#steps[this.#slider.valueAsNumber];
    this.#slider.setAttribute("aria-valuetext", [`step ${grouped(step?.step ?? 0)}`, ...words(step)].join(", "));
    this.#mover.go(this.#shown);
  }

  /**
   * @param {number} index
   * @param {Score} [score]
   */
  #tell(index, score) {
    const step = this.#steps[index];
    const last = this.#steps.at(-1);
    if (!step || !last) return;
    const board = score ? [el("span", {}, `AdderBoard ${grouped(score.passed)}`, el("small", {}, ` of ${grouped(score.total)}`))] : [];
    byId("film-step").textContent = `Step ${grouped(step.step)}`;
    byId("film-of").textContent = ` of ${grouped(last.step)}`;
    byId("film-scores").replaceChildren(...words(step).map((text) => el("span", {}, text)), ...board);
    if (!this.#film && !this.#mover.isBusy) {
      this.#slider.setAttribute("aria-valuetext", [`step ${grouped(step.step)}`, ...words(step)].join(", "));
    }
  }

  #start() {
    const last = this.#steps.length - 1;
    const from = this.#slider.valueAsNumber;
    this.#film = { at: this.#isMoved && from < last ? from : 0, time: performance.now() };
    this.#showPlaying();
    this.#move(Math.floor(this.#film.at));
    requestAnimationFrame((time) => this.#frame(time));
  }

  /** By the clock, however many frames there are. @param {number} time */
  #frame(time) {
    const film = this.#film;
    if (!film) return;
    const last = this.#steps.length - 1;
    film.at = Math.min(last, film.at + (Math.max(0, time - film.time) * last) / WHOLE);
    film.time = time;
    const index = Math.floor(film.at);
    if (index !== this.#slider.valueAsNumber) this.#move(index);
    if (index < last) requestAnimationFrame((next) => this.#frame(next));
    else this.#stop();
  }

  #stop() {
    if (!this.#film) return;
    this.#film = null;
    this.#showPlaying();
    this.#rest();
  }

  #showPlaying() {
    this.#play.textContent = this.#film ? "Pause" : "Play";
    this.#play.classList.toggle("playing", this.#film !== null);
  }

  #rest() {
    if (this.#film || this.#mover.isBusy || this.#steps.length === 0) return;
    this.#rested();
    clearTimeout(this.#resting);
    const text = this.#slider.getAttribute("aria-valuetext") ?? "";
    this.#resting = setTimeout(() => {
      if (document.activeElement !== this.#slider) announce(text); // there it is heard anyway
    }, REST);
  }

  /** Arrow keys move through the run where nothing else uses them. @param {KeyboardEvent} event */
  #key(event) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (!way || modified || event.defaultPrevented || this.#steps.length === 0) return;
    const used = event.target instanceof Element && event.target.closest(USES_KEYS);
    if (used || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.#stop();
    const to = this.#slider.valueAsNumber + way;
    if (to >= 0 && to < this.#steps.length) this.#move(to);
  }
}

/**
 * Wires the bar.
 * @param {ConstructorParameters<typeof Film>[0]} show
 * @param {ConstructorParameters<typeof Film>[1]} rested
 */
export const filmBar = (show, rested) => new Film(show, rested);
