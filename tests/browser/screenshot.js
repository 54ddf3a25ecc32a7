// Makes the README's pictures of the built page: node --import tsx tests/browser/screenshot.js

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateSync, crc32 } from "node:zlib";
import { launch } from "./harness.js";
import { decided, settled, verified } from "./person.js";

/** A laptop's window, in CSS pixels. */
const WINDOW = { width: 1440, height: 780 };
/** By file: what is shown, in which theme, and what of it is waited for. */
const PICTURES = [
  { file: "addition.png", hash: "#model=57p&view=addition", theme: "light", last: "#steps .step" },
  {
    file: "wrong.png",
    hash: "#model=67p&step=244000&a=50000000&b=60000000&digit=7&view=addition",
    theme: "dark",
    last: "#steps .step",
  },
  { file: "overview.png", hash: "#model=57p&view=overview", theme: "light", last: "[data-panel=trajectory] canvas" },
];
/** Most entries of a PNG's palette. */
const COLOURS = 256;

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** @param {number} a @param {number} b colours as 0xBBGGRR */
function distance(a, b) {
  const part = (/** @type {number} */ shift) => ((a >> shift) & 255) - ((b >> shift) & 255);
  return part(0) ** 2 + part(8) ** 2 + part(16) ** 2;
}

/**
 * A palette of the colours that are there most; after the first, none too near to another.
 * @param {Map<number, number>} counts
 */
function paletteOf(counts) {
  /** @type {number[]} */
  const palette = [];
  const frequent = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  for (const { apart, among } of [
    { apart: 0, among: 64 },
    { apart: 80, among: Infinity },
    { apart: 0, among: Infinity },
  ]) {
    for (const colour of frequent.slice(0, among)) {
      if (palette.length === COLOURS) return palette;
      if (palette.every((other) => distance(colour, other) > apart)) palette.push(colour);
    }
  }
  return palette;
}

/**
 * A PNG of 256 colours: a third of the size, and no one sees the difference.
 * @param {Uint32Array} pixels as 0xAABBGGRR
 * @param {number} width
 */
function indexed(pixels, width) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel & 0xffffff, (counts.get(pixel & 0xffffff) ?? 0) + 1);
  const palette = paletteOf(counts);
  const nearest = (/** @type {number} */ colour) =>
    palette.reduce(
      (best, other, at) => (distance(colour, other) < distance(colour, palette[best] ?? 0) ? at : best),
      0,
    );
  const index = new Map([...counts.keys()].map((colour) => [colour, nearest(colour)]));
  const height = pixels.length / width;
  const rows = Buffer.alloc((width + 1) * height); // each row begins with its filter: 0, none
  for (const [at, pixel] of pixels.entries()) {
    rows[at + Math.floor(at / width) + 1] = index.get(pixel & 0xffffff) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour & 255, (colour >> 8) & 255, colour >> 16]));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The pixels of a picture, as 0xAABBGGRR. @param {import("playwright-core").Page} page @param {Buffer} shot */
async function pixelsOf(page, shot) {
  const base64 = await page.evaluate(
    async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      const data = context?.getImageData(0, 0, image.width, image.height).data ?? [];
      let text = "";
      for (const byte of data) text += String.fromCharCode(byte);
      return btoa(text);
    },
    `data:image/png;base64,${shot.toString("base64")}`,
  );
  return new Uint32Array(new Uint8Array(Buffer.from(base64, "base64")).buffer);
}

/** Waits until all is known of all additions, and the ruler shows where they stop. @param {import("playwright-core").Page} page */
async function stopped(page) {
  await decided(page, /right on all|wrong on/);
  await page.getByText("Closest call:").waitFor();
  await page.waitForFunction(() => {
    const canvas = /** @type {HTMLCanvasElement | null} */ (document.querySelector("#ruler canvas"));
    const { data } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    const good = getComputedStyle(document.documentElement).getPropertyValue("--good");
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(good.trim().slice(at, at + 2), 16));
    let found = 0;
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b) found += 1;
    }
    return found > 500; // more than a legend has
  });
}

const browser = await launch();
for (const { file, hash, theme, last } of PICTURES) {
  const options = { viewport: WINDOW, colorScheme: /** @type {"light" | "dark"} */ (theme) };
  const { page } = await browser.open(options, hash);
  await verified(page);
  if (hash.includes("addition")) await stopped(page);
  await page.locator(last).first().waitFor();
  await settled(page);
  const output = fileURLToPath(new URL(file, import.meta.url));
  const png = indexed(await pixelsOf(page, await page.screenshot()), WINDOW.width);
  writeFileSync(output, png);
  console.log(`${output}: ${png.length} bytes`);
}
await browser.close();
