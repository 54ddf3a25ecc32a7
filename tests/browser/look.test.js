// What the page looks like: alignments, themes, widths, sharpness.

import assert from "node:assert/strict";
import { test } from "node:test";
import { logFile, modelFile } from "./fixtures.js";
import { launched, once } from "./harness.js";
import { card, load, panelKeys, readPanel, settled } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

async function opened(options = {}, hash = "", name = "learned_spiral_74p") {
  const context = await browser.open(options, hash);
  await load(context.page, modelFile("model.json", name), logFile);
  await settled(context.page);
  return context;
}

/**
 * Size, style and colours of a panel's canvas. The colours: how many of each, the most frequent first.
 * @param {Page} page
 * @param {string} key
 */
const pixels = (page, key) =>
  card(page, key)
    .locator("canvas")
    .evaluate((/** @type {HTMLCanvasElement} */ canvas) => {
      const { width, height } = canvas;
      const data = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
      /** @type {Map<string, number>} */
      const counts = new Map();
      for (let at = 0; at < data.length; at += 4) {
        const colour = data.slice(at, at + 4).join();
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      const colours = [...counts].sort(([, a], [, b]) => b - a);
      const box = canvas.getBoundingClientRect();
      return { width, height, css: [box.width, box.height], colours };
    });

/**
 * How many canvas pixels high each grid line is, where a column of pixels crosses nothing else.
 * @param {Page} page
 * @param {string} key
 */
const gridLines = (page, key) =>
  card(page, key)
    .locator("canvas")
    .evaluate((/** @type {HTMLCanvasElement} */ canvas) => {
      const { width, height } = canvas;
      const data = new Uint32Array(canvas.getContext("2d")?.getImageData(0, 0, width, height).data.buffer ?? []);
      const background = data.at(-1);
      const runsAt = (/** @type {number} */ x) => {
        /** @type {number[]} */
        const runs = [];
        for (let y = 0, run = 0; y < height; y += 1) {
          if (data[y * width + x] !== background) run += 1;
          if (run > 0 && data[(y + 1) * width + x] === background) run = runs.push(run) && 0;
        }
        return runs;
      };
      /** @type {number[]} */
      let best = [Infinity];
      for (let x = Math.round(width * 0.3); x < width * 0.98; x += 1) {
        const runs = runsAt(x);
        if (runs.length >= 3 && Math.max(...runs) < Math.max(...best)) best = runs;
      }
      return best;
    });

test("the alignment switch relabels, explains itself and is in the address", async () => {
  const { page, url, problems } = await opened();
  const note = page.locator("#alignment-note");
  assert.match(await note.innerText(), /predict/);
  const before = await readPanel(page, "mean_attention");
  assert.equal(before.rows[0]?.[1], "Z0");
  await page.getByRole("radio", { name: "As MicroAdder's script" }).check();
  assert.equal(page.url(), `${url}#model=none&alignment=script&view=panels`);
  assert.match(await note.innerText(), /script/);
  const script = await readPanel(page, "mean_attention");
  assert.equal(script.rows[0]?.[1], "A0");
  // What the script calls A0 is the row that predicts Z2.
  assert.deepEqual(script.rows[0]?.slice(2), before.rows[2]?.slice(2));
  await page.getByRole("radio", { name: "By predicted digit" }).check();
  assert.equal(page.url(), `${url}#model=none&view=panels`);
  assert.deepEqual((await readPanel(page, "mean_attention")).rows, before.rows);
  assert.deepEqual(problems, []);
});

test("an address with a state in it opens in that state", async () => {
  const { page } = await opened({ colorScheme: "light" }, "#alignment=script&theme=dark&panel=readout");
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByRole("heading").textContent(), "Rank-1 readout");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await page.getByRole("radio", { name: "As MicroAdder's script" }).isChecked());
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light dark");
  assert.match(page.url(), /&alignment=script&view=panels$/);
});

