// What was opened is a place that Back, Forward and a reload lead to, with all that was done there.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { logFile, modelFile, trained } from "./fixtures.js";
import { launched } from "./harness.js";
import { bundle } from "./library.js";
import {
  card,
  choose,
  drop,
  edited,
  errorText,
  facts,
  film,
  load,
  openWeights,
  readPanel,
  verified,
  weight,
} from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const mine = modelFile("mine.json");
/** Short runs in place of the bundled ones. @type {Record<string, Uint8Array>} */
const models = {};
before(async () => {
  for (const name of ["62p", "57p"]) models[name] = await trained(name);
});

/** The page with these runs as bundled models. @param {string} hash */
const start = (hash) =>
  browser.open({}, hash, (page) =>
    page.route("**/models/**", (route) =>
      bundle(route, models[/models\/(\d+p)/.exec(route.request().url())?.[1] ?? ""] ?? ""),
    ),
  );

/** @param {Page} page */
const name = (page) => page.locator("#model").innerText();
/** @param {Page} page @param {string} file */
const shows = (page, file) =>
  page.waitForFunction((wanted) => document.querySelector("#file")?.textContent === wanted, file);
/** @param {Page} page @param {string} hash */
const addressed = (page, hash) => page.waitForFunction((wanted) => location.hash === wanted, hash);

test("a reload brings back a dropped file, its log, its edits, and what was open", async () => {
  const { page, problems } = await browser.open();
  await load(page, mine);
  await drop(page, [logFile]);
  await card(page, "trajectory").locator("canvas").waitFor();
  await openWeights(page);
  const { field, slider } = weight(page, "tok_arc_A");
  await slider.press("PageUp");
  await edited(page);
  await page.locator("#alignment input[value=script]").check();
  const before = { value: await field.inputValue(), facts: await facts(page), name: await name(page) };
  assert.match(before.name, /1 edited$/);

  await page.reload();
  await verified(page, "mine.json");
  assert.deepEqual({ value: await field.inputValue(), facts: await facts(page), name: await name(page) }, before);
  assert.ok(await page.locator("#weights").isVisible(), "its drawer is open");
  assert.ok(await page.locator("#alignment input[value=script]").isChecked());
  assert.equal((await readPanel(page, "trajectory")).rows.length, 3, "with its log");
  await page.locator("#weights-reset").click();
  await edited(page);
  assert.match(await name(page), /parameters$/, "back to the file's numbers");
  await page.reload();
  await verified(page, "mine.json");
  assert.match(await name(page), /parameters$/);
  assert.deepEqual(problems, []);
});

test("a reload at once loses nothing that was done, of a run either", async () => {
  const { page, problems } = await browser.open();
  await load(page, { name: "run.history.safetensors", bytes: models["62p"] ?? "" });
  await film(page).slider.fill("2");
  assert.equal(await film(page).step(), "100");
  await openWeights(page);
  await weight(page, "tok_arc_A").field.fill("9");
  await page.keyboard.press("Enter");
  await page.reload();
  await verified(page, "run.history.safetensors");
  assert.equal(await film(page).step(), "100");
  assert.ok(await film(page).fixed.isChecked());
  assert.equal(await weight(page, "tok_arc_A").field.inputValue(), "9");
  assert.deepEqual(problems, []);
});

test("what is too large to be kept is named after a reload, and the page invites", async () => {
  const { page } = await browser.open();
  const { bytes } = mine;
  await load(page, { name: "large.json", bytes: `${bytes}${" ".repeat(3_000_000)}` });
  await page.reload();
  assert.equal(await errorText(page), "This tab had no room to keep large.json: open again what you need");
  assert.ok(await page.getByRole("heading", { name: "See how sixty numbers add" }).isVisible());
  await load(page, mine);
});

