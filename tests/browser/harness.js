// What every browser test needs: the built page under a sub-path, and a browser that reports what went wrong.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").BrowserContextOptions} Options */

export const root = fileURLToPath(new URL("../../", import.meta.url));
const site = process.env.SITE ?? join(root, "dist");
/** The page must work from any sub-path. */
const prefix = "/some/where/";

/** @type {Record<string, string>} */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** @returns {Promise<{url: string, close: () => void}>} */
export async function serve() {
  const server = createServer(async ({ url }, response) => {
    const path = decodeURIComponent(new URL(url ?? "/", "http://x").pathname);
    const file = normalize(join(site, path.startsWith(prefix) ? path.slice(prefix.length) : "missing"));
    const wanted = path === prefix ? join(site, "index.html") : file;
    try {
      const body = await readFile(wanted);
      response.writeHead(200, { "content-type": types[extname(wanted)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}${prefix}`, close: () => server.close() };
}

const executable = () =>
  [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => path && existsSync(path),
  );

/**
 * A browser and a server. Pages open without a bundled model unless the hash names one;
 * `#model=` is the page as a stranger finds it.
 * @returns {Promise<{open: (options?: Options, hash?: string, prepare?: (page: Page) => Promise<unknown>) => Promise<{page: Page, problems: string[], url: string}>, close: () => Promise<void>}>}
 */
export async function launch() {
  const server = await serve();
  const browser = await chromium.launch({
    executablePath: executable(),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    async open(options = {}, hash = "", prepare = async () => {}) {
      const state = new URLSearchParams(hash.slice(1));
      if (!state.has("model")) state.set("model", "none");
      // One page at a time: what an earlier test left open would compete for the processor.
      for (const context of browser.contexts()) await context.close();
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      const problems = watch(page, server.url);
      await prepare(page); // before the first request
      await page.goto(`${server.url}#${state}`);
      await page.waitForSelector("[data-ready]");
      return { page, problems, url: server.url };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/**
 * The browser of a test file: there when its first test begins, gone after its last.
 * @returns {Pick<Awaited<ReturnType<typeof launch>>, "open">}
 */
export function launched() {
  /** @type {Awaited<ReturnType<typeof launch>>} */
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());
  return { open: (...how) => browser.open(...how) };
}

/** A new folder, removed when the test that made it is done; outside of a test, when the file is. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "adderscope-"));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/**
 * Whatever should not happen on a page, as it happens: the list stays empty.
 * @param {Page} page
 * @param {string} origin
 */
function watch(page, origin) {
  /** @type {string[]} */
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("requestfailed", (request) => problems.push(`failed: ${request.url()}`));
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const outside = !request.url().startsWith(origin) && !/^(blob|data):/.test(request.url());
    if (outside) problems.push(`outside: ${request.url()}`);
  });
  return problems;
}
