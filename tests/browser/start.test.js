// Before anything is loaded: one clear invitation, nothing from outside, no complaints.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./harness.js";

/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

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
  assert.equal(await page.getByText("Download").isVisible(), false, "nothing to download yet");
  assert.deepEqual(problems, []);
});

test("the theme follows the system until it is chosen, and the choice is in the address", async () => {
  const { page } = await browser.open({ colorScheme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole("radio", { name: "Light" }).check();
  const light = await background();
  assert.notEqual(light, dark);
  assert.match(page.url(), /#theme=light$/);
  await page.getByRole("radio", { name: "As the system is" }).check();
  assert.equal(await background(), dark);
  assert.ok(!page.url().includes("#"), "a default is not in the address");
});

for (const width of [320, 375, 1024, 1920]) {
  test(`nothing is wider than a window of ${width} px`, async () => {
    const { page } = await browser.open({ viewport: { width, height: 800 } });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  });
}
