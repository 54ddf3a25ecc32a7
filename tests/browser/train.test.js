// Training in the page: live panels, the same checkpoint as the command line's, and nothing lost by accident.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { modelFile, picture, run } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import {
  card,
  facts,
  film,
  load,
  openWeights,
  panelInSight,
  readPanel,
  refused,
  rowsOf,
  verified,
  weight,
} from "./person.js";
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
  untimed,
  where,
} from "./trainer.js";

/** @typedef {import("./trainer.js").Settings} Settings */

const browser = launched();
const folder = temporaryFolder();

test("a 57p run passes 1000 steps with the panels following, and stops when told", async () => {
  const { page, problems } = await browser.open();
  await train(page, { arch: "57p", seed: "42", steps: "600000", eval_every: "100", eval_examples: "500" });
  await shows(page, 100);
  const early = {
    step: await shownStep(page),
    arc: await card(page, "token_embeddings").locator(".aside").textContent(),
  };
  assert.match((await page.locator("#file").textContent()) ?? "", /^57p, seed 42, step [\d\u202f]+ \(training\)$/);
  const before = (await readPanel(page, "trajectory")).rows;
  await shows(page, Math.max(1000, Number(before.at(-1)?.[0]) + 1)); // a fast machine is past 1000 already
  const { rows } = await readPanel(page, "trajectory");
  assert.ok(
    rows.length > before.length && Number(rows.at(-1)?.[0]) >= 1000,
    `${before.length} rows, then ${rows.length}`,
  );
  assert.deepEqual(rows.slice(0, before.length), before, "what was there stays");
  assert.ok((await shownStep(page)) > early.step);
  assert.notEqual(await card(page, "token_embeddings").locator(".aside").textContent(), early.arc, "another model");
  assert.match(
    (await where(page).textContent()) ?? "",
    /^Training, step .* of 600.000, [\d\u202f]+ steps\/s, .* left$/,
  );
  assert.match((await page.locator("#train-open").textContent()) ?? "", /^Training, \d+ %$/);

  await press(page, "Stop");
  await where(page)
    .filter({ hasText: /^Stopped at step/ })
    .waitFor();
  await page.locator("#film").waitFor();
  const log = untimed((await downloaded(page, "Log")).bytes);
  assert.deepEqual(
    log.map(({ step }) => String(step)),
    (await readPanel(page, "trajectory")).rows.map(([step]) => step),
  );
  assert.equal((await facts(page)).step?.replace(/\D/g, ""), String(log.at(-1)?.step));
  const best = await downloaded(page, "Best model");
  assert.equal(best.name, "57p-seed-42-best.safetensors");
  await load(page, best);
  assert.equal((await facts(page)).parameters, "57");
  assert.deepEqual(problems, []);
});

for (const [build, arch] of [
  ["simd", "57p"],
  ["plain", "57p"],
  ["simd", "62p"],
  ["simd", "74p"],
]) {
  test(`${arch}, ${build} build: the same run as on the command line, to the last bit`, async () => {
    const settings = { arch: arch ?? "", ...short };
    const wanted = await native(folder, settings);
    const { page, problems } = await browser.open({}, "", async (fresh) => {
      if (build === "plain") await fresh.addInitScript(() => Object.assign(WebAssembly, { validate: () => false }));
    });
    await train(page, settings);
    await finished(page);
    for (const [label = "", file = ""] of [
      ["Best model", "best.safetensors"],
      ["Last model", "last.safetensors"],
    ]) {
      const { name, bytes } = await downloaded(page, label);
      assert.equal(name, `${arch}-seed-7-${file}`);
      assert.ok(bytes.equals(await wanted(file)), file);
    }
    const { bytes: log } = await downloaded(page, "Log");
    assert.deepEqual(untimed(log), untimed(await wanted("log.jsonl")));
    const seconds = log
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).wall_time);
    assert.ok(
      seconds.every((time, at) => time >= (seconds[at - 1] ?? 0)),
      `${seconds} seconds`,
    );
    assert.deepEqual(problems, []);
  });
}

for (const [width, height, model] of /** @type {const} */ ([
  [375, 812, ""],
  [1280, 800, ""],
  [375, 812, "none"],
])) {
  test(`at ${width} px, model "${model}", a run that starts is seen in the panels`, async () => {
    const { page } = await browser.open({ viewport: { width, height } }, `#model=${model}`);
    if (model !== "none") await verified(page, "57p.history.safetensors");
    await train(page, long);
    await panelInSight(page, "#train");
    await press(page, "Stop");
  });
}

