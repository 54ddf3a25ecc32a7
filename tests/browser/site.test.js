// A site of one's own: models of one's own in the gallery, from any folder of any host; and a file beside the page.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { dist, root } from "../../tools/paths.ts";
import { files } from "../../tools/serve.ts";
import { historyPath } from "./bundled.js";
import { binary, modelFile, run } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import { decided, download, errorText, film, plain, verified } from "./person.js";

const browser = launched();
const folder = temporaryFolder();
const out = join(folder, "out");
/** @type {import("node:http").Server} */
let server;
let url = "";
/** What was asked for that is not of the site. @type {string[]} */
const elsewhere = [];

before(async () => {
  const [mine, names] = [join(folder, "mine.json"), join(folder, "names.json")];
  writeFileSync(mine, modelFile().bytes);
  writeFileSync(names, JSON.stringify([{ file: "mine.json", title: "Made <here>", sentence: "For a test." }]));
  const models = [mine, historyPath("57p"), historyPath("67p")];
  await run("site", out, ...models, "--page", dist, "--names", names, "--title", "Our adders");
  server = createServer(files({ "/course/week 3/": out }));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  url = `http://127.0.0.1:${port}/course/week%203/`;
});
after(() => server.close());

/** @param {string} hash */
async function opened(hash) {
  const { page } = await browser.open({ own: true });
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url())) elsewhere.push(request.url());
  });
  await page.goto(`${url}${hash}`);
  await page.waitForSelector("[data-ready]");
  return page;
}

