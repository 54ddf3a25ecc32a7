// The page's end of a training run: its Worker, where it is, and what it leaves.

import type { CallOptions, Client } from "./channel/client.js";
import type { RunSource, TrainerCalls } from "./channel/protocol.js";
import { wordsOf } from "./errors.js";
import type { Board, Bounds, LogEntry, NamedBytes, RunAbout, RunProgress } from "./library-types.js";
import { fileOf } from "./run-words.js";
import { workerClient } from "./workers.js";

export type RunState = "waiting" | "training" | "paused" | "stopped" | "finished" | "diverged" | "failed";

/** The rate is that of the last few seconds. In milliseconds. */
const WINDOW = 4000;
/** An evaluation of very many examples takes this long on a slow machine; a run that is given up is lost. */
const PATIENCE = 180_000;

/** States in which a run is over. */
const OVER = new Set<RunState>(["stopped", "finished", "diverged", "failed"]);

const clientOf = () =>
  workerClient<TrainerCalls>("trainer-worker.js", {
    name: "The run's worker",
    failed: (why) => `AdderScope itself failed in training (${why}). That is a bug: please report it`,
    patience: PATIENCE,
  });

export class Run {
  state: RunState = "waiting";
  about;
  progress: RunProgress | null = null;
  /** Every evaluation so far: step, exact match and token accuracy. */
  readonly log: LogEntry[] = [];
  /** AdderBoard's verdict on the best snapshot, once the run is over. */
  board: Board | null = null;
  /** How many of all additions it answers right. */
  exact: Bounds | null = null;
  /** Why it diverged or failed. */
  fault = "";
  /** How long it was at work. */
  seconds = 0;
  /** Whether something of it is worth keeping that was not downloaded. */
  unsaved = false;
  readonly #changed;
  #client: Client<TrainerCalls> | null = null;
  /** The training under way: what pauses it, and what settles when it rests. */
  #going: { controller: AbortController; rests: Promise<void> } | null = null;
  /** Time and step of what was told lately. */
  #times: [number, number][] = [];
  #left: Map<string, Uint8Array<ArrayBuffer>> | null = null;
  #ends = false;
  #settle = () => {};
  readonly #over = new Promise<void>((resolve) => (this.#settle = resolve));

  /** @param about what is known before it starts */
  constructor(about: RunAbout, changed: () => void) {
    this.about = about;
    this.#changed = changed;
  }

  /** Settles when the run is over. */
  get over() {
    return this.#over;
  }

  get isOver() {
    return OVER.has(this.state);
  }

