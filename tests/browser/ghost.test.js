// A weight that moves: what it moves is seen against the file's model, and what it does not stays where it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { card, edited, load, openWeights, settled, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/**
 * What a panel says of the value that so many arrow keys lead to, and where its mark is.
 * @param {Page} page
 * @param {string} key
 * @param {number} presses
 */
async function value(page, key, presses) {
  await card(page, key).locator("canvas").focus();
  await page.keyboard.press("Home");
  for (let press = 1; press < presses; press += 1) await page.keyboard.press("ArrowRight");
  const { x, y, width, height } = await card(page, key)
    .locator(".ring")
    .evaluate((ring) => ring.getBoundingClientRect().toJSON());
  const said = (await card(page, key).locator(".tip > *").allTextContents()).join(": ");
  await page.keyboard.press("Escape");
  return { said, box: { x, y, width, height } };
}

test("a weight that moves leaves the file's model behind, and axes hold still", async () => {
  const { page, problems } = await browser.open({ viewport: { width: 1440, height: 1000 } });
  await load(page, modelFile());
  await openWeights(page);
  await card(page, "out_proj").scrollIntoViewIfNeeded();
  await settled(page);
  const [moved, still] = [await value(page, "out_proj", 1), await value(page, "out_proj", 2)];
  assert.doesNotMatch(moved.said, /in the file/);

  const { slider, field } = weight(page, "out_proj.A", 0);
  await slider.press("ArrowRight");
  await edited(page);
  const after = await value(page, "out_proj", 1);
  const [, before = ""] = /: (.*)$/.exec(moved.said) ?? [];
  assert.ok(after.said.endsWith(`; in the file ${before}`), after.said);
  assert.deepEqual((await value(page, "out_proj", 2)).box, still.box, "another bar stays where it is");

  // Far beyond the axis: it is made longer, and holds the file's bar too.
  await field.fill("40");
  await field.press("Enter");
  await edited(page);
  const far = await value(page, "out_proj", 2);
  assert.ok(far.box.height < still.box.height, "the other bar is shorter on a longer axis");
  assert.equal(far.said, still.said);

  await page.getByRole("button", { name: /^Reset all/ }).click();
  await edited(page);
  const again = await value(page, "out_proj", 1);
  assert.deepEqual(again, moved, "the file's numbers: no ghost");
  assert.deepEqual(problems, []);
});

test("the ghost is there however rows are named", async () => {
  const { page } = await browser.open({ viewport: { width: 1440, height: 1000 } });
  await load(page, modelFile());
  await openWeights(page);
  await weight(page, "out_proj.A", 0).slider.press("PageUp");
  await edited(page);
  await card(page, "out_proj").scrollIntoViewIfNeeded();
  const before = await value(page, "out_proj", 1);
  await page.getByRole("radio", { name: "As MicroAdder's script" }).check();
  await page.getByRole("radio", { name: "By predicted digit" }).check();
  assert.deepEqual((await value(page, "out_proj", 1)).said, before.said);
  assert.match(before.said, /in the file/);
});
