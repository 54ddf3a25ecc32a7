// The ruler of an answer digit: a click on a stop shows an addition that stops there, which the command line answers so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { historyPath } from "./bundled.js";
import { cli } from "./fixtures.js";
import { launched } from "./harness.js";
import { card, decided, plain, settled, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/** A ruler has no more marks: ten lanes of segments and stops. */
const MOST_MARKS = 1500;

/**
 * The next stop from where the keyboard is, with the place where it is drawn.
 * @param {Page} page
 * @param {RegExp} wanted of what is said of it
 */
async function stop(page, wanted) {
  const tip = card(page, "ruler").locator(".tip");
  await card(page, "ruler").locator("canvas").focus();
  let words = "";
  for (let presses = 0; !wanted.test(words); presses += 1) {
    assert.ok(presses < MOST_MARKS, `no stop is ${wanted}: ${words}`);
    await page.keyboard.press("ArrowRight");
    words = plain((await tip.textContent()) ?? "");
  }
  const box = await card(page, "ruler").locator(".ring").boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, words };
}

test("a click on a stop shows an addition that stops there, a wrong one where it is wrong", async () => {
  const address = "#model=62p&a=57&b=68&digit=1&view=addition";
  const { page, problems } = await browser.open({ viewport: { width: 1440, height: 900 } }, address);
  await verified(page, "62p.history.safetensors");
  await decided(page);
  await settled(page);
  for (const [wanted, isWrong] of /** @type {const} */ ([
    [/wrong.*stop/i, true],
    [/right.*stop/i, false],
  ])) {
    const before = page.url();
    const { x, y, words } = await stop(page, wanted);
    assert.ok(words.length > 10);
    await page.mouse.click(x, y);
    await page.waitForFunction((before) => location.href !== before && location.hash.includes("digit=1"), before);
    const state = new URLSearchParams(new URL(page.url()).hash.slice(1));
    const [a = "", b = ""] = [state.get("a") ?? "", state.get("b") ?? ""];
    const { places } = await cli("addition", historyPath("62p"), a, b);
    assert.equal(places[1].said !== places[1].right, isWrong, `${a} + ${b}: ${words}`);
    const shown = page.locator('#paper .answer [data-digit="1"]');
    await shown.filter({ hasText: String(places[1].said) }).waitFor();
    assert.equal(await shown.evaluate((each) => each.classList.contains("wrong")), isWrong);
    await page.locator("#large").waitFor({ state: "hidden" });
    assert.equal(await page.locator(".pinned").isVisible(), false, "it leads to an addition, and pins nothing");
    await settled(page);
  }
  assert.deepEqual(problems, []);
});
