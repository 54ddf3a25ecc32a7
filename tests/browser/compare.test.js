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
  await dialog(page).locator("[data-kind=neither]").waitFor({ timeout: 60_000 });
  await dialog(page).locator(".compare-content > .note", { hasText: /^$/ }).waitFor({ state: "attached" });
}

/** @param {Page} page */
const addressed = (page) => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("compare"));

/** A panel of both. @param {Page} page @param {string} key */
const panel = (page, key) => dialog(page).locator(`.compare-panels [data-compared=${key}]`);

/**
 * The first values that a picture of a panel reads out.
 * @param {Page} page
 * @param {string} key
 * @param {number} [picture] of several
 */
async function spoken(page, key, picture = 0) {
  const figure = panel(page, key).locator("figure").nth(picture);
  await figure.locator("canvas").focus();
  /** @type {string[]} */
  const said = [];
  for (const press of ["Home", "End"]) {
    await page.keyboard.press(press);
    said.push((await figure.locator(".tip > *").allTextContents()).join(": "));
  }
  await page.keyboard.press("Escape");
  return said;
}

/** A panel's values, header first. @param {Page} page @param {string} key */
async function values(page, key) {
  const details = panel(page, key).locator("details");
  if (!(await details.evaluate((each) => /** @type {HTMLDetailsElement} */ (each).open))) {
    await details.locator("summary").click();
  }
  return rowsOf(details.locator("table"));
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
  // Both are on the same axes, and all values are those of the command line.
  const [first, last] = await spoken(page, "out_proj");
  assert.match(first ?? "", /^in A, A read, value 0: /);
  assert.match(last ?? "", /^in B, /);
  const [header = [], ...rows] = await values(page, "out_proj");
  assert.deepEqual(header, ["direction", "dimension", "value, A", "value, B", "value, B − A"]);
  const tensor = told.tensors.find((/** @type {{name: string}} */ { name }) => name === "out_proj.A");
  const read = rows.filter(([direction]) => direction === "A (read)");
  for (const [at, { a, b, delta }] of tensor.numbers.entries()) {
    for (const [column, number] of [a, b, delta].entries()) {
      const near = Math.abs(Number(read[at]?.[column + 2]) - number);
      // Five digits of each, and of the difference itself, of which the numbers' own five may hold none.
      const exact = 1e-6 * Math.max(Math.abs(a), Math.abs(b));
      assert.ok(near <= 2e-4 * Math.abs(number) + exact, `${read[at]} is not ${number}`);
    }
  }

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
  // Every difference of every panel is 0, in its table and where one points at it.
  let differences = 0;
  for (const article of await dialog(page).locator(".compare-panels [data-compared]").all()) {
    const key = (await article.getAttribute("data-compared")) ?? "";
    if (await article.locator("details").isHidden()) continue;
    const [header = [], ...rows] = await values(page, key);
    const columns = header.flatMap((name, at) => (name.endsWith("B − A") ? [at] : []));
    const cells = rows.flatMap((row) => columns.map((at) => row[at] ?? "")).filter((cell) => cell !== "");
    assert.deepEqual([...new Set(cells)], columns.length > 0 ? ["0"] : [], key);
    differences += cells.length;
    assert.match((await article.locator(".sentence").textContent()) ?? "", /every difference is 0/, key);
  }
  assert.ok(differences > 1000, `${differences} differences`);
  for (const map of ["mean_attention", "all_additions"]) {
    assert.deepEqual(await panel(page, map).locator("figure:visible figcaption").allTextContents(), [
      "A",
      "B",
      "B − A",
    ]);
    for (const said of await spoken(page, map, 2)) assert.match(said, /: 0$/);
  }

  // A step of the run is another model.
  await dialog(page).getByLabel("The model to compare with").selectOption(":244000");
  await compared(page, /B is .*step 244.000/);
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
