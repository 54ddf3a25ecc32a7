// On paper and in colours of the reader's system.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { dist } from "../../tools/paths.ts";
import { launched } from "./harness.js";
import { edited, openWeights, settled, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/** @param {string} hash @param {object} [options] */
async function opened(hash, options = {}) {
  const context = await browser.open({ viewport: { width: 1440, height: 900 }, ...options }, hash);
  await verified(context.page, "62p.history.safetensors");
  await context.page.locator(".pinned").waitFor({ state: "attached" }); // styles that come later are there
  await settled(context.page);
  return context;
}

test("on paper there are no bars, and no chart is cut off or on two pages", async () => {
  for (const view of ["panels", "addition", "overview", "map"]) {
    const { page, problems } = await opened(`#model=62p&view=${view}`);
    await page.locator("[data-panel] canvas:visible").first().waitFor(); // the map comes when all are decided
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 718, height: 1000 }); // A4 without its margins
    for (const bar of ["#bar", "#film", ".card footer", "#weights", ".pinned"]) {
      assert.equal(await page.locator(bar).first().isVisible(), false, bar);
    }
    const charts = await page.locator("[data-panel] canvas:visible").evaluateAll((all) =>
      all.map((canvas) => {
        const { left, right, top, bottom, height, width } = canvas.getBoundingClientRect();
        const card = canvas.closest(".card");
        const box = card?.getBoundingClientRect() ?? new DOMRect();
        const { width: drawn, height: high } = /** @type {HTMLCanvasElement} */ (canvas);
        return {
          breaks: card ? getComputedStyle(card).breakInside : "",
          fits: left >= 0 && right <= innerWidth && height < 1000 && top >= box.top && bottom <= box.bottom + 1,
          isTrue: Math.abs(width / height - drawn / high) < 0.02,
        };
      }),
    );
    assert.ok(charts.length > 0, view);
    for (const chart of charts) assert.deepEqual(chart, { breaks: "avoid", fits: true, isTrue: true }, view);
    assert.deepEqual(problems, []);
  }
});

test("a window of any width is printed on as few pages as it takes, no card over another", async () => {
  for (const [view, pages] of /** @type {const} */ ([
    ["addition", 2],
    ["overview", 1],
    ["map", 1],
  ])) {
    const { page, problems } = await opened(`#model=62p&view=${view}`);
    await page.locator("[data-panel] canvas:visible").first().waitFor();
    if (view === "addition") await page.locator("#patch[aria-busy=false] h3").first().waitFor();
    await page.emulateMedia({ media: "print" }); // drawn for the window, as browsers print
    const over = await page.locator(".card:visible").evaluateAll((all) => {
      const boxes = all.map((card) => ({ key: card.getAttribute("data-panel"), box: card.getBoundingClientRect() }));
      const canvases = all.map((card) => card.querySelector("canvas")?.getBoundingClientRect());
      return boxes.flatMap(({ key, box }, i) =>
        canvases.flatMap((other, k) =>
          i !== k &&
          other &&
          other.bottom > box.top + 1 &&
          other.top < box.bottom - 1 &&
          other.right > box.left + 1 &&
          other.left < box.right - 1
            ? [`${key} and ${boxes[k]?.key}`]
            : [],
        ),
      );
    });
    assert.deepEqual(over, [], view);
    await page.emulateMedia({ media: null });
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    assert.equal(pdf.match(/\/Type \/Page\b(?!s)/g)?.length, pages, view);
    assert.deepEqual(problems, []);
  }
});

/** How many colours the middle line of a picture has. @param {Page} page @param {Buffer} png */
const coloursAlong = (page, png) =>
  page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, Math.floor(image.height / 2), image.width, 1);
    return new Set(Array.from({ length: image.width }, (_, at) => data.slice(4 * at, 4 * at + 3).join())).size;
  }, png.toString("base64"));

test("in forced colours what is chosen and the tracks of sliders are seen", async () => {
  const { page, problems } = await opened("#model=62p&view=addition&digit=3&selection=logits:Z3/7", {
    forcedColors: "active",
  });
  await openWeights(page);
  const outlineOf = (/** @type {string} */ selector) =>
    page
      .locator(selector)
      .first()
      .evaluate((each) => getComputedStyle(each).outlineStyle);
  for (const chosen of ["#views [aria-current]", "#theme label:has(:checked)", ".answer .chosen"]) {
    assert.equal(await outlineOf(chosen), "solid", chosen);
  }
  assert.equal(await outlineOf("#views button:not([aria-current], [aria-expanded=true])"), "none");
  // What is marked on drawings, in whichever theme they are, and a part that is switched off.
  await page.locator("[data-panel=ruler] .links i").first().waitFor({ state: "attached" });
  assert.equal(await outlineOf("[data-panel=ruler] .links i"), "solid");
  await page.locator('#patch [data-part="place:X3"]').click();
  await page.locator('#patch [aria-pressed="true"]').waitFor();
  assert.equal(await outlineOf('#patch [aria-pressed="true"]'), "solid");
  await page.locator("#under").getByRole("button", { name: "Let go" }).click();
  const { row, slider } = weight(page, "fc1.weight");
  await slider.press("PageUp");
  await edited(page);
  // The track is another colour than what it lies on, and what was moved is another again. What is decided after an edit moves
  // the rows, so that a picture counts when its row is where it was before.
  const track = row.locator(".track");
  let before, shot;
  do {
    before = await track.boundingBox();
    shot = await track.screenshot();
  } while (!isDeepStrictEqual(await track.boundingBox(), before));
  const colours = await coloursAlong(page, shot);
  assert.ok(colours >= 3, `${colours} colours along the track`);
  assert.deepEqual(problems, []);
});

test("both engines' sliders have the bar of how far a number was moved", () => {
  const file = readdirSync(dist).find((name) => /^later-\w+\.css$/.test(name)) ?? "";
  const styles = readFileSync(join(dist, file), "utf8");
  const track = (/** @type {string} */ name) => new RegExp(`::${name}\\{[^}]*\\}`).exec(styles)?.[0] ?? "";
  for (const name of ["-webkit-slider-runnable-track", "-moz-range-track"]) {
    assert.match(track(name), /linear-gradient\(.*var\(--from\).*var\(--to\)/, name);
  }
});
