// A training run in the page: its slider, its keys, its curve, its film, its scales; and what cannot be one.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { bestOf } from "./bundled.js";
import { cli, logFile, modelFile, run, trained } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import {
  card,
  download,
  downloadPanel,
  drop,
  edited,
  facts,
  film,
  load,
  openWeights,
  readPanel,
  refused,
  weight,
} from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const steps = ["0", "50", "100", "150", "200", "250", "300"];
const name = "run.history.safetensors";

const browser = launched();
const folder = temporaryFolder();
/** @type {Uint8Array} */
let history;
before(async () => {
  history = await trained("62p");
});

async function opened(options = {}) {
  const context = await browser.open(options);
  await load(context.page, { name, bytes: history });
  return { ...context, ...film(context.page) };
}

/**
 * What a panel's picture says, in order: labels of axes, values, names.
 * @param {Page} page
 * @param {string} key
 */
async function textsOf(page, key) {
  const { name, bytes } = await downloadPanel(page, key, "SVG");
  return { name, texts: [...bytes.toString().matchAll(/<text[^>]*>\s*([^<]*?)\s*<\/text>/g)].map(([, text]) => text) };
}

test("a history opens at its best step, with the slider there", async () => {
  const { page, problems, slider, step, bar } = await opened({ reducedMotion: "reduce" });
  const best = bestOf(history);
  assert.equal(await step(), steps[best]);
  assert.equal(await slider.inputValue(), String(best));
  assert.equal(await slider.getAttribute("max"), "6");
  assert.match(
    (await bar.innerText()).replaceAll(/\s/g, " "),
    /Step \d+ of 300 .*exact match .* % tokens .* % AdderBoard \d.* of 10.010/,
  );
  assert.deepEqual(
    (await readPanel(page, "trajectory")).rows.map(([at]) => at),
    steps,
  );
  assert.ok(await bar.getByRole("button", { name: "Play" }).isVisible(), "nothing plays by itself");
  assert.deepEqual(problems, []);
});

test("each step's panels, facts and score are those of its checkpoint", async () => {
  const { page, slider, step } = await opened();
  for (const at of [0, 3, 6]) {
    await slider.fill(String(at));
    assert.equal(await step(), steps[at]);
    const { name: file, bytes } = await download(page, "safetensors");
    assert.equal(file, `run-step-${steps[at]}.safetensors`);
    const path = join(folder, file);
    await writeFile(path, bytes);
    const report = await cli("report", path);
    assert.equal(String(report.step), steps[at]);
    const { step: said, adderboard } = await facts(page);
    assert.equal(said, steps[at]);
    const { passed } = await cli("verify", path);
    assert.equal(adderboard?.replace(/\D/g, ""), String(passed));
    const near = (/** @type {string[][]} */ rows, /** @type {number[]} */ values) =>
      rows.forEach((row, i) =>
        assert.ok(Math.abs(Number(row[1]) - (values[i] ?? NaN)) < 1e-4, `${row} is not ${values[i]}`),
      );
    const { rows } = await readPanel(page, "readout");
    near(rows.slice(0, 10), report.rank1_readout);
    const both = (/** @type {string[]} */ [digits = ""]) =>
      digits.split(" + ").reduce((sum, digit) => sum + (report.rank1_readout[Number(digit)] ?? NaN), 0);
    near(rows.slice(10), rows.slice(10).map(both));
    const errors = (await readPanel(page, "error_rate")).rows;
    assert.deepEqual(
      errors.map((row) => Number(row[1])),
      report.errors.digit_errors,
    );
    const arrow = await textsOf(page, "trajectory");
    assert.equal(arrow.name, `run-step-${steps[at]}-trajectory.svg`);
    assert.ok(arrow.texts.includes(`step ${steps[at]}`), `the mark on the curve: ${arrow.texts}`);
  }
});