test("drawings follow the theme: system, light, dark", async () => {
  const { page } = await opened({ colorScheme: "light" });
  const background = async () => (await pixels(page, "error_rate")).colours[0]?.[0] ?? "";
  const after = async (/** @type {() => Promise<unknown>} */ change) => {
    const old = await background();
    await change();
    for (let frames = 0; frames < 200 && (await background()) === old; frames += 1) {
      await page.evaluate(() => new Promise(requestAnimationFrame));
    }
    return background();
  };
  const light = await background();
  const dark = await after(() => page.getByRole("radio", { name: "Dark" }).check());
  assert.notEqual(dark, light);
  const luminance = (/** @type {string} */ colour) =>
    colour
      .split(",")
      .slice(0, 3)
      .reduce((sum, part) => sum + Number(part), 0);
  assert.ok(luminance(dark) < 150 && luminance(light) > 600, `${dark} and ${light}`);
  assert.equal(await after(() => page.getByRole("radio", { name: "Light" }).check()), light);
  await page.getByRole("radio", { name: "As the system is" }).check();
  assert.equal(await after(() => page.emulateMedia({ colorScheme: "dark" })), dark);
  const card = await page
    .locator(".card")
    .first()
    .evaluate((each) => getComputedStyle(each).backgroundColor);
  assert.equal(card, `rgb(${dark.split(",").slice(0, 3).join(", ")})`, "no box around a drawing");
});

for (const scale of [1, 2, 3]) {
  test(`drawings are sharp at ${scale} pixels per CSS pixel`, async () => {
    const { page } = await opened({ deviceScaleFactor: scale });
    for (const key of await panelKeys(page)) {
      const { width, height, css, colours } = await pixels(page, key);
      assert.deepEqual(
        [width, height],
        css.map((size) => Math.round(size * scale)),
        key,
      );
      assert.ok(colours.length > 8, `${key}: ${colours.length} colours`);
      const [, most] = colours[0] ?? ["", 0];
      assert.ok(most < 0.995 * width * height, `${key} is blank`);
    }
    const lines = await gridLines(page, "norm_weights");
    assert.deepEqual(
      lines,
      lines.map(() => scale),
      "a line of one CSS pixel fills whole pixels",
    );
  });
}

const columnsAt = { 320: [1], 375: [1], 768: [1, 2], 1024: [1, 2, 3], 1440: [1, 2, 3], 1920: [1, 2, 3] };
const resizable = once(() => opened({ viewport: { width: 1280, height: 800 } }, "", "no_ln2_two_heads_170p_like"));
for (const [width, wanted] of Object.entries(columnsAt)) {
  test(`at ${width} px: ${wanted.join(", ")} columns, nothing sticks out`, async () => {
    const { page } = await resizable();
    await page.setViewportSize({ width: Number(width), height: 800 });
    await settled(page);
    const seen = await page.evaluate(() => {
      const right = (/** @type {Element} */ each) => each.getBoundingClientRect().right;
      const out = [];
      for (const each of document.querySelectorAll(".card")) {
        for (const part of each.querySelectorAll("*:not([hidden], .unseen)")) {
          if (right(part) > right(each) + 0.5) {
            out.push(`${each.getAttribute("data-panel")}: ${part.tagName} ${part.className}`);
          }
        }
      }
      const columns = [...document.querySelectorAll(".grid")].map(
        (grid) => new Set([...grid.children].map((each) => Math.round(each.getBoundingClientRect().left))).size,
      );
      return { out, columns, wide: document.documentElement.scrollWidth - innerWidth };
    });
    assert.deepEqual(seen.out, []);
    assert.equal(seen.wide, 0, "no scrolling sideways");
    assert.deepEqual([...new Set(seen.columns)].sort(), wanted);
  });
}

test("drawings of one row start at one height", async () => {
  const { page } = await opened({ viewport: { width: 1100, height: 800 } });
  const rows = await page.evaluate(() => {
    /** @type {Record<number, number[]>} */
    const tops = {};
    for (const each of document.querySelectorAll(".card")) {
      const top = Math.round(each.getBoundingClientRect().top);
      (tops[top] ??= []).push(Math.round(each.querySelector(".body")?.getBoundingClientRect().top ?? 0));
    }
    return Object.values(tops);
  });
  assert.ok(rows.some((row) => row.length === 3));
  for (const row of rows) assert.equal(new Set(row).size, 1, String(row));
});

test("the large view fits its window, with a table that scrolls on its own", async () => {
  for (const [width, height] of [
    [1280, 720],
    [375, 700],
  ]) {
    const { page } = await opened({ viewport: { width, height } });
    for (const key of await panelKeys(page)) {
      await card(page, key).getByRole("button", { name: "Enlarge" }).click();
      const dialog = page.getByRole("dialog");
      const out = await dialog.evaluate((each) => {
        const box = each.getBoundingClientRect();
        return {
          wide: each.scrollWidth - each.clientWidth,
          fits: box.top >= 0 && box.bottom <= innerHeight && box.left >= 0,
        };
      });
      assert.deepEqual(out, { wide: 0, fits: true }, `${key} at ${width}`);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    }
  }
});
