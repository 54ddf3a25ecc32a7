// The runs of the drawer that trains: what it says of them, and what of them the panels show.

import { button, el, setText } from "./dom.js";
import { nameOf, save } from "./download.js";
import { bringPanels } from "./drawer.js";
import { wholePercentOf } from "./format.js";
import type { NamedBytes, TrainerLibrary } from "./library-types.js";
import { lotteryView } from "./lottery.js";
import { Run } from "./run.js";
import { MoreSteps } from "./more-steps.js";
import { runCurves } from "./run-curves.js";
import { NUMBERS, fileOf, shareOf, whereOf } from "./run-words.js";
import type { Scope } from "./scope.js";
import type { Field, State } from "./state/state.js";
import type { Texts } from "./settings.js";

/** What a run brings to the panels. */
export interface Shown {
  /** Under which the page has its files. */
  key: string;
  files: NamedBytes[];
  /** The training step that a history opens with; null: its best. */
  opensAt: number | null;
  /** It still goes on: the next takes its place. */
  isLive: boolean;
}

/** What the page does for the drawer. */
export interface On {
  /** A snapshot of a run, or its history, is wanted in the panels; whether they show it now. */
  show: (shown: Shown) => Promise<boolean>;
  /** The name of what the panels show; "" for nothing. */
  shown: () => string;
  /** A key for the files of a run. */
  freshKey: () => string;
  /** What files hold, as Workers take it. */
  read: (files: NamedBytes[]) => Promise<Uint8Array>;
  failed: (error: unknown) => void;
}

/** How often, in milliseconds, the drawer is written anew, and how long the panels rest between two snapshots. */
const REFRESH = 250;
const REST = 400;
/** More Workers than this at a time only wait for each other's memory. */
const MOST_WORKERS = 16;

/** The file that a run goes on from. */
const SAVED = "run.safetensors";
/** What can be downloaded, and what it is for. */
const FILES = [
  ["best.safetensors", "Best model"],
  ["last.safetensors", "Last model"],
  ["history.safetensors", "History"],
  ["log.jsonl", "Log"],
  [SAVED, "Saved run"],
] as const;

export class Training {
  #scope;
  #on;
  #runs: Run[] = [];
  /** The run that the drawer tells of and the panels follow. */
  #selected: Run | null = null;
  #follows = false;
  /** Of what the panels show while they follow. */
  #key = "";
  /** What the panels show of a run; and whether it was under way when they began to. */
  #shown = { name: "", isFirst: true, at: 0, wasLive: false };
  /** The snapshot on its way to the panels. */
  #showing: Promise<void> | null = null;
  #due: ReturnType<typeof setTimeout> | undefined;
  /** The run whose end was told. */
  #said: Run | null = null;
  #asks = (event: BeforeUnloadEvent) => event.preventDefault();
  #lottery;
  #curves;
  #more;
  #library: TrainerLibrary | null = null;
  #controls;
  #back;
  #followed = el("span");
  #cells = NUMBERS.map(() => el("dd"));

