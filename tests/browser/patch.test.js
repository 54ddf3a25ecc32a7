// Parts of a model are switched off and a digit has ways of another addition: as a person does it, with the numbers of the
// command line; an address that names what there is not says so.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { historyPath } from "./bundled.js";
import { cli, modelFile, run } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import { card, decided, downloadPanel, errorText, load, plain, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{patch: string, second: boolean[], said: number, lead: number, s: number | null, is_first: boolean, is_second: boolean}} Combination */

const browser = launched();
const folder = temporaryFolder();
const [A, B] = [4_070_378_921, 1_703_729_684];

/** Waits for what can be done to a digit. @param {Page} page @param {number} digit */
const ready = (page, digit) =>
  page.locator("#patch[aria-busy=false] h3", { hasText: `Z${digit} with ways of another` }).waitFor();

/** @param {string} name @param {number} digit @param {string} [more] */
async function opened(name, digit, more = "") {
  const address = `#model=${name}&a=${A}&b=${B}&digit=${digit}&view=addition${more}`;
  const context = await browser.open({ viewport: { width: 1440, height: 900 } }, address);
  await verified(context.page, `${name}.history.safetensors`);
  await ready(context.page, digit);
  return context;
}

/** What is done, as the bar says it; "" for nothing. @param {Page} page @param {RegExp | string} wanted */
const named = (page, wanted) => page.locator("#under strong", { hasText: wanted }).waitFor();

/** @param {Page} page */
const hash = (page) => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("interventions"));

/** Waits until the address says so. @param {Page} page @param {string | null} wanted */
const addressed = (page, wanted) =>
  page.waitForFunction((wanted) => new URLSearchParams(location.hash.slice(1)).get("interventions") === wanted, wanted);

/** The digits of the answer, the ones last. @param {Page} page */
const answer = async (page) => (await page.locator("#paper .answer button").allInnerTexts()).join("");

/** A number as the page writes it. @param {string} text */
const numberOf = (text) => Number(text.replaceAll("−", "-").replace(/[^\d.e-]/g, ""));

/** Equal as far as it is written. @param {string} text @param {number} value */
function reads(text, value) {
  const tolerance = 0.51 * 10 ** -(/\.(\d+)/.exec(text)?.[1]?.length ?? 0);
  const near = Math.abs(numberOf(text) - value) <= (Math.abs(value) < 0.001 ? Math.abs(value) * 0.1 : tolerance);
  assert.ok(near, `${text} for ${value}`);
}

/**
 * The table says what the command line says.
 * @param {Page} page @param {string} file @param {readonly string[]} numbers @param {number} digit
 */
async function compared(page, file, numbers, digit) {
  const told = await cli("patch", file, ...numbers, "--digit", String(digit));
  await page.locator(`#patch[aria-busy=false] tr[data-patch="${told.combinations[0].patch}"]`).waitFor();
  const rows = await page.locator("#patch .combinations tbody tr").all();
  assert.equal(rows.length, 16);
  for (const [i, combination] of /** @type {Combination[]} */ (told.combinations).entries()) {
    const row = rows[i];
    assert.ok(row);
    assert.equal(await row.getAttribute("data-patch"), combination.patch);
    const [, ...cells] = (await row.locator("td").allInnerTexts()).map((text) => text.trim());
    const ways = combination.second.map((is) => (is ? "● second" : "○ first"));
    assert.deepEqual(cells.slice(0, 4), ways);
    assert.equal(cells[4], String(combination.said));
    const { is_first, is_second } = combination;
    const asked = is_first && is_second ? "both" : is_first ? "the first" : is_second ? "the second" : "neither";
    assert.equal(cells[5], asked);
    reads(cells[6] ?? "", combination.lead);
    if (combination.s === null) assert.equal(cells[7], "several");
    else reads(cells[7] ?? "", combination.s);
  }
  return told;
}

