// Without a mouse, and with one: every value can be reached, read and left again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { logFile, modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { card, load, panelKeys, rowsOf, settled } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

async function opened(options = {}) {
  const context = await browser.open(options);
  await load(context.page, modelFile(), logFile);
  await settled(context.page);
  return context;
}

/** What the tooltip says, or "". @param {Page} page @param {string} inside */
const tip = (page, inside) =>
  page.locator(inside).evaluate((root) => {
    const shown = root.querySelector(".tip:not([hidden])");
    return shown ? [...shown.children].map((part) => part.textContent).join(": ") : "";
  });

/** The middle of the ring around the active mark, in the window. @param {Page} page @param {string} inside */
const ring = (page, inside) =>
  page.locator(inside).evaluate((root) => {
    const { x, y, width, height } = root.querySelector(".ring")?.getBoundingClientRect() ?? new DOMRect();
    return { x: x + width / 2, y: y + height / 2 };
  });

/** Presses Tab until the focus is there. @param {Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

test("by keyboard alone: to a panel, through its values, into the large view and back", async () => {
  const { page, problems } = await opened();
  const inside = '[data-panel="error_rate"]';
  await tabTo(page, `${inside} canvas`);
  const seen = new Set();
  for (let k = 0; k < 11; k += 1) {
    await page.keyboard.press("ArrowRight");
    const said = await page.locator("#spoken").textContent();
    assert.equal(await tip(page, inside), said);
    assert.match(said ?? "", /^Z\d+: .*\d/);
    seen.add(said);
  }
  assert.equal(seen.size, 11, "each value has its turn");
  await page.keyboard.press("Home");
  const first = await tip(page, inside);
  await page.keyboard.press("ArrowLeft");
  const last = await tip(page, inside);
  assert.notEqual(first, last);
  await page.keyboard.press("ArrowRight");
  assert.equal(await tip(page, inside), first, "the values are a ring");
  await page.keyboard.press("Escape");
  assert.equal(await tip(page, inside), "");

  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  assert.equal(await dialog.getByRole("heading").textContent(), "Error rate by answer digit");
  assert.equal((await rowsOf(dialog.getByRole("table"))).length, 12);
  await page.waitForFunction(() => document.activeElement?.closest("#large-plot") !== null);
  await page.keyboard.press("ArrowRight");
  assert.equal(await tip(page, "#large"), await dialog.locator("[aria-live]").textContent());
  await page.keyboard.press("Escape");
  assert.equal(await tip(page, "#large"), "", "the first Escape lets go of the value");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await page.evaluate((wanted) => document.activeElement?.matches(wanted), `${inside} canvas`));
  assert.deepEqual(problems, []);
});

test("up and down move between rows of the heat map", async () => {
  const { page } = await opened();
  const inside = '[data-panel="mean_attention"]';
  await page.locator(`${inside} canvas`).focus();
  await page.keyboard.press("ArrowRight");
  const first = await tip(page, inside);
  await page.keyboard.press("ArrowDown");
  const below = await tip(page, inside);
  assert.notEqual(below, first);
  await page.keyboard.press("ArrowUp");
  assert.equal(await tip(page, inside), first);
});

test("pointing at a mark shows what the keyboard shows there, in every panel", async () => {
  const { page } = await opened();
  for (const key of await panelKeys(page)) {
    const inside = `[data-panel="${key}"]`;
    const canvas = page.locator(`${inside} canvas`);
    if (!(await canvas.isVisible())) continue;
    await canvas.scrollIntoViewIfNeeded();
    await canvas.focus();
    await page.keyboard.press("End");
    const spoken = await tip(page, inside);
    assert.match(spoken, /.: ./, key);
    const { x, y } = await ring(page, inside);
    await canvas.blur();
    assert.equal(await tip(page, inside), "", "a value goes with the focus");
    await page.mouse.move(x, y);
    assert.equal(await tip(page, inside), spoken, key);
    await page.mouse.move(1, 1);
    assert.equal(await tip(page, inside), "", key);
  }
});

test("tooltips stay inside of their panel", async () => {
  const { page } = await opened({ viewport: { width: 375, height: 800 } });
  for (const key of await panelKeys(page)) {
    const canvas = card(page, key).locator("canvas");
    if (!(await canvas.isVisible())) continue;
    await canvas.focus();
    for (const press of ["Home", "End"]) {
      await page.keyboard.press(press);
      const out = await card(page, key).evaluate((root) => {
        const [box, shown] = [root.getBoundingClientRect(), root.querySelector(".tip")?.getBoundingClientRect()];
        return shown ? Math.max(box.left - shown.left, shown.right - box.right) : 0;
      });
      assert.ok(out <= 0, `${key}: ${out} px outside`);
    }
  }
});

test("a click opens a panel large; arrows go on, Back and the backdrop close, the address keeps it", async () => {
  const { page, url } = await opened();
  const dialog = page.getByRole("dialog");
  const title = () => dialog.getByRole("heading").textContent();
  await card(page, "readout")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  assert.equal(await title(), "Rank-1 readout");
  assert.equal(page.url(), `${url}#model=none&view=panels&panel=readout`);
  await dialog.getByRole("button", { name: "Next panel" }).click();
  assert.equal(await title(), "Output projection");
  await dialog.getByRole("button", { name: "Previous panel" }).click();
  await dialog.getByRole("button", { name: "Previous panel" }).click();
  assert.equal(await title(), "Direction of errors");
  await page.goBack();
  await dialog.waitFor({ state: "detached" });
  assert.equal(page.url(), `${url}#model=none&view=panels`);

  await card(page, "readout")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  await page.mouse.click(5, 5);
  await dialog.waitFor({ state: "detached" });
  await card(page, "readout")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(page.url(), `${url}#model=none&view=panels`);
});

test("a finger's tap leaves a value, a second one opens the panel, and there it is larger", async () => {
  const { page } = await opened({ viewport: { width: 375, height: 800 }, hasTouch: true, isMobile: true });
  const inside = '[data-panel="error_rate"]';
  const canvas = page.locator(`${inside} canvas`);
  await canvas.scrollIntoViewIfNeeded();
  const { width = 0 } = (await canvas.boundingBox()) ?? {};
  await canvas.tap();
  assert.match(await tip(page, inside), /^Z\d+: .*\d/);
  assert.equal(await page.getByRole("dialog").count(), 0, "it is read first");
  await canvas.tap();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  const { width: large = 0 } = (await dialog.locator("canvas").boundingBox()) ?? {};
  assert.ok(large > 1.5 * width, `${large} px are not larger than ${width}`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test("a wide table on a phone shows short numbers, and has all of each", async () => {
  const { page } = await opened({ viewport: { width: 375, height: 800 }, hasTouch: true, isMobile: true });
  await card(page, "mean_attention")
    .getByRole("button", { name: /^Enlarge/ })
    .tap();
  const cells = page.getByRole("dialog").locator("tbody td");
  await cells.first().waitFor();
  const all = await cells.evaluateAll((cells) =>
    cells.map((cell) => ({ text: cell.textContent ?? "", title: cell.getAttribute("title") })),
  );
  assert.ok(all.length > 300);
  for (const { text, title } of all) {
    assert.ok(text.length <= 8, text);
    if (title === null) continue;
    const [shown, value] = [Number(text.replace("≈ ", "").replace("−", "-")), Number(title)];
    assert.ok(Math.abs(shown - value) <= Math.max(5e-4, 0.006 * Math.abs(value)), `${text} is not ${title}`);
  }
  assert.ok(all.some(({ title }) => title !== null));
});

test("every view is a few stops of the Tab key from the top, and a card has two", async () => {
  const { page } = await opened();
  await page.locator("#skip").focus(); // the first
  const stops = ["skip"];
  for (let presses = 0; presses < 14; presses += 1) {
    await page.keyboard.press("Tab");
    stops.push(
      await page.evaluate(() => {
        const here = /** @type {HTMLElement | null} */ (document.activeElement);
        return here?.dataset.to ?? here?.id ?? "";
      }),
    );
  }
  for (const view of ["addition", "panels", "overview", "map", "weights-open", "train-open"]) {
    const at = stops.indexOf(view);
    assert.ok(at >= 0 && at < 12, `${view} is not among the first twelve: ${stops.join(", ")}`);
  }
  const inCards = await page
    .locator("#sections article:visible")
    .evaluateAll((cards) =>
      cards.map(
        (card) =>
          [...card.querySelectorAll("canvas, button")].filter(
            (each) => /** @type {HTMLElement} */ (each).tabIndex === 0 && each.checkVisibility(),
          ).length - card.querySelectorAll(".term").length,
      ),
    );
  assert.ok(inCards.length >= 12);
  for (const count of inCards) assert.ok(count <= 2, inCards.join(" "));

  // Inside a card's buttons arrow keys move.
  const buttons = card(page, "error_rate").getByRole("toolbar").getByRole("button");
  await buttons.first().focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await buttons.nth(1).evaluate((each) => each === document.activeElement));
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.ok(await buttons.last().evaluate((each) => each === document.activeElement));
});
