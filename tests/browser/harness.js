// What every browser test needs: the built page under a sub-path, and a browser that reports what went wrong.

import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { unhashed } from "../../tools/names.ts";
import { dist, glue, root } from "../../tools/paths.ts";
import { files } from "../../tools/serve.ts";

/** @typedef {import("playwright-core").Page} Page */
/** `own`: nothing is left of the page before, nor of this one for the next. @typedef {import("playwright-core").BrowserContextOptions & {own?: boolean}} Options */
/** @typedef {{page: Page, problems: string[], url: string, asked: string[]}} Opened `asked`: names of files in dist/ that the server was asked for, as they are asked for */

export { root };
const site = process.env.SITE ?? dist;
/** The page must work from any sub-path. */
const prefix = "/some/where/";
/** Beside it the library as it was built, for what measures a copy of it. */
const library = "/library/";

/**
 * @param {(file: string) => void} [asked] hears of each request
 * @param {string} [first] a script that the page has before all of its own
 * @returns {Promise<{url: string, close: () => void}>}
 */
export async function serve(asked = () => {}, first) {
  const answer = files({ [prefix]: site, [library]: glue });
  const page = first === undefined ? "" : readFileSync(join(site, "index.html"), "utf8");
  const added = {
    "index.html": {
      type: "text/html; charset=utf-8",
      text: page.replace("<title>", '<script src="first.js"></script>$&'),
    },
    "first.js": { type: "text/javascript", text: first },
  };
  const server = createServer((request, response) => {
    const file = (request.url ?? "").replace(prefix, "") || "index.html";
    asked(file);
    if (first === undefined || !(file === "index.html" || file === "first.js")) return answer(request, response);
    response.writeHead(200, { "content-type": added[file].type }).end(added[file].text);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${address.port}${prefix}`, close: () => server.close() };
}

/** A port that nobody has, for a program that wants to be told one. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A file of the site, in whose name the build put a hash. @param {string} name without it @returns {string} */
export function built(name) {
  const found = readdirSync(site).find((file) => unhashed(file) === name);
  if (!found) throw new Error(`${name} is not in ${site}: run ./build.sh`);
  return found;
}

export const executable = () =>
  [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
    (path) => path && existsSync(path),
  );

/** A browser that asks for nothing by itself. */
export const startBrowser = () =>
  chromium.launch({
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

/**
 * A browser and a server. Pages open with all panels and without a bundled model unless the hash names another view, or a
 * model; `#model=&view=addition` is the page as a stranger finds it.
 * @returns {Promise<{open: (options?: Options, hash?: string, prepare?: (page: Page) => Promise<unknown>) => Promise<Opened>, close: () => Promise<void>}>}
 */
export async function launch() {
  /** @type {string[]} */
  let asked = [];
  const server = await serve((path) => asked.push(path));
  const browser = await startBrowser();
  const newPage = pages(browser);
  return {
    async open(options = {}, hash = "", prepare = async () => {}) {
      const state = new URLSearchParams(hash.slice(1));
      if (!["model", "weights", "src"].some((name) => state.has(name))) state.set("model", "none");
      if (!state.has("view")) state.set("view", "panels");
      asked = [];
      const page = await newPage({ viewport: { width: 1280, height: 900 }, ...options });
      const problems = watch(page, server.url);
      await prepare(page); // before the first request
      await page.goto(`${server.url}#${state}`);
      await page.waitForSelector("[data-ready]");
      return { page, problems, url: server.url, asked };
    },
    async close() {
      const open = browser.contexts().flatMap((context) => context.pages());
      await Promise.all(open.map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
      await browser.close();
      server.close();
    },
  };
}

/**
 * Makes pages, one at a time: what an earlier test left open would compete for the processor. Pages of the same options
 * share what a browser keeps for a person, of which nothing is left for the next. They come out of the same process, too, and
 * one that comes before the other goes is there in half the time.
 * @param {import("playwright-core").Browser} browser
 * @returns {(options: Options) => Promise<Page>}
 */
function pages(browser) {
  /** @type {{page: Page, kind: string} | null} */
  let open = null;
  return async ({ own = false, ...options }) => {
    const [before, kind] = [open, own ? "" : JSON.stringify(options)];
    const isAlike = before !== null && kind !== "" && kind === before.kind;
    if (isAlike) await before.page.evaluate(() => localStorage.clear()).catch(() => {}); // a theme that was chosen
    const context = isAlike ? before.page.context() : await browser.newContext(options);
    const page = await context.newPage();
    // What is still on its way to a page that goes is nobody's fault.
    await before?.page.unrouteAll({ behavior: "ignoreErrors" });
    await (isAlike ? before.page.close() : before?.page.context().close());
    open = { page, kind };
    return page;
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

/**
 * What tests that follow each other share, made by the first of them: a page that they only look at, say.
 * @template T
 * @param {() => Promise<T>} make
 */
export function once(make) {
  /** @type {Promise<T> | undefined} */
  let made;
  return () => (made ??= make());
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
  page.on("requestfailed", (request) => {
    // What a reload, or the end of a Worker, breaks off has not failed.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") problems.push(`failed: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const outside = !request.url().startsWith(origin) && !/^(blob|data):/.test(request.url());
    if (outside) problems.push(`outside: ${request.url()}`);
  });
  return problems;
}
