// Before anything is loaded: one clear invitation, nothing from outside, no complaints.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { modelFile, variantNames } from "./fixtures.js";
import { launched, once } from "./harness.js";
import { load } from "./person.js";

const browser = launched();

test("the page invites, says what it opens, and asks nothing of the network", async () => {
  const { page, problems } = await browser.open();
  assert.equal(await page.title(), "AdderScope");
  assert.ok(await page.getByRole("heading", { level: 1, name: "See how sixty numbers add" }).isVisible());
  assert.ok(await page.getByRole("button", { name: /^Open a checkpoint…/ }).isVisible());
  assert.ok(await page.getByText("Nothing leaves your machine").first().isVisible());
  for (const format of [".pt", ".safetensors", ".json", "log.jsonl"]) {
    assert.ok(await page.locator("dt", { hasText: format }).first().isVisible(), format);
  }
  assert.equal(await page.getByRole("img", { name: /Token embeddings/ }).count(), 0, "no panel before a model");
  assert.equal(await page.getByText("Download", { exact: true }).isVisible(), false, "nothing to download yet");
  assert.deepEqual(problems, []);
});

test("who has only fingers is not told to drop anything", async () => {
  for (const phone of [{ hasTouch: true, isMobile: true }, {}]) {
    const { page } = await browser.open({ viewport: { width: 375, height: 800 }, ...phone });
    const words = await page.locator(".drop").innerText();
    assert.equal(/drop it/.test(words), !("hasTouch" in phone), words);
    assert.match(words, /with its log\.jsonl/);
  }
});

test("the theme follows the system until it is chosen; the choice is the reader's, and in no address", async () => {
  const { page } = await browser.open({ colorScheme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole("radio", { name: "Light" }).check();
  const light = await background();
  assert.notEqual(light, dark);
  assert.match(page.url(), /#model=none&view=panels$/);
  await page.getByRole("radio", { name: "As the system is" }).check();
  assert.equal(await background(), dark);
  assert.match(page.url(), /#model=none&view=panels$/, "nor is the system's");
});

test("nothing waits for another's arrival: the library and all modules are asked for at once", async () => {
  const { page, problems } = await browser.open({}, "", async (fresh) => {
    const library = fresh.waitForRequest("**/adderscope_*.wasm");
    await fresh.route("**/app-*.js", async (route) => {
      await library;
      await route.continue();
    });
  });
  const { named, loaded } = await page.evaluate(() => {
    const nameOf = (/** @type {string} */ url) => url.split("/").at(-1) ?? "";
    const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[rel=modulepreload]"));
    const scripts = performance
      .getEntriesByType("resource")
      .map(({ name }) => nameOf(name))
      .filter((name) => name.endsWith(".js"));
    return { named: [...links].map(({ href }) => nameOf(href)), loaded: scripts };
  });
  assert.deepEqual([...new Set(loaded)].filter((name) => unhashed(name) !== "worker.js").sort(), named.sort());
  assert.deepEqual(problems, []);
});

const resizable = once(() => browser.open());
for (const width of [320, 375, 1024, 1920]) {
  test(`nothing is wider than a window of ${width} px`, async () => {
    const { page } = await resizable();
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  });
}

test("a browser without SIMD gets the build without it, and the same score", async () => {
  const scores = [];
  for (const simd of [true, false]) {
    /** @type {string[]} */
    const builds = [];
    const { page, problems } = await browser.open({}, "", async (fresh) => {
      fresh.on("request", (request) => builds.push(...(unhashed(request.url()).match(/adderscope_\w+\.wasm/) ?? [])));
      if (!simd) await fresh.addInitScript(() => Object.assign(WebAssembly, { validate: () => false }));
    });
    await load(page, modelFile("a.json", variantNames[0]));
    assert.deepEqual(builds, [simd ? "adderscope_simd.wasm" : "adderscope_plain.wasm"]);
    scores.push(await page.locator("[data-fact=adderboard] dd").textContent());
    assert.deepEqual(problems, []);
  }
  assert.match(scores[0] ?? "", /10.010/);
  assert.equal(scores[0], scores[1]);
});

for (const late of ["adderscope_*.wasm", "later-*.js", "*.safetensors"]) {
  test(`what is chosen at first paint is not lost: ${late} comes late`, async () => {
    /** @type {() => void} */
    let comes = () => {};
    const held = new Promise((resolve) => {
      comes = () => resolve(null);
    });
    /** @param {import("playwright-core").Page} fresh */
    const choose = async (fresh) => {
      await fresh.getByRole("button", { name: "Training" }).click();
      await fresh.getByRole("button", { name: "Twelve panels" }).click();
    };
    /** @type {Promise<void> | undefined} */
    let choosing;
    const opening = browser.open({}, "#model=57p&view=addition", async (fresh) => {
      await fresh.route(`**/${late}`, async (route) => {
        await held;
        await route.continue();
      });
      // Without waiting for more than the page's own markup and modules.
      fresh.once("domcontentloaded", () => {
        choosing = choose(fresh).finally(comes);
        choosing.catch(() => {}); // awaited below
      });
    });
    const { page, problems } = await opening;
    await choosing;
    await page.locator("#train-settings").waitFor({ state: "visible" });
    await page.locator("[data-panel=readout] canvas").waitFor();
    assert.ok(await page.getByRole("button", { name: "Training", expanded: true }).isVisible());
    await page.waitForFunction(() => /tool=train/.test(location.hash) && /view=panels/.test(location.hash));
    assert.deepEqual(problems, []);
  });
}
