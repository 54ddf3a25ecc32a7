// The drawer that trains: one model or many seeds, with the twelve panels following one of the runs.

import { check_size } from "./adderscope.js";
import { announce, byId, button, el } from "./dom.js";
import { nameOf, save } from "./download.js";
import { bringPanels, wireDrawer } from "./drawer.js";
import { wordsOf } from "./errors.js";
import { loadTrainer } from "./library.js";
import { lotteryView } from "./lottery.js";
import { Run } from "./run.js";
import { NUMBERS, fileOf, whereOf } from "./run-words.js";
import { settingsForm } from "./settings.js";

/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */
/** @typedef {import("./library.js").TrainerLibrary} TrainerLibrary */

/**
 * What the page does for the drawer.
 * @typedef {object} Page
 * @property {(files: NamedBytes[], how: {isFirst: boolean, index: number | null}) => Promise<boolean>} show a snapshot in the panels, or snapshot `index` of a history, for null the one that a history opens with; whether they show it now
 * @property {() => "light" | "dark"} theme
 * @property {(error: unknown) => void} failed
 */

/** How often, in milliseconds, the drawer is written anew, and how long the panels rest between two snapshots. */
const REFRESH = 250;
const REST = 400;
/** More Workers than this at a time only wait for each other's memory. */
const MOST_WORKERS = 16;

/** What can be downloaded, and what it is for. */
const FILES = [
  ["best.safetensors", "Best model"],
  ["last.safetensors", "Last model"],
  ["history.safetensors", "History"],
  ["log.jsonl", "Log"],
  ["run.safetensors", "Saved run"],
];