test("settings that do not serve are named at their fields, and nothing starts", async () => {
  const { page } = await browser.open();
  await train(page, { lr: "-1", batch: "many", seed: "1.5" });
  const fault = (/** @type {string} */ name) => page.locator(`#train-${name}-fault`).textContent();
  assert.equal(await fault("lr"), "lr: -1 should be a number from 0 to 10");
  assert.equal(await fault("batch"), "batch: “many” should be a whole number from 1 to 65536");
  assert.match((await fault("seed")) ?? "", /^seed: 1\.5 should be a whole number from 0 to /);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "train-seed", "the first of them has the focus");
  assert.equal(await page.locator("#train-run").isVisible(), false);
  await fill(page, { lr: "0.02", batch: "8", fade_from: "50000" });
  await page.getByRole("button", { name: "Random seed" }).click();
  assert.equal(await fault("seed"), "");
  await press(page, "Train");
  assert.equal(await fault("fade_to"), "fade_to: 45000 should be at least fade_from = 50000");
  await page.getByRole("radio", { name: "Seed lottery" }).check();
  await fill(page, { fade_from: "10" });
  for (const [first = "", last = "", words = ""] of [
    ["5", "4", "the last seed, 4, is before the first, 5"],
    ["0", "32", "33 seeds are more than 32 at a time"],
    ["0", "x", "seeds are whole numbers from 0, like 0 to 7"],
  ]) {
    await fill(page, { first, last });
    await press(page, "Train them all");
    assert.equal(await fault("seeds"), words);
  }
});

test("a run that diverges says at which step, and keeps its last good snapshot", async () => {
  const settings = {
    ...short,
    arch: "62p",
    lr: "10",
    clip: "0",
    warmup: "0",
    epsilon: "1e-30",
    weight_decay: "10",
    eval_every: "16",
    steps: "500",
  };
  const { page } = await browser.open();
  await train(page, settings);
  await where(page)
    .filter({ hasText: /^Diverged/ })
    .waitFor();
  const words = (await page.locator("#train-run-fault").textContent()) ?? "";
  const [, step, kept] = /^training diverged at step (\d+): .* The model of step (\d+) is kept/.exec(words) ?? [];
  assert.ok(Number(step) > Number(kept), words);
  await shows(page, Number(kept));
  const log = untimed((await downloaded(page, "Log")).bytes);
  assert.equal(log.at(-1)?.step, Number(kept));
  await load(page, await downloaded(page, "Last model"));
  assert.equal((await facts(page)).step, kept);
});

test("another file or an edit takes the panels, the run goes on, and a button brings it back", async () => {
  const { page, problems } = await browser.open();
  await train(page, { arch: "57p", ...long });
  await shows(page, 200);
  await refused(page, { name: "photo.png", bytes: picture });
  await page.getByRole("button", { name: "Dismiss", exact: true }).click();
  const step = await shownStep(page);
  await shows(page, step + 100); // what could not be opened took nothing's place

  await load(page, modelFile("other.json"));
  await page.locator("#train-shown").filter({ hasText: "The panels show other.json." }).waitFor();
  const told = await where(page).textContent();
  await page.waitForFunction((before) => document.querySelector("#train-where")?.textContent !== before, told);
  assert.equal(await page.locator("#file").textContent(), "other.json", "training goes on behind it");
  await press(page, "Show it in the panels");
  await shows(page, step + 200);

  await openWeights(page);
  assert.equal(await drawer(page).isVisible(), false, "one drawer at a time");
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await page.waitForFunction(() => document.title.includes("(edited)"));
  const edited = await page.locator("#file").textContent();
  await page.locator("#train-open").click();
  await page
    .locator("#train-shown")
    .filter({ hasText: `The panels show ${edited}` })
    .waitFor();
  await press(page, "Show it in the panels");
  await page.waitForFunction((before) => document.querySelector("#file")?.textContent !== before, edited);
  assert.deepEqual(problems, []);
});

