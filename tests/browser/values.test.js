// What the tables say is what the command line says of the same file.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cli, json, log, logFile, modelFile, variant, variantNames } from "./fixtures.js";
import { launched, once, temporaryFolder } from "./harness.js";
import { card, facts, grouped, load, panelKeys, readPanel, rowsOf } from "./person.js";
import { published, unpublished } from "./shared.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {string[][]} Rows */

const browser = launched();
const folder = temporaryFolder();

/**
 * Cells show five digits of a number.
 * @param {Rows} rows
 * @param {number[][]} numbers
 * @param {string} what
 */
function sameNumbers(rows, numbers, what) {
  assert.equal(rows.length, numbers.length, what);
  for (const [at, row] of rows.entries()) {
    const wanted = numbers[at] ?? [];
    assert.equal(row.length, wanted.length, what);
    for (const [column, cell] of row.entries()) {
      const value = wanted[column] ?? NaN;
      const off = Math.abs(Number(cell) - value);
      assert.ok(off <= 6e-5 * Math.abs(value), `${what}, row ${at}, column ${column}: ${cell} is not ${value}`);
    }
  }
}

/**
 * Panels 6 to 8 against the report of the alignment that is chosen.
 * @param {Page} page
 * @param {any} errors
 * @param {string[]} labels
 */
async function sameErrors(page, errors, labels) {
  const rate = await readPanel(page, "error_rate");
  assert.deepEqual(
    rate.rows.map((row) => row.slice(0, 3)),
    labels.map((label, k) => [label, String(errors.digit_errors[k]), String(errors.digit_totals[k])]),
  );
  assert.ok(rate.aside.startsWith(`exact ${errors.n_exact} of ${errors.n} (`), rate.aside);
  const carry = await readPanel(page, "error_by_carry");
  const isChain = (/** @type {string[]} */ [name]) => name?.startsWith("chain") ?? false;
  assert.deepEqual(
    carry.rows.filter((row) => !isChain(row)).map((row) => row.slice(0, 4)),
    labels.flatMap((label, k) =>
      [0, 1].map((c) => [label, String(c), String(errors.pos_carry_err[k][c]), String(errors.pos_carry_tot[k][c])]),
    ),
  );
  const direction = await readPanel(page, "error_direction");
  if (labels === scriptLabels) {
    const ways = direction.rows.filter(([way]) => /^\+\d$/.test(way ?? ""));
    assert.deepEqual(
      ways.map((row) => row[1]),
      errors.off_by.map(String),
    );
    return;
  }
  assert.deepEqual(
    carry.rows.filter(isChain).map((row) => row.slice(2, 4)),
    labels.map((_, chain) => [String(errors.chain_err[chain]), String(errors.chain_tot[chain])]),
  );
  assert.deepEqual(direction.rows.map(([way]) => way).slice(0, 9), [
    "−4",
    "−3",
    "−2",
    "−1",
    "+1",
    "+2",
    "+3",
    "+4",
    "±5",
  ]);
  const counts = [6, 7, 8, 9, 1, 2, 3, 4, 5].map((by) => errors.off_by_carry[by].map(String));
  assert.deepEqual(
    direction.rows.slice(0, 9).map((row) => row.slice(3)),
    counts,
  );
}

const answerLabels = Array.from({ length: 11 }, (_, k) => `Z${k}`);
const scriptLabels = Array.from({ length: 11 }, (_, k) => `A${k}`);

const visited = once(() => browser.open());
for (const name of variantNames) {
  test(`${name}: facts and tables are the command line's`, async () => {
    const path = join(folder, `${name}.json`);
    const logPath = join(folder, "log.jsonl");
    const bytes = json(variant(name));
    await Promise.all([writeFile(path, bytes), writeFile(logPath, log)]);
    const [answer, script, verdict] = await Promise.all([
      cli("report", path, "--log", logPath),
      cli("report", path, "--alignment", "script"),
      cli("verify", path),
    ]);

    const { page, problems } = await visited();
    await load(page, { name: `${name}.json`, bytes }, logFile);
    await page.getByRole("radio", { name: "By predicted digit" }).check(); // as it is at first
    const shown = await facts(page);
    assert.equal(shown.parameters, grouped(answer.param_count));
    assert.equal(shown.step, grouped(answer.step));
    assert.equal(shown.adderboard, grouped(verdict.passed));
    assert.equal(shown.qualified, verdict.qualified ? "yes" : "no");
    const breakdown = await page
      .locator("#numbers li")
      .evaluateAll((items) =>
        items.map((item) => [
          item.querySelector(".name")?.textContent,
          Number(item.querySelector(".count")?.textContent),
        ]),
      );
    assert.deepEqual(Object.fromEntries(breakdown), answer.parameter_breakdown);

    const embeddings = await readPanel(page, "token_embeddings");
    sameNumbers(
      embeddings.rows,
      answer.token_embedding.slice(0, 10).map((/** @type {number[]} */ row, /** @type {number} */ d) => [d, ...row]),
      "embeddings",
    );
    await sameErrors(page, answer.errors, answerLabels);
    const trajectory = await readPanel(page, "trajectory");
    sameNumbers(
      trajectory.rows,
      answer.trajectory.map((/** @type {any} */ { step, val_exact, val_tok_acc }) => [step, val_exact, val_tok_acc]),
      "trajectory",
    );

    await page.getByRole("radio", { name: "As MicroAdder's script" }).check();
    await sameErrors(page, script.errors, scriptLabels);
    assert.deepEqual(problems, []);
  });
}

