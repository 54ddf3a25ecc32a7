// "How firm is it?" in the Weights drawer: what is proven of a number, what was only tried, and what goes with an edit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "./harness.js";
import { openWeights, plain, rowsOf, verified, weight } from "./person.js";

const browser = launched();

async function opened() {
  const context = await browser.open({}, "#model=57p");
  const { page } = context;
  await verified(page, "57p.history.safetensors");
  await openWeights(page);
  const firm = page.locator("#firm");
  await firm.locator("summary").first().click();
  await firm.getByRole("button", { name: "All numbers" }).waitFor();
  return { ...context, firm };
}

test("one number has a range around its value, proven in exact arithmetic, and an edit takes it away", async () => {
  const { page, problems, firm } = await opened();
  const { row, slider } = weight(page, "fc1.weight");
  await slider.focus();
  await firm.getByRole("button", { name: /^Only “/ }).click();
  await firm.getByText(/^1 of 1 numbers\. Kept is: right on all 10²⁰ additions, in exact arithmetic\.$/).waitFor();
  const note = plain(await row.locator(".firm-note").innerText());
  const [, from, to] = /^Proven from (\S+) to (\S+); wrong at /.exec(note.replaceAll("−", "-")) ?? [];
  const value = Number(await weight(page, "fc1.weight").field.inputValue());
  assert.ok(Number(from) < value && value < Number(to), note);
  assert.ok(await row.locator(".firm-strip .proven").isVisible());
  assert.equal(await row.locator(".firm-strip .wrong").count(), 2);

  await firm.getByText("As a table").click();
  const [head, cells] = await rowsOf(firm.locator("table"));
  assert.deepEqual(head, ["number", "value", "proven from", "to", "nearest wrong value", "what is known"]);
  assert.equal(cells?.[2]?.replace("−", "-"), from);

  await slider.press("PageUp");
  await firm.getByText("The numbers are others now: ask again.").waitFor();
  assert.equal(await row.locator(".firm-note, .firm-strip").count(), 0);
  assert.deepEqual(problems, []);
});

test("what no answer digit reads is named, and all numbers can be stopped on the way", async () => {
  const { page, firm } = await opened();
  const unread = weight(page, "z_hi_pos");
  await unread.slider.focus();
  await firm.getByRole("button", { name: /^Only “/ }).click();
  await unread.row.getByText("Read by no answer digit: any value will do, proven in exact arithmetic.").waitFor();
  await firm.getByRole("button", { name: "All numbers" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".firm-note").length >= 2);
  await firm.getByRole("button", { name: "Stop" }).click();
  await firm.getByText(/^Stopped\. \d+ of 57 numbers/).waitFor();
  assert.ok((await page.locator(".firm-note").count()) >= 2, "what is known stays");
  assert.ok(
    await firm.getByRole("button", { name: "All numbers" }).evaluate((each) => each === document.activeElement),
  );
});

test("fewest decimals are told in words", async () => {
  const { firm } = await opened();
  await firm.getByRole("button", { name: "Fewest decimals" }).click();
  const told = firm.getByText(/stays right on all additions, proven in exact arithmetic: \d decimals, or \d digits/);
  await told.waitFor({ timeout: 60_000 });
});

test("the landscape of two numbers is right on all where they are as they were", async () => {
  const { page, problems, firm } = await opened();
  const two = firm.getByRole("button", { name: "Landscape of the last two looked at" });
  await weight(page, "fc1.weight").slider.focus();
  assert.ok(await two.isDisabled());
  await weight(page, "fc1.weight", 1).slider.focus();
  await firm.getByLabel("How far a landscape goes from a number").selectOption("1");
  await two.click();
  await firm.getByText(/^Right on all 10²⁰ in \d+ of 121 cells, in exact arithmetic\.$/).waitFor({ timeout: 60_000 });
  const rows = (await rowsOf(firm.locator("table.landscape"))).slice(1);
  assert.equal(rows[5]?.[6], "all");
  assert.equal(rows.length, 11);
  assert.ok(
    rows.flatMap((row) => row.slice(1)).every((cell) => /^(all|\d\d?\.\d|\?)$/.test(cell)),
    rows.join(" | "),
  );
  assert.deepEqual(problems, []);
});
