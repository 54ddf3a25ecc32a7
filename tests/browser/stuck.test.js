// Where the page cannot start it says so, and what to do; where it starts slowly there is a sign of life.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { dist } from "../../tools/paths.ts";
import { serve, startBrowser } from "./harness.js";

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  browser = await startBrowser();
  server = await serve();
});
after(async () => {
  await browser.close();
  server.close();
});

/** Opens an address where something is in the way. @param {string} url @param {(page: import("playwright-core").Page) => Promise<unknown>} [prepare] */
async function opened(url, prepare = async () => {}) {
  const page = await browser.newPage();
  await prepare(page);
  await page.goto(url, { waitUntil: "commit" });
  return page;
}

test("from a file on disk, and without its modules, the page says what it needs", async () => {
  for (const open of [
    () => opened(pathToFileURL(join(dist, "index.html")).href),
    () => opened(server.url, (page) => page.route("**/app-*.js", (route) => route.abort())),
  ]) {
    const page = await open();
    // Read as a person does: what is there and not seen yet has no text.
    await page.waitForFunction(() =>
      document.getElementById("stuck")?.innerText.includes("open it from a web server, in a recent browser"),
    );
    await page.close();
  }
});

test("where WebAssembly is blocked the page says so", async () => {
  const away = () => Reflect.deleteProperty(globalThis, "WebAssembly");
  const refusing = () => {
    WebAssembly.compileStreaming = WebAssembly.compile = () => Promise.reject(new Error("blocked by policy"));
  };
  for (const inTheWay of [away, refusing]) {
    const page = await opened(server.url, (page) => page.addInitScript(inTheWay));
    const error = page.locator("#error-text");
    await error.waitFor({ state: "visible" });
    assert.match(await error.innerText(), /WebAssembly, which does not run here: allow it for this page/);
    assert.equal(await page.locator("#stuck").isVisible(), false, "once is enough");
    await page.close();
  }
});

test("while the library is on its way the page is there and says that it starts", async () => {
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(null)));
  const page = await opened(server.url, (page) =>
    page.route("**/adderscope_*.wasm", async (route) => {
      await held;
      await route.continue();
    }),
  );
  await page.getByText("Starting…").waitFor({ state: "visible" });
  assert.ok(await page.getByText("AdderScope", { exact: true }).first().isVisible());
  go();
  await page.waitForSelector("[data-ready]");
  await page.getByText("Starting…").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#stuck").isVisible(), false);
  await page.close();
});
