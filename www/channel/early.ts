// What calls wait for before they have their turn in a Worker, such as a download: meanwhile others go on.

import { wordsOf } from "../errors.js";
import type { Answer, Calls } from "./protocol.js";
import type { Port } from "./server.js";

export type Before<Table extends Calls<Table>> = {
  readonly [Name in keyof Table]?: (input: Table[Name]["input"]) => Promise<unknown> | undefined;
};

interface Message {
  readonly kind: string;
  readonly id: number;
  readonly call: string;
  readonly input: unknown;
}

/** The port where calls arrive once what they wait for is there; where that fails, they do. */
export function early<Table extends Calls<Table>>(port: Port, before: Before<Table>): Port {
  const waits = new Map(Object.entries(before) as [string, (input: unknown) => Promise<unknown> | undefined][]);
  const waiting = new Set<number>();
  const tell = (answer: unknown) => port.postMessage(answer);
  return {
    postMessage: tell,
    addEventListener: (type, listener) =>
      port.addEventListener(type, async (event) => {
        const { kind, id, call, input } = event.data as Message;
        if (kind === "cancel" && waiting.delete(id)) return tell({ kind: "cancelled", id } satisfies Answer);
        const wait = kind === "call" ? waits.get(call)?.(input) : undefined;
        if (!wait) return listener(event);
        waiting.add(id);
        const message = await wait.then(() => null, wordsOf);
        if (!waiting.delete(id)) return; // it was cancelled
        if (message === null) listener(event);
        else tell({ kind: "error", id, message, broken: false } satisfies Answer);
      }),
  };
}