/** Writes text only where it is new: what stays, the browser need not lay out again. @param {Element} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

class Training {
  #page;
  /** @type {Run[]} */
  #runs = [];
  /** The run that the drawer tells of and the panels follow. @type {Run | null} */
  #selected = null;
  #follows = false;
  /** What the panels show of a run; and whether it was under way when they began to. */
  #shown = { name: "", isFirst: true, at: 0, wasLive: false };
  /** The snapshot on its way to the panels. @type {Promise<void> | null} */
  #showing = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;
  #lottery;
  #controls;
  #back;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
    this.#lottery = lotteryView((run) => this.#select(run), page.failed);
    this.#controls = {
      pause: button("Pause", () => this.#each((run) => run.pause())),
      resume: button("Resume", () => this.#each((run) => run.resume()), { class: "primary" }),
      stop: button("Stop", () => this.#each((run) => run.stop())),
      another: button("Train another…", () => this.#another()),
    };
    for (const control of Object.values(this.#controls)) control.hidden = true; // until there is a run
    byId("train-controls").append(...Object.values(this.#controls));
    this.#back = button("Show it in the panels", () => this.follow());
    byId("train-shown").append(el("span"), " ", this.#back);
    byId("train-downloads").append(...FILES.map(([name = "", label = ""]) => button(label, () => this.#download(name), { "data-file": name })));
    byId("train-numbers").append(
      ...NUMBERS.map(([label]) => el("div", {}, el("dt", {}, label), el("dd"))),
    );
  }

  /** Whether a run would be lost with the page. */
  get isAtStake() {
    return this.#runs.some((run) => run.unsaved || !run.isOver);
  }

  /** The panels show something else now; returns whether they followed a run. */
  leave() {
    const followed = this.#follows;
    this.#follows = false;
    this.#changed();
    return followed;
  }

  /** As `leave`, once a snapshot that is on its way has come; whether one was. */
  async hold() {
    this.leave();
    const showing = this.#showing;
    await showing;
    return showing !== null;
  }

  /** What was to take the panels could not be opened: they show the run as before. */
  stay() {
    this.#follows = this.#selected !== null;
    this.#changed();
  }

  /** The panels show the selected run, and follow it. */
  follow() {
    this.#follows = this.#selected !== null;
    this.#shown = { name: "", isFirst: true, at: 0, wasLive: this.#selected?.isOver === false };
    this.#changed();
  }

  /**
   * Runs with these settings, a few at a time; or a saved one.
   * @param {TrainerLibrary} library
   * @param {import("./settings.js").Texts[] | Uint8Array} from
   * @param {string[]} titles
   */
  async begin(library, from, titles) {
    const changed = () => this.#changed();
    const about = (/** @type {string} */ title, /** @type {string} */ seed, /** @type {string} */ steps) => ({ title, seed, steps: Number(steps) });
    const sources = from instanceof Uint8Array ? [{ saved: from }] : from.map((settings) => ({ settings }));
    this.#each((run) => run.stop()); // those of before: nobody could reach them any more
    this.#runs = sources.map((source, at) => {
      const { seed = "", steps = "0" } = "settings" in source ? source.settings : {};
      return new Run(about(titles[at] ?? "", seed, steps), changed);
    });
    this.#lottery.begin(this.#runs, library);
    this.#selected = this.#runs[0] ?? null;
    this.follow();
    byId("train-form").hidden = true;
    this.#refresh();
    const title = this.#runs.length > 1 ? "train-lottery-title" : "train-run-title";
    byId(title).focus({ preventScroll: true });
    byId("train-controls").scrollIntoView({ block: "end" });
    const waiting = this.#runs.map((run, at) => ({ run, source: sources[at] }));
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (next.run.isOver || !next.source) continue;
        await next.run.start(library.module, next.source).catch(this.#page.failed);
        await next.run.over;
      }
    };
    const workers = Math.min(navigator.hardwareConcurrency || 1, waiting.length, MOST_WORKERS);
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** @param {(run: Run) => unknown} work */
  async #each(work) {
    try {
      await Promise.all(this.#runs.map(work));
    } catch (error) {
      this.#page.failed(error);
    }
  }

  /** @param {Run} run */
  #select(run) {
    this.#selected = run;
    this.follow();
  }

  #another() {
    byId("train-form").hidden = false;
    byId("train-form").scrollIntoView({ block: "nearest" });
    byId("train-arch").focus();
    this.#changed();
  }

  /** @param {string} name */
  async #download(name) {
    const run = this.#selected;
    if (!run) return;
    try {
      save(new Blob([await run.file(name)]), nameOf(run.about.title, name));
      if (name.endsWith(".safetensors")) run.unsaved = false;
      this.#changed();
    } catch (error) {
      this.#page.failed(error);
    }
  }

  /** Writes the drawer anew, now and then, however often something changes. */
  #changed(wait = REFRESH) {
    if (this.#due !== undefined) return;
    this.#due = setTimeout(() => {
      this.#due = undefined;
      this.#refresh();
    }, wait);
  }

  #refresh() {
    const run = this.#selected;
    byId("train-run").hidden = run === null;
    removeEventListener("beforeunload", asks);
    if (this.isAtStake) addEventListener("beforeunload", asks);
    if (!run) return;
    this.#showRun(run);
    this.#showControls(run);
    this.#lottery.show(run, this.#page.theme());
    this.#showOpener();
    this.#showSnapshot(run);
  }

  /** @param {Run} run */
  #showRun(run) {
    const { about, progress, fault, state } = run;
    write(byId("train-run-title"), about.title || "A saved run");
    const bar = /** @type {HTMLProgressElement} */ (byId("train-bar"));
    bar.max = about.steps || 1;
    bar.value = progress?.step ?? 0;
    write(byId("train-where"), whereOf(run));
    const cells = byId("train-numbers").querySelectorAll("dd");
    for (const [at, [, value]] of NUMBERS.entries()) {
      const cell = cells[at];
      if (cell) write(cell, value(run));
    }
    write(byId("train-run-fault"), fault);
    byId("train-run-fault").hidden = fault === "";
    const shown = byId("train-shown").firstElementChild;
    if (shown) write(shown, this.#follows ? `The panels ${run.isOver ? "show this run: the bar below them moves through it" : "follow this run"}.` : `The panels show ${byId("file").textContent || "nothing yet"}.`);
    this.#back.hidden = this.#follows;
    byId("train-files").hidden = state === "training" || state === "waiting" || state === "failed";
  }

  /** @param {Run} run */
  #showControls(run) {
    const some = (/** @type {string} */ state) => this.#runs.some((each) => each.state === state);
    const goesOn = this.#runs.some((each) => !each.isOver);
    const all = this.#runs.length > 1 ? " all" : "";
    const { pause, resume, stop, another } = this.#controls;
    const before = document.activeElement;
    pause.hidden = !some("training");
    resume.hidden = !some("paused");
    stop.hidden = !goesOn;
    another.hidden = goesOn || !byId("train-form").hidden;
    write(pause, `Pause${all}`);
    write(resume, `Resume${all}`);
    write(stop, `Stop${all}`);
    // A button that goes takes the focus with it: to the one in its place.
    if (before instanceof HTMLElement && before.hidden) [resume, pause, another].find((each) => !each.hidden)?.focus();
    if (run.isOver && this.#said !== run) {
      this.#said = run;
      announce(`${run.about.title}: ${whereOf(run)}`);
    }
  }

  /** The run whose end was told. @type {Run | null} */
  #said = null;

  #showOpener() {
    const going = this.#runs.filter((run) => !run.isOver);
    const share = this.#runs.reduce((sum, { progress, about, isOver }) => sum + (isOver ? 1 : (progress?.step ?? 0) / (about.steps || 1)), 0);
    const percent = Math.floor((100 * share) / (this.#runs.length || 1));
    const paused = going.length > 0 && going.every(({ state }) => state === "paused");
    write(byId("train-open"), going.length === 0 ? "Train one…" : `${paused ? "Paused" : "Training"}, ${percent} %`);
  }

  /** Brings the newest snapshot to the panels, one at a time and not too often. @param {Run} run */
  #showSnapshot(run) {
    if (!this.#follows || this.#showing || run.log.length === 0 || run.state === "failed" || fileOf(run) === this.#shown.name) return;
    const rest = this.#shown.at + REST - performance.now();
    if (rest > 0) return this.#changed(rest);
    const wasOver = run.isOver;
    this.#showing = this.#bring(run).catch((error) => {
      if (run.isOver && !wasOver) return; // it ended meanwhile: its history comes next
      this.#follows = false;
      this.#page.failed(error);
    });
    this.#showing.finally(() => {
      this.#showing = null;
      this.#changed();
    });
  }

  /** @param {Run} run */
  async #bring(run) {
    const files = await run.toShow();
    if (!this.#follows || run !== this.#selected) return;
    const { isFirst, wasLive } = this.#shown;
    // A run that was followed stays where it ended; one that is brought opens as histories do.
    const index = run.isOver && wasLive ? run.log.length - 1 : null;
    const isShown = await this.#page.show(files, { isFirst, index });
    const [{ name } = { name: "" }] = files;
    if (isShown && isFirst) bringPanels(byId("train"));
    if (isShown && run === this.#selected) this.#shown = { name, isFirst: false, at: performance.now(), wasLive };
  }
}

