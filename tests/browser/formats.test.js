// What reads and writes files is a part of its own: who looks at a bundled model does without it.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { modelFile, trained } from "./fixtures.js";
import { launched } from "./harness.js";
import { bundle } from "./library.js";
import {
  download,
  drop,
  edited,
  errorText,
  facts,
  film,
  load,
  openWeights,
  settled,
  verified,
  weight,
} from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

/** In place of the first bundled model. @type {Uint8Array} */
let run;
const file = "57p.history.safetensors";

const browser = launched();
before(async () => {
  run = await trained("62p");
});

/**
 * The page with its first model, and the files of the library that it has asked for since it was opened.
 * @param {(page: Page) => Promise<unknown>} [prepare]
 */
async function start(prepare = async () => {}) {
  /** @type {string[]} */
  const asked = [];
  const opened = await browser.open({}, "#model=", async (page) => {
    page.on("request", (request) =>
      asked.push(...(unhashed(request.url()).match(/[^/]+\.(?:wasm|safetensors|input|opening)$|formats\.js$/) ?? [])),
    );
    await page.route("**/models/**", (route) => bundle(route, run));
    await prepare(page);
  });
  await verified(opened.page, file);
  return { ...opened, asked };
}

test("a bundled model is shown, moved and edited without it; files under the pointer bring it", async () => {
  const { page, problems, asked } = await start();
  await film(page).slider.fill("1");
  await film(page).step();
  await openWeights(page);
  await weight(page, "tok_arc_A").field.fill("3");
  await page.keyboard.press("Enter");
  await edited(page);
  // What decides all additions, and what looks into one, comes once the first model is scored, by then or later.
  const others = asked.filter((name) => !/^(exact|explain)/.test(name));
  assert.deepEqual(others.sort(), ["57p.history.input", "57p.history.opening", "adderscope_simd.wasm"]);

  const fetched = page.waitForResponse("**/formats-*.wasm");
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([""], "a.json"));
    return transfer;
  });
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  await (await fetched).finished();
  await load(page, modelFile("mine.json"));
  assert.equal(asked.filter((name) => name === "formats.wasm").length, 1, "once");
  assert.deepEqual(problems, []);
});

test("a bundled model is saved with its step and its edits", async () => {
  const { page, problems, asked } = await start();
  await film(page).slider.fill("2");
  await film(page).step();
  const step = (await facts(page)).step;
  const plain = await download(page, "safetensors");
  await openWeights(page);
  await weight(page, "tok_arc_A").field.fill("3");
  await page.keyboard.press("Enter");
  await edited(page);
  const board = (await facts(page)).adderboard;
  const changed = await download(page, "JSON");
  assert.equal(asked.filter((name) => name === file).length, 2, "the file itself, to be saved");
  assert.match(plain.name, /^57p-step-\d+\.safetensors$/);
  assert.match(changed.name, /^57p-step-\d+-edited\.json$/);

  await load(page, { name: "plain.safetensors", bytes: plain.bytes });
  assert.equal((await facts(page)).step, step);
  await load(page, { name: "changed.json", bytes: changed.bytes });
  const again = await facts(page);
  assert.deepEqual([again.step, again.adderboard], [step, board]);
  assert.deepEqual(problems, []);
});

test("where it does not come, the page says so, keeps its model, and asks again with the next file", async () => {
  let isThere = false;
  const { page } = await start((fresh) =>
    fresh.route("**/formats-*.wasm", (route) => (isThere ? route.continue() : route.fulfill({ status: 404 }))),
  );
  await drop(page, [modelFile("mine.json")]);
  assert.equal(
    await errorText(page),
    "formats.wasm could not be loaded (HTTP 404). Check the connection and try again",
  );
  assert.equal(await page.locator("#file").textContent(), file);
  isThere = true;
  await load(page, modelFile("mine.json"));
  assert.ok(!(await page.locator("#error").isVisible()));
});

test("of two files that wait for it the later one is shown, and is the one that is saved", async () => {
  let arrive = () => {};
  const held = new Promise((resolve) => (arrive = () => resolve(null)));
  const { page, problems } = await start((fresh) =>
    fresh.route("**/formats-*.wasm", async (route) => {
      await held;
      await route.continue();
    }),
  );
  await drop(page, [modelFile("first.json", "two_heads_tied_values")]);
  await drop(page, [modelFile("second.json")]);
  arrive();
  await verified(page, "second.json");
  await settled(page);
  assert.equal((await facts(page)).parameters, "74");
  const { name, bytes } = await download(page, "JSON");
  assert.equal(name, "second.json");
  const tensors = (/** @type {string} */ text) => Object.keys(JSON.parse(text).model_state_dict).sort();
  assert.deepEqual(tensors(bytes.toString()), tensors(modelFile().bytes));
  assert.deepEqual(problems, []);
});
