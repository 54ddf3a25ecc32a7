// The page's end of the channel, for any Worker: a call is a promise. Answers that come too late are dropped here and
// nowhere else, and a Worker that is no more is replaced here.

import { wordsOf } from "../errors.js";
import type { Answer, Calls, Priority } from "./protocol.js";

/** What is used of a Worker. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "error" | "messageerror", listener: (event: Event) => void): void;
}

export interface CallOptions<Progress> {
  /** The number of the state that asks; by default the one that is shown. */
  epoch?: number;
  priority?: Priority;
  /** Ends it where it is: it settles with what there is then, or rejects with an AbortError where it had not begun. */
  signal?: AbortSignal;
  progress?: (progress: Progress) => void;
  /** It goes out before the Worker is prepared: a hint of what comes. */
  hint?: boolean;
}

export interface ClientOptions<Table extends Calls<Table>> {
  spawn: () => WorkerLike;
  /** How the Worker is called where it stops: "The page's worker". */
  name: string;
  /** Its file, which may not load. */
  script: string;
  /** What a person reads of a failure of the program itself, with what it said. */
  failed: (why: string) => string;
  /**
   * What a new Worker is told before all else; `again`: it takes the place of one that is no more, and must stand where
   * that stood. Without it nothing can: then the calls of a Worker end with it.
   */
  prepare?: (call: Client<Table>["call"], again: boolean) => Promise<unknown>;
  /** The number of the state that is shown: answers to older ones are dropped. */
  epoch?: () => number;
  /** How long, in milliseconds, a Worker that owes an answer may be silent. It must be longer than the longest turn. */
  patience: number;
}

/** What a call ends with whose answer is no longer wanted: nothing is to be told of it. */
export class Late extends Error {
  override readonly name = "Late";
}

interface Waiting {
  readonly id: number;
  readonly call: string;
  readonly input: unknown;
  readonly epoch: number;
  readonly priority: Priority;
  readonly progress: ((progress: never) => void) | undefined;
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
  /** A part of what prepares a Worker, which goes with it. */
  readonly prepares: boolean;
  /** Whether the present Worker has it. */
  isOut: boolean;
  /** How many Workers had it and are no more: it is sent to one other. */
  outlived: number;
}

/** A Worker and what is known of it. */
interface Live {
  readonly worker: WorkerLike;
  isPrepared: boolean;
  hasSpoken: boolean;
  /** Looks in which it owed an answer and said nothing. */
  silences: number;
}

/** Looks in a row after which a silent Worker is taken for dead: one timer that is late proves nothing. */
const LOOKS = 3;

const aborted = () => new DOMException("The call was cancelled", "AbortError");

export class Client<Table extends Calls<Table>> {
  readonly #options;
  #live: Live | null = null;
  #next = 0;
  #hadOne = false;
  #isClosed = false;
  /** Every call without an answer, in the order in which they were made. */
  readonly #waiting = new Map<number, Waiting>();
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(options: ClientOptions<Table>) {
    this.#options = options;
  }

  /** Starts the Worker, so that it is there when it is needed. */
  start() {
    if (!this.#live && !this.#isClosed) this.#spawn();
  }

  /** Ends the Worker and what waits for it. */
  close(why = `${this.#options.name} was ended`) {
    this.#isClosed = true;
    this.#stop(why);
  }

  readonly call = <Name extends keyof Table & string>(
    name: Name,
    input: Table[Name]["input"],
    options: CallOptions<Table[Name]["progress"]> = {},
  ): Promise<Table[Name]["output"]> => this.#call(name, input, options, false);

  #call<Name extends keyof Table & string>(
    call: Name,
    input: Table[Name]["input"],
    { epoch = this.#epoch, priority = "usual", signal, progress, hint = false }: CallOptions<Table[Name]["progress"]>,
    prepares: boolean,
  ): Promise<Table[Name]["output"]> {
    if (this.#isClosed) return Promise.reject(new Error(`${this.#options.name} was ended`));
    if (signal?.aborted) return Promise.reject(aborted());
    this.start();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const waiting = {
        id,
        call,
        input,
        epoch,
        priority,
        progress,
        resolve,
        reject,
        prepares,
        isOut: false,
        outlived: 0,
      };
      this.#waiting.set(id, waiting);
      signal?.addEventListener("abort", () => this.#cancel(id), { once: true });
      if (prepares || hint || this.#live?.isPrepared) this.#send(waiting);
      this.#look();
    });
  }

  get #epoch() {
    return this.#options.epoch?.() ?? 0;
  }

  #send(waiting: Waiting) {
    const { id, call, input, epoch, priority } = waiting;
    waiting.isOut = true;
    this.#live?.worker.postMessage({ kind: "call", id, call, input, epoch, priority });
  }

