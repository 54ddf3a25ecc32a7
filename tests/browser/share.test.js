// What is seen goes to someone else: by a link, which shows the same on their machine.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import decodeQR from "qr/decode.js";
import { historyPath } from "./bundled.js";
import { modelFile, run } from "./fixtures.js";
import { launched, root, temporaryFolder } from "./harness.js";
import { errorText, load, paste, plain, settled, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const folder = temporaryFolder();

/** Opens the dialog, and reads its link. @param {Page} page */
async function link(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const field = page.getByRole("textbox", { name: "The link" });
  await field.waitFor();
  return field.inputValue();
}

const dialog = (/** @type {Page} */ page) => page.getByRole("dialog", { name: "Share what you see" });

/** What is behind "#". @param {string} address */
const hashOf = (address) => address.slice(address.indexOf("#"));

/** The panels, once all are drawn: twelve but the curve of a run, which there is none of. @param {Page} page */
async function pixels(page) {
  await settled(page);
  const drawn = await page.waitForFunction(() => {
    const canvases = [...document.querySelectorAll("canvas")].filter(
      ({ width, offsetWidth }) => width > 1 && offsetWidth > 0,
    );
    const all = canvases.map((canvas) => canvas.toDataURL());
    return all.length >= 11 && all.every((url) => url.length > 2000) ? all : null;
  });
  return drawn.jsonValue();
}

const looks = { viewport: { width: 1280, height: 900 }, colorScheme: /** @type {const} */ ("light"), own: true };

test("a model that only one tab has is in the link, with all that is seen, to the same pixels", async () => {
  const state = "#a=57&b=68&digit=1&alignment=script&view=overview";
  const { page } = await browser.open(looks, state);
  await load(page, modelFile("mine.json"));
  await page.evaluate(() => localStorage.clear());
  const made = await link(page);
  assert.match(hashOf(made), /^#weights=[\w-]+&a=57&b=68&digit=1&alignment=script&view=overview$/);
  assert.ok(made.length < 2000);
  await page.getByRole("button", { name: "Close" }).click();
  const here = await pixels(page);
  const sum = await page.locator("#paper").innerText();
  const other = await browser.open(looks, hashOf(made));
  await verified(other.page, "mine.json");
  assert.equal(hashOf(other.page.url()), hashOf(made), "a link does not change by looking");
  assert.equal(await other.page.locator("#paper").innerText(), sum);
  const there = await pixels(other.page);
  assert.deepEqual(there, here);
  assert.equal(await link(other.page), made, "and makes the same link");
  assert.match(await dialog(other.page).innerText(), /It holds the weights of mine\.json, the addition with digit Z1/);
  assert.deepEqual(other.problems, []);
});

test("a model that comes with the page is named, and its edits go with it", async () => {
  const { page } = await browser.open({}, "#model=67p&step=244000&a=1&b=2&edits=fc1.weight~0:0.5");
  await verified(page);
  const made = await link(page);
  assert.equal(hashOf(made), "#model=67p&step=244000&edits=fc1.weight~0:0.5&a=1&b=2&view=panels");
  assert.match(
    await dialog(page).innerText(),
    /67p\.history\.safetensors at step 244\s000, and holds 1 edited number, the addition/,
  );
  assert.match(await dialog(page).innerText(), /The address leads to this machine alone/);
});

test("edits of a model of one's own stay edits", async () => {
  const { page } = await browser.open(looks, "#a=57&b=68&view=addition");
  await load(page, modelFile("mine.json"));
  const before = await link(page);
  await page.keyboard.press("Escape");
  const edited = await browser.open(looks, `${hashOf(before)}&edits=tok_arc_A~0:0.25&view=addition`);
  await verified(edited.page, "mine.json");
  assert.match(plain(await edited.page.locator("#model").innerText()), /1 edited/);
  assert.match(hashOf(await link(edited.page)), /^#weights=[\w-]+&edits=tok_arc_A~0:0\.25&a=57&b=68$/);
});

test("the QR code is read as the link", async () => {
  const { page } = await browser.open({}, "#model=62p");
  await verified(page);
  const made = await link(page);
  const svg = await dialog(page)
    .locator(".qr svg")
    .evaluate((svg) => new XMLSerializer().serializeToString(svg));
  const camera = await page.context().newPage(); // the page's policy lets in no picture that is made there
  const read = await camera.evaluate(async (source) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([source], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 480;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.imageSmoothingEnabled = false;
    context.drawImage(image, 0, 0, 480, 480);
    return [...context.getImageData(0, 0, 480, 480).data];
  }, svg);
  await camera.close();
  assert.equal(decodeQR({ width: 480, height: 480, data: Uint8ClampedArray.from(read) }), made);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog(page).getByRole("button", { name: "Download SVG of the QR code" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "62p-link.svg");
  assert.match(await readFile(await download.path(), "utf8"), /^<\?xml[\s\S]*<svg/);
});

test("a link and words to cite are copied", async () => {
  const { page } = await browser.open({ permissions: ["clipboard-read", "clipboard-write"], own: true }, "#model=62p");
  await verified(page);
  const made = await link(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy link" }).click();
  await dialog(page).getByRole("button", { name: "Copy link" }).filter({ hasText: "Copied" }).waitFor();
  assert.equal(await copied(), made);
  await page.getByRole("button", { name: "Copy text" }).click();
  await page.waitForFunction((made) => navigator.clipboard.readText().then((text) => text !== made), made);
  assert.equal(await copied(), `62 parameters (62p.history.safetensors), shown by AdderScope: ${made}`);
});

test("a link that is pasted on the page opens, with all that it holds", async () => {
  const { page } = await browser.open({}, "#model=62p");
  await verified(page);
  await paste(page, "https://example.org/adder/#model=67p&step=244000&a=57&b=68&view=addition");
  await verified(page, "67p.history.safetensors");
  await page.waitForFunction(() => location.hash === "#model=67p&step=244000&a=57&b=68");
});

test("a damaged link says so, and the page's first model opens with all else", async () => {
  const { page, problems } = await browser.open({ own: true }, "#weights=AQAAAAAA&a=57&b=68&view=addition");
  assert.match(
    await errorText(page),
    /the link is damaged: a part of it is missing or changed\. Copy the whole of it again/,
  );
  await verified(page, "57p.history.safetensors");
  assert.equal(hashOf(page.url()), "#model=57p&a=57&b=68");
  assert.match(await errorText(page), /the link is damaged/, "the words stay");
  assert.deepEqual(problems, []);
});

/** Its file comes, or does not, when it is told to. @param {string} hash @param {(route: import("playwright-core").Route) => Promise<void>} answer */
async function slow(hash, answer) {
  /** @type {() => void} */
  let comes = () => {};
  const held = new Promise((resolve) => {
    comes = () => resolve(null);
  });
  const opened = await browser.open({ own: true }, hash, (fresh) =>
    fresh.route("**/slow.json", async (route) => {
      await held;
      await answer(route);
    }),
  );
  return { ...opened, comes };
}

test("what is asked for while a file beside the page is on its way stays, though that does not come", async () => {
  const { page, comes } = await slow("#src=slow.json&view=addition", (route) => route.fulfill({ status: 503 }));
  await page.evaluate(() => {
    location.hash = "#model=62p&a=57&b=68";
  });
  await verified(page, "62p.history.safetensors");
  const answer = page.waitForResponse("**/slow.json");
  comes();
  await answer;
  await settled(page);
  assert.equal(await page.locator("#error").isVisible(), false);
  await verified(page, "62p.history.safetensors");
  assert.equal(hashOf(page.url()), "#model=62p&a=57&b=68");
});

test("in the place of a file that does not come the first model opens, as it was asked for, and a reload tries again", async () => {
  let status = 503;
  const { page, comes } = await slow("#src=slow.json&a=57&b=68&view=addition", (route) =>
    route.fulfill(status === 200 ? { body: Buffer.from(modelFile().bytes) } : { status }),
  );
  await page.getByRole("button", { name: "Twelve panels" }).click();
  comes();
  assert.match(await errorText(page), /slow\.json could not be loaded from beside the page \(HTTP 503\)/);
  await verified(page, "57p.history.safetensors");
  await page.locator("#views [data-to=panels][aria-current=true]").waitFor();
  assert.equal(hashOf(page.url()), "#src=slow.json&a=57&b=68&view=addition");
  status = 200;
  await page.reload();
  await verified(page, "slow.json");
});

test("a file beside the page that is too large is refused before it comes", async () => {
  const headers = { "content-length": String(2 ** 40) };
  const { page, comes } = await slow("#src=slow.json", (route) => route.fulfill({ headers, body: "{}" }));
  comes();
  assert.match(await errorText(page), /^slow\.json: .*too large/);
});

test("where what makes links does not come, that is said", async () => {
  const { page } = await browser.open({ own: true }, "#model=62p", (fresh) =>
    fresh.route("**/later-*.js", (route) => route.abort()),
  );
  await page.getByRole("button", { name: "Share", exact: true }).click();
  assert.match(await errorText(page), /later-\w+\.js/);
  assert.equal(await dialog(page).count(), 0);
});

test("links of the command line open, in each view, and what a link of the page holds comes out there", async () => {
  const history = historyPath("67p");
  for (const view of ["addition", "panels", "overview", "map"]) {
    const address = (await run("link", history, "--step", "244000", "--a", "57", "--b", "68", "--view", view)).trim();
    const { page } = await browser.open({}, address);
    await verified(page, "67p.history.safetensors");
    const shown = page.locator(`#views [data-to=${view}]`);
    assert.equal(await shown.getAttribute("aria-current"), "true", view);
    if (view === "addition") continue;
    const out = join(folder, "out.json");
    assert.equal(
      await run("open", await link(page), "-o", out),
      `the link also asks for a = 57, b = 68, view = ${view}\n`,
    );
    assert.match(await readFile(out, "utf8"), /"step": 244000/);
  }
  const file = join(folder, "mine.json");
  await writeFile(file, modelFile().bytes);
  const { page } = await browser.open({}, (await run("link", file)).trim());
  await verified(page, "mine.json");
});

test("the link that README shows opens what it says", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const shown = /^#model=\S+$/m.exec(readme)?.[0] ?? "";
  const { page } = await browser.open({}, `${shown}&view=addition`);
  await verified(page, "67p.history.safetensors");
  assert.equal(hashOf(page.url()), "#model=67p&step=244000&a=50000000&b=60000000&digit=7");
  assert.match(plain(await page.locator("#model").innerText()), /67 parameters/);
  assert.match(await page.locator("#film-step").innerText(), /244/);
});

test("a picture for a paper is as wide as its column, and on nothing", async () => {
  const { page } = await browser.open({}, "#model=62p");
  await verified(page);
  await link(page);
  const saved = async (/** @type {string} */ button) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog(page).getByRole("button", { name: button, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const choose = (/** @type {string} */ name, /** @type {string} */ value) =>
    dialog(page).getByLabel(name, { exact: true }).selectOption(value);
  await choose("Picture", "readout");
  await choose("Width", "336");
  const titled = await saved("SVG of the picture");
  assert.match(titled.name, /^62p-step-\d+-readout\.svg$/);
  const size = (/** @type {Buffer} */ svg) =>
    /<svg[^>]* width="(\d+)" height="([\d.]+)"/.exec(svg.toString())?.slice(1).map(Number);
  const [width, height] = size(titled.bytes) ?? [];
  assert.equal(width, 336);
  await dialog(page).getByLabel("with title and sentence").uncheck();
  await dialog(page).getByLabel("transparent").check();
  const bare = await saved("SVG of the picture");
  assert.ok((size(bare.bytes)?.[1] ?? Infinity) < (height ?? 0), "without its sentence it is less tall");
  await choose("Scale of the PNG", "3");
  const { bytes } = await saved("PNG of the picture");
  assert.equal(bytes.readUInt32BE(16), 3 * 336, "pixels across");
  const alpha = await page.evaluate(async (base64) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.drawImage(image, 0, 0);
    return context.getImageData(1, 1, 1, 1).data[3];
  }, bytes.toString("base64"));
  assert.equal(alpha, 0, "nothing is below it");
  const tex = (await saved("Facts as LaTeX")).bytes.toString();
  assert.match(tex, /^ {2}AdderBoard suite, greedy, run here in [\d.,\\]+ ms & 7\\,542 of 10\\,010 \\\\$/m);
  assert.match(tex, /\\begin\{tabular\}\{lr\}[\s\S]*learned parameters & 62 \\\\/);
  const csv = (await saved("Facts as CSV")).bytes.toString();
  assert.match(csv, /^"AdderBoard suite, greedy, run here in [\d.]+ ms",7542 of 10010$/m);
  assert.match(csv, /^fact,value\nlearned parameters,62\n/);
});