test("keys move the slider that has the focus, and the page where nothing else uses them", async () => {
  const { page, slider, step } = await opened();
  await slider.focus();
  for (const [key, at] of [
    ["Home", "0"],
    ["ArrowRight", "50"],
    ["End", "300"],
    ["ArrowLeft", "250"],
  ]) {
    await page.keyboard.press(key ?? "");
    assert.equal(await step(), at, key);
  }
  assert.match(
    (await slider.getAttribute("aria-valuetext")) ?? "",
    /^step 250, exact match [\d.]+ %, tokens [\d.]+ %$/,
  );
  await page.locator("#heading").focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await step(), "200");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.equal(await step(), "300", "and no farther than the end");

  await card(page, "readout").locator("canvas").focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByText("Run AdderBoard again").click();
  await page.locator("#board-seed").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Alt+ArrowUp");
  assert.equal(await step(), "300", "a plot and a field have the keys for themselves");
});

test("a click on the curve, and Enter on a value of it, go to that step; Enlarge still enlarges", async () => {
  const { page, step } = await opened();
  const canvas = card(page, "trajectory").locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const { width, height } = (await canvas.boundingBox()) ?? { width: 0, height: 0 };
  await canvas.click({ position: { x: width * 0.53, y: height / 2 } });
  assert.equal(await step(), "150");
  assert.equal(await page.locator("#large[open]").count(), 0);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.locator("#film-step", { hasText: /(^|\D)50$/ }).waitFor();
  assert.equal(await step(), "50");
  assert.equal((await readPanel(page, "trajectory")).rows.length, 7);
  await card(page, "readout")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  await page.locator("#large[open]").waitFor();
});

test("without a run there is no bar, and a click on the curve enlarges it", async () => {
  const { page } = await browser.open();
  await load(page, modelFile(), logFile);
  assert.equal(await film(page).bar.count(), 0);
  await page.keyboard.press("ArrowLeft");
  await card(page, "trajectory")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  await page.locator("#large[open]").waitFor();
});

test("the film goes by the clock, once, and can be paused", async () => {
  const { page, slider, play, pause, step } = await opened({ own: true });
  await slider.press("End");
  await page.clock.install();
  await play.click();
  assert.equal(await slider.inputValue(), "0", "from the end it starts again");
  await page.clock.runFor(6100);
  const half = Number(await slider.inputValue());
  assert.ok(half >= 3 && half <= 4, `half of the time shows ${half} of 6`);
  await pause.click();
  const paused = await slider.inputValue();
  await page.clock.runFor(5000);
  assert.equal(await slider.inputValue(), paused);
  assert.equal(await step(), steps[Number(paused)]);
  await play.click();
  await page.clock.runFor(8000);
  await play.waitFor();
  assert.equal(await slider.inputValue(), "6");
  assert.equal(await step(), "300");
  await page.clock.runFor(8000);
  assert.equal(await slider.inputValue(), "6", "it does not begin again");
});

test("a hand on the slider ends the film", async () => {
  const { page, slider, play, step } = await opened({ own: true });
  await page.clock.install();
  await play.click();
  assert.equal(await slider.inputValue(), "0", "nobody moved it yet: the whole film");
  await page.clock.runFor(3000);
  await slider.fill("5");
  await play.waitFor();
  await page.clock.runFor(4000);
  assert.equal(await step(), "250");
});

test("scales are fixed from the first move on, and fit each step where that is chosen", async () => {
  const { page, slider, fixed, step } = await opened();
  assert.equal(await fixed.isChecked(), false, "a model at rest fills its panels");
  const axes = async (/** @type {number} */ at) => {
    await slider.fill(String(at));
    assert.equal(await step(), steps[at]);
    // Titles and sentences speak of the step; what is left is the axes.
    const numbers = [await textsOf(page, "token_embeddings"), await textsOf(page, "readout")];
    return numbers.map(({ texts }) => texts.filter((text) => /^−?[\d.]+$/.test(text ?? "")));
  };
  const early = await axes(1);
  assert.ok(await fixed.isChecked());
  assert.deepEqual(await axes(6), early);
  await fixed.press("Space"); // what is said beside it may move it from under a pointer
  await page.locator("#film-fixed:not(:checked)").waitFor();
  const fits = await axes(6);
  assert.notDeepEqual(fits, early);
  assert.equal(await fixed.isChecked(), false, "a choice stays");
});

