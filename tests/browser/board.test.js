// AdderBoard again: any seed, up to a million pairs, with progress and a way to stop.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cli, good, modelFile } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import { card, edited, endless, facts, grouped, load, openWeights, readPanel, rowsOf, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const folder = temporaryFolder();

async function opened() {
  const context = await browser.open();
  await load(context.page, good);
  await context.page.getByText("Run AdderBoard again").click();
  return context;
}

/** @param {Page} page @param {{seed?: string, pairs?: string}} asked */
async function ask(page, { seed, pairs }) {
  if (seed !== undefined) await page.getByLabel("Seed", { exact: true }).fill(seed);
  if (pairs !== undefined) await page.getByLabel("Random pairs").fill(pairs);
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

/** @param {Page} page @param {string} seed */
async function result(page, seed) {
  const text = page.locator("#board-result span", { hasText: `Seed ${seed}:` });
  await text.waitFor();
  return text.innerText();
}

/** Waits until some of a long run is done. @param {Page} page */
const underWay = (page) =>
  page.waitForFunction(() => {
    const bar = /** @type {HTMLProgressElement | null} */ (document.querySelector("#board-bar"));
    return bar && bar.max > 900_000 && bar.value > 0; // not the run before
  });

test("a run says what the command line says, and AdderBoard's own suite again what it said before", async () => {
  const path = join(folder, good.name);
  await writeFile(path, good.bytes);
  const { page, problems } = await opened();
  const before = await facts(page);
  const form = page.locator("#board-form");
  assert.equal(await page.getByLabel("Seed", { exact: true }).inputValue(), "2025");
  await ask(page, {});
  assert.ok((await result(page, "2025")).startsWith(`Seed 2025: ${before.adderboard} of ${grouped(10_010)} right (`));

  for (const [seed, pairs] of [
    ["7", "20 000"],
    ["18446744073709551615", "1"],
  ]) {
    const wanted = await cli("verify", path, "--seed", seed ?? "", "--pairs", (pairs ?? "").replace(" ", ""));
    await ask(page, { seed, pairs });
    const text = await result(page, seed ?? "");
    const percent = (Math.floor(wanted.accuracy * 10_000) / 100).toFixed(2);
    const verdict = wanted.qualified ? "qualified" : "not qualified";
    assert.ok(
      text.startsWith(
        `Seed ${seed}: ${grouped(wanted.passed)} of ${grouped(wanted.total)} right (${percent} %), ${verdict}, in `,
      ),
      text,
    );
    assert.match(text, /in [\d.\u202f]+ ms\.$/);
    const wrong = wanted.total - wanted.passed;
    const button = form.getByRole("button", { name: /wrong…$/ });
    assert.equal(await button.count(), wrong > 0 ? 1 : 0);
    if (wrong === 0) continue;
    await button.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("table").waitFor();
    assert.equal(
      await dialog.getByRole("heading").innerText(),
      wrong > 1000
        ? `The first ${grouped(1000)} of ${grouped(wrong)} wrong additions`
        : `${grouped(wrong)} wrong additions`,
    );
    const [, ...rows] = await rowsOf(dialog.getByRole("table"));
    const listed = wanted.failures.slice(0, 1000).map((/** @type {any} */ { a, b }) => `${grouped(a)} + ${grouped(b)}`);
    assert.deepEqual(
      rows.map(([sum]) => sum),
      listed,
    );
    await page.keyboard.press("Escape");
  }
  assert.deepEqual(await facts(page), before, "the verdict is AdderBoard's own suite's");
  assert.deepEqual(problems, []);
});

test("a long run shows how far it is, leaves the page usable, and can be cancelled", async () => {
  const { page, problems } = await opened();
  await endless(page);
  await ask(page, { seed: "7", pairs: "100" });
  const last = await result(page, "7");
  await ask(page, { seed: "8", pairs: "1000000" });
  await underWay(page);
  assert.match(await page.locator("#board-count").innerText(), /^[\d\u202f]+ of 1\u202f000\u202f010, [\d.]+ % right$/);
  assert.equal((await readPanel(page, "error_rate")).rows.length, 11, "a panel opens meanwhile");
  await page.getByRole("button", { name: "Cancel" }).click();
  const status = await page.locator("#board-status").innerText();
  assert.match(status, /^Cancelled after [\d\u202f]+ of 1\u202f000\u202f010\.$/);
  assert.equal(await page.locator("#board-progress").isVisible(), false);
  assert.equal(await result(page, "7"), last, "the last score stays");
  const button = page.locator("#board-form").getByRole("button", { name: /wrong…$/ });
  if ((await button.count()) > 0) {
    const wrong = /^[\d\u202f]+/.exec(await button.innerText())?.[0];
    await button.click();
    await page
      .getByRole("dialog")
      .getByRole("heading", { name: `${wrong} wrong additions` })
      .waitFor();
    await page.keyboard.press("Escape");
  }
  await ask(page, { seed: "9", pairs: "200" });
  assert.match(await result(page, "9"), new RegExp(`of ${grouped(210)} right`));
  assert.deepEqual(problems, []);
});

test("what is no seed and no number of pairs says so, and nothing runs", async () => {
  const { page } = await opened();
  for (const seed of ["", "-1", "1.5", "seven", "18446744073709551616"]) {
    await ask(page, { seed, pairs: "100" });
    const words = `“${seed}” is no seed: it takes a whole number from 0 up, such as 2025`;
    assert.equal(await page.locator("#board-seed-fault").innerText(), words);
    assert.ok(await page.getByLabel("Seed", { exact: true }).evaluate((each) => each === document.activeElement));
  }
  for (const pairs of ["", "0", "1000001", "many"]) {
    await ask(page, { seed: "1", pairs });
    const words = `“${pairs}” pairs cannot be drawn: it takes a whole number from 1 to ${grouped(1_000_000)}`;
    assert.equal(await page.locator("#board-pairs-fault").innerText(), words);
    assert.equal(await page.locator("#board-seed-fault").isVisible(), false);
    assert.equal(await page.getByLabel("Random pairs").getAttribute("aria-invalid"), "true");
  }
  assert.equal(await page.locator("#board-result").innerText(), "");
  await page.getByRole("button", { name: "Random seed" }).click();
  const seed = await page.getByLabel("Seed", { exact: true }).inputValue();
  assert.match(seed, /^\d{1,10}$/);
  await ask(page, { pairs: "50" });
  await result(page, seed);
  assert.equal(await page.locator("#board-pairs-fault").isVisible(), false);
  // What was found stands beside no field that does not serve.
  await ask(page, { seed: "no" });
  assert.ok(await page.locator("#board-seed-fault").isVisible());
  assert.equal(await page.locator("#board-result").innerText(), "");
});

test("an edit, or another file, ends a run and takes its result away", async () => {
  const { page, problems } = await opened();
  await endless(page);
  await ask(page, { seed: "7", pairs: "1000000" });
  await underWay(page);
  await openWeights(page);
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  const status = page.locator("#board-status");
  assert.equal(await status.innerText(), "Stopped, because the model changed: run it again for this one.");
  await ask(page, { seed: "7", pairs: "100" });
  await result(page, "7");
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  assert.equal(await status.innerText(), "The model has changed since that run.");
  assert.equal(await page.locator("#board-result").innerText(), "");
  await ask(page, { seed: "8", pairs: "1000000" });
  await underWay(page);
  await load(page, modelFile("other.json", "two_heads_tied_values"));
  assert.equal(await status.innerText(), "Stopped, because the model changed: run it again for this one.");
  assert.ok(await card(page, "token_embeddings").isVisible());
  assert.deepEqual(problems, []);
});
