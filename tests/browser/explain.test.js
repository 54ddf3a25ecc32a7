// One addition looked into: what the page's Worker answers is what the command line prints.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cli, json, variant } from "./fixtures.js";
import { built, launched, temporaryFolder } from "./harness.js";
import { formats } from "./library.js";

const browser = launched();
const [A, B] = [9_999_999_999, 1];
const ITEMS = ["hidden:Z3/0", "attention:Z3/X3", "logits:Z10/1", "s:Z0/0", "embedding:7/0", "weight:fc1.weight/3"];

/**
 * What the page's Worker answers, asked as www/channel/protocol.ts has it: a trace, and an explanation of each item or
 * why there is none.
 * @param {{worker: string, library: string, input: string, edits: {name: string, index: number, value: number}[], a: number, b: number, items: string[]}} of
 */
async function ask({ worker: file, library, input, edits, a, b, items }) {
  const worker = new Worker(new URL(file, location.href), { type: "module" });
  const module = await WebAssembly.compileStreaming(fetch(new URL(library, location.href)));
  let last = 0;
  const call = (/** @type {string} */ name, /** @type {unknown} */ input) => {
    const id = last++;
    worker.postMessage({ kind: "call", id, call: name, input, epoch: 0, priority: "usual" });
    return new Promise((resolve) => {
      worker.addEventListener("message", ({ data }) => data.id === id && resolve(data.output ?? data.message));
    });
  };
  await call("start", module);
  const bytes = Uint8Array.from(atob(input), (letter) => letter.charCodeAt(0));
  const groups = [[{ name: "c.json", input: bytes, address: "" }]];
  await call("open", {
    groups,
    opensAt: null,
    standing: { step: null, scales: "snapshot", edits },
    addition: { a, b },
  });
  const trace = await call("trace", { a, b });
  const explained = [];
  for (const item of items) explained.push(await call("explain", { item, a, b }));
  worker.terminate();
  return { trace, explained };
}

/** Without what says what it is. @param {Record<string, unknown>} printed */
const bare = (printed) =>
  Object.fromEntries(Object.entries(printed).filter(([key]) => key !== "schema" && key !== "version"));

test("a trace and its numbers' arithmetic, of an edited model", async () => {
  // A Worker of the test's own: the page's policy lets none in.
  const { page, problems } = await browser.open({ bypassCSP: true });
  const folder = temporaryFolder();
  const checkpoint = variant("learned_spiral_74p");
  const bytes = Buffer.from(json(checkpoint));
  const input = Buffer.from((await formats()).read_files([{ name: "c.json", bytes }])).toString("base64");
  const edits = [{ name: "spiral_amp", index: 0, value: 2.5 }];
  const [worker, library] = [built("worker.js"), built("adderscope_simd.wasm")];
  const of = { worker, library, input, edits, a: A, b: B, items: [...ITEMS, "place:X3", "nonsense"] };
  const { trace, explained } = await page.evaluate(ask, of);

  checkpoint.model_state_dict.spiral_amp = 2.5;
  const path = join(folder, "edited.json");
  await writeFile(path, json(checkpoint));
  const printed = async (/** @type {string[]} */ ...words) => bare(await cli(...words));
  assert.deepEqual(trace, await printed("trace", path, String(A), String(B)));
  for (const [at, item] of ITEMS.entries()) {
    // What a number enters the page asks for on its own.
    const wanted = await printed("explain", path, String(A), String(B), item);
    delete wanted.enters;
    assert.deepEqual({ a: A, b: B, ...explained[at] }, wanted, item);
  }
  assert.match(explained[ITEMS.length], /place:X3/);
  assert.match(explained[ITEMS.length + 1], /nonsense/);
  assert.deepEqual(problems, []);
});
