// axe-core finds nothing to complain about, in any state and both themes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { bundled, snapshot } from "./bundled.js";
import { json, logFile, modelFile, picture, trained } from "./fixtures.js";
import { launched } from "./harness.js";
import { bundle } from "./library.js";
import { card, edited, film, load, openWeights, refused, settled, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = launched();

/** Of a run that has nearly learned to add: the list of what it gets wrong has tens of rows, each of which takes its time. */
const nearly = { name: "nearly.json", bytes: json(snapshot(bundled("57p").history, 79)) };

/**
 * What axe-core complains about: rule, element, reason.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
async function complaints(page) {
  const isThere = await page.evaluate(() => "axe" in window);
  if (!isThere) await page.evaluate(axe); // the debugger may; the page's policy lets no script in
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap((/** @type {any} */ { id, nodes }) =>
      nodes.map((/** @type {any} */ { target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
  });
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`the page as it opens, and a run in it: no violations (${colorScheme})`, async () => {
    const body = Buffer.from(await trained("62p"));
    const { page } = await browser.open({ colorScheme }, "#model=", (fresh) =>
      fresh.route("**/models/**", (route) => bundle(route, body)),
    );
    await verified(page);
    await settled(page);
    assert.deepEqual(await complaints(page), [], "the first model");
    await film(page).slider.fill("3");
    await film(page).step();
    await page.getByRole("button", { name: "The addition" }).click();
    await page.getByText("What it opens").click();
    assert.deepEqual(await complaints(page), [], "another step, the formats");
    await load(page, { name: "history.safetensors", bytes: body });
    assert.deepEqual(await complaints(page), [], "a run of one's own");
  });

  test(`what is shared: no violations (${colorScheme})`, async () => {
    for (const width of [375, 1280]) {
      const { page } = await browser.open({ colorScheme, viewport: { width, height: 800 } }, "#model=62p");
      await verified(page);
      await page.getByRole("button", { name: "Share", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Share what you see" });
      await dialog.waitFor();
      await settled(page);
      assert.deepEqual(await complaints(page), [], `${width} px`);
      const isWide = await dialog.evaluate((each) => each.scrollWidth > each.clientWidth);
      assert.equal(isWide, false, "nothing is cut off");
    }
  });

  test(`one digit step by step, and an arithmetic: no violations (${colorScheme})`, async () => {
    const { page } = await browser.open({ colorScheme }, "#model=62p&a=4070378921&b=1703729684&view=addition");
    await verified(page);
    const number = page.locator("#steps").getByRole("button", { name: /^Unit 0 before GELU/ });
    await number.waitFor();
    await settled(page);
    assert.deepEqual(await complaints(page), [], "the steps");
    await number.click();
    await page.getByRole("dialog").locator("tfoot").waitFor();
    assert.deepEqual(await complaints(page), [], "an arithmetic");
  });

  test(`welcome, loaded, large, failures, error: no violations (${colorScheme})`, async () => {
    const { page } = await browser.open({ colorScheme });
    assert.deepEqual(await complaints(page), [], "welcome");
    await refused(page, { name: "photo.png", bytes: picture });
    assert.deepEqual(await complaints(page), [], "error before a model");
    await load(page, nearly, logFile);
    await settled(page);
    await page.locator("#numbers-summary").click();
    assert.deepEqual(await complaints(page), [], "loaded");
    await page.getByText("Download", { exact: true }).click();
    assert.deepEqual(await complaints(page), [], "menu");
    await card(page, "error_rate").getByRole("button", { name: "Enlarge" }).click();
    await page.locator("#large[open]").waitFor();
    await page.keyboard.press("ArrowRight");
    assert.deepEqual(await complaints(page), [], "large");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /wrong…$/ }).click();
    await page.getByRole("dialog").getByRole("table").waitFor();
    assert.deepEqual(await complaints(page), [], "failures");
    await page.getByRole("dialog").getByText("Search", { exact: true }).first().click();
    assert.deepEqual(await complaints(page), [], "a search for failures");
    await page.keyboard.press("Escape");
    await page.locator("#board summary").click();
    await page.getByLabel("Random pairs").fill("none");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    assert.deepEqual(await complaints(page), [], "AdderBoard again, a bad number");
    await page.getByLabel("Random pairs").fill("10");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await page.locator("#board-result span").waitFor();
    await openWeights(page);
    assert.deepEqual(await complaints(page), [], "weights, and a result of AdderBoard");
    await weight(page, "tok_arc_A").slider.press("PageUp");
    await weight(page, "z_hi_pos", 1).slider.press("PageDown");
    await weight(page, "z_hi_pos", 2).field.fill("seven");
    await page.keyboard.press("Enter");
    await edited(page);
    await settled(page);
    assert.deepEqual(await complaints(page), [], "weights edited, a bad number");
    await load(page, modelFile("full.json", "elliptic_arc_full_correction"));
    assert.deepEqual(await complaints(page), [], "a notice of dropped edits");
    await page.getByRole("radio", { name: "As MicroAdder's script" }).check();
    await refused(page, { name: "photo.png", bytes: picture });
    assert.deepEqual(await complaints(page), [], "script alignment, an error, panels that do not apply");
  });
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`training: no violations (${colorScheme})`, async () => {
    const { page } = await browser.open({ colorScheme });
    await page.locator("#train-open").click();
    assert.deepEqual(await complaints(page), [], "settings");
    await page.getByRole("radio", { name: "Seed lottery" }).check();
    await page.getByText("All other settings").click();
    await page.locator("#train-lr").fill("-1");
    await page.locator("#train-last").fill("x");
    await page.getByRole("button", { name: "Train them all" }).click();
    assert.deepEqual(await complaints(page), [], "settings that do not serve");
    await page.locator("#train-lr").fill("0.02");
    await page.locator("#train-last").fill("2");
    await page.locator("#train-eval_every").fill("100");
    await page.getByRole("button", { name: "Train them all" }).click();
    await page.locator("#file", { hasText: /step [1-9]/ }).waitFor();
    await page.getByRole("button", { name: "Pause all" }).click();
    await page.getByRole("button", { name: "Resume all" }).waitFor();
    await settled(page);
    assert.deepEqual(await complaints(page), [], "a lottery in a pause");
    await page.getByRole("button", { name: "Stop all" }).click();
    await page.getByRole("button", { name: "Train another…" }).click();
    await page.getByRole("button", { name: "Train them all" }).click();
    await page.locator("#train-warning:not([hidden])").waitFor();
    await settled(page);
    assert.deepEqual(await complaints(page), [], "a warning");
  });
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`how firm a model is: no violations (${colorScheme})`, async () => {
    const { page } = await browser.open({ colorScheme }, "#model=57p");
    await verified(page, "57p.history.safetensors");
    await openWeights(page);
    const firm = page.locator("#firm");
    await firm.locator("summary").first().click();
    for (const index of [0, 1]) await weight(page, "fc1.weight", index).slider.focus();
    await firm.getByRole("button", { name: /^Only “/ }).click();
    await firm.getByText("As a table").click();
    await settled(page);
    assert.deepEqual(await complaints(page), [], "a range");
    await firm.getByRole("button", { name: /^Landscape/ }).click();
    await firm.getByText(/ in \d+ of 121 cells/).waitFor();
    assert.deepEqual(await complaints(page), [], "a landscape");
  });
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`two models side by side: no violations (${colorScheme})`, async () => {
    const { page } = await browser.open({ colorScheme }, "#model=67p&compare=:244000");
    const dialog = page.locator("#compare[open]");
    await dialog.locator("[data-kind=neither]").waitFor();
    await dialog.locator("[data-compared=all_additions] canvas").first().waitFor();
    for (const name of ["Values", "Many models as a table"]) await dialog.getByText(name).first().click();
    await dialog.getByRole("button", { name: "Many models as CSV" }).waitFor();
    await settled(page);
    assert.deepEqual(await complaints(page), []);
  });
}