test("a digit that differs by a carry: sixteen combinations, one of which is chosen, followed and let go", async () => {
  const { page, problems } = await opened("57p", 3);
  const patch = page.locator("#patch");
  await patch.getByRole("button", { name: "One that differs by the carry into Z3" }).click();
  await patch.locator(".combinations").waitFor();
  const other = /^patch:Z3\/(\d+)\+(\d+)$/.exec((await hash(page)) ?? "");
  assert.ok(other, "the second addition is in the address");
  const told = await compared(page, historyPath("57p"), [A, B, other[1], other[2]].map(String), 3);
  assert.notEqual(told.first, told.second, "a carry more or less is another digit");
  assert.equal(await page.locator("#under strong").count(), 0, "nothing is done yet");

  const before = await answer(page);
  const wanted = told.combinations[4];
  assert.deepEqual(wanted.second, [false, false, true, false]);
  assert.equal(wanted.said, told.second, "the carry comes by X and Y of the column before alone");
  await patch.locator(`tr[data-patch="${wanted.patch}"] input`).check();
  await named(page, "Z3 has X2 and Y2 of");
  await addressed(page, wanted.patch);
  // On the answer, the ruler and the steps.
  await page.waitForFunction((before) => document.querySelector("#paper .answer")?.textContent !== before, before);
  assert.equal((await answer(page)).at(-4), String(wanted.said));
  const s = page.locator("#steps[aria-busy=false] .sources").getByRole("button", { name: /^s: / });
  await s.filter({ hasText: /./ }).waitFor();
  await page.waitForFunction(
    (s) =>
      Math.abs(Number(document.querySelector("#steps .sources .whole .figure")?.textContent?.replace("−", "-")) - s) <
      0.01,
    wanted.s,
  );
  assert.match(plain(await page.locator("#steps > header p").innerText()), new RegExp(`it says ${wanted.said}, but`));

  // By keyboard: the next is one arrow away.
  await patch.locator("input:checked").focus();
  await page.keyboard.press("ArrowDown");
  await addressed(page, told.combinations[5].patch);
  await page.keyboard.press("Escape");
  await addressed(page, told.combinations[0].patch);
  await page.locator("#under strong").waitFor({ state: "detached" });
  await page.waitForFunction(
    (before) => document.querySelector("#paper .answer")?.textContent?.includes(before),
    before,
  );
  assert.deepEqual(problems, []);
});

