// What a page takes of the machine, as the browser counts it: the JavaScript heap once all is collected that can be, the
// memories of WebAssembly, Workers, and what is in the document.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { dist } from "../../tools/paths.ts";
import { unhashed } from "../../tools/names.ts";
import { built } from "../browser/harness.js";
import type { Host } from "./faulty.ts";
import { ask } from "./playwright.ts";
import { asked } from "./tab.ts";

export interface Memory {
  /** Of the page's thread, in bytes. */
  heap: number;
  /** Of the page and all of its Workers, in bytes. */
  wasm: number;
  workers: number;
  nodes: number;
  listeners: number;
}

/** Runs before all else in the page and in each Worker: remembers the memories that WebAssembly is given. */
const remembering = () => {
  const all: WebAssembly.Memory[] = [];
  Object.assign(globalThis, { memories: all });
  const instantiate = WebAssembly.instantiate as (...asked: unknown[]) => Promise<WebAssembly.Instance>;
  Object.assign(WebAssembly, {
    async instantiate(...asked: unknown[]) {
      const made = await instantiate(...asked);
      const { memory } = made.exports;
      if (memory instanceof WebAssembly.Memory) all.push(memory);
      return made;
    },
  });
};

/** In the page, or in a Worker: how many bytes those have. */
const bytesOfMemories = () =>
  ((globalThis as { memories?: WebAssembly.Memory[] }).memories ?? []).reduce(
    (sum, { buffer }) => sum + buffer.byteLength,
    0,
  );

const WORKERS = ["worker.js", "exact-worker.js", "trainer-worker.js"];

/** Has a page measured: before it is opened. */
export async function measured(page: Page, site: Host): Promise<() => Promise<Memory>> {
  for (const name of WORKERS) {
    const script = readFileSync(join(dist, built(name)), "utf8");
    site.faults.instead.set(unhashed(name), Buffer.from(`${asked(remembering, null)};${script}`));
  }
  await page.addInitScript(asked(remembering, null));
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  return () => measure(page, session);
}

async function measure(page: Page, session: CDPSession): Promise<Memory> {
  await session.send("HeapProfiler.collectGarbage");
  const [{ usedSize }, { nodes, jsEventListeners }, own, ...others] = await Promise.all([
    session.send("Runtime.getHeapUsage"),
    session.send("Memory.getDOMCounters"),
    ask(page, bytesOfMemories),
    // One may be going at this moment.
    ...page.workers().map((worker) => worker.evaluate<number>(asked(bytesOfMemories, null)).catch(() => 0)),
  ]);
  const wasm = others.reduce((sum, each) => sum + each, own);
  return { heap: usedSize, wasm, workers: page.workers().length, nodes, listeners: jsEventListeners };
}

/** Of each the least of several. */
const least = (all: Memory[]): Memory => ({
  heap: Math.min(...all.map(({ heap }) => heap)),
  wasm: Math.min(...all.map(({ wasm }) => wasm)),
  workers: Math.min(...all.map(({ workers }) => workers)),
  nodes: Math.min(...all.map(({ nodes }) => nodes)),
  listeners: Math.min(...all.map(({ listeners }) => listeners)),
});

/** How many measurements are taken together: what is collected late is in none of them. */
const SOME = 2;

/** How much more it was at the end than at the beginning, once what comes once is there. */
export function growth(all: Memory[], warm: number): Memory {
  const [early, late] = [least(all.slice(warm, warm + SOME)), least(all.slice(-SOME))];
  return {
    heap: late.heap - early.heap,
    wasm: late.wasm - early.wasm,
    workers: late.workers - early.workers,
    nodes: late.nodes - early.nodes,
    listeners: late.listeners - early.listeners,
  };
}

const mega = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

export const inWords = ({ heap, wasm, workers, nodes, listeners }: Memory) =>
  `heap ${mega(heap)}, WebAssembly ${mega(wasm)}, Workers ${workers}, nodes ${nodes}, listeners ${listeners}`;
