// The verdict over all additions, as a person meets it: beside the score, on the cards, after an edit, along a run, and
// as additions that one looks at.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "./harness.js";
import { card, decided, facts, film, openWeights, plain, readPanel, settled, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

const ALL = "100 000 000 000 000 000 000";
const EXHIBIT = "#model=67p&step=244000&a=50000000&b=60000000&digit=7";
const WRONG = "10 000 010 000 000 000";

/** @param {string} name @param {string} [more] */
async function opened(name, more = "") {
  const context = await browser.open({}, `#model=${name}${more}`);
  await verified(context.page, `${name}.history.safetensors`);
  return context;
}

test("a model that is right on all additions is proven, in exact arithmetic, with its count", async () => {
  const { page, problems } = await opened("57p");
  const text = await decided(page);
  assert.match(text, /right on all/);
  assert.ok(text.includes(`Right on ${ALL} of ${ALL} additions: proven, in exact arithmetic.`), text);
  assert.match(plain(await page.locator("#film-exact").innerText()), /all 10²⁰ right, in exact arithmetic/);
  assert.deepEqual(problems, []);
});

test("a model that is not is wrong on a number of them, and no share of it is 100 %", async () => {
  const { page } = await opened("62p");
  const text = await decided(page);
  assert.match(text, /wrong on 24 203 765 108 181 917 724/);
  assert.ok(
    text.includes(`Right on 75 796 234 891 818 082 276 of ${ALL} additions, counted in exact arithmetic.`),
    text,
  );
  assert.match(await page.locator("#film-exact").innerText(), /^75\.79 % of all 10²⁰$/);
});

test("the cards say what the build decided", async () => {
  const { page } = await opened("62p");
  const card = async (/** @type {string} */ name) =>
    plain((await page.locator("#gallery label", { hasText: name }).textContent()) ?? "");
  assert.match(await card("57p"), /proven on all 10²⁰, in exact arithmetic/);
  assert.match(await card("67p"), /proven on all 10²⁰, in exact arithmetic/);
  assert.match(await card("62p"), /wrong on 24 203 765 108 181 917 724 of 10²⁰/);
});

test("the exhibit qualifies, and is wrong", async () => {
  const { page, problems } = await opened("62p");
  await page.getByRole("button", { name: "The addition" }).click();
  await page.getByRole("link", { name: "Qualifies, and is wrong" }).click();
  await verified(page, "67p.history.safetensors");
  assert.match(await page.locator("#sum-said").innerText(), /^Wrong in one digit: Z7 should be 1/);
  const text = await decided(page, /wrong on 10/);
  assert.ok(page.url().endsWith(EXHIBIT), page.url());
  const { adderboard, qualified } = await facts(page);
  assert.deepEqual([plain(adderboard ?? ""), qualified], ["10 010", "yes"]);
  assert.ok(text.includes(`wrong on ${WRONG}`), text);
  assert.match(text, /in exact arithmetic/);
  await page.goBack();
  await verified(page, "62p.history.safetensors");
  assert.deepEqual(problems, []);
});

test("what is wrong leads to the addition, by the keyboard alone, and back", async () => {
  const { page } = await opened("67p", "&step=244000");
  await decided(page);
  const line = page.locator("#sum-line");
  const before = plain(await line.innerText());
  const way = page.getByRole("button", { name: /said to be/ });
  await way.focus();
  await page.keyboard.press("Enter");
  await line.filter({ hasText: /✗/ }).waitFor();
  assert.equal(plain(await line.innerText()), "50 000 000 + 60 000 000 = 120 000 000 ✗");
  await page.waitForFunction(() => location.hash.includes("&a=50000000&b=60000000"));
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /said to be/);
  await page.goBack();
  await line.filter({ hasText: /✓/ }).waitFor();
  assert.equal(plain(await line.innerText()), before);
  await page.getByRole("button", { name: /leads by/ }).click();
  await line.filter({ hasNotText: before.slice(0, 9) }).waitFor();
  assert.match(await line.innerText(), /✓$/);
});

