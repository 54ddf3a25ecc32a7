// A Worker that dies without a word is noticed and replaced, with all that was done.

import assert from "node:assert/strict";
import { test } from "node:test";
import { modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { decided, download, edited, facts, load, openWeights, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
/** The page, with its Workers at hand. */
const opened = () =>
  browser.open({ own: true }, "", (page) =>
    page.addInitScript(() => {
      const workers = /** @type {Worker[]} */ ([]);
      Object.assign(globalThis, { workers });
      globalThis.Worker = class extends Worker {
        constructor(/** @type {string | URL} */ url, /** @type {WorkerOptions | undefined} */ options) {
          super(url, options);
          if (!String(url).includes("exact-worker")) workers.push(this);
        }
      };
    }),
  );

/** Ends the page's Worker: of that nobody is told. @param {Page} page */
const kill = (page) => page.evaluate(() => /** @type {any} */ (globalThis).workers.at(-1).terminate());

/** @param {Page} page @returns {Promise<number>} */
const workers = (page) => page.evaluate(() => /** @type {any} */ (globalThis).workers.length);

/** Lets time go by, as the page sees it, until another Worker is there. @param {Page} page */
async function wait(page) {
  const before = await workers(page);
  while ((await workers(page)) === before) await page.clock.runFor(1000);
  await page.clock.resume();
}

test("a Worker that was killed is replaced by the next edit, with the edits of before", async () => {
  const { page, problems } = await opened();
  await load(page, modelFile("mine.json"));
  await openWeights(page);
  const [first, second] = [weight(page, "tok_arc_A"), weight(page, "tok_arc_stride")];
  await first.slider.press("PageUp");
  await edited(page);
  const before = { facts: await facts(page), json: (await download(page, "JSON")).bytes.toString() };

  await kill(page);
  await page.clock.install();
  await second.slider.press("PageUp");
  await wait(page);
  await edited(page);
  assert.match(await page.locator("#model").innerText(), /2 edited$/);
  await second.back.click();
  await edited(page);
  assert.deepEqual({ facts: await facts(page), json: (await download(page, "JSON")).bytes.toString() }, before);
  assert.equal(await workers(page), 2);
  assert.equal(await page.locator("#error").isVisible(), false, "nobody needs to know");
  assert.deepEqual(problems, []);
});

test("a file that is opened when the Worker is gone opens", async () => {
  const { page, problems } = await opened();
  await load(page, modelFile("mine.json"));
  await decided(page); // no call is under way
  await kill(page);
  await page.clock.install();
  const opening = load(page, modelFile("other.json", "two_heads_tied_values"));
  await page.locator("#progress").waitFor({ state: "attached" });
  await wait(page);
  await opening;
  await verified(page, "other.json");
  assert.deepEqual(problems, []);
});
