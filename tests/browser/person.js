// What a person does on the page, and what they read there.

import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{name: string, bytes: Uint8Array | string}} Sent */

/**
 * Drops files on the page, as from a file manager.
 * @param {Page} page
 * @param {Sent[]} files
 */
export async function drop(page, files) {
  const plain = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
  const data = await page.evaluateHandle((sent) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of sent) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    }
    return transfer;
  }, plain);
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
}

/**
 * Pastes files, or text.
 * @param {Page} page
 * @param {Sent[] | string} content
 */
export async function paste(page, content) {
  const plain =
    typeof content === "string"
      ? content
      : content.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
  await page.evaluate((sent) => {
    const data = new DataTransfer();
    if (typeof sent === "string") {
      data.setData("text/plain", sent);
    } else {
      for (const { name, base64 } of sent) {
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      }
    }
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  }, plain);
}

/**
 * Waits for the verdict of the AdderBoard suite on this file: the last thing to come.
 * @param {Page} page
 * @param {string} [file]
 */
export const verified = (page, file) =>
  page.waitForFunction((wanted) => {
    const verdict = document.querySelector("[data-fact=qualified] dd")?.textContent ?? "";
    const open = document.querySelector("#file")?.textContent;
    return (wanted === undefined || open === wanted) && /yes|no|unknown/.test(verdict);
  }, file);

/**
 * Waits for the verdict over all additions, and reads it.
 * @param {Page} page
 * @param {RegExp} [wanted]
 */
export async function decided(page, wanted = /./) {
  const fact = page.locator("#exact[aria-busy=false] [data-fact=exact] dd").filter({ hasText: wanted });
  await fact.filter({ hasNotText: "…" }).waitFor({ state: "attached" }); // some views leave it out
  return plain(await page.locator("#exact").innerText());
}

/**
 * Chooses a model of the gallery, from its menu.
 * @param {Page | import("playwright-core").Locator} scope
 * @param {string} name
 */
export async function choose(scope, name) {
  const radio = scope
    .getByRole("group", { name: "Trained for this page" })
    .getByRole("radio", { name: new RegExp(` ${name} `) });
  if (!(await radio.isVisible())) await scope.locator(".models summary").click();
  await radio.click();
}

/** Without the narrow spaces of numbers. @param {string} text */
export const plain = (text) => text.replaceAll("\u202f", " ");

/**
 * Drops files and waits until the first of them is open.
 * @param {Page} page
 * @param {...Sent} files the checkpoint first
 */
export async function load(page, ...files) {
  await drop(page, files);
  await verified(page, files[0]?.name);
}

/**
 * The words of the error that is shown.
 * @param {Page} page
 */
export async function errorText(page) {
  const error = page.locator("#error");
  await error.waitFor({ state: "visible" });
  return (await page.locator("#error-text").textContent()) ?? "";
}

/**
 * Drops what cannot be opened and returns the words that come.
 * @param {Page} page
 * @param {...Sent} files
 */
export async function refused(page, ...files) {
  const close = page.getByRole("button", { name: "Dismiss" });
  if (await close.isVisible()) await close.click();
  await drop(page, files);
  return errorText(page);
}

/**
 * The facts row: label → value, without the notes beside it.
 * @param {Page} page
 * @returns {Promise<Record<string, string>>}
 */
export const facts = (page) =>
  page
    .locator("#facts > div")
    .evaluateAll((all) =>
      Object.fromEntries(
        all.map((fact) => [
          /** @type {HTMLElement} */ (fact).dataset.fact,
          [...(fact.querySelector("dd")?.childNodes ?? [])].find(({ nodeType }) => nodeType === Node.TEXT_NODE)
            ?.textContent ?? "",
        ]),
      ),
    );

/**
 * The rows of a table, its head first.
 * @param {import("playwright-core").Locator} table
 * @returns {Promise<string[][]>}
 */
