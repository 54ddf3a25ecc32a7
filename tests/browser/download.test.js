// What is saved is what is shown: pictures, drawings, tables.

import assert from "node:assert/strict";
import { test } from "node:test";
import { logFile, modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { card, download, downloadPanel, load, panelKeys, readPanel, saved } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

async function opened(options = {}) {
  const context = await browser.open(options);
  await load(context.page, modelFile("my model.v2.json"), logFile);
  return context;
}

/** Width and height of a PNG. @param {Buffer} bytes */
function pngSize(bytes) {
  assert.equal(bytes.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  assert.equal(bytes.subarray(-8, -4).toString("latin1"), "IEND");
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** A CSV's rows, as RFC 4180 has them. @param {string} text */
function csvRows(text) {
  const rows = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return rows.map((row) =>
    [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare,
    ),
  );
}

test("every panel is saved as PNG, SVG and CSV", async () => {
  const { page, problems } = await opened();
  // The page's own policy lets no text become a document.
  const blank = await page.context().newPage();
  for (const key of await panelKeys(page)) {
    const { title, columns, rows } = await readPanel(page, key);

    const png = await downloadPanel(page, key, "PNG");
    assert.equal(png.name, `my-model.v2-${key}.png`);
    const [width = 0, height = 0] = pngSize(png.bytes);
    assert.equal(width, 1440);
    assert.ok(height > 400 && png.bytes.length > 5000, `${key}: ${width} × ${height}, ${png.bytes.length} bytes`);

    const svg = await downloadPanel(page, key, "SVG");
    assert.equal(svg.name, `my-model.v2-${key}.svg`);
    const drawing = svg.bytes.toString();
    assert.ok(drawing.includes(`>${title}<`) || drawing.includes(title), `${key}: the title is in the drawing`);
    const parsed = await blank.evaluate((text) => {
      const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      return {
        tag: root.localName,
        width: root.getAttribute("width"),
        height: root.getAttribute("height"),
        shapes: root.children.length,
      };
    }, drawing);
    assert.equal(parsed.tag, "svg");
    assert.equal(Number(parsed.width), 720);
    assert.equal(Math.round(Number(parsed.height) * 2), height);
    assert.ok(parsed.shapes > 10);

    const csv = await downloadPanel(page, key, "CSV");
    assert.equal(csv.name, `my-model.v2-${key}.csv`);
    assert.deepEqual(csvRows(csv.bytes.toString()), [columns, ...rows], key);
  }
  assert.deepEqual(problems, []);
});

test("the whole figure is saved as PNG and SVG, in the alignment and theme that are shown", async () => {
  const { page, problems } = await opened();
  const png = await download(page, "PNG");
  assert.equal(png.name, "my-model.v2-figure.png");
  const svg = await download(page, "SVG");
  assert.equal(svg.name, "my-model.v2-figure.svg");
  const drawing = svg.bytes.toString();
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(drawing) ?? [];
  assert.deepEqual(pngSize(png.bytes), [2 * Number(width), 2 * Number(height)]);
  // The whole figure is the script's twelve panels: the map of all additions is beside them.
  const twelve = page.locator("#sections [data-panel]:not([data-panel=all_additions]) h3 > span:first-child");
  const titles = await twelve.allTextContents();
  assert.equal(titles.length, 12);
  for (const title of titles) assert.ok(drawing.includes(title), title);
  assert.ok(!drawing.includes("All additions"));
  await page.getByRole("radio", { name: "As MicroAdder's script" }).check();
  await page.getByRole("radio", { name: "Dark" }).check();
  const other = await download(page, "SVG");
  assert.equal(other.name, "my-model.v2-figure-script.svg");
  assert.notEqual(other.bytes.toString(), drawing);
  assert.equal(await page.locator("#downloads[open]").count(), 0, "the menu closes");
  assert.deepEqual(problems, []);
});

test("the large view saves its panel", async () => {
  const { page } = await opened();
  await card(page, "readout")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  const csv = await saved(page, () => page.locator("#large-downloads button", { hasText: "CSV" }).click());
  assert.equal(csv.name, "my-model.v2-readout.csv");
  assert.equal(csvRows(csv.bytes.toString()).length, 1 + 10 + 55, "a header, digits, and pairs of them");
});
