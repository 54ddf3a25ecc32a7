// The Worker's end of the channel: one call at a time, the urgent first; what takes long goes in turns.

import { wordsOf } from "../errors.js";
import { PRIORITY, type Answer, type Calls, type Priority } from "./protocol.js";

/** What is used of a Worker's own scope, or of a port. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** A call under way, as its handler sees it. */
export interface Job<Progress> {
  readonly progress: (progress: Progress) => void;
  /**
   * Lets messages through, and calls that are more urgent; whether this one is to go on. A long computation asks for it
   * every few milliseconds, and returns what there is where it was cancelled.
   */
  readonly turn: () => Promise<boolean>;
}

export type Handlers<Table extends Calls<Table>> = {
  [Name in keyof Table]: (
    input: Table[Name]["input"],
    job: Job<Table[Name]["progress"]>,
  ) => Table[Name]["output"] | Promise<Table[Name]["output"]>;
};

export interface Options<Table> {
  /** Calls after which the answers to what was asked before them are late: those that put another model in its place. */
  readonly opens?: readonly (keyof Table & string)[];
  /** Calls that wait for no other, and for which no other waits. */
  readonly aside?: readonly (keyof Table & string)[];
}

interface Request {
  readonly id: number;
  readonly call: string;
  readonly input: unknown;
  readonly epoch: number;
  readonly priority: Priority;
}

/** Calls itself back once the messages that wait have come: a timer would wait some milliseconds. */
function afterMessages() {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    wait: () => {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      port2.postMessage(null);
      return turn;
    },
    close: () => port1.close(),
  };
}

class Server<Table extends Calls<Table>> {
  readonly #port;
  readonly #handlers;
  readonly #opens;
  readonly #aside;
  readonly #turns = afterMessages();
  #queue: Request[] = [];
  readonly #cancelled = new Set<number>();
  /** The calls under way, the one that is at work last: each has overtaken the one before. */
  readonly #running: Request[] = [];
  #isWorking = false;
  #isClosed = false;
  /** Of the newest model. */
  #epoch = -Infinity;

  constructor(port: Port, handlers: Handlers<Table>, { opens = [], aside = [] }: Options<Table>) {
    this.#port = port;
    this.#handlers = handlers;
    this.#opens = new Set<string>(opens);
    this.#aside = new Set<string>(aside);
  }

  take(message: unknown) {
    if (this.#isClosed) return;
    const request = message as { kind: string } & Request;
    if (request.kind === "ping") return this.#tell({ kind: "pong" });
    if (request.kind === "cancel") return this.#cancel(request.id);
    if (this.#aside.has(request.call)) return void this.#run(request);
    this.#queue.push(request);
    if (!this.#isWorking) void this.#work();
  }

  close() {
    this.#isClosed = true;
    this.#queue = [];
    this.#turns.close();
  }

  #tell(answer: Answer) {
    this.#port.postMessage(answer);
  }

  #cancel(id: number) {
    if (this.#running.some((each) => each.id === id)) {
      this.#cancelled.add(id);
      return;
    }
    const waits = this.#queue.some((each) => each.id === id);
    this.#queue = this.#queue.filter((each) => each.id !== id);
    if (waits) this.#tell({ kind: "cancelled", id });
  }

  /** The next call that is more urgent than `least`: of equals the one that came first. */
  #next(least: number) {
    const best = Math.max(...this.#queue.map(({ priority }) => PRIORITY[priority]));
    const at = best > least ? this.#queue.findIndex(({ priority }) => PRIORITY[priority] === best) : -1;
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }

  /** Whatever waits and is more urgent than `least`, one after the other. */
  async #work(least = -1) {
    const before = this.#isWorking;
    this.#isWorking = true;
    for (let next = this.#next(least); next; next = this.#next(least)) {
      this.#running.push(next);
      await this.#run(next);
      this.#running.pop();
      // What came meanwhile may be more urgent than what waits.
      if (this.#queue.length > 0) await this.#turns.wait();
    }
    this.#isWorking = before;
  }

  #jobOf({ id, priority }: Request): Job<never> {
    return {
      progress: (progress) => this.#tell({ kind: "progress", id, progress }),
      turn: async () => {
        await this.#turns.wait();
        await this.#work(PRIORITY[priority]);
        return !this.#cancelled.has(id);
      },
    };
  }

  async #run(request: Request) {
    const { id, call, input, epoch } = request;
    try {
      if (!Object.hasOwn(this.#handlers, call)) throw new Error(`This worker has no call “${call}”`);
      if (epoch < this.#epoch && !this.#opens.has(call)) return this.#tell({ kind: "late", id });
      const handler = this.#handlers[call as keyof Table] as (input: unknown, job: Job<never>) => unknown;
      const output = await handler(input, this.#jobOf(request));
      if (this.#opens.has(call)) this.#epoch = Math.max(this.#epoch, epoch);
      this.#tell({ kind: "output", id, output });
    } catch (error) {
      // A trap leaves the library's memory in an unknown state: nothing more is asked of it.
      const broken = error instanceof WebAssembly.RuntimeError;
      this.#tell({ kind: "error", id, message: wordsOf(error), broken });
      if (broken) this.close();
    } finally {
      this.#cancelled.delete(id);
    }
  }
}

/** Answers calls from now on; what is returned ends that. */
export function serve<Table extends Calls<Table>>(port: Port, handlers: Handlers<Table>, options: Options<Table> = {}) {
  const server = new Server<Table>(port, handlers, options);
  port.addEventListener("message", ({ data }) => server.take(data));
  return () => server.close();
}