export async function rowsOf(table) {
  // It may be made a moment after it was asked for.
  await table.locator("tr").first().waitFor({ state: "attached" });
  return table
    .locator("tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
}

/** @param {Page} page @param {string} key */
export const card = (page, key) => page.locator(`[data-panel="${key}"]`);

/**
 * Opens a panel large, reads it, closes it.
 * @param {Page} page
 * @param {string} key
 */
export async function readPanel(page, key) {
  await card(page, key).getByRole("button", { name: "Enlarge" }).click();
  const large = page.locator("#large[open]");
  await large.waitFor();
  const text = async (/** @type {string} */ part) => (await page.locator(`#large-${part}`).textContent()) ?? "";
  const [columns = [], ...rows] = await rowsOf(large.getByRole("table"));
  const read = {
    title: await text("title"),
    aside: await text("aside"),
    sentence: await text("sentence"),
    columns,
    rows,
  };
  await page.keyboard.press("Escape");
  await large.waitFor({ state: "detached" });
  return read;
}

/**
 * Opens the Weights drawer and returns it.
 * @param {Page} page
 */
export async function openWeights(page) {
  await page.getByRole("button", { name: "Weights", exact: true }).click();
  return page.getByRole("complementary", { name: "Weights" });
}

/**
 * The slider, field and way back of one learned number.
 * @param {Page} page
 * @param {string} tensor
 * @param {number} [index]
 */
export function weight(page, tensor, index = 0) {
  const row = page.locator(`[data-tensor="${tensor}"] li`).nth(index);
  return {
    row,
    slider: row.getByRole("slider"),
    field: row.getByRole("textbox"),
    back: row.getByRole("button"),
    fault: row.getByRole("alert"),
  };
}

/**
 * Waits until every edit is shown.
 * @param {Page} page
 */
export const edited = (page) => page.locator("#weights-verdict[aria-busy=false]").waitFor({ state: "attached" });

/** Chromium drops every download that would be one more than these of a page in a second. */
const BURST = { downloads: 10, ms: 1000 };

/** When downloads of a page had come. @type {WeakMap<Page, number[]>} */
const times = new WeakMap();

/**
 * Asks for a file and returns what comes, no faster than the browser takes it.
 * @param {Page} page
 * @param {() => Promise<unknown>} ask
 */
export async function saved(page, ask) {
  const before = times.get(page) ?? [];
  times.set(page, before);
  const since = before.at(-BURST.downloads) ?? -Infinity;
  await setTimeout(Math.max(0, since + BURST.ms - performance.now()));
  const [file] = await Promise.all([page.waitForEvent("download"), ask()]);
  before.push(performance.now());
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/**
 * Chooses from the menu of downloads and returns what comes.
 * @param {Page} page
 * @param {string} format
 */
export function download(page, format) {
  return saved(page, async () => {
    await page.getByText("Download", { exact: true }).click();
    await page.locator("#downloads").getByRole("button", { name: format, exact: true }).click();
  });
}

/**
 * Saves one panel and returns what comes.
 * @param {Page} page
 * @param {string} key
 * @param {string} format
 */
export const downloadPanel = (page, key, format) =>
  saved(page, () => card(page, key).locator("footer button", { hasText: format }).click());

/**
 * The bar of a training run.
 * @param {Page} page
 */
export function film(page) {
  const bar = page.getByRole("group", { name: "Training run" });
  return {
    bar,
    slider: bar.getByRole("slider"),
    fixed: bar.getByRole("checkbox"),
    play: bar.getByRole("button", { name: "Play" }),
    pause: bar.getByRole("button", { name: "Pause" }),
    goOn: bar.getByRole("button", { name: "Go on training…" }),
    /** Waits until the panels show the slider's step, and reads which that is. */
    async step() {
      await page.locator("#film[aria-busy=false]").waitFor();
      return ((await page.locator("#film-step").textContent()) ?? "").replace("Step ", "").replace(/\D/g, "");
    },
  };
}

/**
 * The panels of the whole figure: the map of all additions comes when someone looks at it.
 * @param {Page} page
 */
export const panelKeys = (page) =>
  page
    .locator("#sections [data-panel]:not([data-panel=all_additions])")
    .evaluateAll((cards) => cards.map((each) => each.getAttribute("data-panel") ?? ""));

/**
 * Waits until every plot has been drawn at the present size.
 * @param {Page} page
 */
export const settled = (page) =>
  page.waitForFunction(
    () =>
      new Promise((resolve) => {
        const sizes = () =>
          [...document.querySelectorAll("canvas")].map(({ width, height }) => `${width}x${height}`).join();
        let [before, same] = [sizes(), 0];
        const frame = () => {
          const now = sizes();
          same = now === before ? same + 1 : 0;
          before = now;
          if (same > 4) resolve(true);
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
  );

/**
 * Waits until most of a panel's drawing is in sight: covered neither by the bars nor by a drawer below the page.
 * @param {Page} page
 * @param {string} drawer
 */
export const panelInSight = (page, drawer) =>
  page.waitForFunction((/** @type {string} */ drawer) => {
    const boxOf = (/** @type {string} */ selector) =>
      document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
    const [side, film] = [boxOf(drawer), boxOf("#film")];
    const free = Math.min(side.left > 0 ? innerHeight : side.top, film.height > 0 ? film.top : innerHeight);
    return [...document.querySelectorAll("[data-panel] canvas")].some((canvas) => {
      const { top, bottom, height } = canvas.getBoundingClientRect();
      return Math.min(bottom, free) - Math.max(top, boxOf("#bar").bottom, 0) > 0.6 * height;
    });
  }, drawer);

/** A whole number as the page writes it, with narrow spaces. @param {number | string} value */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** From here on the last part of a long run never comes: however slow a test is, the run is under way. @param {Page} page */
export async function endless(page) {
  for (const worker of page.workers()) {
    await worker.evaluate(() => {
      const post = globalThis.postMessage;
      /** @type {(value: any) => boolean} whether a run's progress is in there, which is at its end */
      const isEnd = (value) => {
        if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
        return (value.of > 900_000 && value.score?.total === value.of) || Object.values(value).some(isEnd);
      };
      /** @type {any} */ (globalThis).postMessage = (/** @type {any} */ message, /** @type {any} */ ...rest) => {
        if (!isEnd(message)) post(message, ...rest);
      };
    });
  }
}