test("leaving asks while something would be lost, and only then", async () => {
  const { page } = await browser.open();
  /** As the browser asks, without going. */
  const asks = () => page.evaluate(() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
  const closing = async () => {
    const [dialog] = await Promise.all([page.waitForEvent("dialog"), page.close({ runBeforeUnload: true })]);
    await dialog.dismiss();
    return dialog.type();
  };
  assert.equal(await asks(), false, "nothing was trained");
  await train(page, { arch: "57p", ...short });
  await page.waitForFunction(() =>
    /^(Training|Finished)/.test(document.querySelector("#train-where")?.textContent ?? ""),
  );
  assert.equal(await closing(), "beforeunload", "while it trains");
  await finished(page);
  assert.equal(await closing(), "beforeunload", "not downloaded");
  await press(page, "Train another…");
  await press(page, "Train");
  assert.match((await page.locator("#train-warning").textContent()) ?? "", /would be lost/);
  await downloaded(page, "Saved run");
  await page.waitForFunction(() => window.dispatchEvent(new Event("beforeunload", { cancelable: true })));
});

test("a seed lottery ends as the command line's sweep does, and each seed is a click away", async () => {
  /** @type {Settings} */
  const settings = { ...short, arch: "57p" };
  delete settings["seed"];
  const out = join(folder, "sweep");
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name.replace(/_/g, "-")}`, value]);
  await run("sweep", "--out", out, "--seeds", "3..6", ...options);
  const [header = [], ...table] = (await readFile(join(out, "sweep.csv"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const percent = (/** @type {string} */ share) => `${(Math.floor(Number(share) * 10_000) / 100).toFixed(2)} %`;
  const wanted = table.map(([seed, steps, exact = "", , passed, , right, half]) => [
    `${seed}finished`,
    steps,
    percent(exact),
    passed,
    half || "–",
    right ? `wrong on ${10n ** 20n - BigInt(right)}` : "not decided",
  ]);

  const { page, problems } = await browser.open();
  await fill(page, settings);
  await page.getByRole("radio", { name: "Seed lottery" }).check();
  await fill(page, { first: "3", last: "5" });
  await press(page, "Train them all");
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll("#train-table small")].filter((each) => each.textContent === "finished").length ===
      3,
  );
  const rows = (await rowsOf(page.locator("#train-table table"))).slice(1);
  assert.deepEqual(
    rows.map((row) => row.map((cell) => cell.replace(/\u202f/g, ""))),
    wanted,
  );
  // The same as a file, but for how long it took; and a column's name sorts.
  const told = (await downloaded(page, "Table (CSV)")).bytes.toString().trim().split("\r\n");
  const lasted = header.indexOf("seconds");
  const timeless = (/** @type {string[]} */ row) => row.map((cell, at) => (at === lasted ? "" : cell));
  assert.deepEqual(
    told.map((line) => timeless(line.split(","))),
    [header, ...table].map(timeless),
  );
  await page.locator("#train-table").getByRole("button", { name: "seed" }).first().dblclick();
  const seeds = await page.locator("#train-table tbody th").allTextContents();
  assert.deepEqual(seeds, ["5finished", "4finished", "3finished"]);
  assert.ok(await page.locator("#train-curves canvas").isVisible());
  await page.locator("#train-curves canvas").press("End");
  assert.match((await page.locator("#train-curves .tip").textContent()) ?? "", /^seed 5, step 240/);

  await page.getByRole("button", { name: "Seed 4 in the panels" }).click();
  await verified(page, "57p, seed 4");
  assert.match(
    (await film(page).bar.textContent()) ?? "",
    new RegExp(`AdderBoard ${rows[1]?.[3]} `),
    "its best snapshot, of which the table tells",
  );
  const last = await downloaded(page, "Last model");
  assert.equal(last.name, "57p-seed-4-last.safetensors");
  assert.ok(last.bytes.equals(await readFile(join(out, "seed-4/last.safetensors"))));
  assert.deepEqual(problems, []);
});

test("the keyboard alone is enough, and the focus is never lost", async () => {
  const { page } = await browser.open();
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
  await page.locator("#train-open").focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "train-title");
  await fill(page, { arch: "57p", ...long });
  await page.locator("#train-steps").focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "train-run-title");
  await shows(page, 100);
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "Stop");
  await page.keyboard.press("Enter");
  await where(page)
    .filter({ hasText: /^Stopped/ })
    .waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent === "Train another…");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "train-arch");
  await page.keyboard.press("Escape");
  assert.equal(await drawer(page).isVisible(), false);
  assert.equal(await focused(), "train-open");
});

test("stopping a lottery stops those under way and those to come", async () => {
  const { page } = await browser.open();
  await fill(page, { arch: "57p", ...long });
  await page.getByRole("radio", { name: "Seed lottery" }).check();
  await fill(page, { first: "0", last: "19" });
  await press(page, "Train them all");
  await shows(page, 100);
  await press(page, "Stop all");
  await page.waitForFunction(() =>
    [...document.querySelectorAll("#train-table small")].every((each) => each.textContent === "stopped"),
  );
  assert.equal(await page.locator("#train-open").textContent(), "Training");
  // One holds the model, and one decides all additions.
  const left = page.workers().filter((worker) => !worker.url().includes("exact-worker"));
  assert.equal(left.length, 1, "only the page's own Worker is left");
});

test("before there is a run, the drawer offers to start one and nothing else", async () => {
  const { page } = await browser.open();
  await page.getByRole("button", { name: /^Training/ }).click();
  const drawer = page.locator("#train");
  await drawer.getByRole("button", { name: "Train", exact: true }).waitFor();
  for (const name of ["Pause", "Resume", "Stop", "Train another…"]) {
    assert.equal(await drawer.getByRole("button", { name, exact: true }).count(), 0, name);
  }
});

test("what trains is loaded when the drawer opens, and asked for again where that failed", async () => {
  /** @type {string[]} */
  const asked = [];
  const { page } = await browser.open({}, "", async (fresh) => {
    fresh.on("request", (request) => asked.push(...(request.url().match(/trainer\w*\.(?:js|wasm)/) ?? [])));
    await fresh.route("**/trainer_*.wasm", (route) => route.fulfill({ status: 404 }), { times: 1 });
  });
  assert.deepEqual(asked, []);
  await page.locator("#train-open").click();
  const loading = page.locator("#train-loading");
  await loading
    .filter({ hasText: "trainer_simd.wasm could not be loaded (HTTP 404). Close this and open it again" })
    .waitFor();
  assert.ok(!(await drawer(page).getByRole("button", { name: "Train", exact: true }).isVisible()));
  await press(page, "Close");
  await train(page, short);
  await finished(page);
  assert.ok(!(await loading.isVisible()));
});