test("the first model is open, the others are cards, and none of the page's own is there", async () => {
  const page = await opened("");
  await verified(page, "mine.json");
  assert.equal(await page.title(), "mine.json · Our adders");
  await page.locator(".models summary").click();
  const gallery = page.locator("#gallery");
  assert.match(await gallery.innerText(), /^Models of this site/);
  const cards = await gallery.locator("label").allInnerTexts();
  assert.deepEqual(
    cards.map((card) => plain(card).split("\n")[0]),
    ["Made <here> mine", "57 parameters 57p", "67 parameters 67p"],
  );
  assert.match(cards[0] ?? "", /For a test\./);
  assert.match(cards[1] ?? "", /proven on all 10²⁰, in exact arithmetic/);
  await page.keyboard.press("Escape");
  const legend = page.getByRole("group", { name: "Models of this site" });
  await page.locator(".models summary").click();
  await legend.getByRole("radio", { name: / 57p / }).click();
  await verified(page, "57p.history.safetensors");
  assert.match(page.url(), /#model=57p$/);
  assert.match(await decided(page), /100 000 000 000 000 000 000/);
  assert.equal(await page.locator("#exhibit").count(), 0);
});

test("links name the site's models, runs can be moved through, and downloads are the files", async () => {
  const page = await opened("#model=67p&step=244000&a=57&b=68");
  await verified(page, "67p.history.safetensors");
  assert.match(plain(await page.locator("#film-step").innerText()), /244 000/);
  const download = page.waitForEvent("download");
  await page.locator("#downloads summary").click();
  await page.locator("#model-safetensors").click();
  const saved = readFileSync(await (await download).path());
  assert.match(saved.subarray(0, 4000).toString("latin1"), /"step":"244000"/);
  await film(page).slider.fill("0");
  assert.equal(await film(page).step(), "0");
});

test("a file beside the page opens by its address from there, and nothing else does", async () => {
  mkdirSync(join(out, "mine"));
  copyFileSync(historyPath("57p"), join(out, "mine/57p.history.safetensors"));
  const page = await opened("#src=mine/57p.history.safetensors&a=57&b=68");
  await verified(page, "57p.history.safetensors");
  assert.match(page.url(), /#src=mine\/57p\.history\.safetensors&a=57&b=68$/, "it stays");
  const missing = await opened("#src=models/none.pt&a=57&b=68");
  assert.match(await errorText(missing), /models\/none\.pt could not be loaded from beside the page \(HTTP 404\)/);
  await verified(missing, "mine.json");
  for (const src of ["../secret.pt", "https://example.org/a.pt", "/a.pt", "//example.org/a.pt", "a/../../b.pt"]) {
    const refused = await opened(`#src=${encodeURIComponent(src)}`);
    assert.match(
      await errorText(refused),
      /is no file beside the page: name it from there, like models\/mine\.pt/,
      src,
    );
    await verified(refused, "mine.json");
  }
});

test("an embed shows the site's models, and the package is no part of it", async () => {
  const { page } = await browser.open({ own: true });
  await page.goto(`${url}embed.html#model=67p&step=244000&a=50000000&b=60000000&view=sum`);
  const element = page.locator("adder-scope");
  await element.locator("output").filter({ hasText: "✗" }).waitFor();
  assert.equal(plain(await element.locator("output").innerText()), "120 000 000 ✗");
  await page.goto(`${url}embed.html#model=62p&view=sum`);
  await page.reload();
  await element.locator(".problem").filter({ hasText: "there are mine, 57p, 67p" }).waitFor();
  assert.equal((await page.request.get(`${url}pkg/package.json`)).status(), 404);
});

test("the page as one file has the site's models: it opens with the first, shows the others and saves them", async () => {
  const { page } = await browser.open({ own: true });
  await page.goto(pathToFileURL(join(out, "adderscope.html")).href);
  await page.waitForSelector("[data-ready]");
  await verified(page, "mine.json");
  assert.equal(await page.title(), "mine.json · Our adders");
  await page.locator(".models summary").click();
  const cards = await page.locator("#gallery label").allInnerTexts();
  assert.equal(cards.length, 3);
  await page.getByRole("group", { name: "Models of this site" }).getByRole("radio", { name: / 67p / }).click();
  await verified(page, "67p.history.safetensors");
  const { bytes } = await download(page, "safetensors");
  assert.match(bytes.subarray(0, 4000).toString("latin1"), /"step":"/);
  await page.goto(`${pathToFileURL(join(out, "adderscope.html")).href}#model=mine`);
  await page.reload();
  await verified(page, "mine.json");
  const mine = await download(page, "JSON"); // the gallery's own file, which is no .safetensors
  assert.ok(JSON.parse(mine.bytes.toString()).model_state_dict);
});

test("the line that README shows makes a site of the folders that it names", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const line = /^cargo run --release -- (site .*)$/m.exec(readme)?.[1] ?? "";
  const names = /`names\.json`[^]*?`(\[\{.*\}\])`/.exec(readme)?.[1] ?? "";
  const here = join(folder, "here");
  for (const name of ["runs/best", "runs/other"]) mkdirSync(join(here, name), { recursive: true });
  symlinkSync(dist, join(here, "dist"));
  writeFileSync(join(here, "names.json"), names);
  copyFileSync(historyPath("57p"), join(here, "runs/best/history.safetensors"));
  copyFileSync(historyPath("67p"), join(here, "runs/other/history.safetensors"));
  const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  await promisify(execFile)(binary, words, { cwd: here });
  const index = readFileSync(join(here, "out/index.html"), "utf8");
  const block = /id="adderscope-gallery">(.*?)<\/script>/.exec(index)?.[1] ?? "";
  const { title, models } = JSON.parse(block);
  assert.equal(title, "Our adders");
  assert.deepEqual(
    models.map((/** @type {{title: string}} */ { title }) => title),
    ["One head", "67 parameters"],
  );
});

test("nothing was asked for anywhere else", () => {
  assert.deepEqual(elsewhere, []);
});

test("pictures of its models come first on other people's pages: those that the built page has of the same", async () => {
  /** @param {string} at */
  const galleryAt = (at) => JSON.parse(readFileSync(join(at, "models/gallery.json"), "utf8"));
  /** @param {string} at @returns {{folder: string, views: string[]}} */
  const stillsAt = (at) =>
    galleryAt(at).find((/** @type {any} */ card) => card.file.endsWith("57p.history.safetensors")).stills;
  const [ours, built] = [stillsAt(out), stillsAt(dist)];
  assert.deepEqual(ours.views, built.views);
  for (const picture of ours.views.flatMap((view) => [`${view}-light.svg`, `${view}-dark.svg`])) {
    const [own, other] = [join(out, ours.folder, picture), join(dist, built.folder, picture)];
    assert.ok(readFileSync(own, "utf8") === readFileSync(other, "utf8"), picture);
  }

  const { page } = await browser.open({ own: true });
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(null)));
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${url}embed.html#model=57p&view=readout`);
  await page.locator("adder-scope .still svg").waitFor();
  go();
  await page.locator("adder-scope canvas").first().waitFor();
  assert.equal(await page.locator("adder-scope .still:visible").count(), 0);
});
