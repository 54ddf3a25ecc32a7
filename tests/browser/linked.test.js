// What is pointed at is marked wherever it stands, a click pins it, Escape lets go, and no drawing is drawn again for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { historyPath } from "./bundled.js";
import { cli } from "./fixtures.js";
import { launched } from "./harness.js";
import { card, openWeights, settled, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const [A, B] = [4_070_378_921, 1_703_729_684];

/** 62p at an addition, with what comes after the first view. @param {string} view */
async function opened(view) {
  const options = { viewport: { width: 1440, height: 900 } };
  const context = await browser.open(options, `#model=62p&a=${A}&b=${B}&digit=3&view=${view}`);
  await verified(context.page, "62p.history.safetensors");
  await context.page.locator(".pinned").waitFor({ state: "attached" });
  await context.page.locator("#exact[aria-busy=false]").waitFor(); // what is decided is drawn by then
  if (view === "addition") await context.page.locator("#steps[aria-busy=false] h2").waitFor();
  await settled(context.page);
  return context;
}

/**
 * Counts what is drawn on canvases from now on. What is still decided of the run's other snapshots would be drawn: nothing more
 * of that comes.
 * @param {Page} page
 */
async function counting(page) {
  for (const worker of page.workers()) {
    if (!/exact-worker/.test(worker.url())) continue;
    await worker.evaluate(() => {
      globalThis.postMessage = () => {};
    });
  }
  await page.evaluate(() => {
    const canvas = /** @type {any} */ (CanvasRenderingContext2D.prototype);
    /** @type {any} */ (window).drawn = 0;
    for (const name of ["clearRect", "fillRect", "beginPath", "fillText", "stroke", "setTransform"]) {
      const draw = canvas[name];
      canvas[name] = function (/** @type {any[]} */ ...how) {
        /** @type {any} */ (window).drawn += 1;
        return draw.apply(this, how);
      };
    }
  });
  // What had come before is drawn by now.
  await page.evaluate(async () => {
    const all = /** @type {any} */ (window);
    for (let [before, still] = [-1, 0]; still < 30; before = all.drawn) {
      await new Promise(requestAnimationFrame);
      still = all.drawn === before ? still + 1 : 0;
    }
    all.drawn = 0;
  });
  return () => page.evaluate(() => /** @type {any} */ (window).drawn);
}

/** What is outlined on a panel's drawing. @param {Page} page @param {string} key */
const outlined = (page, key) => page.locator(`[data-panel=${key}] .links.pointed i`);

/** What is marked of the page's text, by what it stands for. @param {Page} page @param {string} [within] */
const marked = (page, within = "") =>
  page.locator(`${within} .linked`).evaluateAll((all) => all.map((each) => each.getAttribute("data-item") ?? ""));

/** Waits until something is marked as it should be. @param {() => Promise<boolean>} isSo */
async function until(isSo) {
  const end = Date.now() + 10_000;
  while (!(await isSo())) assert.ok(Date.now() < end, String(isSo));
}

test("a number of the steps is marked on the sum and on the ruler while it is pointed at, and nothing is drawn", async () => {
  const { page, problems } = await opened("addition");
  const drawn = await counting(page);
  await page.locator('#steps [data-item="attention:Z3/X3"]').hover();
  await until(async () => (await marked(page, "#paper")).includes("place:X3"));
  assert.ok((await marked(page, "#paper")).every((item) => ["place:X3", "row:Z3"].includes(item)));
  assert.ok((await page.locator("#steps .linked").count()) >= 2, "the share itself, and what it makes");

  await page.locator('#steps [data-item="logits:Z3/7"]').hover();
  await outlined(page, "ruler").first().waitFor();
  assert.ok(!(await marked(page, "#paper")).includes("place:X3"), "what was pointed at before is let go");

  // A digit of the sum: what looks at it, and what is read of it.
  await page.getByRole("textbox", { name: "First number, X" }).hover({ position: { x: 3, y: 10 } });
  await until(async () => (await marked(page, "#paper")).includes("place:X9"));
  await page.mouse.move(2, 2);
  await until(async () => (await page.locator(".linked").count()) === 0);
  assert.equal(await drawn(), 0, "nothing is drawn again");
  assert.deepEqual(problems, []);
});

test("a click pins: all panels mark it, the address has it, and Escape lets go", async () => {
  const { page, problems } = await opened("panels");
  const drawn = await counting(page);
  const canvas = card(page, "mean_attention").locator("canvas");
  await canvas.focus();
  await page.keyboard.press("ArrowDown");
  for (const key of ["mean_attention", "top_sources", "positions_01", "error_rate"]) {
    await outlined(page, key).first().waitFor({ state: "attached" });
  }
  await page.keyboard.press("Space");
  await page.locator(".pinned:visible").waitFor();
  const name = await page.locator(".pinned .name").innerText();
  const [, row, place] = /^how much the row of (Z\d+) looks at (\w+)$/.exec(name) ?? [];
  const item = `attention:${row}/${place}`;
  await page.waitForFunction((item) => decodeURIComponent(location.hash).includes(`selection=${item}`), item);
  await page.mouse.move(2, 2);
  await canvas.blur();
  await outlined(page, "mean_attention").first().waitFor({ state: "attached" });
  assert.equal(await drawn(), 0, "nothing is drawn again");

  await page.reload();
  await verified(page, "62p.history.safetensors");
  await page.locator(".pinned:visible").waitFor();
  await outlined(page, "top_sources").first().waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  await page.locator(".pinned").waitFor({ state: "hidden" });
  await until(async () => (await page.locator(".links.pointed i").count()) === 0);
  await page.waitForFunction(() => !location.hash.includes("selection"));
  assert.ok(page.url().includes("digit=3"), "the chosen digit stays until it is let go in turn");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("digit"));
  assert.deepEqual(problems, []);
});

