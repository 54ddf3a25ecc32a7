// One digit, step by step: what a person reads is what the command line says; every number opens its arithmetic.

import assert from "node:assert/strict";
import { test } from "node:test";
import { historyPath } from "./bundled.js";
import { cli, modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { load, openWeights, plain, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const [A, B] = [4_070_378_921, 1_703_729_684];

/** The page with the steps of one digit. @param {string} name @param {number} digit @param {string} [more] */
async function opened(name, digit, more = `&a=${A}&b=${B}`) {
  const address = `#model=${name}${more}&digit=${digit}&view=addition`;
  const context = await browser.open({ viewport: { width: 1440, height: 900 } }, address);
  await verified(context.page, `${name}.history.safetensors`);
  await stepped(context.page, digit);
  return context;
}

/** Waits for the steps of a digit. @param {Page} page @param {number} digit */
const stepped = (page, digit) =>
  page.locator("#steps[aria-busy=false] h2", { hasText: `Z${digit}, step by step` }).waitFor();

/** A number as the page writes it. @param {string} text */
const numberOf = (text) => Number(text.replaceAll("−", "-").replace(/[^\d.e-]/g, ""));

/** Equal as far as it is written. @param {string} text @param {number} value */
function reads(text, value) {
  const tolerance = 0.51 * 10 ** -(/\.(\d+)/.exec(text)?.[1]?.length ?? 0);
  const near = Math.abs(numberOf(text) - value) <= (Math.abs(value) < 0.001 ? Math.abs(value) * 0.1 : tolerance);
  assert.ok(near, `${text} for ${value}`);
}

test("sources, hidden units, logits and lens are those of the command line", async () => {
  const { page, problems } = await opened("62p", 3);
  const { steps } = await cli("addition", historyPath("62p"), String(A), String(B), "--digit", "3");
  const card = (/** @type {string} */ name) => page.locator(`#steps .${name}`);
  reads(await card("sources").getByRole("button", { name: /^s: / }).innerText(), steps.total);
  const named = [...steps.sources].sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  for (const { name, token, weight, value, product } of named.slice(0, 5)) {
    assert.match(name, /^[XYZ]/);
    const number = (/** @type {string} */ what) =>
      card("sources")
        .getByRole("button", { name: new RegExp(`^${what}: `) })
        .innerText();
    reads(await number(`Weight of ${name} = ${token}`), 100 * weight.value);
    reads(await number(`What is read of ${name} = ${token}`), value);
    reads(await number(`What ${name} = ${token} adds`), product);
  }
  // The same shares are on the digits of the sum.
  const shaded = await page
    .locator("#paper [data-share]")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-share")));
  const wanted = steps.sources
    .filter((/** @type {any} */ { name, weight }) => /^[XYZ]/.test(name) && weight.value >= 0.01)
    .map((/** @type {any} */ { weight }) => `${Math.round(100 * weight.value)} %`);
  assert.deepEqual(shaded.sort(), wanted.sort());

  for (const [i, unit] of steps.units.entries()) {
    reads(
      await card("units")
        .getByRole("button", { name: `Unit ${i} before GELU` })
        .innerText(),
      unit.before.value,
    );
    reads(
      await card("units")
        .getByRole("button", { name: `Unit ${i} after GELU` })
        .innerText(),
      unit.after.value,
    );
  }
  for (const { token, logit, probability } of steps.tokens) {
    reads(
      await card("tokens")
        .getByRole("button", { name: `Logit of ${token}:` })
        .innerText(),
      logit.value,
    );
    const share = await card("tokens")
      .getByRole("button", { name: `Probability of ${token}:` })
      .innerText();
    if (!share.startsWith("<")) reads(share, 100 * probability);
  }
  const rows = await card("stages").locator("tbody tr").allInnerTexts();
  for (const [i, { said }] of steps.lens.entries()) {
    assert.match(rows[i] ?? "", new RegExp(`\\t${said} ${said === steps.right ? "✓" : "✗"}`));
    reads((rows[i] ?? "").split("\t").at(-1) ?? "", steps.parts[i].logits[steps.said]);
  }
  assert.match(await page.locator("#steps > header p").innerText(), /^After Z2 = 6 it says 7, but 8 is right\./);
  assert.deepEqual(problems, []);
});

test("each number opens its arithmetic, whose terms open theirs", async () => {
  const { page, problems } = await opened("62p", 3);
  const dialog = page.getByRole("dialog");
  const file = historyPath("62p");
  await page
    .locator("#steps")
    .getByRole("button", { name: /^Unit 0 before GELU/ })
    .click();
  const told = await cli("explain", file, String(A), String(B), "hidden:Z3/0");
  await dialog.getByRole("heading", { name: /^hidden:Z3\/0 = / }).waitFor();
  assert.equal(await dialog.locator(".sentence").innerText(), told.formula);
  const values = (await dialog.locator("tbody td.number").allInnerTexts()).map(numberOf);
  assert.equal(values.length, told.terms.length);
  const close = (/** @type {number} */ one, /** @type {number} */ other) =>
    Math.abs(one - other) <= 1e-5 * Math.max(1e-9, Math.abs(other));
  for (const [i, { value }] of told.terms.entries()) {
    assert.ok(close(values[i] ?? NaN, value), `${values[i]}, ${value}`);
  }
  const whole = numberOf(await dialog.locator("tfoot td.number").last().innerText());
  assert.ok(close(whole, told.value), `${whole}, ${told.value}`);

  await dialog.locator('button[data-item="ffn_input:Z3/0"]').click();
  await dialog.getByRole("heading", { name: /^ffn_input:Z3\/0 = / }).waitFor();
  await dialog.locator('button[data-item="after_attention:Z3/0"]').click();
  await dialog.getByRole("heading", { name: /^after_attention:Z3\/0 = / }).waitFor();
  await dialog.getByRole("button", { name: "← Back" }).click();
  await dialog.getByRole("heading", { name: /^ffn_input:Z3\/0 = / }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });

  // What no item names: parts that make the whole.
  for (const name of [
    /^What X3 = 8 adds/,
    /^The sum of all places/,
    /^Probability of 7/,
    /^What makes the logit of 7/,
  ]) {
    const number = page.locator("#steps").getByRole("button", { name });
    const shown = await number.innerText();
    await number.click();
    const all = await dialog.locator("tfoot td.number").last().innerText();
    const title = await dialog.getByRole("heading").innerText();
    assert.equal(title.split(" = ").at(-1), all, "the arithmetic gives the number that it is of");
    const isShare = shown.endsWith("%");
    if (/\d/.test(shown)) reads(shown, isShare ? 100 * numberOf(all) : numberOf(all));
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
  }
  assert.deepEqual(problems, []);
});

test("each stage's part of the logit, and what it would have said, opens an arithmetic of its own", async () => {
  const { page, problems } = await opened("62p", 3);
  const { steps } = await cli("addition", historyPath("62p"), String(A), String(B), "--digit", "3");
  const dialog = page.getByRole("dialog");
  const stages = ["its token and position", "attention", "the FFN"];
  for (const [i, stage] of stages.entries()) {
    const [part, lens] = [steps.parts[i], steps.lens[i]];
    for (const { name, of, value } of [
      { name: `What ${stage} adds to the logit of ${steps.said}`, of: part, value: part.logits[steps.said] },
      { name: `Logit of ${lens.said} after ${stage}`, of: lens, value: lens.logits[lens.said] },
    ]) {
      const number = page.locator("#steps .stages").getByRole("button", { name: `${name}: ` });
      reads(await number.innerText(), value);
      await number.click();
      await dialog.getByRole("heading", { name: `${name} = ` }).waitFor();
      const items = await dialog
        .locator("tbody button.factor")
        .evaluateAll((all) => all.map((each) => each.dataset.item));
      for (const { item } of of.terms) assert.ok(items.includes(item), `${name}: ${item}`);
      assert.equal(await dialog.locator("tbody tr").count(), of.terms.length);
      reads(await dialog.locator("tfoot td.number").last().innerText(), value);
      const [first] = of.terms;
      await dialog.locator(`button.factor[data-item="${first.item}"]`).first().click();
      await dialog.getByRole("heading", { name: `${first.item} = ` }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "hidden" });
    }
  }
  assert.deepEqual(problems, []);
});

