// The views of one model and one addition: a click or a key apart, each with the sum in sight; what is chosen is marked in
// all of them; the theme and the view are kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "./harness.js";
import { film, openWeights, panelKeys, plain, settled, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/** @param {string} [hash] @param {object} [options] */
async function opened(hash = "#model=&view=addition", options = {}) {
  const context = await browser.open({ viewport: { width: 1440, height: 780 }, ...options }, hash);
  await verified(context.page);
  await settled(context.page);
  return context;
}

/** Panels whose drawing is on the page. @param {Page} page */
const drawn = (page) =>
  page
    .locator("#sections [data-panel]:visible")
    .evaluateAll((cards) => cards.map((each) => each.getAttribute("data-panel") ?? ""));

/** @param {Page} page @param {string} name */
const tab = (page, name) => page.getByRole("navigation", { name: "Views" }).getByRole("button", { name, exact: true });

test("each view is a click or a key away, says so, is in the address, and has the sum in sight", async () => {
  const { page, problems } = await opened();
  assert.deepEqual(await drawn(page), []);
  const twelve = await panelKeys(page);
  assert.equal(twelve.length, 12);
  for (const [key, name, view, panels] of /** @type {const} */ ([
    ["2", "Twelve panels", "panels", twelve],
    ["3", "Overview", "overview", twelve],
    ["4", "Map", "map", ["all_additions"]],
    ["1", "The addition", "addition", []],
  ])) {
    for (const go of [() => tab(page, name).click(), () => page.keyboard.press(key)]) {
      await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
      await go();
      await settled(page);
      assert.deepEqual(await drawn(page), panels, name);
      assert.equal(await tab(page, name).getAttribute("aria-current"), "true");
      assert.equal(await page.locator("#views [aria-current]").count(), 1);
      const address = view === "addition" ? "" : `view=${view}`;
      await page.waitForFunction((address) => location.hash.includes("view") === (address !== ""), address);
      assert.ok(page.url().includes(address));
      const sum = page.locator(view === "addition" ? "#sum" : "#sum-line");
      assert.ok(await sum.isVisible());
      await tab(page, "Overview").click();
    }
  }
  await tab(page, "Twelve panels").click();
  await page.locator("[data-panel=trajectory]").scrollIntoViewIfNeeded();
  assert.equal(plain(await page.locator("#sum-line").innerText()), "3 141 592 653 + 2 718 281 828 = 5 859 874 481 ✓");
  const { top, bottom } = await page.locator("#sum-line").evaluate((each) => each.getBoundingClientRect());
  assert.ok(top >= 0 && bottom < 780, "however far one scrolls");
  await page.goBack();
  await page.waitForFunction(() => location.hash.includes("view=overview"));
  assert.deepEqual(await drawn(page), twelve);
  assert.deepEqual(problems, []);
});

test("digits that are typed are digits, not views; drawers open by keys", async () => {
  const { page, problems } = await opened();
  await page.getByRole("textbox", { name: "First number, X" }).click();
  await page.keyboard.press("2");
  assert.equal(await tab(page, "The addition").getAttribute("aria-current"), "true");
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.keyboard.press("5");
  assert.ok(await page.getByRole("complementary", { name: "Weights" }).isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("6");
  assert.ok(await page.getByRole("complementary", { name: "Train one here" }).isVisible());
  assert.deepEqual(problems, []);
});

for (const [width, height] of /** @type {const} */ ([
  [1366, 640],
  [1440, 780],
  [1920, 950],
])) {
  test(`the overview has all twelve panels on one screen of ${width} × ${height}, whole, above the bar of the run`, async () => {
    const { page, problems } = await opened("#model=&view=overview", { viewport: { width, height } });
    const bar = await film(page).bar.evaluate((each) => each.getBoundingClientRect());
    const boxes = await page
      .locator("#sections canvas:visible")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    assert.equal(boxes.length, 12);
    const cards = await page
      .locator("#sections .card:visible")
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    for (const [at, { top = 0, bottom = 0 }] of boxes.entries()) {
      assert.ok(top > 80 && bottom <= bar.top, `panel ${at}: from ${top} to ${bottom}, and the bar is at ${bar.top}`);
      assert.ok(bottom <= (cards[at]?.bottom ?? 0), `panel ${at} is whole`);
    }
    assert.deepEqual(problems, []);
  });
}

test("the bar of the run keeps its height while the film plays, and the panels their places", async () => {
  const { page } = await opened("#model=62p&view=overview");
  const { bar, slider, step } = film(page);
  const places = () =>
    page.locator("#film, #sections .card:visible").evaluateAll((all) =>
      all.map((each) => {
        const { left, top, width, height } = each.getBoundingClientRect();
        return [left, top, width, height].map(Math.round).join();
      }),
    );
  const before = await places();
  for (const at of ["0", "5", "40"]) {
    await slider.fill(at);
    await step();
    await settled(page);
    assert.deepEqual(await places(), before);
  }
  assert.ok(await bar.isVisible());
});

test("beside the weights the overview still has all panels, none below the drawer", async () => {
  const { page } = await opened("#model=&view=overview");
  const weights = await openWeights(page);
  await settled(page);
  const left = (await weights.boundingBox())?.x ?? 0;
  const rights = await page
    .locator("#sections .card:visible")
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().right));
  assert.equal(rights.length, 12);
  for (const right of rights) assert.ok(right <= left, `${right} is below the drawer at ${left}`);
});