test("the second addition is typed, pasted and swapped, with two other models", async () => {
  for (const [name, of] of [
    ["moving.json", "scalar_vocab_12"],
    ["several.json", "no_ln2_two_heads_170p_like"],
  ]) {
    const { page, problems } = await browser.open(
      { viewport: { width: 1024, height: 800 } },
      `#model=none&a=${A}&b=${B}&digit=2&view=addition`,
    );
    const model = modelFile(name, of);
    const file = join(folder, model.name);
    writeFileSync(file, model.bytes);
    await load(page, model);
    await ready(page, 2);
    const field = page.getByRole("textbox", { name: "Second addition, X" });
    await field.click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("9876543210");
    await compared(page, file, [String(A), String(B), "9876543210", String(B)], 2);
    await field.evaluate((input) => {
      const data = new DataTransfer();
      data.setData("text/plain", "57 + 69");
      input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await compared(page, file, [String(A), String(B), "57", "69"], 2);
    await page.locator("#patch").getByRole("button", { name: "Swap" }).click();
    await compared(page, file, ["57", "69", String(A), String(B)], 2);
    assert.deepEqual(problems, []);
  }
});

test("parts are switched off: answer and verdict follow, and both are named", async () => {
  const { page, problems } = await opened("62p", 3);
  const whole = await decided(page);
  const grid = page.locator("#patch .places");
  const before = await answer(page);
  await page.locator("#patch").getByRole("button", { name: "hidden unit 0" }).click();
  await named(page, "Switched off: hidden unit 0.");
  const told = await decided(page, /of 10/);
  assert.match(told, /with parts switched off/);
  assert.match(told, /Right on 1 of 100 000 000 000 000 000 000 additions/);
  assert.notEqual(await answer(page), before);
  await page.locator("#under").getByRole("button", { name: "Let go" }).click();
  await addressed(page, null);
  await page.waitForFunction(() => document.querySelector("#exact")?.textContent?.includes("switched off") === false);
  await page.waitForFunction((before) => document.querySelector("#paper .answer")?.textContent === before, before);
  assert.equal(/wrong on [\d ]+/.exec(await decided(page))?.[0], /wrong on [\d ]+/.exec(whole)?.[0]);

  // By keyboard, from place to place: one stop for Tab.
  await grid.getByRole("button", { name: "attention to all X" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-part"));
  assert.equal(focused, "place:X8");
  await page.keyboard.press("Space");
  await named(page, "Switched off: attention to X8.");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-part")), "place:X8");
  const blind = await decided(page, /of 10/);
  assert.match(blind, /with parts switched off/);
  assert.match(blind, /Right on [\d ]+ of 100 000 000 000 000 000 000 additions, counted in exact arithmetic/);
  assert.equal(await grid.locator("[aria-pressed=true]").count(), 1);
  await page.keyboard.press("Escape");
  await addressed(page, null);
  assert.deepEqual(problems, []);
});

test("an address brings it all back, and names what there is not", async () => {
  const all = "&interventions=group:PLUS,patch:Z3/57%2B69/own/xy";
  const { page, problems } = await opened("57p", 3, all);
  await named(page, /^Switched off: attention to PLUS\. Z3 has its own token, X3 and Y3 of 57 \+ 69\.$/);
  await page.locator("#patch input:checked").waitFor();
  assert.match(await decided(page), /right on all/);
  for (const [written, what] of [
    ["hidden:7", "hidden:7: this model's hidden units are 0 to 1"],
    ["ffn,place:EOS", "“place:EOS” is nothing that can be switched off or patched"],
    ["patch:Z99/1%2B2", "“patch:Z99/1+2” is nothing that can be"],
    ["%3Cscript%3E", "“<script>” is nothing that can be"],
  ]) {
    await page.evaluate((written) => {
      location.hash = `#model=57p&a=57&b=68&digit=3&view=addition&interventions=${written}`;
    }, written);
    await page.locator("#error-text", { hasText: what }).waitFor();
    assert.ok((await errorText(page)).length <= 300);
    await addressed(page, null);
    await page.locator("#under strong").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Dismiss" }).click();
  }
  await page.waitForFunction(() => document.querySelector("#paper .answer")?.textContent === "00000000125");
  assert.deepEqual(problems, []);
});

test("at a wrong digit the place value of its column is said; on a phone nothing is cut off", async () => {
  const address = "#model=62p&a=4070378921&b=1703729684&digit=3&view=addition";
  const { page, problems } = await browser.open({ viewport: { width: 375, height: 740 } }, address);
  await verified(page, "62p.history.safetensors");
  await ready(page, 3);
  const words = await page.locator("#patch .weight").innerText();
  assert.match(words, /^Z3 is wrong here\. Its place value is [\d.]+: X2 \+ Y2 = 15 count as [\d.]+ of column 3 in s/);
  const told = await cli("patch", historyPath("62p"), String(A), String(B), "1", "2", "--digit", "3");
  const [{ ratio }] = told.place_values.filter((/** @type {{column: number}} */ { column }) => column === 3);
  reads(/is ([\d.]+):/.exec(words)?.[1] ?? "", ratio);
  await page.locator("#patch").getByRole("button", { name: "Random" }).click();
  await page.locator("#patch .combinations").waitFor();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 375, `${width} px wide`);
  assert.deepEqual(problems, []);
});

test("panels and map are measured with what is switched off, and say so; what is not says that", async () => {
  const address = "#model=57p&a=57&b=68&digit=1&view=panels&interventions=hidden:0";
  const { page, problems } = await browser.open({ viewport: { width: 1440, height: 900 } }, address);
  await verified(page, "57p.history.safetensors");
  const says = (/** @type {string} */ key, /** @type {string | RegExp} */ what) =>
    card(page, key).locator(".sentence", { hasText: what }).waitFor({ state: "attached" });
  const passes = ["mean_attention", "top_sources", "error_rate", "error_by_carry", "error_direction"];
  for (const key of passes) await says(key, /^Switched off: hidden unit 0\. /);
  await named(page, "Switched off: hidden unit 0.");
  for (const key of ["token_embeddings", "readout", "trajectory"]) await says(key, /^This is of the whole model\. /);
  for (const key of ["mean_attention", "error_rate"]) {
    const native = join(folder, `${key}.svg`);
    await run("figure", historyPath("57p"), "--panel", key, "--off", "hidden:0", "-o", native);
    const drawn = await downloadPanel(page, key, "SVG");
    assert.equal(drawn.bytes.toString(), readFileSync(native, "utf8"), `${key} is the command line's, to the byte`);
  }
  // Other scales are drawn at once.
  const drawing = card(page, "token_embeddings").locator("canvas");
  const before = await drawing.evaluate((/** @type {HTMLCanvasElement} */ canvas) => canvas.toDataURL());
  await page.locator("#film-fixed").check();
  const canvas = await drawing.elementHandle();
  await page.waitForFunction(({ canvas, before }) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL() !== before, {
    canvas,
    before,
  });
  await page.locator("#film-fixed").uncheck();
  await page.keyboard.press("4");
  await says("all_additions", /^Switched off: hidden unit 0\. /);
  // A dragged number is measured so, too; and let go, all is of the whole model again.
  await page.keyboard.press("2");
  await page.evaluate(() => {
    location.hash = location.hash.replace("interventions=hidden:0", "interventions=group:X");
  });
  await says("error_rate", /^Switched off: attention to all X\. /);
  await page.locator("#under").getByRole("button", { name: "Let go" }).click();
  await says("error_rate", /^(?!Switched off)/);
  await says("readout", /^(?!This is of the whole model)/);
  assert.deepEqual(problems, []);
});

for (const width of [375, 699, 1024]) {
  test(`at ${width} px what is done is named, and what is of the whole model`, async () => {
    const address = "#model=57p&a=57&b=68&digit=1&view=addition&interventions=ffn,patch:Z1/57%2B69/xy_before";
    const { page, problems } = await browser.open({ viewport: { width, height: 740 } }, address);
    await verified(page, "57p.history.safetensors");
    const done = "Switched off: the FFN. Z1 has X0 and Y0 of 57 + 69.";
    await named(page, done);
    const words = await page.locator("#under").innerText();
    assert.match(words, /AdderBoard’s score is of the whole model/);
    await card(page, "ruler").locator(".sentence", { hasText: done }).waitFor();
    const table = await downloadPanel(page, "ruler", "CSV");
    assert.ok(table.bytes.toString().includes(done), "so does the table");
    const drawn = await downloadPanel(page, "ruler", "SVG");
    assert.ok(drawn.bytes.toString().includes("Switched off: the FFN."), "and the picture");
    assert.deepEqual(problems, []);
  });
}
