// Long and hard use. By itself each of these takes seconds; `./build.sh soak` has the first go on for as many minutes as it is
// told, and the second open a thousand files.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { dist } from "../../tools/paths.ts";
import { bundledNames } from "../browser/bundled.js";
import { dangerous, json, modelFile, picture, pt, safetensors, variant } from "../browser/fixtures.js";
import { built, temporaryFolder } from "../browser/harness.js";
import { choose, decided, edited, film, openWeights, settled, verified, weight } from "../browser/person.js";
import { downloaded, fill, long, native, press, short, shownStep, shows, train, where } from "../browser/trainer.js";
import { Trace } from "../browser/trace.js";
import { onFaultyHost } from "./faulty.ts";
import { growth, inWords, measured, type Memory } from "./memory.ts";
import { ask } from "./playwright.ts";
import { asked, drop, type Sent, type Tab } from "./tab.ts";

/** How long the first goes on; undefined: a few rounds. */
const minutes = process.env.ADDERSCOPE_SOAK === undefined ? undefined : Number(process.env.ADDERSCOPE_SOAK);
const ROUNDS = 5;
/** Rounds until everything has been used once. */
const WARM = 1;
/** How far the run that the panels follow goes while the page's thread is watched. */
const STEPS = minutes === undefined ? 800 : 5000;
const FILES = minutes === undefined ? 60 : 1000;

const on = onFaultyHost();
const folder = temporaryFolder();

const FIRST = "#model=57p&view=panels";

async function opened(hash = FIRST, without?: () => void) {
  const { page, uncaught } = await on.blank();
  if (without) await page.addInitScript(asked(without, null));
  await page.goto(on.site.url + hash);
  await page.waitForSelector("[data-ready]");
  return { page, uncaught };
}

/** Drops files, and holds none of them. */
const dropped = (page: Page, ...files: Sent[]) => drop({ ask: (question, given) => ask(page, question, given) } as Tab, ...files);

/** Trains one more run, to its end. */
async function trainOne(page: Page, seed: string): Promise<void> {
  const another = page.getByRole("button", { name: "Train another…" });
  if (!(await page.locator("#train").isVisible())) await page.locator("#train-open").click();
  if (await another.isVisible()) await another.click();
  await fill(page, { arch: "57p", ...short, seed });
  await press(page, "Train");
  // It asks before a run goes that nobody saved.
  if (await page.locator("#train-warning").isVisible()) await press(page, "Train");
  await page.locator("#train-run-title").filter({ hasText: `57p, seed ${seed}` }).waitFor();
  await where(page).filter({ hasText: /^Finished/ }).waitFor();
  await verified(page, `57p, seed ${seed}`);
  await press(page, "Close");
}

/** What a person does all day: models, their runs, weights, files, training. */
async function round(page: Page, at: number): Promise<void> {
  const name = bundledNames[at % bundledNames.length] ?? "57p";
  await choose(page, name);
  await verified(page, `${name}.history.safetensors`);
  const { slider, play, pause, step } = film(page);
  await slider.press("Home");
  for (let steps = 0; steps < 8; steps += 1) await slider.press("ArrowRight");
  const from = await step();
  await play.click();
  await page.waitForFunction((from) => document.querySelector("#film-step")?.textContent.replace(/\D/g, "") !== from, from);
  await pause.click();
  await openWeights(page);
  const { slider: number } = weight(page, "fc1.weight");
  for (let edits = 0; edits < 4; edits += 1) await number.press(edits % 2 ? "PageDown" : "PageUp");
  await edited(page);
  await page.locator("#weights-close").click();
  await dropped(page, modelFile(`mine-${at}.json`));
  await verified(page, `mine-${at}.json`);
  await trainOne(page, String(at));
  await decided(page);
  await settled(page);
}