test("Back and Forward go through models, panels and steps, with the edits of each", async () => {
  const { page, problems, url } = await start("#model=");
  await verified(page, "57p.history.safetensors");
  const best = await film(page).step();
  await film(page).slider.fill("2");
  await addressed(page, "#model=57p&step=100&view=panels");
  await openWeights(page);
  await weight(page, "tok_arc_A").field.fill("9");
  await page.keyboard.press("Enter");
  await edited(page);
  await page.locator("#weights-close").click();
  await choose(page, "62p");
  await verified(page, "62p.history.safetensors");
  await card(page, "readout")
    .locator("canvas")
    .click({ position: { x: 3, y: 3 } });
  await load(page, mine);
  assert.equal(page.url(), `${url}#model=none&view=panels&panel=readout`);

  await page.goBack();
  await verified(page, "62p.history.safetensors");
  assert.ok(await page.locator("#large").isVisible(), "with the panel that was open there");
  await page.goBack();
  await page.locator("#large").waitFor({ state: "hidden" });
  assert.equal(page.url(), `${url}#model=62p&view=panels`);
  await page.goBack();
  await verified(page, "57p.history.safetensors");
  assert.equal(await film(page).step(), "100");
  assert.match(await name(page), /1 edited$/);
  assert.equal(page.url(), `${url}#model=57p&step=100&edits=tok_arc_A~0:9&view=panels`);
  await page.goBack();
  await page.waitForFunction((step) => document.querySelector("#film-step")?.textContent === `Step ${step}`, best);
  assert.match(await name(page), /parameters$/);
  const says = (await film(page).slider.getAttribute("aria-valuetext")) ?? "";
  assert.ok(says.startsWith(`step ${best}`), `the slider stands there, too: ${says}`);
  assert.equal(page.url(), `${url}#view=panels`);
  for (let places = 0; places < 4; places += 1) await page.goForward();
  await shows(page, "mine.json");
  await verified(page, "mine.json");
  assert.equal(page.url(), `${url}#model=none&view=panels&panel=readout`);
  assert.deepEqual(problems, []);
});

test("Back from the first file that was opened leads to the invitation", async () => {
  const { page, problems, url } = await browser.open();
  await load(page, mine);
  await page.goBack();
  await page.getByRole("heading", { name: "See how sixty numbers add" }).waitFor();
  assert.equal(await page.locator("#loaded").isVisible(), false);
  assert.equal(await page.locator("#models").isVisible(), false);
  assert.equal(await page.title(), "AdderScope");
  assert.equal(page.url(), `${url}#model=none&view=panels`);
  await page.goForward();
  await page.locator("#loaded").waitFor(); // what it says is still there from before
  await verified(page, "mine.json");
  assert.equal(await page.title(), "mine.json · AdderScope");
  assert.deepEqual(problems, []);
});

test("an address with edits opens with them, and one with rubbish says what it is", async () => {
  const { page, problems, url } = await start("#model=57p&step=100&edits=tok_arc_A~0:9");
  await verified(page, "57p.history.safetensors");
  assert.match(await name(page), /1 edited$/);
  await openWeights(page);
  assert.equal(await weight(page, "tok_arc_A").field.inputValue(), "9");

  for (const [hash, complaint] of [
    [
      "#model=&step=words&theme=pink&colour=red",
      "Nothing is called “colour” in an address; “words” in the address is not a training step",
    ],
    ["#model=none&panel=cellar", "No panel is called “cellar”"],
    ["#model=&edits=head~0:1", ""],
  ]) {
    const { page } = await start(hash ?? "");
    if (!hash?.includes("none")) await verified(page, "62p.history.safetensors");
    const words = await errorText(page);
    assert.ok(hash?.includes("edits") ? words.includes("head") : words === complaint, words);
    if (!hash?.includes("none")) assert.match(await name(page), /parameters$/);
    await page.waitForFunction(() => !/words|pink|colour|cellar|head/.test(location.hash));
  }
  assert.deepEqual(problems, []);
  assert.ok(url);
});
