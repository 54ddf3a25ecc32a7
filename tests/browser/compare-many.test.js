// Many models as one table: the rows of the command line, sorted by a click, each a click from its panels.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { bundledNames, historyPath } from "./bundled.js";
import { cli, modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { load } from "./person.js";

const browser = launched();

test("what came together and what is of the page stands in one table", async () => {
  const { page, problems } = await browser.open();
  await load(page, modelFile("one.json"), modelFile("two.json", "two_heads_tied_values"));
  await page.locator("#notes").getByRole("button", { name: "Compare" }).click();
  const many = page.locator("#compare[open] .compare-many");
  await many.locator("summary").click();
  const csv = many.getByRole("button", { name: "Many models as CSV" });
  await csv.waitFor();

  const downloading = page.waitForEvent("download");
  await csv.click();
  const text = await readFile(await (await downloading).path(), "utf8");
  const [header = [], ...rows] = text
    .trim()
    .split("\r\n")
    .map((line) => line.split(","));
  const named = (/** @type {string[]} */ row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ""]));
  const told = new Map(rows.map(named).map((row) => [row.name, row]));
  assert.equal(told.size, 2 + bundledNames.length);
  const wanted = await cli("table", ...bundledNames.map((name) => historyPath(name)));
  assert.equal(wanted.rows.length, bundledNames.length);
  for (const { name, parameters, adderboard_passed, exact, closest, ratios, step } of wanted.rows) {
    const row = told.get(name);
    const numbers = [parameters, adderboard_passed, exact ?? "", step].map(String);
    assert.deepEqual([row?.parameters, row?.adderboard_passed, row?.exact, row?.best_step], numbers, name);
    assert.ok(Math.abs(Number(row?.closest) - (closest ?? 0)) < 1e-6 * (closest ?? 1), `${name}: ${row?.closest}`);
    assert.ok(Math.abs(Number(row?.ratio_1) - ratios[0]) < 1e-6, name);
  }

  const first = () => many.locator("tbody tr th").first().textContent();
  const parameters = many.getByRole("columnheader", { name: "parameters" });
  await parameters.getByRole("button").click();
  assert.equal(await parameters.getAttribute("aria-sort"), "ascending");
  assert.equal(await first(), "57p");
  await page.keyboard.press("Enter");
  assert.equal(await parameters.getAttribute("aria-sort"), "descending");
  assert.notEqual(await first(), "57p");

  await many.getByRole("button", { name: "two.json" }).click();
  await page.locator("#compare").waitFor({ state: "hidden" });
  await page.locator("#file", { hasText: "two.json" }).waitFor();
  assert.deepEqual(problems, []);
});