test("it follows the digit, the addition and an edited weight", async () => {
  const { page, problems } = await opened("57p", 0, "&a=57&b=68");
  await page.locator("#steps").getByRole("button", { name: "← Z1" }).click();
  await stepped(page, 1);
  await page.waitForFunction(() => location.hash.includes("digit=1"));
  assert.match(await page.locator("#steps > header p").innerText(), /^After Z0 = 5 it says 2, which is right\./);
  const s = page.locator("#steps .sources").getByRole("button", { name: /^s: / });
  const before = await s.innerText();
  const unit = page.locator('#steps [data-item="hidden:Z1/0"]');
  const was = (await unit.innerText()).trim();
  await openWeights(page);
  await weight(page, "fc1.weight").field.fill("0");
  await page.keyboard.press("Enter");
  const { steps } = await cli("addition", historyPath("57p"), "57", "68", "--digit", "1");
  await page.waitForFunction(
    (was) => document.querySelector('#steps [data-item="hidden:Z1/0"]')?.textContent?.trim() !== was,
    was,
  );
  assert.equal(await s.innerText(), before, "s is made before the hidden units");
  reads(before, steps.total);
  assert.deepEqual(problems, []);
});

test("where attention writes more than one number, they are listed, and sources add up along their direction", async () => {
  const { page, problems } = await browser.open({ viewport: { width: 375, height: 700 } }, "#model=none&view=addition");
  const several = modelFile("several.json", "elliptic_arc_full_correction");
  await load(page, several);
  const digit = Number(/Z(\d+)/.exec(await page.locator("#steps[aria-busy=false] h2").innerText())?.[1]);
  assert.ok(digit >= 0);
  assert.match(plain(await page.locator("#steps .sources").innerText()), /Attention wrote \d+ numbers/);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 375, `${width} px wide`);
  assert.deepEqual(problems, []);
});
