// What a person does in the drawer that trains, and what they read there; and the same run on the command line.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./fixtures.js";
import { saved } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {Record<string, string>} Settings */

/** A run of a second or so. @type {Settings} */
export const short = {
  seed: "7",
  steps: "240",
  batch: "32",
  warmup: "50",
  eval_every: "60",
  eval_examples: "300",
  curriculum: "1-3:80,1-10",
  adaptive_decay: "false",
  until: "steps",
};
/** A run of minutes: it is still going when a test is done with it, however slow that is. @type {Settings} */
export const long = { ...short, steps: "500000", batch: "256", eval_every: "100" };

export const drawer = (/** @type {Page} */ page) => page.getByRole("complementary", { name: "Train one here" });
export const press = (/** @type {Page} */ page, /** @type {string} */ name) =>
  drawer(page).getByRole("button", { name, exact: true }).click();
export const where = (/** @type {Page} */ page) => page.locator("#train-where");
export const finished = (/** @type {Page} */ page) =>
  where(page)
    .filter({ hasText: /^Finished/ })
    .waitFor();

/** @param {Page} page @param {Settings} settings */
export async function fill(page, settings) {
  if (!(await drawer(page).isVisible())) await page.locator("#train-open").click();
  const said = page.locator("#train-loading");
  await page
    .locator("#train-settings")
    .waitFor()
    .catch(async (late) => {
      throw new Error(`no form in the drawer, which says: ${await said.textContent()}`, { cause: late });
    });
  await page.locator("#train details").evaluate((details) => details.setAttribute("open", ""));
  for (const [name, value] of Object.entries(settings)) {
    const field = page.locator(`#train-${name}`);
    if (name === "arch" || name === "until") await field.selectOption(value);
    else if (name === "adaptive_decay") await field.setChecked(value === "true");
    else await field.fill(value);
  }
}

/** @param {Page} page @param {Settings} settings */
export async function train(page, settings) {
  await fill(page, settings);
  await press(page, "Train");
}

/**
 * Trains, and pauses from within the page as soon as the run says where it is: a test that stalls must not find it at its end.
 * @param {Page} page
 * @param {Settings} settings
 */
export async function trainAndPause(page, settings) {
  await fill(page, settings);
  await page.evaluate(() => {
    const drawer = document.querySelector("#train") ?? document.body;
    const look = () => {
      const pause = [...drawer.querySelectorAll("button")].find(
        ({ textContent, hidden }) => textContent === "Pause" && !hidden,
      );
      if (!pause || !/^Training, step [1-9]/.test(document.querySelector("#train-where")?.textContent ?? "")) return;
      observer.disconnect();
      pause.click();
    };
    const observer = new MutationObserver(look);
    observer.observe(drawer, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  await press(page, "Train");
  await where(page)
    .filter({ hasText: /^Paused at step/ })
    .waitFor();
}

export const downloaded = (/** @type {Page} */ page, /** @type {string} */ label) =>
  saved(page, () => press(page, label));

/** What the command line's run of these settings leaves. @param {string} folder @param {Settings} settings */
export async function native(folder, settings) {
  const out = join(
    folder,
    Object.values(settings)
      .join("-")
      .replace(/[^\w-]/g, "_"),
  );
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name.replace(/_/g, "-")}`, value]);
  await run("train", "--force", "--out", out, ...options);
  return (/** @type {string} */ name) => readFile(join(out, name));
}

/** A log without the times, which differ from run to run. @param {Uint8Array} bytes */
export const untimed = (bytes) =>
  Buffer.from(bytes)
    .toString()
    .trim()
    .split("\n")
    .map((line) => ({ ...JSON.parse(line), wall_time: null }));

/** In the page: the step of the run that the panels show, as text; null before it is as far as that. @param {number} least */
const stepThere = (least) => {
  const text = (/** @type {string} */ selector) => document.querySelector(selector)?.textContent ?? "";
  const shown = / seed \d/.test(text("#file")) ? Number(text("[data-fact=step] dd").replace(/\D/g, "")) : -1;
  return shown >= least ? String(shown) : null;
};

/** @param {Page} page */
export const shownStep = async (page) => Number(await page.evaluate(stepThere, 0));

/** @param {Page} page @param {number} step */
export const shows = (page, step) => page.waitForFunction(stepThere, step);