test("film, training and edits, again and again, leave memory as it was", async () => {
  const { page, uncaught } = await on.blank();
  const measure = await measured(page, on.site);
  await page.goto(on.site.url + FIRST);
  await verified(page, "57p.history.safetensors");
  const all: Memory[] = [];
  const end = Date.now() + (minutes ?? 0) * 60_000;
  for (let at = 0; at < ROUNDS || Date.now() < end; at += 1) {
    await round(page, at);
    all.push(await measure());
  }
  const [last] = all.slice(-1);
  // Over an hour what is kept for Back and Forward comes to its limits first.
  const more = growth(all, Math.max(WARM, minutes === undefined ? 0 : Math.floor(all.length / 3)));
  console.log(`heap, round by round, in MB: ${all.map(({ heap }) => (heap / 1e6).toFixed(2)).join(" ")}`);
  console.log(`after ${all.length} rounds: ${last ? inWords(last) : ""}; growth: ${inWords(more)}`);
  // By itself that is over two rounds: 2 MB or 1000 nodes that stay of each are too many.
  assert.ok(more.heap < 3e6, inWords(more));
  assert.ok(more.wasm < 3e6, inWords(more));
  assert.ok(more.workers <= 0 && (last?.workers ?? 0) <= 3, inWords(more));
  assert.ok(more.nodes < 1500 && more.listeners < 150, inWords(more));
  assert.deepEqual(uncaught, []);
});

/** What is no checkpoint, or half of one. */
function bad(at: number): Sent {
  const good = variant("learned_spiral_74p");
  const files: [name: string, bytes: Uint8Array][] = [
    ["half.pt", pt(good)],
    ["half.safetensors", safetensors(good)],
    ["half.json", Buffer.from(json(good))],
    ["photo.png", picture],
    ["virus.pt", dangerous()],
    ["noise.pt", Uint8Array.from({ length: 5000 }, (_, byte) => (byte * 7919 + at * 104_729) % 251)],
  ];
  const [name, bytes] = files[at % files.length] ?? ["empty.pt", new Uint8Array()];
  // Another part of it each time.
  const length = name.startsWith("half") ? Math.floor(bytes.length * (0.05 + 0.9 * ((at * 0.618) % 1))) : bytes.length;
  return { name: `${at}-${name}`, bytes: bytes.subarray(0, length) };
}

test(`${FILES} bad files are refused in words, and then a good one opens`, async () => {
  const { page, uncaught } = await on.blank();
  const measure = await measured(page, on.site);
  await page.goto(on.site.url + FIRST);
  await verified(page, "57p.history.safetensors");
  const all: Memory[] = [];
  for (let at = 0; at < FILES; at += 1) {
    const file = bad(at);
    await dropped(page, file);
    await page.waitForFunction(
      (name) => document.querySelector("#error:not([hidden]) #error-text")?.textContent?.startsWith(`${name}: `),
      file.name,
    );
    if (at % 10 === 9) all.push(await measure());
  }
  assert.equal(await page.locator("#file").textContent(), "57p.history.safetensors", "the model stays");
  const more = growth(all, 1);
  console.log(`${FILES} bad files: growth: ${inWords(more)}`);
  assert.ok(more.heap <= 2e6 && more.wasm <= 4e6 && more.workers <= 0, inWords(more));
  await dropped(page, modelFile("good.json"));
  await verified(page, "good.json");
  assert.equal(await page.locator("#error").isVisible(), false);
  assert.deepEqual(uncaught, []);
});