test("hidden panels are not drawn; shown ones are, as the model is by then", async () => {
  const { page } = await opened("#model=62p&view=addition");
  const count = () =>
    page.evaluate(() => {
      const all = [...document.querySelectorAll("#sections canvas")];
      return all.filter((each) => each instanceof HTMLCanvasElement && each.style.width !== "").length;
    });
  assert.equal(await count(), 0);
  await film(page).slider.fill("0");
  await film(page).step();
  assert.equal(await count(), 0);
  await tab(page, "Twelve panels").click();
  await settled(page);
  assert.equal(await count(), 12);
});

test("the chosen digit is marked in the panels without drawing them, and let go", async () => {
  const { page, problems } = await opened("#model=&view=panels");
  const boxes = (/** @type {string} */ key) => page.locator(`[data-panel=${key}] .links i`);
  assert.equal(await page.locator(".links i").count(), 0);
  await page.evaluate(() => {
    Object.assign(globalThis, { drawings: 0 });
    const canvas = CanvasRenderingContext2D.prototype;
    const { clearRect } = canvas;
    canvas.clearRect = function (...how) {
      /** @type {any} */ (globalThis).drawings += 1;
      return clearRect.apply(this, how);
    };
  });
  await page.evaluate(() => (location.hash = "#model=57p&digit=4&view=panels"));
  await boxes("mean_attention").first().waitFor();
  const all = await page.locator("[data-panel=mean_attention] canvas").boundingBox();
  const row = await boxes("mean_attention").first().boundingBox();
  assert.ok(all && row && row.width > 0.5 * all.width && row.height < 0.2 * all.height, JSON.stringify([all, row]));
  assert.ok((await boxes("error_rate").count()) + (await boxes("top_sources").count()) > 0);
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).drawings), 0);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelectorAll(".links i").length === 0);
  assert.deepEqual(problems, []);
});

test("the theme is remembered across visits, whatever an address says of it", async () => {
  const { page, url } = await browser.open({ own: true, colorScheme: "light" }, "#model=none");
  await page.getByRole("radio", { name: "Dark" }).check();
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  const visit = async (/** @type {string} */ hash) => {
    await page.goto("about:blank");
    await page.evaluate(() => {});
    const next = await page.context().newPage();
    await next.goto(`${url}${hash}`);
    await next.waitForSelector("[data-ready]");
    const found = await next.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await next.close();
    return found;
  };
  assert.equal(await scheme(), "dark");
  assert.equal(await visit("#model=none"), "dark");
  assert.equal(await visit("#model=none&theme=light"), "dark", "an older address has the theme of who made it");
});