  /** Steps a second lately; 0 while that is not known. */
  get rate() {
    const [first, last] = [this.#times[0], this.#times.at(-1)];
    if (this.state !== "training" || !first || !last || last[0] - first[0] < 300) return 0;
    return ((last[1] - first[1]) / (last[0] - first[0])) * 1000;
  }

  /** Starts it with settings, or takes up a saved run, which then waits to be resumed. */
  async start(module: WebAssembly.Module, from: RunSource) {
    this.state = "saved" in from && from.more === undefined ? "paused" : "training";
    this.#client = clientOf();
    try {
      const { about, progress } = await this.#call("start", { module, ...from });
      this.about = about;
      this.#told(progress);
      if (progress.finished) {
        await this.#end("finished");
      } // a saved run can be
      else if (this.state === "training" && !this.#ends) this.#go();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    this.#changed();
  }

  /**
   * Lets one that is over go on: to its end, or from there for so many steps. What it left stays where it cannot.
   * @param saved its file
   */
  async goOn(module: WebAssembly.Module, saved: Uint8Array, more: number) {
    const { state, progress, log, board, exact, unsaved } = this;
    const [before, left] = [[...log], this.#left];
    this.#left = this.board = this.exact = null;
    this.#ends = false;
    this.#times = [];
    log.length = 0; // the Worker tells all of it
    try {
      await this.start(module, { saved, more });
    } catch (error) {
      Object.assign(this, { state, progress, board, exact, unsaved, fault: "" });
      log.splice(0, log.length, ...before);
      this.#left = left;
      this.#changed();
      throw error;
    }
  }

  async pause() {
    if (this.state !== "training") return;
    this.#going?.controller.abort();
    await this.#going?.rests;
    if (this.#ends || this.isOver) return; // it came to its end first
    this.state = "paused";
    this.#changed();
  }

  resume() {
    if (this.state !== "paused") return;
    this.state = "training";
    this.#times = [];
    this.#changed();
    this.#go();
  }

  /** Ends it where it is; one that has not started will not. */
  async stop() {
    if (this.isOver) return;
    if (this.#client) await this.#end("stopped");
    else this.state = "stopped";
    this.#changed();
  }

  /** What the panels show of it: its last evaluated model with the log; once it is over, its whole history. */
  async toShow(): Promise<NamedBytes[]> {
    if (this.isOver) return [{ name: fileOf(this), bytes: await this.file("history.safetensors") }];
    const { progress, model, log } = await this.#call("snapshot", null);
    this.#told(progress); // so that it is known of which step this is
    return [
      { name: fileOf(this), bytes: model },
      { name: "log.jsonl", bytes: log },
    ];
  }

  async file(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.#left ? this.#left.get(name) : await this.#call("file", name);
    if (!bytes) throw new Error(`The run left no ${name}`);
    return bytes;
  }

  /** Trains until it is paused, at its end, or fails. */
  #go() {
    const controller = new AbortController();
    const told = (progress: RunProgress) => this.#told(progress);
    const failed = (error: unknown) => {
      const isPaused = error instanceof Error && error.name === "AbortError"; // before it began
      if (!isPaused) this.#fail(error);
    };
    const training = this.#call("train", null, { priority: "background", signal: controller.signal, progress: told });
    const begun = performance.now();
    const worked = () => {
      this.seconds += (performance.now() - begun) / 1000;
    };
    this.#going = { controller, rests: training.finally(worked).then(told, failed) };
  }

  async #end(how: RunState) {
    if (this.#ends) return;
    this.#ends = true;
    this.#going?.controller.abort();
    try {
      const { progress, files, board, exact } = await this.#call("end", null);
      this.#told(progress);
      this.#left = files;
      this.board = board;
      this.exact = exact;
      this.state = how;
      this.#close("The run is over");
    } catch (error) {
      this.#fail(error);
    }
    this.#changed();
  }

  #fail(error: unknown) {
    if (this.isOver) return;
    this.state = "failed";
    this.unsaved = false; // nothing of it can be kept
    this.fault = wordsOf(error);
    this.#close(this.fault);
    this.#changed();
  }

  /** @param why for what still waits */
  #close(why: string) {
    this.#client?.close(why);
    this.#client = null;
    this.#settle();
  }

  #call<Name extends keyof TrainerCalls>(
    name: Name,
    input: TrainerCalls[Name]["input"],
    options: CallOptions<TrainerCalls[Name]["progress"]> = {},
  ): Promise<TrainerCalls[Name]["output"]> {
    if (!this.#client) return Promise.reject(new Error(this.fault || "The run is over"));
    return this.#client.call(name, input, options);
  }

  #told(progress: RunProgress) {
    const now = performance.now();
    if (progress.step > (this.progress?.step ?? 0)) this.unsaved = true;
    this.progress = progress;
    this.log.push(...progress.evaluated);
    this.#times.push([now, progress.step]);
    while ((this.#times[0]?.[0] ?? now) < now - WINDOW) this.#times.shift();
    if (progress.diverged) this.fault = progress.diverged;
    if (this.state === "training" && (progress.finished || progress.diverged)) {
      void this.#end(progress.diverged ? "diverged" : "finished");
    }
    this.#changed();
  }
}