/** A module whose memory may not grow beyond so many pages of 64 KiB more than it begins with. */
function limited(wasm: Uint8Array, pages: number): Buffer {
  const bytes = Buffer.from(wasm);
  const number = (at: number): [value: number, end: number] => {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) return [byte, at + 1];
    const [rest, end] = number(at + 1);
    return [(byte & 0x7f) + rest * 0x80, end];
  };
  const written = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...written(value >> 7)]);
  const MEMORY = 5;
  for (let at = 8; at < bytes.length;) {
    const [size, start] = number(at + 1);
    if (bytes[at] === MEMORY) {
      const [least] = number(start + 2);
      const content = [1, 1, ...written(least), ...written(least + pages)];
      const section = Buffer.from([MEMORY, ...written(content.length), ...content]);
      return Buffer.concat([bytes.subarray(0, at), section, bytes.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error("the module has no memory of its own");
}

test("a Worker whose memory ends says so, and the page goes on", async () => {
  const name = "exact_simd.wasm";
  on.site.faults.instead.set(name, limited(readFileSync(join(dist, built(name))), 0));
  const { page, uncaught } = await opened("#model=57p&view=addition");
  await verified(page, "57p.history.safetensors");
  await page.locator("#exact").filter({ hasText: /not run/ }).waitFor();
  on.site.mend();
  await choose(page, "62p");
  await verified(page, "62p.history.safetensors");
  await decided(page, /^(?!\s*not run)./);
  assert.deepEqual(uncaught, []);
});

test("a run whose Worker is killed says so, and another one can be trained", async () => {
  const { page, uncaught } = await on.blank();
  const keeping = () => {
    const runs: Worker[] = [];
    Object.assign(globalThis, { runs });
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (String(url).includes("trainer-worker")) runs.push(this);
      }
    };
  };
  await page.addInitScript(asked(keeping, null));
  await page.clock.install();
  await page.goto(on.site.url + FIRST);
  await train(page, { arch: "57p", ...long });
  await where(page).filter({ hasText: /^Training, step [1-9]/ }).waitFor();
  await page.evaluate(() => (globalThis as unknown as { runs: Worker[] }).runs[0]?.terminate());
  const fault = page.locator("#train-run-fault");
  for (let turns = 0; turns < 60 && !(await fault.isVisible()); turns += 1) await page.clock.fastForward(60_000);
  assert.match(await fault.innerText(), /^The run's worker stopped: it no longer answers\. Reload the page$/);
  await trainOne(page, "8");
  await page.locator("#film-slider").press("Home");
  await verified(page, "57p, seed 8");
  assert.deepEqual(uncaught, []);
});

test("two tabs have each its own model, edits and runs", async () => {
  const context = await on.browser.newContext({ viewport: { width: 1280, height: 900 } });
  const uncaught: string[] = [];
  context.on("weberror", (error) => uncaught.push(error.error().message));
  const [one, other] = [await context.newPage(), await context.newPage()];
  for (const page of [one, other]) {
    await page.goto(on.site.url + FIRST);
    await verified(page, "57p.history.safetensors");
  }
  await openWeights(one);
  await weight(one, "fc1.weight").slider.press("PageUp");
  await edited(one);
  await dropped(other, modelFile("other.json"));
  await verified(other, "other.json");
  await Promise.all([train(one, { arch: "57p", ...short }), train(other, { arch: "62p", ...short })]);
  for (const page of [one, other]) await where(page).filter({ hasText: /^Finished/ }).waitFor();
  // A run that is over opens as a model a moment later.
  await one.locator("#file").filter({ hasText: /^57p, seed 7/ }).waitFor();
  await other.locator("#file").filter({ hasText: /^62p, seed 7/ }).waitFor();
  await one.goBack();
  await verified(one, "57p.history.safetensors");
  assert.match(await one.locator("#model").innerText(), /1 edited/);
  await other.goBack();
  await verified(other, "other.json");
  assert.deepEqual(uncaught, []);
});

test("a laptop that was closed during training opens with the run going on, to the same end", async () => {
  const settings = { arch: "57p", ...short, steps: "2400", curriculum: "1-3:800,1-10" };
  const wanted = await native(folder, settings);
  const { page, uncaught } = await on.blank();
  await page.clock.install();
  await page.goto(on.site.url + FIRST);
  await page.waitForSelector("[data-ready]");
  await train(page, settings);
  await where(page).filter({ hasText: /^Training, step [1-9]/ }).waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  await session.send("Page.setWebLifecycleState", { state: "active" });
  for (let lids = 0; lids < 3; lids += 1) await page.clock.fastForward("08:00:00");
  await where(page).filter({ hasText: /^Finished at step/ }).waitFor();
  assert.equal(await page.locator("#train-run-fault").isVisible(), false);
  const { bytes } = await downloaded(page, "Last model");
  assert.ok(bytes.equals(await wanted("last.safetensors")));
  assert.deepEqual(uncaught, []);
});

test("32 seeds side by side on two cores leave the page's thread free: no task takes over 50 ms", async () => {
  const { page, uncaught } = await opened("#model=none&view=panels", () => {
    Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 2 });
  });
  await fill(page, { arch: "57p", ...long });
  await page.getByRole("radio", { name: "Seed lottery" }).check();
  await fill(page, { first: "0", last: "31" });
  const worst: number[] = [];
  // Of time that the processor was at it; a browser that collects garbage just then is not the page.
  while (worst.length < 3 && !worst.some((each) => each <= 50)) {
    const trace = await Trace.of(page, async () => {
      if (worst.length === 0) await press(page, "Train them all");
      await shows(page, (await shownStep(page)) + STEPS);
    });
    worst.push(trace.longest);
  }
  console.log(`32 seeds, longest task: ${worst.map((each) => `${Math.round(each)} ms`).join(", ")}`);
  assert.ok(Math.min(...worst) <= 50, worst.join(", "));
  assert.deepEqual(uncaught, []);
});
