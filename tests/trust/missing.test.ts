// When things are missing: the page says in one line what is the matter and what to do, and whatever can work does.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import { single } from "../../tools/paths.ts";
import { namedInPolicy } from "../../tools/script.ts";
import { modelFile } from "../browser/fixtures.js";
import { choose, decided, drop, errorText, film, load, settled, verified } from "../browser/person.js";
import { ask } from "./playwright.ts";
import { onFaultyHost } from "./faulty.ts";
import { asked } from "./tab.ts";

const on = onFaultyHost();

const FIRST = "57p.history.safetensors";

/** Opens the page where something is missing: `without` runs before any script of it. */
async function opened(without?: () => void, hash = "#model=&view=addition", options: BrowserContextOptions = {}) {
  const { page, uncaught } = await on.blank(options);
  if (without) await page.addInitScript(asked(without, null));
  await page.goto(on.site.url + hash, { waitUntil: "commit" });
  return { page, uncaught };
}

/** What the page says is the matter: one line, and the only one. */
async function saidOnce(page: Page, wanted: RegExp): Promise<void> {
  const said = await errorText(page);
  assert.match(said, wanted);
  assert.match(said, /^[^\n]{1,300}$/);
  assert.equal(await page.locator("#stuck").isVisible(), false, "once is enough");
}

/** What is there where the page has started, whatever is missing: pictures and answers. */
async function works(page: Page, file: string): Promise<void> {
  await verified(page, file);
  await page.locator("#sum-said").filter({ hasText: /^(Right|Wrong)/ }).waitFor();
  await decided(page, /proven|right on/);
}

test("without JavaScript the page says that it needs it, and only that", async () => {
  const { page } = await opened(undefined, "", { javaScriptEnabled: false });
  const said = page.locator("noscript p");
  await said.waitFor({ state: "visible" });
  assert.match(await said.innerText(), /^AdderScope computes in your browser and needs JavaScript for it: allow it for this page\.$/);
  // In five seconds, too: what says otherwise has no box.
  for (const other of ["#stuck", "#progress"]) assert.equal(await page.locator(other).boundingBox(), null, other);
  assert.ok(await page.getByText("AdderScope", { exact: true }).first().isVisible());
});

test("where a policy blocks WebAssembly, and where there is none, the page says so", async () => {
  on.site.faults.headers["content-security-policy"] = "script-src 'self'; worker-src 'self'";
  const blocked = await opened();
  await saidOnce(blocked.page, /WebAssembly, which does not run here: allow it for this page, or open the page in a recent browser/);
  on.site.mend();
  const { page } = await opened(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  await saidOnce(page, /WebAssembly, which does not run here/);
});

test("without Workers the page says so, however they are missing", async () => {
  const gone = () => Reflect.deleteProperty(globalThis, "Worker");
  const refusing = () => {
    globalThis.Worker = class {
      constructor() {
        throw new DOMException("Access is denied", "SecurityError");
      }
    } as never;
  };
  for (const without of [gone, refusing]) {
    const { page, uncaught } = await opened(without);
    await saidOnce(page, /^AdderScope computes in Workers, which do not run here: allow them for this page, or open the page in a recent browser \(/);
    await drop(page, [modelFile("mine.json")]);
    await saidOnce(page, /Workers, which do not run here/);
    assert.deepEqual(uncaught, []);
    await page.context().close();
  }
  on.site.faults.headers["content-security-policy"] = "worker-src 'none'";
  const { page, uncaught } = await opened();
  await saidOnce(page, /^The page's worker stopped: worker\.js did not load\. Reload the page$|Workers, which do not run here/);
  assert.deepEqual(uncaught, []);
});

test("without any storage all of it works, and a reload asks for the file again", async () => {
  const { page, uncaught } = await opened(() => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
      Object.defineProperty(globalThis, name, {
        get: () => {
          throw new DOMException("The operation is insecure", "SecurityError");
        },
      });
    }
  });
  await works(page, FIRST);
  await page.locator("#theme label:has([value=dark])").click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await load(page, modelFile("mine.json"));
  await page.goBack();
  await verified(page, FIRST);
  await page.goForward();
  await verified(page, "mine.json");
  await page.reload();
  await page.getByRole("button", { name: /^Open a checkpoint… of your own/ }).waitFor();
  assert.equal(await page.locator("#error").isVisible(), false);
  assert.deepEqual(uncaught, []);
});

/** Takes away what is younger than the rest: popovers, :has(), AbortSignal.any, and selectors that speak of them. */
const old = () => {
  for (const name of ["showPopover", "hidePopover", "togglePopover", "popover"]) {
    Reflect.deleteProperty(HTMLElement.prototype, name);
  }
  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name !== "popover") set.call(this, name, value); // it means nothing to it
  };
  Reflect.deleteProperty(AbortSignal, "any");
  for (const each of [Element.prototype, Document.prototype, DocumentFragment.prototype]) {
    const all = each as unknown as Record<string, ((selector: string) => unknown) | undefined>;
    for (const name of ["matches", "closest", "querySelector", "querySelectorAll"]) {
      const known = all[name];
      if (!known) continue;
      Object.assign(all, {
        [name](this: unknown, selector: string) {
          if (/:popover-open|:has\(/.test(selector)) throw new DOMException(selector, "SyntaxError");
          return known.call(this, selector);
        },
      });
    }
  }
};

