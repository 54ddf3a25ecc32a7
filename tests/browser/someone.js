// A page of someone else, on another origin than AdderScope, with an element or a frame of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before } from "node:test";
import { dist } from "../../tools/paths.ts";
import { files } from "../../tools/serve.ts";
import { modelFile } from "./fixtures.js";
import { launched, root } from "./harness.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("../../www/embed/element.js").AdderScope} AdderScope */

export const browser = launched();

/** @type {import("node:http").Server[]} */
const servers = [];
/** @param {import("node:http").RequestListener} answer @returns {Promise<string>} */
export async function listen(answer) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
}
after(() => servers.forEach((server) => server.close()));

/** Where AdderScope is, and the page of someone else: of another port, and so of another origin. */
export let site = "";
export let host = "";
/** What that page has, and its policy. */
let body = "";
let policy = "";
/** The policy that README names. */
let allowed = "";
/** README's lines for another page. */
export let lines = "";

const HERE = "https://example.org/adderscope/";

before(async () => {
  site = `${await listen(files({ "/adderscope/": dist }))}/adderscope/`;
  host = await listen((request, response) => {
    if (request.url === "/best.json") return void response.end(modelFile().bytes);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy });
    response.end(`<!doctype html><html lang="en"><title>Someone else's</title>${body}</html>`);
  });
  const readme = readFileSync(join(root, "README.md"), "utf8");
  lines = /```html\n(<script.*?)```/s.exec(readme)?.[1]?.replaceAll(HERE, site) ?? "";
  const origin = new URL(site).origin;
  allowed = /```text\n(script-src.*?)\n```/s.exec(readme)?.[1]?.replaceAll("https://example.org", origin) ?? "";
  assert.ok(lines && allowed, "README has the lines and the policy");
});

export const script = () => `<script type="module" src="${site}adder-scope.js"></script>`;

/**
 * The page of someone else, with what it asked for and what went wrong.
 * @param {string} content
 * @param {string} rules
 * @param {(page: Page) => Promise<unknown>} [prepare]
 */
export async function opened(content, rules, prepare = async () => {}) {
  [body, policy] = [content, rules];
  const { page } = await browser.open({ own: true, viewport: { width: 1024, height: 700 } });
  /** @type {string[]} */
  const asked = [];
  /** @type {string[]} */
  const problems = [];
  page.on("request", (request) => {
    if (!request.url().startsWith("blob:")) asked.push(request.url());
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  await page.addInitScript(() => {
    const heard = /** @type {Record<string, any[]>} */ ({});
    Object.assign(globalThis, { heard });
    for (const name of ["state", "select", "verdict", "problem"]) {
      heard[name] = [];
      addEventListener(name, (event) => {
        const { target } = event;
        if (target instanceof Element && target.localName === "adder-scope") {
          heard[name]?.push(/** @type {CustomEvent} */ (event).detail);
        }
      });
    }
    let shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifted += /** @type {any} */ (entry).value;
    }).observe({ type: "layout-shift", buffered: true });
    Object.assign(globalThis, { shifted: () => shifted });
  });
  await prepare(page);
  await page.goto(host);
  return { page, asked, problems };
}

/** What was heard of a kind. @param {Page} page @param {string} name @returns {Promise<any[]>} */
export const heard = (page, name) => page.evaluate((name) => /** @type {any} */ (globalThis).heard[name], name);

/** Until all additions are decided. @param {Page} page @param {number} count of elements */
export const decided = (page, count) =>
  page.waitForFunction(
    (count) =>
      /** @type {any} */ (globalThis).heard.verdict.filter((/** @type {any} */ each) => each.decided).length >= count,
    count,
  );

/** @param {import("playwright-core").Locator} element */
export const ready = (element) =>
  element.evaluate((each) => /** @type {AdderScope} */ (/** @type {unknown} */ (each)).ready);

export const policyOf = (/** @type {string} */ more = "") =>
  `default-src 'none'; style-src 'none'; frame-src ${new URL(site).origin}; ${allowed}${more}`;

/** With styles of the page's own. */
export const styled = () => policyOf().replace("style-src 'none'", "style-src 'unsafe-inline'");

/** The page without any element. @param {string} content */
export function bare(content) {
  [body, policy] = [content, ""];
}
