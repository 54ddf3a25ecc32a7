// Panel 13: all additions, case by case; a case names itself, opens, and leads to an addition.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "./harness.js";
import { card, decided, downloadPanel, openWeights, plain, rowsOf, settled, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

const KEY = "all_additions";
const SHARE =
  "30 000 030 000 000 000 of 40 000 040 000 000 000 additions are right (75.0 %), 10 000 010 000 000 000 wrong";

/** @param {string} address @param {string} name */
async function opened(address, name) {
  const context = await browser.open({ viewport: { width: 1280, height: 800 } }, `${address}&view=map`);
  await verified(context.page, `${name}.history.safetensors`);
  return context;
}

/** The map in sight. @param {Page} page */
async function mapped(page) {
  const panel = card(page, KEY);
  await panel.scrollIntoViewIfNeeded();
  await panel.locator("canvas").waitFor();
  await settled(page);
  return panel;
}

/**
 * Where on the map a cell is, by what it says of itself.
 * @param {import("playwright-core").Locator} panel
 * @param {string} name
 */
const placeOf = (panel, name) =>
  panel.locator("canvas").evaluate((canvas, wanted) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const tip = canvas.parentElement?.querySelector(".tip");
    for (let y = 1; y < height; y += 3) {
      for (let x = 1; x < width; x += 3) {
        const at = { clientX: left + x, clientY: top + y, pointerType: "mouse" };
        canvas.dispatchEvent(new PointerEvent("pointermove", at));
        if (tip?.firstChild?.textContent === wanted) return { x, y, says: tip.lastChild?.textContent ?? "" };
      }
    }
    throw new Error(`no cell is called “${wanted}”`);
  }, name);

test("a cell says its share, opens into its counts, and leads to an addition of its kind", async () => {
  const { page, problems } = await opened("#model=67p&step=244000", "67p");
  await decided(page, /wrong on/);
  const panel = await mapped(page);
  assert.match(
    plain(await panel.innerText()),
    /most wrong additions, 10 000 010 000 000 000 of 40 000 040 000 000 000/,
  );
  const { x, y, says } = await placeOf(panel, "Z7 after 0, no carry, sum 11");
  assert.equal(says, "75.0 % right");
  await panel.locator("canvas").click({ position: { x, y } });
  const large = page.locator("#large[open]");
  await large.waitFor();
  assert.match(page.url(), /panel=all_additions/);
  const details = plain(await large.locator(".case").innerText());
  assert.match(details, /^Z7 after 0, no carry, sum 11/);
  assert.ok(details.includes(SHARE), details);
  assert.match(details, /in exact arithmetic/);
  await large.getByRole("button", { name: "50 000 000 + 60 000 000".replaceAll(" ", "\u202f"), exact: true }).click();
  await large.waitFor({ state: "detached" });
  const line = page.locator("#sum-line").filter({ hasText: /✗/ });
  await line.waitFor();
  assert.equal(plain(await line.innerText()), "50 000 000 + 60 000 000 = 120 000 000 ✗");
  await page.goBack();
  await large.waitFor();
  assert.deepEqual(problems, []);
});

test("a case is a place to come back to", async () => {
  const { page, problems } = await opened("#model=67p&step=244000&selection=case:Z7/0/0/11&panel=all_additions", "67p");
  const details = page.locator("#large[open] .case");
  await details.getByText("Z7 after 0").waitFor();
  assert.ok(plain(await details.innerText()).includes(SHARE));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("selection"));
  assert.deepEqual(problems, []);
});

test("the table begins with what is wrong, and the files hold all of it", async () => {
  const { page } = await opened("#model=67p&step=244000", "67p");
  const panel = await mapped(page);
  await panel.getByRole("button", { name: "Enlarge" }).click();
  const table = page.locator("#large[open] #large-table");
  await table.getByRole("table").waitFor();
  const [, first] = await rowsOf(table.getByRole("table"));
  assert.deepEqual(first?.slice(0, 8), [
    "Z7",
    "0",
    "0",
    "11",
    "1",
    "30000030000000000",
    "30000030000000000",
    "40000040000000000",
  ]);
  const all = await table.getByRole("button", { name: /^All/ }).innerText();
  await table.getByRole("button", { name: /^All/ }).click();
  const rows = await table.locator("tbody tr").count();
  assert.equal(plain(all), `All ${rows.toLocaleString("en").replace(",", " ")} rows`);
  await page.keyboard.press("Escape");
  const csv = (await downloadPanel(page, KEY, "CSV")).bytes.toString();
  assert.equal(csv.trimEnd().split("\r\n").length, rows + 1);
  const svg = (await downloadPanel(page, KEY, "SVG")).bytes.toString();
  assert.match(svg, /Z10/);
});

test("another number, another map; until it is there nothing is claimed", async () => {
  const { page, problems } = await opened("#model=57p", "57p");
  const panel = await mapped(page);
  await panel.getByText("All are right, in exact arithmetic").waitFor();
  await openWeights(page);
  const { field, back } = weight(page, "fc1.weight");
  await field.fill(String(1.3 * Number(await field.inputValue())));
  await page.keyboard.press("Enter");
  await page
    .locator("#weights-exact")
    .filter({ hasText: /wrong on/ })
    .waitFor();
  await panel.getByText("Not decided yet").waitFor(); // the drawer took it out of sight
  await panel.scrollIntoViewIfNeeded();
  await panel.getByText(/of them, in exact arithmetic/).waitFor();
  await back.click();
  await panel.scrollIntoViewIfNeeded();
  await panel.getByText("All are right, in exact arithmetic").waitFor();
  assert.deepEqual(problems, []);
});
