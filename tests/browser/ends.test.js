// Where a training run in the page stops, and what comes after: a bar to move through it, or more training.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { bestOf } from "./bundled.js";
import { good, picture, trained } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import { card, download, edited, film, load, openWeights, readPanel, refused, settled, weight } from "./person.js";
import {
  downloaded,
  drawer,
  fill,
  finished,
  long,
  native,
  press,
  short,
  shownStep,
  shows,
  train,
  trainAndPause,
  where,
} from "./trainer.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./trainer.js").Settings} Settings */

const browser = launched();
const folder = temporaryFolder();

test("a run that was paused, or saved and taken up again, ends as one that was not", async () => {
  const settings = { arch: "57p", ...short, steps: "12000", eval_every: "500" };
  const wanted = await native(folder, settings);
  const { page, problems } = await browser.open();
  await trainAndPause(page, settings);
  const paused = await where(page).textContent();
  const file = await downloaded(page, "Saved run");
  assert.equal(await where(page).textContent(), paused, "nothing goes on in a pause");
  await press(page, "Resume");
  await finished(page);
  assert.ok((await downloaded(page, "Last model")).bytes.equals(await wanted("last.safetensors")), "paused");

  const pick = async (/** @type {Page} */ page) => {
    await page.locator("#train-open").click();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator("#train-saved").click()]);
    await chooser.setFiles({ name: file.name, mimeType: "", buffer: file.bytes });
  };
  const dropIt = async (/** @type {Page} */ page) => {
    await load(page, file);
    await film(page).slider.fill("0");
    assert.equal(await film(page).step(), "0", "wherever it was moved to");
    await film(page).goOn.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "train-run-title");
  };
  for (const [how, takeUp] of /** @type {const} */ ([
    ["picked", pick],
    ["dropped", dropIt],
  ])) {
    const other = await browser.open();
    await takeUp(other.page);
    await where(other.page)
      .filter({ hasText: paused ?? "" })
      .waitFor();
    assert.equal(await other.page.locator("#train-run-title").textContent(), "57p, seed 7");
    await other.page.locator("#file").filter({ hasText: "(paused)" }).waitFor();
    assert.equal(await film(other.page).bar.count(), 0, "the panels follow the run, which is not over");
    await press(other.page, "Resume");
    await finished(other.page);
    assert.ok((await downloaded(other.page, "Last model")).bytes.equals(await wanted("last.safetensors")), how);
    assert.deepEqual(other.problems, []);
  }
  assert.deepEqual(problems, []);
});

test("going on with a dropped run asks where another would be lost, and ends that one", async () => {
  const { page, problems } = await browser.open();
  await train(page, { arch: "57p", ...long });
  await shows(page, 100);
  await press(page, "Pause");
  const file = await downloaded(page, "Saved run");
  await press(page, "Stop");
  await film(page).bar.waitFor();
  assert.equal(await film(page).goOn.count(), 0, "nothing goes on from a run that was stopped here");
  await press(page, "Train another…");
  await train(page, { arch: "62p", ...long });
  await shows(page, 100);
  await press(page, "Close");

  const { bar, goOn, step } = film(page);
  await load(page, file);
  await goOn.click();
  const warning = bar.getByRole("alert");
  assert.match(
    (await warning.textContent()) ?? "",
    /^What was trained before was not downloaded and would be lost\. Press again/,
  );
  assert.equal(await drawer(page).isVisible(), false);
  assert.match((await page.locator("#train-open").textContent()) ?? "", /^Training/, "it goes on");
  await load(page, file);
  await warning.waitFor({ state: "hidden" }); // opened anew, it is asked anew
  await goOn.click();
  await warning.waitFor();
  const other = page.workers().find((worker) => unhashed(worker.url()).endsWith("/trainer-worker.js"));
  const ended = new Promise((resolve) => other?.once("close", resolve));
  await goOn.click();
  await where(page)
    .filter({ hasText: /^Paused at step/ })
    .waitFor();
  assert.equal(await page.locator("#train-run-title").textContent(), "57p, seed 7");
  await page.locator("#file").filter({ hasText: "(paused)" }).waitFor();
  await ended;
  await load(page, { name: "history.safetensors", bytes: await trained("57p") });
  assert.notEqual(await step(), "");
  assert.equal(await goOn.count(), 0, "a history is not enough");
  assert.deepEqual(problems, []);
});