  constructor(scope: Scope, on: On) {
    this.#scope = scope;
    this.#on = on;
    this.#curves = runCurves(scope, on.failed);
    this.#more = new MoreSteps(scope, {
      wanted: (run, more) => void this.#goOn(run, more),
      library: () => this.#library,
    });
    scope.byId("train-run").append(this.#more.element);
    const { read, failed } = on;
    this.#lottery = lotteryView(scope, { chosen: (run) => this.#select(run), read, failed });
    this.#controls = {
      pause: button("Pause", () => this.#each((run) => run.pause())),
      resume: button("Resume", () => this.#each((run) => run.resume()), { class: "primary" }),
      stop: button("Stop", () => this.#each((run) => run.stop())),
      another: button("Train another…", () => this.#another()),
    };
    for (const control of Object.values(this.#controls)) control.hidden = true; // until there is a run
    scope.byId("train-controls").append(...Object.values(this.#controls));
    this.#back = button("Show it in the panels", () => this.follow());
    scope.byId("train-shown").append(this.#followed, " ", this.#back);
    scope
      .byId("train-downloads")
      .append(...FILES.map(([name, label]) => button(label, () => this.#download(name), { "data-file": name })));
    scope
      .byId("train-numbers")
      .append(...NUMBERS.map(([label], at) => el("div", {}, el("dt", {}, label), this.#cells[at] ?? null)));
    scope.signal.addEventListener("abort", () => this.#end());
  }

  /** Whether a run would be lost with the page. */
  get isAtStake() {
    return this.#runs.some((run) => run.unsaved || !run.isOver);
  }

  /** The panels follow a run until they show something else, or someone takes its model in hand: the next snapshot would undo that. */
  stateChanged({ models, edits }: Pick<State, "models" | "edits">, changed: ReadonlySet<Field>) {
    const isElsewhere = changed.has("models") && models[0]?.files !== this.#key;
    if (!this.#follows || !(isElsewhere || (changed.has("edits") && edits.length > 0))) return;
    this.#follows = false;
    this.#changed();
  }

  /** The panels show the selected run, and follow it. */
  follow() {
    this.#follows = this.#selected !== null;
    this.#key = this.#on.freshKey();
    this.#shown = { name: "", isFirst: true, at: 0, wasLive: this.#selected?.isOver === false };
    this.#changed();
  }

  /** Runs with these settings, a few at a time; or a saved one. */
  async begin(library: TrainerLibrary, from: Texts[] | Uint8Array, titles: string[]) {
    this.#library = library;
    const sources = from instanceof Uint8Array ? [{ saved: from }] : from.map((settings) => ({ settings }));
    void this.#each((run) => run.stop()); // those of before: nobody could reach them any more
    this.#runs = sources.map((source, at) => {
      const { seed = "", steps = "0" } = "settings" in source ? source.settings : {};
      return new Run({ title: titles[at] ?? "", seed, steps: Number(steps) }, () => this.#changed());
    });
    this.#lottery.begin(this.#runs);
    this.#selected = this.#runs[0] ?? null;
    this.follow();
    this.#scope.byId("train-form").hidden = true;
    this.#refresh();
    const title = this.#runs.length > 1 ? "train-lottery-title" : "train-run-title";
    this.#scope.byId(title).focus({ preventScroll: true });
    this.#scope.byId("train-controls").scrollIntoView({ block: "end" });
    const waiting = this.#runs.map((run, at) => ({ run, source: sources[at] }));
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (next.run.isOver || !next.source) continue;
        await next.run.start(library.module, next.source).catch(this.#on.failed);
        await next.run.over;
      }
    };
    const workers = Math.min(navigator.hardwareConcurrency || 1, waiting.length, MOST_WORKERS);
    await Promise.all(Array.from({ length: workers }, work));
  }

  async #each(work: (run: Run) => unknown) {
    try {
      await Promise.all(this.#runs.map(work));
    } catch (error) {
      this.#on.failed(error);
    }
  }

  /** A run that is over goes on, and the panels follow it. */
  async #goOn(run: Run, more: number) {
    if (!this.#library) return;
    try {
      await run.goOn(this.#library.module, await run.file(SAVED), more);
      if (run === this.#selected) this.follow();
    } catch (error) {
      this.#on.failed(error);
    }
  }

  #select(run: Run) {
    this.#selected = run;
    this.follow();
  }

  #another() {
    const form = this.#scope.byId("train-form");
    form.hidden = false;
    form.scrollIntoView({ block: "nearest" });
    this.#scope.byId("train-arch").focus();
    this.#changed();
  }

  async #download(name: string) {
    const run = this.#selected;
    if (!run) return;
    try {
      save(new Blob([await run.file(name)]), nameOf(run.about.title, name));
      if (name.endsWith(".safetensors")) run.unsaved = false;
      this.#changed();
    } catch (error) {
      this.#on.failed(error);
    }
  }

  /** Writes the drawer anew, now and then, however often something changes. */
  #changed(wait = REFRESH) {
    if (this.#due !== undefined || this.#scope.signal.aborted) return;
    this.#due = setTimeout(() => {
      this.#due = undefined;
      this.#refresh();
    }, wait);
  }

  /** Ends with its AdderScope: its Workers go. */
  #end() {
    clearTimeout(this.#due);
    removeEventListener("beforeunload", this.#asks);
    this.#follows = false;
    void this.#each((run) => run.stop());
  }

  #refresh() {
    const run = this.#selected;
    this.#scope.byId("train-run").hidden = run === null;
    this.#warn();
    if (!run) return;
    this.#showRun(run);
    this.#curves(run, this.#scope.theme());
    this.#more.show(run);
    this.#showControls(run);
    this.#lottery.show(run, this.#scope.theme());
    this.#showOpener();
    this.#showSnapshot(run);
  }

  /** The browser asks before the page goes with a run in it. */
  #warn() {
    removeEventListener("beforeunload", this.#asks);
    if (this.isAtStake) addEventListener("beforeunload", this.#asks);
  }

  #showRun(run: Run) {
    const { about, progress, fault, state } = run;
    setText(this.#scope.byId("train-run-title"), about.title || "A saved run");
    const bar = this.#scope.byId("train-bar", HTMLProgressElement);
    bar.max = about.steps || 1;
    bar.value = state === "finished" ? bar.max : (progress?.step ?? 0); // a proof can be its end
    setText(this.#scope.byId("train-where"), whereOf(run));
    for (const [at, [, value]] of NUMBERS.entries()) {
      const cell = this.#cells[at];
      if (cell) setText(cell, value(run));
    }
    setText(this.#scope.byId("train-run-fault"), fault);
    this.#scope.byId("train-run-fault").hidden = fault === "";
    const follows = run.isOver ? "show this run: the bar below them moves through it" : "follow this run";
    setText(this.#followed, `The panels ${this.#follows ? follows : `show ${this.#on.shown() || "nothing yet"}`}.`);
    this.#back.hidden = this.#follows;
    this.#scope.byId("train-files").hidden = state === "training" || state === "waiting" || state === "failed";
  }

  #showControls(run: Run) {
    const some = (state: string) => this.#runs.some((each) => each.state === state);
    const goesOn = this.#runs.some((each) => !each.isOver);
    const all = this.#runs.length > 1 ? " all" : "";
    const { pause, resume, stop, another } = this.#controls;
    const before = document.activeElement;
    pause.hidden = !some("training");
    resume.hidden = !some("paused");
    stop.hidden = !goesOn;
    another.hidden = goesOn || !this.#scope.byId("train-form").hidden;
    setText(pause, `Pause${all}`);
    setText(resume, `Resume${all}`);
    setText(stop, `Stop${all}`);
    // A button that goes takes the focus with it: to the one in its place.
    const isGone = before instanceof HTMLElement && before.hidden && this.#scope.holds(before);
    if (isGone) [resume, pause, another].find((each) => !each.hidden)?.focus();
    if (run.isOver && this.#said !== run) {
      this.#said = run;
      this.#scope.announce(`${run.about.title}: ${whereOf(run)}`);
    }
  }

  #showOpener() {
    const going = this.#runs.filter((run) => !run.isOver);
    const paused = going.length > 0 && going.every(({ state }) => state === "paused");
    const told = `${paused ? "Paused" : "Training"}, ${wholePercentOf(shareOf(this.#runs))}`;
    setText(this.#scope.byId("train-open"), going.length === 0 ? "Training" : told);
  }

  /** Brings the newest snapshot to the panels, one at a time and not too often. */
  #showSnapshot(run: Run) {
    if (
      !this.#follows ||
      this.#showing ||
      run.log.length === 0 ||
      run.state === "failed" ||
      fileOf(run) === this.#shown.name
    ) {
      return;
    }
    const rest = this.#shown.at + REST - performance.now();
    if (rest > 0) return this.#changed(rest);
    const wasOver = run.isOver;
    const failed = (error: unknown) => {
      if (run.isOver && !wasOver) return; // it ended meanwhile: its history comes next
      this.#follows = false;
      this.#on.failed(error);
    };
    const done = () => {
      this.#showing = null;
      this.#changed();
    };
    this.#showing = this.#bring(run).catch(failed).finally(done);
  }

  async #bring(run: Run) {
    const files = await run.toShow();
    if (!this.#follows || run !== this.#selected) return;
    const { isFirst, wasLive } = this.#shown;
    // A run that was followed stays where it ended; one that is brought opens as histories do.
    const opensAt = run.isOver && wasLive ? (run.log.at(-1)?.step ?? null) : null;
    const isShown = await this.#on.show({ key: this.#key, files, opensAt, isLive: !run.isOver });
    const [{ name } = { name: "" }] = files;
    if (isShown && isFirst) void bringPanels(this.#scope, this.#scope.byId("train"));
    if (isShown && run === this.#selected) this.#shown = { name, isFirst: false, at: performance.now(), wasLive };
  }
}