test("weights are edited at the step that is shown; moving drops the edits and offers them back", async () => {
  const { page, slider, step, problems } = await opened();
  await slider.fill("2");
  assert.equal(await step(), "100");
  await openWeights(page);
  const arc = weight(page, "tok_arc_A");
  const before = await arc.field.inputValue();
  await arc.field.fill("9");
  await page.keyboard.press("Enter");
  await edited(page);
  assert.equal((await download(page, "JSON")).name, "run-step-100-edited.json");
  await slider.fill("3");
  assert.equal(await step(), "150");
  const notice = page.locator("#notice");
  assert.equal(
    await notice.locator("p").innerText(),
    `Moving to step 150 dropped 1 edited number of step 100 of ${name}.`,
  );
  await page.waitForFunction(
    (old) =>
      /** @type {HTMLInputElement} */ (document.querySelector("[data-tensor=tok_arc_A] input[type=text]"))?.value !==
      old,
    "9",
  );
  await notice.getByRole("button", { name: "Bring back" }).click();
  await page.waitForFunction(() => document.querySelector("#film-step")?.textContent === "Step 100");
  assert.equal(await arc.field.inputValue(), "9");
  assert.equal(await slider.inputValue(), "2");
  await arc.back.click();
  await edited(page);
  assert.equal(await arc.field.inputValue(), before);
  assert.deepEqual(problems, []);
});

test("a log joins a run that is open; another file ends it", async () => {
  const { page, slider, step, bar } = await opened();
  await slider.fill("1");
  assert.equal(await step(), "50");
  await drop(page, [logFile]);
  await page.waitForFunction(
    () => document.querySelector("[data-panel=trajectory] .aside")?.textContent === "3 evaluations",
  );
  assert.equal(await step(), "50");
  await load(page, modelFile());
  assert.equal(await bar.count(), 0);
});

test("a history that is cut short, empty or mixed up is refused, and the run that is open stays", async () => {
  const { page, slider, step } = await opened();
  await slider.fill("4");
  assert.equal(await step(), "200");
  const bytes = Buffer.from(history);
  const header = Number(bytes.readBigUInt64LE(0));
  const text = bytes.subarray(8, 8 + header).toString();
  const patched = (/** @type {string} */ old, /** @type {string} */ now) => {
    assert.ok(text.includes(old) && old.length === now.length, old);
    return Buffer.concat([bytes.subarray(0, 8), Buffer.from(text.replace(old, now)), bytes.subarray(8 + header)]);
  };
  for (const [broken, complaint] of /** @type {[Buffer, RegExp][]} */ ([
    [bytes.subarray(0, bytes.length - 4), /^x\.safetensors: .*(cut short|ends|size)/],
    [bytes.subarray(0, 40), /^x\.safetensors: /],
    [Buffer.from(" "), /^x\.safetensors: .*empty/],
    [
      patched("[0,50,100,150,200,250,300]", "[0,50,100,150,200,300,250]"),
      /^x\.safetensors: .*not whole numbers that rise/,
    ],
    [
      patched("[0,50,100,150,200,250,300]", "[0,50,100,150,200,9999999]"),
      /^x\.safetensors: .*not have the steps of its snapshots/,
    ],
    [
      patched('"shape":[7,1,5]', '"shape":[5,1,7]'),
      /^x\.safetensors: .*out_proj\.B has 5 snapshots, but there are 7 steps/,
    ],
    [patched('\\"tok_dim\\":2', '\\"tok_dim\\":3'), /^x\.safetensors: /],
  ])) {
    assert.match(await refused(page, { name: "x.safetensors", bytes: broken }), complaint);
    assert.equal(await page.locator("#file").textContent(), name);
    assert.equal(await step(), "200");
  }
  await slider.fill("5");
  assert.equal(await step(), "250");
});

test("a saved run opens as its history", async () => {
  const out = join(folder, "whole");
  await run(
    "train",
    "--arch",
    "57p",
    "--steps",
    "20",
    "--eval-every",
    "10",
    "--batch",
    "8",
    "--eval-examples",
    "50",
    "--out",
    out,
  );
  const { page } = await browser.open();
  await load(page, { name: "run.safetensors", bytes: await readFile(join(out, "run.safetensors")) });
  assert.equal(await film(page).slider.getAttribute("max"), "2");
  assert.equal(await film(page).goOn.count(), 1, "it is at its end, and can be given more steps");
});
