// Chromium and Firefox, driven by Playwright: Debian's Firefox by WebDriver BiDi, of which this release of it knows enough.

import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { firefox } from "playwright-core-firefox";
import { executable } from "../browser/harness.js";
import { asked, type Engine, type Tab } from "./tab.ts";

const VIEWPORT = { width: 1280, height: 900 };

/** The answer of a function that runs in the page, and knows nothing but what it is asked. */
export const ask = <T, A = null>(page: Page, question: (asked: A) => T | Promise<T>, given?: A): Promise<T> =>
  page.evaluate(asked(question, given));

/** In Playwright's words. */
const located = (page: Page, way: string) => page.locator(way).filter({ visible: true }).first();

/** What goes wrong on a page, as it happens. */
function watched(page: Page, url: string): string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !/^(blob|data):/.test(request.url())) {
      problems.push(`outside: ${request.url()}`);
    }
  });
  return problems;
}

/** A tab: `next` waits for the file that is saved next. */
function tabOf(page: Page, url: string, next: (page: Page) => Promise<{ name: string; bytes: Buffer }>): Tab {
  const problems = watched(page, url);
  return {
    async go(hash) {
      await page.goto("about:blank");
      await page.goto(url + hash);
      await page.waitForSelector("[data-ready]");
    },
    ask: (question, given) => ask(page, question, given),
    async click(way) {
      const target = located(page, way);
      await target.evaluate((each) => each.scrollIntoView({ block: "center", behavior: "instant" }));
      await target.click();
    },
    async press(...keys) {
      for (const key of keys) {
        if (key.length === 1 || /^[A-Z]\w+$/.test(key)) await page.keyboard.press(key);
        else await page.keyboard.type(key);
      }
    },
    pick: (way, paths) => page.locator(way).setInputFiles(paths),
    async saved(act) {
      const [file] = await Promise.all([next(page), act()]);
      return file;
    },
    problems: () => Promise.resolve(problems.splice(0).filter((each) => !each.endsWith("about:blank"))),
  };
}

const engineOf = async (name: string, browser: Browser, tab: Tab, more = async () => {}): Promise<Engine> => ({
  name: `${name} ${browser.version()}`,
  tab,
  async close() {
    await browser.close();
    await more();
  },
});

/** `isPlain`: on a machine that lacks what the library's SIMD build needs. */
export async function openChromium(url: string, isPlain = false): Promise<Engine> {
  const browser = await chromium.launch({
    executablePath: executable(),
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
      ...(isPlain ? ["--js-flags=--noenable-sse4-1"] : []),
    ],
  });
  const page = await browser.newPage({ viewport: VIEWPORT });
  const tab = tabOf(page, url, async (page) => {
    const file = await page.waitForEvent("download");
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  });
  return engineOf(isPlain ? "Chromium without SIMD" : "Chromium", browser, tab);
}

export interface Saved {
  name: string;
  bytes: Buffer;
}

/**
 * The file that comes into a folder next, once it is whole: while it is on its way there is another beside it, it is empty, or
 * (Firefox) it has a name of its own that it loses a moment later. So it is taken when two looks in a row find the same.
 */
export async function arrives(folder: string, look = onlyFile): Promise<Saved> {
  let before: Saved | undefined;
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const seen = await look(folder);
    if (seen && before?.name === seen.name && before.bytes.equals(seen.bytes)) {
      await rm(join(folder, seen.name));
      return seen;
    }
    before = seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("no file was saved");
}

/** The file that is alone in a folder, if there is one with something in it that is not called unfinished. */
export async function onlyFile(folder: string): Promise<Saved | undefined> {
  const names = await readdir(folder);
  const [name] = names;
  if (names.length !== 1 || name === undefined || /\.(part|wkdownload)$/.test(name)) return undefined;
  const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined; // renamed since
    throw error;
  });
  return bytes && bytes.length > 0 ? { name, bytes } : undefined;
}

/** Debian's Firefox. */
export function firefoxPath(): string {
  const path = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
  if (!existsSync(path)) throw new Error(`${path} is missing: ./build.sh trust installs it`);
  return path;
}

/** Its downloads come into a folder. */
export function launchFirefox(downloadsPath?: string) {
  const executablePath = firefoxPath();
  return firefox.launch({ channel: "moz-firefox", executablePath, ...(downloadsPath && { downloadsPath }) });
}

export async function openFirefox(url: string): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), "adderscope-firefox-"));
  const browser = await launchFirefox(folder); // it tells of no download
  const page = await browser.newPage({ viewport: VIEWPORT });
  const tab = tabOf(page as unknown as Page, url, () => arrives(folder));
  return engineOf("Firefox", browser as unknown as Browser, tab, () => rm(folder, { recursive: true, force: true }));
}
