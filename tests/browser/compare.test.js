// Another model beside the one that is open: as a person compares them, with the numbers of the command line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { historyPath } from "./bundled.js";
import { cli, modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { drop, grouped, load, plain, rowsOf, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{who: string, count: string, example: {a: number, b: number} | null, rules: {text: string, count: string}[]}} Kind */

const browser = launched();

/** @param {Page} page */
const dialog = (page) => page.locator("#compare[open]");

/** Waits until all additions are decided. @param {Page} page @param {RegExp} called what B is */
async function compared(page, called) {
  await dialog(page).locator(".sentence", { hasText: called }).waitFor();
  await dialog(page).locator("[data-kind=neither]").waitFor();
}

/** @param {Page} page */
const addressed = (page) => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("compare"));

/** A panel with a model's marks, as its values are read out. @param {Page} page @param {number} panel @param {number} side */
async function spoken(page, panel, side) {
  const canvas = dialog(page).locator(".compare-panels article").nth(panel).locator("canvas").nth(side);
  await canvas.focus();
  await page.keyboard.press("Home");
  const tip = dialog(page).locator(".compare-panels article").nth(panel).locator(".tip").nth(side);
  const said = (await tip.locator(":scope > *").allTextContents()).join(": ");
  await page.keyboard.press("Escape");
  return said;
}

test("an address compares two bundled models, with the numbers of the command line", async () => {
  const { page, problems } = await browser.open({}, "#model=67p&view=panels&compare=62p");
  await compared(page, /B is 62p\.history\.safetensors/);
  const told = await cli("compare", historyPath("67p"), historyPath("62p"));
  for (const { who, count, example, rules } of /** @type {Kind[]} */ (told.kinds)) {
    const kind = dialog(page).locator(`[data-kind=${who}]`);
    assert.equal(await kind.locator("strong").textContent(), grouped(count), who);
    assert.equal(await kind.locator("li").count(), rules.length, who);
    const shown = kind.locator("dd > .example button").first();
    if (example) assert.equal(plain((await shown.textContent()) ?? ""), `${example.a} + ${example.b}`);
    else assert.equal(await shown.count(), 0);
  }
  const facts = await rowsOf(dialog(page).locator(".compare-facts table"));
  assert.deepEqual(
    facts.slice(1, 3).map((row) => row.map(plain)),
    [
      ["learned parameters", "67", "62", "−5"],
      ["AdderBoard, of 10 010", "10 010", "7 542", "−2 468"],
    ],
  );
  assert.match(await spoken(page, 9, 0), /; in B /);
  assert.match(await spoken(page, 9, 1), /; in A /);

  // What differs is a click away, and the comparison is over.
  await dialog(page).locator("[data-kind=only_a] dd > .example button").first().click();
  await page.locator("#compare").waitFor({ state: "hidden" });
  const { a, b } = told.kinds[1].example;
  const there = `#model=67p&a=${a}&b=${b}&view=panels`;
  await page.waitForFunction((there) => location.hash === there, there);
  assert.deepEqual(problems, []);
});

test("the same model twice differs nowhere", async () => {
  const { page, problems } = await browser.open({}, "#model=67p&view=panels");
  await verified(page, "67p.history.safetensors");
  await page.locator("#compare-open").click();
  await compared(page, /B is /);
  await dialog(page).getByLabel("The model to compare with").selectOption("67p");
  await compared(page, /B is 67p\.history\.safetensors/);
  assert.equal(await addressed(page), "67p");
  await dialog(page).getByText("they differ nowhere").waitFor();
  const facts = await rowsOf(dialog(page).locator(".compare-facts table"));
  assert.deepEqual(
    facts.slice(1).map((row) => row.at(-1)),
    ["0", "0", "0", "0"],
  );
  for (const who of ["only_a", "only_b", "neither"]) {
    assert.equal(await dialog(page).locator(`[data-kind=${who}] strong`).textContent(), "0");
  }
  await dialog(page).locator(".compare-weights summary", { hasText: "0 numbers differ" }).waitFor();
  const deltas = await dialog(page).locator(".compare-weights tbody td:last-child").allTextContents();
  assert.ok(deltas.length > 60 && deltas.every((delta) => delta === "0"), String(deltas));
  for (const side of [0, 1]) assert.doesNotMatch(await spoken(page, 9, side), / in [AB] /);

  // A step of the run is another model.
  await dialog(page).getByLabel("The model to compare with").selectOption(":244000");
  await compared(page, /B is .*step 244000/);
  assert.equal(await dialog(page).locator("[data-kind=only_a] strong").textContent(), grouped("10000010000000000"));
  await page.keyboard.press("Escape");
  await page.locator("#compare").waitFor({ state: "hidden" });
  assert.equal(await addressed(page), null);
  assert.deepEqual(problems, []);
});

test("a file that is brought is compared, and so is one that came with the model", async () => {
  const { page, problems } = await browser.open();
  await load(page, modelFile("one.json"), modelFile("two.json", "two_heads_tied_values"));
  await page.locator("#notes").getByRole("button", { name: "Compare" }).click();
  await compared(page, /A is one\.json.*B is two\.json/);
  const settings = await dialog(page).getByRole("region", { name: "Settings" }).textContent();
  assert.match(settings ?? "", /heads12/);
  // Another one that is dropped meanwhile comes in its place; what is open stays.
  await drop(page, [modelFile("three.json", "learned_spiral_74p")]);
  await compared(page, /A is one\.json.*B is three\.json/);
  await dialog(page).getByText("they differ nowhere").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#compare").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#file").textContent(), "one.json");
  assert.deepEqual(problems, []);
});

test("on a phone all of it can be read, and only tables are scrolled sideways", async () => {
  const { page } = await browser.open(
    { viewport: { width: 375, height: 800 }, colorScheme: "dark" },
    "#model=67p&view=panels&compare=62p",
  );
  await compared(page, /B is 62p\.history\.safetensors/);
  const isWide = await dialog(page)
    .locator(".compare-content")
    .evaluate((content) => content.scrollWidth > content.clientWidth);
  assert.equal(isWide, false);
  await dialog(page).getByRole("region", { name: "Facts" }).focus();
});