test("a run that is over can be moved through where it ended, without a download", async () => {
  /** @type {Settings} */
  const settings = { arch: "57p", ...short };
  const wanted = await native(folder, settings);
  const { page, problems } = await browser.open({ own: true });
  await train(page, settings);
  await finished(page);
  const { bar, slider, play, fixed, step } = film(page);
  await bar.waitFor();
  assert.equal(await page.locator("#file").textContent(), "57p, seed 7");
  assert.equal(await step(), "240", "the panels stay at the last snapshot");
  assert.deepEqual([await slider.inputValue(), await slider.getAttribute("max")], ["4", "4"]);
  assert.equal(await fixed.isChecked(), false, "and on their own scales");
  assert.ok(await play.isEnabled());
  assert.match((await bar.textContent()) ?? "", /AdderBoard [\d\u202f]+ of 10.010/);
  assert.match((await page.locator("#train-shown").textContent()) ?? "", /^The panels show this run: the bar/);
  assert.deepEqual(
    (await readPanel(page, "trajectory")).rows.map(([at]) => at),
    ["0", "60", "120", "180", "240"],
  );

  const canvas = card(page, "trajectory").locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  await canvas.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  assert.equal(await step(), "60");
  assert.equal(await fixed.isChecked(), true, "the first move fixes the scales");
  const { name, bytes } = await download(page, "safetensors");
  assert.equal(name, "57p-seed-7-step-60.safetensors");
  await slider.fill("2");
  await page.clock.install();
  await refused(page, { name: "photo.png", bytes: picture });
  await page.clock.runFor(1000); // the drawer is written anew
  assert.equal(
    (await download(page, "safetensors")).name,
    "57p-seed-7-step-120.safetensors",
    "what could not be opened moves nothing",
  );
  assert.equal(await step(), "120");
  assert.match((await page.locator("#train-shown").textContent()) ?? "", /^The panels show this run/);
  await page.getByRole("button", { name: "Dismiss", exact: true }).click();
  await load(page, { name: "history.safetensors", bytes: await wanted("history.safetensors") });
  await slider.fill("1");
  assert.equal(await step(), "60");
  assert.ok((await download(page, "safetensors")).bytes.equals(bytes), "the command line's snapshot");

  await press(page, "Show it in the panels");
  await page.waitForFunction(() => document.querySelector("#file")?.textContent === "57p, seed 7");
  assert.equal(
    await slider.inputValue(),
    String(bestOf(await wanted("history.safetensors"))),
    "brought back, it opens as any history",
  );
  await slider.fill("2");
  assert.equal(await step(), "120");
  await openWeights(page);
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  assert.match(await page.title(), /\(edited\)/);
  await slider.fill("3");
  assert.equal(await step(), "180");
  assert.equal(
    await page.locator("#notice-text").innerText(),
    "Moving to step 180 dropped 1 edited number of step 120 of 57p, seed 7.",
  );
  assert.deepEqual(problems, []);
});

test("when a run ends the panels stay as they are, and the bar comes below them", async () => {
  const { page, problems } = await browser.open();
  await train(page, { arch: "57p", ...long });
  await shows(page, 100);
  assert.equal(await film(page).bar.count(), 0, "none while it trains");
  await press(page, "Pause");
  await page.locator("#file").filter({ hasText: "(paused)" }).waitFor();
  await settled(page);
  const seen = () =>
    page.locator("[data-panel]:not([data-panel=trajectory]) canvas").evaluateAll((all) =>
      all.map((each) => {
        const canvas = /** @type {HTMLCanvasElement} */ (each);
        return { top: canvas.getBoundingClientRect().top + scrollY, drawn: canvas.toDataURL() };
      }),
    );
  const before = { step: await shownStep(page), seen: await seen() };
  await press(page, "Stop");
  await film(page).bar.waitFor();
  await settled(page);
  assert.deepEqual({ step: await shownStep(page), seen: await seen() }, before);
  assert.deepEqual(problems, []);
});

test("a run that is stopped as it starts is over, and nothing is wrong", async () => {
  const { page, problems } = await browser.open();
  await fill(page, long);
  // In one go, so that no message gets between the two.
  await page.evaluate(() => {
    for (const name of ["Train", "Stop"]) {
      const buttons = [...document.querySelectorAll("#train button")];
      const found = buttons.find((each) => each.textContent === name);
      if (!(found instanceof HTMLElement)) throw new Error(`no ${name}`);
      found.click();
    }
  });
  await where(page)
    .filter({ hasText: /^Stopped/ })
    .waitFor();
  assert.equal(await page.locator("#error").isVisible(), false);
  assert.deepEqual(problems, []);
});

test("training over an edited model says what it dropped, and brings it back", async () => {
  const { page, problems } = await browser.open();
  await load(page, good);
  await openWeights(page);
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  const value = await weight(page, "tok_arc_A").field.inputValue();
  await train(page, { arch: "57p", ...long });
  const notice = page.locator("#notice");
  await notice.filter({ hasText: `dropped 1 edited number of ${good.name}.` }).waitFor();
  await notice.getByRole("button", { name: "Bring back" }).click();
  await page.locator("#file").filter({ hasText: good.name }).waitFor();
  await openWeights(page);
  assert.equal(await weight(page, "tok_arc_A").field.inputValue(), value);
  assert.deepEqual(problems, []);
});
