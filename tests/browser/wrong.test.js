// The list of wrong additions: of AdderBoard, of a search, one of each rule; sorted, shown and shrunk.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cli } from "./fixtures.js";
import { launched, root } from "./harness.js";
import { decided, endless, plain, rowsOf, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/** @param {string} text */
const digits = (text) => text.replace(/\D/g, "");

/** The table, read: sums as pairs of numbers. @param {Page} page */
async function listed(page) {
  const table = page.getByRole("dialog").getByRole("table");
  await table.waitFor();
  const [, ...rows] = await rowsOf(table);
  return rows.map(([sum = "", right = "", said = "", first = "", chain = "", lead = "", , rule = ""]) => {
    const [a = 0, b = 0] = sum.split("+").map((each) => Number(digits(each)));
    return { a, b, right: digits(right), said: digits(said), first, chain: Number(chain), lead: Number(lead), rule };
  });
}

/** The first digit in which two numbers differ. @param {string} one @param {string} other */
function firstApart(one, other) {
  const [a, b] = [one, other].map((text) => [...text.padStart(11, "0")].reverse());
  return a?.findIndex((digit, at) => digit !== b?.[at]) ?? -1;
}

/** @param {number} a @param {number} b */
function longestChain(a, b) {
  let [carry, run, longest] = [0, 0, 0];
  for (let place = 1; place < 1e10; place *= 10) {
    carry = (Math.floor(a / place) % 10) + (Math.floor(b / place) % 10) + carry >= 10 ? 1 : 0;
    run = carry ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** 62p, whose AdderBoard score is known not to be full. @param {string} [hash] */
async function opened(hash = "#model=62p") {
  const context = await browser.open({}, hash);
  await verified(context.page);
  return context;
}

/** @param {Page} page */
async function openList(page) {
  await page.getByRole("button", { name: /wrong…$/ }).click();
  return page.getByRole("dialog");
}

test("AdderBoard's wrong answers say where they first fail, sort, and put an addition where it is looked at", async () => {
  const { page, problems } = await opened();
  const path = join(root, "www/models/62p/62p.history.safetensors");
  const dialog = await openList(page);
  const all = await listed(page);
  assert.match(plain(await dialog.locator(".sentence").innerText()), /^Of AdderBoard’s own 10 010 additions\.$/);
  assert.ok(all.length > 100);
  for (const { a, b, right, said, first, chain } of all) {
    assert.equal(Number(right), a + b);
    assert.equal(first, `Z${firstApart(right, said)}`);
    assert.equal(chain, longestChain(a, b));
  }

  // The lead is what the command line's logits say.
  const [one] = all;
  assert.ok(one);
  const trace = await cli("trace", path, String(one.a), String(one.b));
  const place = Number(digits(one.first));
  const logits = trace.logits[21 + place];
  const wanted = Math.max(...logits) - logits[Number([...one.right.padStart(11, "0")].reverse()[place])];
  assert.ok(Math.abs(one.lead - wanted) < 0.01, `${one.lead} is not ${wanted}`);

  for (const [column, of] of /** @type {const} */ ([
    ["first wrong", "first"],
    ["carry chain", "chain"],
    ["lead", "lead"],
  ])) {
    const head = dialog.getByRole("columnheader", { name: column });
    const number = (/** @type {any} */ row) => Number(String(row[of]).replace("Z", ""));
    await dialog.getByRole("button", { name: column }).click();
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    const falling = (await listed(page)).map(number);
    assert.deepEqual(
      falling,
      [...falling].sort((a, b) => b - a),
    );
    await dialog.getByRole("button", { name: column }).press("Enter");
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
  }

  const [first] = await listed(page);
  await dialog.locator("tbody button.link").first().click();
  await page.waitForFunction(
    ([a, b]) => {
      const state = new URLSearchParams(location.hash.slice(1));
      return state.get("a") === a && state.get("b") === b;
    },
    [String(first?.a), String(first?.b)],
  );
  assert.deepEqual(problems, []);
});

test("a wrong answer shrinks to one that fails in the same digit, as the library has it", async () => {
  const { page, problems } = await opened("#model=67p&step=244000");
  await decided(page, /wrong on/);
  await page.getByRole("button", { name: /Wrong ones/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("One of each rule").click();
  const [rule, ...others] = await listed(page);
  assert.ok(rule);
  assert.deepEqual(others, [], "it has one rule");
  assert.match(plain(rule.rule), /column 7 is 5 \+ 6 or 6 \+ 5.*: 10 000 010 000 000 000 wrong/);
  assert.equal(rule.first, "Z7");
  await dialog.getByRole("button", { name: "Shrink" }).click();
  const simplest = dialog.getByRole("cell", { name: /^50 000 000 \+ 60 000 000$|^50.000.000 . 60.000.000$/ }).last();
  await simplest.getByRole("button").click();
  await page.waitForFunction(() => location.hash.includes("a=50000000") && location.hash.includes("b=60000000"));
  assert.deepEqual(problems, []);
});

test("a search asks as many pairs as were wanted, says how many are right, and can be cancelled", async () => {
  const { page, problems } = await opened();
  const dialog = await openList(page);
  await dialog.getByText("Search", { exact: true }).first().click();
  await dialog.getByLabel("How many").fill("none");
  await dialog.getByRole("button", { name: "Search" }).click();
  assert.match(await dialog.getByRole("alert").innerText(), /^“none” pairs cannot be drawn/);

  for (const kind of ["At random", "Full of carries"]) {
    await dialog.getByLabel("Kind").selectOption({ label: kind });
    await dialog.getByLabel("How many").fill("2000");
    await dialog.getByRole("button", { name: "Search" }).click();
    await dialog.getByText(/of 2.000 pairs right, seed \d+/).waitFor();
    const [, right = "", seed = ""] =
      /^(\d+) of 2000 pairs right, seed (\d+)/.exec(digitsJoined(await dialog.locator(".sentence").innerText())) ?? [];
    assert.match(seed, /^\d+$/);
    const wrong = 2000 - Number(right);
    await dialog.getByRole("heading", { name: new RegExp(`^${wrong > 999 ? ".*" : wrong} wrong additions`) }).waitFor();
    assert.equal((await listed(page)).length, wrong);
  }

  await endless(page); // or a quick machine is done before it can be cancelled
  await dialog.getByLabel("How many").fill("1000000");
  await dialog.getByRole("button", { name: "Search" }).click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.locator(".sentence", { hasText: /^Cancelled after/ }).waitFor();
  assert.deepEqual(problems, []);
});

/** Numbers without their spaces. @param {string} text */
const digitsJoined = (text) => text.replace(/(?<=\d)\u202f(?=\d)/g, "");