  #cancel(id: number) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (waiting.isOut) this.#live?.worker.postMessage({ kind: "cancel", id });
    else this.#settle(id)?.reject(aborted());
  }

  #spawn() {
    let worker: WorkerLike;
    try {
      worker = this.#options.spawn();
    } catch (error) {
      // Told by the calls, of which the first may be made in a moment.
      queueMicrotask(() => this.#stop(wordsOf(error)));
      return;
    }
    const live: Live = { worker, isPrepared: false, hasSpoken: false, silences: 0 };
    const again = this.#hadOne;
    this.#live = live;
    this.#hadOne = true;
    worker.addEventListener("message", ({ data }) => {
      if (live === this.#live) this.#hear(live, data as Answer);
    });
    const broke = (event: Event) => {
      event.preventDefault();
      const what =
        "message" in event && typeof event.message === "string" && event.message !== ""
          ? event.message
          : `${this.#options.script} did not load`;
      if (live === this.#live) this.#died(live, what);
    };
    worker.addEventListener("error", broke);
    worker.addEventListener("messageerror", broke);
    void this.#prepare(live, again);
  }

  async #prepare(live: Live, again: boolean) {
    try {
      await this.#options.prepare?.((name, input, options = {}) => this.#call(name, input, options, true), again);
    } catch (error) {
      if (live === this.#live) this.#stop(wordsOf(error));
      return;
    }
    if (live !== this.#live) return;
    live.isPrepared = true;
    // What is urgent overtakes in the Worker, which gets all of them.
    for (const waiting of this.#waiting.values()) if (!waiting.isOut) this.#send(waiting);
  }

  #hear(live: Live, answer: Answer) {
    live.hasSpoken = true;
    live.silences = 0;
    if (answer.kind === "pong") return;
    if (answer.kind === "progress") {
      const waiting = this.#waiting.get(answer.id);
      if (waiting && waiting.epoch >= this.#epoch) waiting.progress?.(answer.progress as never);
      return;
    }
    const waiting = this.#settle(answer.id);
    if (!waiting) return;
    if (answer.kind === "cancelled") return waiting.reject(aborted());
    if (answer.kind === "error" && answer.broken) {
      const why = this.#options.failed(answer.message);
      waiting.reject(new Error(why));
      if (this.#options.prepare) this.#replace(live);
      else this.#stop(why);
      return;
    }
    const isLate = answer.kind === "late" || (waiting.epoch < this.#epoch && !waiting.prepares);
    if (isLate) return waiting.reject(new Late("The answer is to an earlier state"));
    if (answer.kind === "error") waiting.reject(new Error(answer.message));
    else waiting.resolve(answer.output as never);
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#lookAway();
    return waiting;
  }

  /** Owed an answer, one asks from time to time whether anyone is there. */
  #look() {
    this.#looking ??= setInterval(() => {
      const live = this.#live;
      if (!live) return;
      if (live.silences >= LOOKS) return this.#died(live, "it no longer answers");
      if (live.hasSpoken) live.silences += 1; // until it is loaded there is no one to answer; where it cannot be, an error says so
      live.worker.postMessage({ kind: "ping" });
    }, this.#options.patience / LOOKS);
  }

  #lookAway() {
    clearInterval(this.#looking);
    this.#looking = undefined;
    if (this.#live) this.#live.silences = 0;
  }

  #died(live: Live, what: string) {
    // One that never said a word would say none again.
    if (live.hasSpoken && this.#options.prepare) this.#replace(live);
    else this.#stop(`${this.#options.name} stopped: ${what}. Reload the page`);
  }

  /** Takes the Worker away; where calls wait that it may not have ended, another one is there for them. */
  #replace(live: Live) {
    live.worker.terminate();
    this.#live = null;
    const why = new Error(`${this.#options.name} stopped, twice in a row. Reload the page`);
    for (const waiting of [...this.#waiting.values()]) {
      if (waiting.isOut || !live.isPrepared) waiting.outlived += 1;
      waiting.isOut = false;
      if (waiting.prepares || waiting.outlived > 1) this.#settle(waiting.id)?.reject(why);
    }
    if (this.#waiting.size > 0) this.#spawn();
  }

  #stop(why: string) {
    this.#live?.worker.terminate();
    this.#live = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#lookAway();
    for (const { reject } of waiting) reject(new Error(why));
  }
}
