// A run's way through training: a slider over its snapshots, and a film of them.

import { el } from "./dom.js";
import { FilmClock } from "./film-clock.js";
import { logged, spoken } from "./film-words.js";
import { grouped } from "./format.js";
import type { Evaluation, TimedScore } from "./library-types.js";
import type { Scope } from "./scope.js";
import { scalesOf, type State } from "./state/state.js";
import { nearest } from "./steps.js";

interface On {
  /** Another step is wanted, by hand or by the film that plays. */
  moved: (step: number, by: "hand" | "film") => void;
  scaled: (scales: "snapshot" | "run") => void;
  /** Nothing moves any more. */
  rested: () => void;
}

/** What of the state is shown here. */
type Standing = Pick<State, "step" | "scales">;

/** How long, in milliseconds, the slider rests before a screen reader hears where it is. */
const REST = 900;
/** What has the arrow keys for itself. */
const USES_KEYS = "input, textarea, select, canvas, dialog, [role=region], button, a, summary";

export class Film {
  #scope;
  #on;
  #bar;
  #slider;
  #fixed;
  #play;
  #steps: Evaluation[] = [];
  /** Whether the run stands where someone took it. */
  #isMoved = false;
  /** The snapshot that the panels showed last. */
  #told = 0;
  #isBusy = false;
  /** Of the film under way. */
  #film: FilmClock | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, on: On) {
    this.#scope = scope;
    this.#on = on;
    this.#bar = scope.byId("film");
    this.#slider = scope.byId("film-slider", HTMLInputElement);
    this.#fixed = scope.byId("film-fixed", HTMLInputElement);
    this.#play = scope.byId("film-play");
    this.#slider.addEventListener("input", () => {
      this.#stop();
      this.#move(this.#slider.valueAsNumber, "hand");
    });
    this.#fixed.addEventListener("change", () => on.scaled(this.#fixed.checked ? "run" : "snapshot"));
    this.#play.addEventListener("click", () => (this.#film ? this.#stop() : this.#start()));
    scope.on("keydown", (event) => this.#key(event));
    const hide = () => {
      if (document.hidden) this.#stop();
    };
    document.addEventListener("visibilitychange", hide, { signal: scope.signal });
    scope.signal.addEventListener("abort", () => {
      this.#steps = [];
      this.#stop();
      clearTimeout(this.#resting);
    });
  }

  /**
   * Another model is there.
   * @param steps none: it is not of a run
   * @param index of the snapshot that is shown
   */
  open(steps: Evaluation[], standing: Standing, index: number, score?: TimedScore) {
    this.#stop();
    this.#steps = steps;
    this.#bar.hidden = steps.length === 0;
    this.#bar.classList.remove("expected");
    this.#scope.byId("film-warning").hidden = true; // it was of what was there before
    const { classList } = this.#scope.root;
    classList.toggle("with-film", steps.length > 0);
    classList.toggle("of-run", steps.length > 0);
    if (steps.length === 0) return;
    this.#slider.max = String(steps.length - 1);
    this.#slider.value = String(index);
    this.#play.toggleAttribute("disabled", steps.length < 2);
    this.#told = index;
    this.follow(standing);
    this.tell(index, score);
  }

  /** The state has another step, or other scales. */
  follow(standing: Standing) {
    const { step } = standing;
    this.#isMoved = step !== null;
    this.#fixed.checked = scalesOf(standing) === "run";
    const wanted = step === null ? null : nearest(this.#steps, step);
    if (wanted === null || wanted !== this.#film?.index) this.#stop();
    const index = wanted ?? this.#told; // `tell` says where it opens
    this.#slider.valueAsNumber = index;
    this.#slider.setAttribute("aria-valuetext", spoken(this.#steps[index]));
  }

  /** The panels are on their way to what the state has. */
  busy(isBusy: boolean) {
    this.#isBusy = isBusy;
    this.#bar.setAttribute("aria-busy", String(isBusy));
    if (!isBusy) this.#rest();
  }

  /** A snapshot of a run that still goes on is there: no bar yet, but panels that hold still as they will with it. */
  wait() {
    this.open([], { step: null, scales: "auto" }, 0);
    this.#scope.root.classList.add("of-run");
  }

  /** Goes to the snapshot nearest to a step; false without a run. */
  goTo(step: number) {
    const index = nearest(this.#steps, step);
    if (index === null) return false;
    this.#stop();
    this.#move(index, "hand");
    return true;
  }

  /**
   * The panels show this snapshot now.
   * @param isEdited then what was logged is of other numbers, and is left out
   */
  tell(index: number, score?: TimedScore, isEdited = false) {
    const step = this.#steps[index];
    const last = this.#steps.at(-1);
    if (!step || !last) return;
    this.#told = index;
    const board = score
      ? [el("span", {}, `AdderBoard ${grouped(score.passed)}`, el("small", {}, ` of ${grouped(score.total)}`))]
      : [];
    this.#scope.byId("film-step").textContent = `Step ${grouped(step.step)}`;
    this.#scope.byId("film-of").textContent = ` of ${grouped(last.step)}`;
    const said = isEdited ? ["edited"] : logged(step);
    this.#scope.byId("film-scores").replaceChildren(...said.map((text) => el("span", {}, text)), ...board);
    if (!this.#isMoved) this.#slider.valueAsNumber = index;
    if (!this.#isMoved || (!this.#film && !this.#isBusy)) this.#slider.setAttribute("aria-valuetext", spoken(step));
  }

  #move(index: number, by: "hand" | "film") {
    const step = this.#steps[index];
    if (step) this.#on.moved(step.step, by);
  }

  #start() {
    this.#film = new FilmClock(this.#steps.length - 1, this.#slider.valueAsNumber, this.#isMoved, performance.now());
    this.#showPlaying();
    this.#move(this.#film.index, "hand");
    requestAnimationFrame((time) => this.#frame(time));
  }

  #frame(time: number) {
    const film = this.#film;
    if (!film) return;
    film.tick(time);
    if (film.index !== this.#slider.valueAsNumber) this.#move(film.index, "film");
    if (film.isOver) this.#stop();
    else requestAnimationFrame((next) => this.#frame(next));
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
    if (this.#film || this.#isBusy || this.#steps.length === 0) return;
    this.#on.rested();
    clearTimeout(this.#resting);
    const text = this.#slider.getAttribute("aria-valuetext") ?? "";
    this.#resting = setTimeout(() => {
      if (document.activeElement !== this.#slider) this.#scope.announce(text); // there it is heard anyway
    }, REST);
  }

  /** Arrow keys move through the run where nothing else uses them. */
  #key(event: KeyboardEvent) {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (!way || modified || event.defaultPrevented || this.#steps.length === 0) return;
    const used = event.target instanceof Element && event.target.closest(USES_KEYS);
    // Its own buttons have no use for them.
    if ((used && !this.#bar.contains(used)) || this.#scope.root.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.#stop();
    const to = this.#slider.valueAsNumber + way;
    this.#move(to, "hand");
  }
}

/** Wires the bar. */
export const filmBar = (scope: Scope, on: On) => new Film(scope, on);