test("a mark is pinned by a click on it, and beside the marks a click opens the panel", async () => {
  const { page, problems } = await opened("panels");
  const rate = card(page, "norm_weights").locator("canvas");
  await rate.scrollIntoViewIfNeeded();
  await rate.focus();
  await page.keyboard.press("ArrowRight");
  const ring = await card(page, "norm_weights").locator(".ring:visible").boundingBox();
  assert.ok(ring);
  await page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
  await page.locator(".pinned:visible").waitFor();
  assert.match(await page.locator(".pinned .name").innerText(), /^(weight|dimension) \d of the /);
  assert.ok(!(await page.locator("#large").isVisible()));
  await page.getByRole("button", { name: "Let go" }).click();
  await page.locator(".pinned").waitFor({ state: "hidden" });
  await rate.click({ position: { x: 2, y: 2 } });
  await page.locator("#large[open]").waitFor();
  assert.deepEqual(problems, []);
});

test("a value in a panel's table is marked on its drawing", async () => {
  const { page, problems } = await opened("panels");
  await card(page, "readout").getByRole("button", { name: "Enlarge" }).click();
  await page.locator("#large-table td", { hasText: /^7$/ }).first().hover();
  await page.locator("#large .links.pointed i").first().waitFor({ state: "attached" });
  assert.ok((await marked(page, "#large-table")).every((item) => item === "token:7"));
  assert.deepEqual(problems, []);
});

test("a weight says what it enters, as the command line does, and marks it in steps and panels", async () => {
  const { page, problems } = await opened("addition");
  const drawer = await openWeights(page);
  const { enters } = await cli("explain", historyPath("62p"), String(A), String(B), "weight:fc1.weight/3");
  const { row, slider } = weight(page, "fc1.weight", 3);
  await slider.focus();
  const line = drawer.locator(".enters");
  await line.filter({ hasText: " enters " }).waitFor();
  const own = enters.find((/** @type {string} */ item) => item.startsWith("hidden:Z3/"));
  const named = `hidden unit 0 before GELU, in the row of Z3, and ${enters.length - 1} more`;
  assert.match(await line.innerText(), new RegExp(`^First layer of the FFN: unit 0, pos1 enters ${named}$`));
  assert.ok((await marked(page, "#steps")).includes(own));

  // The other way round: a number of the steps is marked, and the weights that it is made of.
  await page.locator(`#steps [data-item="${own}"]`).hover();
  await until(async () => (await marked(page, "#weights")).includes("weight:fc1.weight/3"));
  assert.ok((await marked(page, "#weights")).every((item) => /^weight:fc1/.test(item)));

  // A click on its name pins it, whatever the pointer does then, and its panel marks it.
  const read = weight(page, "out_proj.A", 0);
  await read.row.locator(".place").click();
  await page.locator(".pinned .name", { hasText: /^What the output projection reads \(A\): v0$/ }).waitFor();
  await page.keyboard.press("2");
  await outlined(page, "out_proj").first().waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  await page.locator(".pinned").waitFor({ state: "hidden" });
  assert.ok(await drawer.isVisible(), "the drawer is closed by the next one");
  assert.ok(await row.isVisible());
  assert.deepEqual(problems, []);
});

test("a weight marks the panels that it enters, and no others of its kind", async () => {
  const { page, problems } = await opened("panels");
  await openWeights(page);
  const panels = ["token_embeddings", "positions_01", "positions_23", "mean_attention", "top_sources", "norm_weights"];
  /** What is outlined once a number's slider has the focus. @param {string} tensor @param {number} index @param {string[]} wanted */
  const marks = async (tensor, index, wanted) => {
    const { row, slider } = weight(page, tensor, index);
    await row.scrollIntoViewIfNeeded();
    await slider.focus();
    for (const key of wanted) await outlined(page, key).first().waitFor({ state: "attached" });
    const found = [];
    for (const key of panels) if ((await outlined(page, key).count()) > 0) found.push(key);
    assert.deepEqual(found, wanted, `${tensor} ${index}`);
    return outlined(page, wanted[0] ?? "").count();
  };
  // One of the four dimensions of queries and keys: of two panels, the one that draws it.
  const attention = ["mean_attention", "top_sources"];
  assert.ok((await marks("q_proj.weight", 0, ["positions_01", ...attention])) > 10, "arrows and discs");
  await marks("q_proj.weight", 11, ["positions_23", ...attention]);
  await marks("q_phase_angle", 0, ["positions_01", "positions_23", ...attention]);
  await marks("tok_arc_stride", 0, ["token_embeddings"]);
  assert.deepEqual(problems, []);
});
