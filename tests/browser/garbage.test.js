// What is no checkpoint, or a broken one, gets words to act on; the last good model stays.

import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, dangerous, json, picture, pt, safetensors, variant } from "./fixtures.js";
import { launched } from "./harness.js";
import { card, download, facts, load, readPanel, refused } from "./person.js";

const browser = launched();

const good = variant("learned_spiral_74p");
const opens = "AdderScope opens PyTorch .pt files, NumPy .npz files, and safetensors or JSON exports";
const not = (/** @type {string} */ what) => `this is not a MicroAdder checkpoint; it looks like ${what}. ${opens}`;
const numpy = Buffer.concat([Buffer.from([0x93]), Buffer.from("NUMPY\x01\0v\0{'descr': '<f4'}")]);

/** @type {[name: string, bytes: Uint8Array | string, text: string][]} */
const cases = [
  ["photo.pt", picture, not("a PNG image")],
  [
    "page.json",
    "<!doctype html>\n<title>404</title>",
    not("an HTML page (the link may have led to a page, not to the file)"),
  ],
  ["model.onnx", "\x08\x08\x12\x07pytorch", not("an ONNX model")],
  [
    "weights.npy",
    numpy,
    "the file holds no weights: it should have model_state_dict, or be a dict of tensors by their names; found one " +
      "NumPy array, without a name",
  ],
  ["empty.pt", "", "the file is empty: save or download it again"],
  [
    "half.pt",
    pt(good).subarray(0, 900),
    "the file is cut short: a zip archive, as a .pt file is one, ends with its table of contents, and there is none. Download or copy it again",
  ],
  [
    "diverged.safetensors",
    safetensors(changed(good, "q_proj.weight", (rows) => [[NaN, ...rows[0].slice(1)], ...rows.slice(1)])),
    "the tensor q_proj.weight holds NaN at index 0: training diverged before this checkpoint was saved, so open an earlier one",
  ],
  [
    "without.json",
    json(changed(good, "head_proj.weight", () => undefined)),
    "the tensor head_proj.weight is missing: this architecture has one of shape (2, 5)",
  ],
  [
    "shape.pt",
    pt(changed(good, "z_hi_pos", ([row]) => [row.slice(1)])),
    "the tensor z_hi_pos has shape (1, 2), where this architecture has (1, 3)",
  ],
  [
    "virus.pt",
    dangerous(),
    "the file names os.system, which could run a program where Python loads it; nothing was run here, and it was not " +
      "opened. Weights have no need of that: do not load it, and ask for a .safetensors file",
  ],
];

test("each kind of garbage gets its own words, before a model is there", async () => {
  const { page, problems } = await browser.open();
  for (const [name, bytes, text] of cases) {
    assert.equal(await refused(page, { name, bytes }), `${name}: ${text}`);
    assert.ok(await page.getByRole("heading", { name: "See how sixty numbers add" }).isVisible(), name);
  }
  const log = { name: "run.jsonl", bytes: '{"step": 1, "val_exact": 0}\n{"step": 2, "val_' };
  assert.equal(await refused(page, log), "run.jsonl is a run log: open its checkpoint first, or both together");
  assert.deepEqual(problems, []);
});

test("the last good model stays, whole and usable", async () => {
  const { page, problems } = await browser.open();
  await load(page, { name: "good.json", bytes: json(good) });
  const before = { facts: await facts(page), rows: (await readPanel(page, "error_rate")).rows };
  for (const [name, bytes, text] of cases) {
    assert.equal(await refused(page, { name, bytes }), `${name}: ${text}`);
    assert.equal(await page.locator("#file").textContent(), "good.json");
    assert.deepEqual(await facts(page), before.facts);
  }
  assert.deepEqual((await readPanel(page, "error_rate")).rows, before.rows);
  assert.equal(await card(page, "token_embeddings").locator("canvas").isVisible(), true);
  await load(page, { name: "again.json", bytes: json(good) });
  assert.equal(await page.locator("#error").isVisible(), false, "the complaint goes when something opens");
  assert.deepEqual(problems, []);
});

/** In front of the Worker's script: the answer of what was opened last fails where that is of late.json. */
const LATE = `
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...asked) => {
  const made = await instantiate(...asked);
  const instance = made.instance ?? made;
  if (!instance.exports.session_open) return made;
  let isLate = false;
  const exports = {
    ...instance.exports,
    session_open(session, at, length) {
      isLate = new TextDecoder().decode(new Uint8Array(instance.exports.memory.buffer, at, length)).includes("late.json");
      return instance.exports.session_open(session, at, length);
    },
    session_answer(...asked) {
      if (isLate) throw new Error("Something failed late");
      return instance.exports.session_answer(...asked);
    },
  };
  return { module: asked[0], instance: { exports } };
};
`;

test("a file of which all but the last could be made leaves the model that was open, in the Worker too", async () => {
  const { page, problems } = await browser.open({ own: true }, "", (fresh) =>
    fresh.route(/\/worker-[A-Z2-7]{8}\.js$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: LATE + (await response.text()) });
    }),
  );
  await load(page, { name: "good.json", bytes: json(good) });
  const before = { facts: await facts(page), rows: (await readPanel(page, "error_rate")).rows };
  const saved = (await download(page, "JSON")).bytes;
  const late = { name: "late.json", bytes: json(variant("trainer_defaults_242p")) };
  assert.equal(await refused(page, late), "Something failed late");
  assert.equal(await page.locator("#file").textContent(), "good.json");
  assert.deepEqual(await facts(page), before.facts);
  assert.deepEqual((await readPanel(page, "error_rate")).rows, before.rows);
  assert.deepEqual((await download(page, "JSON")).bytes, saved, "what the Worker has is what the page shows");
  await load(page, { name: "other.json", bytes: json(variant("two_heads_tied_values")) });
  assert.equal(await page.locator("#file").textContent(), "other.json");
  assert.deepEqual(problems, []);
});

test("the words are in sight wherever the page is scrolled to, and go when they are dismissed", async () => {
  const { page } = await browser.open({ viewport: { width: 375, height: 700 } });
  await load(page, { name: "good.json", bytes: json(good) });
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await refused(page, { name: "photo.png", bytes: picture });
  const { top, bottom } = await page.locator("#error").evaluate((error) => error.getBoundingClientRect());
  assert.ok(top >= 0 && bottom <= 700, `from ${top} to ${bottom}`);
  await page.getByRole("button", { name: "Dismiss" }).click();
  assert.equal(await page.locator("#error").isVisible(), false);
});

test("names and texts of a file are text, not markup", async () => {
  const { page, problems } = await browser.open();
  const name = "<img src=x onerror=alert(1)>.pt";
  assert.equal(await refused(page, { name, bytes: picture }), `${name}: ${not("a PNG image")}`);
  await load(page, { name: `${name}.json`, bytes: json(good) });
  assert.equal(await page.locator("#file").textContent(), `${name}.json`);
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(problems, []);
});