test("all of it: rules, float32, digit by digit", async () => {
  const { page } = await opened("67p", "&step=244000");
  await decided(page);
  await page.getByRole("button", { name: "All of it…" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "All 10²⁰ additions" });
  await dialog.waitFor();
  const text = plain(await dialog.innerText());
  assert.match(text, /without any rounding/);
  await dialog.getByText("Whether float32, which rounds, answers all of them alike is open.").waitFor();
  assert.match(text, /column 7 is 5 \+ 6 or 6 \+ 5/);
  assert.match(text, /Z7, carry 0/);
  await dialog.getByRole("button", { name: "Close" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
});

test("an edit breaks the proof, and taking it back mends it", async () => {
  const { page, problems } = await opened("57p");
  await decided(page, /right on all/);
  await openWeights(page);
  const exact = page.locator("#weights-exact");
  await exact.filter({ hasText: "all 10²⁰ right, in exact arithmetic" }).waitFor();
  const { field, back } = weight(page, "fc1.weight");
  const value = Number(await field.inputValue());
  await field.fill(String(1.3 * value));
  await page.keyboard.press("Enter");
  await exact.filter({ hasText: /% of all 10²⁰ right/ }).waitFor();
  assert.doesNotMatch(await exact.innerText(), /100 % of all/);
  await back.click();
  await exact.filter({ hasText: "all 10²⁰ right, in exact arithmetic" }).waitFor();
  assert.deepEqual(problems, []);
});

test("the run's bar follows from snapshot to snapshot", async () => {
  const { page } = await opened("67p", "&step=244000");
  await decided(page, /wrong on/);
  const { slider } = film(page);
  await slider.press("End");
  assert.match(await decided(page, /right on all/), /proven/);
  await slider.press("Home");
  await decided(page, /wrong on|undecided/);
});

test("panel 12 has a curve of all additions, which shows where a sample finds nothing", async () => {
  const { page, problems } = await opened("67p", "&step=244000");
  await decided(page, /wrong on/);
  const panel = card(page, "trajectory");
  await panel.scrollIntoViewIfNeeded();
  await panel.getByText("every sampled addition is right, and others are not").waitFor();
  await settled(page);
  const { columns, rows } = await readPanel(page, "trajectory");
  const at = columns.indexOf("all additions, at least");
  const row = rows.find(([step]) => step === "244000");
  assert.ok(row, "its snapshot is in the table");
  assert.equal(Number(row[1]), 1);
  assert.deepEqual(
    [Number(row[at]), Number(row[at + 1])],
    [0.9998999999, 0.9998999999].map((v) => v),
    row.join(" "),
  );
  assert.deepEqual(problems, []);
});

/** In the place of the Worker: it never decides, and knows the same all the time. */
const ENDLESS = `
  const bounds = { right_at_least: "25${"0".repeat(18)}", right_at_most: "1${"0".repeat(20)}", decided: false };
  const nothing = { counterexamples: [], closest: null, rules: [], by_digit: [], by_carry_chain: [] };
  const report = { ...bounds, ...nothing, digits: 10, total: bounds.right_at_most, right: null, wrong: null, proven: false };
  const output = { bounds, report, milliseconds: 5000, isDone: false };
  addEventListener("message", ({ data: { kind, id, input } }) => {
    if (kind === "ping") return postMessage({ kind: "pong" });
    if (kind === "cancel" || input.within !== null) return postMessage({ kind: "output", id, output });
    postMessage({ kind: "progress", id, progress: bounds });
  });
`;

test("what is not decided says so, with its bounds, and goes on for as long as one wants", async () => {
  const { page } = await browser.open({ own: true }, "#model=57p", (fresh) =>
    fresh.route(/\/exact-worker-[A-Z2-7]{8}\.js$/, (route) =>
      route.fulfill({ body: ENDLESS, contentType: "text/javascript" }),
    ),
  );
  const text = await decided(page, /undecided/);
  assert.match(text, /25\.00 % to 100 % are right/);
  assert.ok(text.includes(`Not decided: at least 25 000 000 000 000 000 000 and at most ${ALL}`), text);
  assert.doesNotMatch(text, /proven/);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  assert.match(await decided(page, /undecided/), /Not decided/);
});