/** Asks before the page goes with a run in it. @param {BeforeUnloadEvent} event */
function asks(event) {
  event.preventDefault();
}

/**
 * Whether what was trained before may go: without a download only when that is asked for again.
 * @param {Training} training
 * @param {HTMLElement} warning
 */
function may(training, warning) {
  const ask = training.isAtStake && warning.hidden;
  warning.textContent = "What was trained before was not downloaded and would be lost. Press again to go on without it.";
  warning.hidden = !ask;
  return !ask;
}

/**
 * Opening loads the part of the library that trains, and the form comes with it.
 * @param {Training} training
 * @param {(error: unknown) => void} failed
 */
function wireOpening(training, failed) {
  const loading = byId("train-loading");
  /** Null where it does not load, which is said. */
  const load = async () => {
    if (!loading.hidden) loading.textContent = "Loading the trainer…";
    try {
      const library = await loadTrainer();
      if (!loading.hidden) wireForm(training, library, failed);
      loading.hidden = true;
      byId("train-settings").hidden = false;
      return library;
    } catch (error) {
      const what = wordsOf(error);
      loading.textContent = `${what}. Close this and open it again to try once more.`;
      return null;
    }
  };
  return { open: wireDrawer("train", load), load };
}

/**
 * @param {Training} training
 * @param {TrainerLibrary} library
 * @param {(error: unknown) => void} failed
 */
function wireForm(training, library, failed) {
  const read = settingsForm(library);
  const warning = byId("train-warning");
  byId("train-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const settings = read();
    if (!settings || !may(training, warning)) return;
    training.begin(library, settings, settings.map(({ arch, seed }) => `${arch}, seed ${seed}`)).catch(failed);
  });
  const picker = /** @type {HTMLInputElement} */ (byId("train-picker"));
  byId("train-saved").addEventListener("click", () => {
    if (may(training, warning)) picker.click();
  });
  picker.addEventListener("change", async () => {
    const file = picker.files?.[0];
    picker.value = "";
    if (!file) return;
    try {
      check_size(file.name, file.size);
      await training.begin(library, new Uint8Array(await file.arrayBuffer()), [file.name]);
    } catch (error) {
      failed(error);
    }
  });
}

/** Wires the drawer. @param {Page} page */
export function trainDrawer(page) {
  const training = new Training(page);
  const { open, load } = wireOpening(training, page.failed);
  let isLoading = false;
  /** Opens the drawer with a saved run, which waits there to be resumed. @param {NamedBytes} saved */
  const takeUp = async ({ name, bytes }) => {
    if (isLoading || !may(training, byId("film-warning"))) return;
    isLoading = true;
    open();
    const library = await load();
    isLoading = false;
    if (library) training.begin(library, bytes, [name]).catch(page.failed);
  };
  return { training, takeUp };
}
