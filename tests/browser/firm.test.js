// "How firm is it?" in the Weights drawer: what is proven of a number, what was only tried, and what goes with an edit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "./harness.js";
import { openWeights, plain, rowsOf, saved, settled, verified, weight } from "./person.js";

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
  const values = firm.locator(".landscape-view");
  await values.getByText("Values", { exact: true }).click();
  const table = firm.locator("table.landscape");
  await table.waitFor(); // made when its details are open, which is told a moment later
  const rows = (await rowsOf(table)).slice(1);
  assert.equal(rows[5]?.[6], "all");
  assert.equal(rows.length, 11);
  const cells = rows.flatMap((row) => row.slice(1));
  assert.ok(
    cells.every((cell) => /^(all|\d\d?\.\d|\?)$/.test(cell)),
    rows.join(" | "),
  );

  // The picture says the same, and is drawn in the colours of either theme.
  const canvas = values.locator("canvas");
  const all = cells.filter((cell) => cell === "all").length;
  const told = await saidBy(canvas);
  assert.equal(told.size, 121);
  assert.equal([...told.values()].filter((says) => says === "right on all additions").length, all);
  const own = [...told].filter(([label]) => label.endsWith("the model’s own"));
  assert.deepEqual(
    own.map(([, says]) => says),
    ["right on all additions"],
  );
  const good = { light: [0x3d, 0x87, 0x2f], dark: [0x7c, 0xc4, 0x6b] };
  for (const [theme, colour] of Object.entries(good)) {
    await page.getByRole("radio", { name: theme === "dark" ? "Dark" : "Light" }).check();
    await settled(page);
    const share = await shareOf(canvas, colour);
    assert.ok(share > (0.3 * all) / 121, `${theme}: ${share} of the picture is in the colour of what is right on all`);
  }

  const file = async (/** @type {string} */ format) =>
    saved(page, () => values.getByRole("button", { name: `Landscape of two numbers as ${format}` }).click());
  const csv = (await file("CSV")).bytes.toString().trim().split("\r\n");
  assert.equal(csv.length, 1 + 121);
  assert.equal(csv.filter((line) => line.endsWith(",all right")).length, all);
  const svg = (await file("SVG")).bytes.toString();
  assert.ok(svg.includes("“all”: right on all of them") && svg.includes("the model’s own values"));
  assert.equal((await file("PNG")).bytes.subarray(1, 4).toString(), "PNG");

  await page.evaluate(() => {
    HTMLCanvasElement.prototype.toBlob = () => {
      throw new Error("The canvas is too large");
    };
  });
  await values.getByRole("button", { name: "Landscape of two numbers as PNG" }).click();
  await values.getByRole("status").filter({ hasText: "The canvas is too large" }).waitFor();
  assert.deepEqual(problems, []);
});

/**
 * What a picture says where someone points, by what that is called.
 * @param {import("playwright-core").Locator} canvas
 * @returns {Promise<Map<string, string>>}
 */
async function saidBy(canvas) {
  const pairs = await canvas.evaluate((canvas) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const tip = canvas.parentElement?.querySelector(".tip");
    /** @type {[string, string][]} */
    const said = [];
    for (let y = 1; y < height; y += 5) {
      for (let x = 1; x < width; x += 5) {
        const at = { clientX: left + x, clientY: top + y, pointerType: "mouse" };
        canvas.dispatchEvent(new PointerEvent("pointermove", at));
        said.push([tip?.firstChild?.textContent ?? "", tip?.lastChild?.textContent ?? ""]);
      }
    }
    return said;
  });
  return new Map(pairs.filter(([label]) => label !== ""));
}

/**
 * How much of a picture has a colour.
 * @param {import("playwright-core").Locator} canvas
 * @param {number[]} colour
 * @returns {Promise<number>}
 */
const shareOf = (canvas, colour) =>
  canvas.evaluate((canvas, [r, g, b]) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error("no canvas");
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy?.drawImage(canvas, 0, 0);
    const { data } = copy?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b) count += 1;
    }
    return (4 * count) / data.length;
  }, colour);