test("what the suite got wrong is listed, as the command line lists it", async () => {
  const path = join(folder, "wrong.json");
  const bytes = json(variant("learned_spiral_74p"));
  await writeFile(path, bytes);
  const verdict = await cli("verify", path);
  const { page } = await browser.open();
  await load(page, { name: "wrong.json", bytes });
  await page.getByRole("button", { name: `${grouped(verdict.total - verdict.passed)} wrong…` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("table").waitFor();
  const count = verdict.failures.length;
  assert.equal(
    await dialog.getByRole("heading").textContent(),
    count > 1000
      ? `The first ${grouped(1000)} of ${grouped(count)} wrong additions`
      : `${grouped(count)} wrong additions`,
  );
  const [head, ...rows] = await rowsOf(dialog.getByRole("table"));
  assert.deepEqual(
    head?.slice(0, 3).map((name) => name.trim()),
    ["a + b", "right", "the model says"],
  );
  assert.deepEqual(
    rows.map((row) => row.slice(0, 3)),
    verdict.failures.slice(0, 1000).map((/** @type {any} */ { a, b, expected, got }) => [
      `${grouped(a)} + ${grouped(b)}`,
      grouped(expected),
      // Every digit that is missing is a wrong one.
      grouped(String(got).padStart(String(expected).length, "0")),
    ]),
  );
  const marked = await dialog
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => row.querySelectorAll("b").length));
  const wrongDigits = rows.map(([, right = "", got = ""]) =>
    [...got].filter((digit, at) => digit !== right[at - got.length + right.length]),
  );
  assert.deepEqual(
    marked,
    wrongDigits.map((digits) => digits.filter((digit) => /\d/.test(digit)).length),
  );
  assert.ok(marked.every((count) => count > 0));
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("two heads are both shown, and what does not apply says why", async () => {
  const { page } = await browser.open();
  await load(page, modelFile("two.json", "no_ln2_two_heads_170p_like"));
  for (const key of ["mean_attention", "top_sources"]) {
    const { columns, rows } = await readPanel(page, key);
    assert.equal(columns[0], "head");
    assert.deepEqual([...new Set(rows.map(([head]) => head))], ["1", "2"]);
  }
  await load(page, modelFile("full.json", "elliptic_arc_full_correction"));
  for (const [key, note] of Object.entries({
    readout: "Does not apply: the output projection is a full matrix.",
    out_proj: "Does not apply: the output projection is a full matrix.",
    trajectory: "No log yet: drop the run's log.jsonl beside the checkpoint.",
  })) {
    const text = await card(page, key).locator(".empty").innerText();
    assert.ok(text.startsWith(note), text);
    assert.equal(await card(page, key).locator("canvas").isVisible(), false);
    assert.equal(await card(page, key).getByRole("button").count(), 0, "nothing to enlarge or to download");
  }
});

test(
  "a published model and its log: all twelve panels, and the numbers that are known",
  { skip: unpublished },
  async () => {
    const [model, run] = [published("62p.pt"), published("62p.log.jsonl")];
    assert.ok(model && run);
    const { page, problems } = await browser.open();
    await load(page, model, run);
    assert.deepEqual(await facts(page), {
      parameters: "62",
      step: grouped(80_000),
      exact_match: "87.5 %",
      token_accuracy: "98.9 %",
      adderboard: grouped(8738),
      qualified: "no",
    });
    assert.equal(await page.locator("[data-panel] canvas:visible").count(), 12);
    const keys = await panelKeys(page);
    for (const key of keys) {
      const { rows, sentence } = await readPanel(page, key);
      assert.ok(rows.length > 0, key);
      assert.match(sentence, /\.$/, key);
    }
    const rate = await readPanel(page, "error_rate");
    assert.equal(rate.aside, "exact 2623 of 3000 (87.4 %)");
    await page.getByRole("radio", { name: "As MicroAdder's script" }).check();
    assert.equal((await readPanel(page, "error_rate")).aside, "exact 2635 of 3000 (87.8 %)");
    assert.deepEqual(problems, []);
  },
);
