// A Worker without a browser.

import type { WorkerLike } from "../../www/channel/client.js";
import { early, type Before } from "../../www/channel/early.js";
import { serve, type Handlers } from "../../www/channel/server.js";

export interface Table {
  start: { input: number; output: void; progress: never };
  say: { input: string; output: string; progress: never };
  open: { input: string; output: string; progress: never };
  count: { input: number; output: number; progress: number };
  hint: { input: null; output: void; progress: never };
}

type Listener = (event: never) => void;

/** A Worker that lives in this thread, between two ends that send copies. */
export class Fake implements WorkerLike {
  readonly sent: { kind: string; call?: string; input?: unknown }[] = [];
  isAlive = true;
  readonly #page: Listener[] = [];
  readonly #errors: Listener[] = [];
  readonly #worker: Listener[] = [];
  readonly #close;

  constructor(handlers: Handlers<Table>, before: Before<Table> = {}) {
    const port = {
      postMessage: (message: unknown) => this.#deliver(this.#page, message),
      addEventListener: (_: "message", listener: Listener) => void this.#worker.push(listener),
    };
    this.#close = serve<Table>(early(port, before), handlers, { opens: ["open"], aside: ["hint"] });
  }

  postMessage(message: unknown) {
    this.sent.push(message as { kind: string });
    this.#deliver(this.#worker, message);
  }

  addEventListener(type: "message" | "error" | "messageerror", listener: Listener) {
    (type === "message" ? this.#page : this.#errors).push(listener);
  }

  terminate() {
    this.isAlive = false;
    this.#close();
  }

  /** As a browser ends one that takes too much memory: nobody is told. */
  die() {
    this.terminate();
  }

  fails(message: string) {
    for (const listener of this.#errors) listener(Object.assign(new Event("error"), { message }) as never);
  }

  #deliver(listeners: Listener[], message: unknown) {
    const data: unknown = structuredClone(message);
    setImmediate(() => {
      if (this.isAlive) for (const listener of listeners) listener({ data } as never);
    });
  }
}