test("in a browser without popovers, :has() and AbortSignal.any all of it works, and choices can be seen", async () => {
  const context = await on.browser.newContext({ viewport: { width: 1280, height: 900 } });
  // Of its styles such a browser drops the rules that it cannot read; of its markup, an attribute.
  await context.route(/\.css$|\/$/, async (route) => {
    const response = await route.fetch();
    const text = (await response.text())
      .replaceAll(/:has\(|:popover-open/g, (each) => each.replace(":", ":no-"))
      .replaceAll(' popover="manual"', "");
    // The policy names the styles in the page by their hash.
    const [, style = ""] = /<style>([^<]*)<\/style>/.exec(text) ?? [];
    const body = text.replace(/(style-src 'self' )'sha256-[^']*'/, `$1${namedInPolicy(style)}`);
    await route.fulfill({ response, body });
  });
  const page = await context.newPage();
  const uncaught: string[] = [];
  page.on("pageerror", ({ message }) => uncaught.push(message));
  await page.addInitScript(asked(old, null));
  await page.goto(`${on.site.url}#model=&view=addition`);
  await works(page, FIRST);
  assert.equal(await page.locator("#stuck").isVisible(), false);
  assert.equal(await page.locator("#veil").isVisible(), false, "nothing lies over the page");
  // What a term means.
  await page.locator("#views [data-to=panels]").click();
  const term = page.locator("#sections .term").first();
  await term.scrollIntoViewIfNeeded();
  await settled(page); // what scrolls hides it
  await term.click();
  const meaning = page.getByRole("tooltip");
  assert.ok(((await meaning.textContent()) ?? "").length > 20);
  await page.keyboard.press("Escape");
  assert.equal(await meaning.isVisible(), false);
  // Which of the choices is chosen.
  const dark = page.locator("#theme input[value=dark]");
  await dark.check();
  const seen = await dark.evaluate((input) => ({ opacity: getComputedStyle(input).opacity, width: input.getBoundingClientRect().width }));
  assert.equal(seen.opacity, "1");
  assert.ok(seen.width >= 10, `${seen.width} px`);
  await film(page).step();
  assert.equal(await page.locator("#film").evaluate((bar) => getComputedStyle(bar).position), "static", "it covers nothing");
  await load(page, modelFile("mine.json"));
  await choose(page, "62p");
  await verified(page, "62p.history.safetensors");
  assert.equal(await page.locator("#error").isVisible(), false);
  assert.deepEqual(uncaught, []);
});

test("the page as one file says so where a browser cannot unpack it", async () => {
  const page = await on.browser.newPage();
  await page.addInitScript('Reflect.deleteProperty(globalThis, "DecompressionStream")');
  await page.goto(pathToFileURL(join(single)).href);
  const stuck = page.locator("#stuck").filter({ hasText: /^This file does not unpack/ });
  await stuck.waitFor({ state: "visible" });
  assert.match(await stuck.innerText(), /^[^\n]{1,200}: save it again, or open it in a recent browser\.$/);
});

test("on a slow network there is a sign of life within a second", async () => {
  on.site.faults.isCompressed = true;
  const times: number[] = [];
  // The machine may be at something else: the best of three counts.
  while (times.length < 3 && !times.some((each) => each <= 1000)) {
    const page = await (await on.browser.newContext()).newPage();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", {
      ...{ offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 },
    });
    await page.goto(on.site.url, { waitUntil: "commit" });
    times.push(
      await ask(
        page,
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              for (const { name, startTime } of list.getEntries()) {
                if (name === "first-contentful-paint") resolve(startTime);
              }
            }).observe({ type: "paint", buffered: true });
          }),
      ),
    );
    assert.ok(await page.getByText("AdderScope", { exact: true }).first().isVisible());
    await page.context().close();
  }
  console.log(`first sign of life at 50 KB/s and 400 ms: ${times.map((each) => `${Math.round(each)} ms`).join(", ")}`);
  assert.ok(Math.min(...times) <= 1000, `${times.join(", ")} ms`);
});
