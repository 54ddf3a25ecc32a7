// Several models that come together: the first opens, and all of them stand in a table on the page, each a click from its
// panels. A run's own files stay one model.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bundled, snapshot } from "./bundled.js";
import { cli, json, logFile, modelFile, safetensors, variant } from "./fixtures.js";
import { launched } from "./harness.js";
import { drop, load, paste, verified } from "./person.js";
import { published, unpublished } from "./shared.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("./person.js").Sent} Sent */

const browser = launched();

/** The table, once all of it is there. @param {Page} page */
async function tableOf(page) {
  const several = page.getByRole("region", { name: "Models that came together" });
  await several.getByRole("button", { name: "Many models as CSV" }).waitFor();
  return several;
}

/** The rows of a CSV, by their names. @param {string} text */
function rowsOf(text) {
  const [header = [], ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(","));
  const named = (/** @type {string[]} */ row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ""]));
  return new Map(rows.map(named).map((row) => [row.name, row]));
}

/** The table as a file. @param {Page} page @param {import("playwright-core").Locator} several */
async function saved(page, several) {
  const downloading = page.waitForEvent("download");
  await several.getByRole("button", { name: "Many models as CSV" }).click();
  return rowsOf(await readFile(await (await downloading).path(), "utf8"));
}

/** They are what the command line makes of a folder with the same files. @param {Map<any, any>} told @param {Sent[]} files */
async function sameOnDisk(told, files) {
  const folder = await mkdtemp(join(tmpdir(), "adderscope-several-"));
  try {
    for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
    const { rows } = await cli("table", folder);
    assert.deepEqual([...told.keys()].sort(), rows.map((/** @type {any} */ row) => row.name).sort());
    const near = (/** @type {string} */ text, /** @type {number | null} */ wanted, /** @type {string} */ what) =>
      assert.ok(
        wanted === null ? text === "" : Math.abs(Number(text) - wanted) <= 1e-6 * Math.abs(wanted),
        `${what}: ${text}, not ${wanted}`,
      );
    for (const { name, parameters, adderboard_passed, exact, closest, ratios, step } of rows) {
      const row = told.get(name);
      const numbers = [parameters, adderboard_passed, exact ?? "", step ?? ""].map(String);
      assert.deepEqual([row.parameters, row.adderboard_passed, row.exact, row.best_step], numbers, name);
      near(row.closest, closest, `${name}, closest`);
      for (const [at, ratio] of ratios.entries()) near(row[`ratio_${at + 1}`], ratio, `${name}, ratio ${at + 1}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

const three = [
  { name: "one.json", bytes: json(bundled("57p").checkpoint) },
  { name: "two.safetensors", bytes: safetensors(bundled("67p").checkpoint) },
  modelFile("three.json"),
];

test("three models dropped at once stand in a table, each a click from its panels", async () => {
  const { page, problems } = await browser.open({}, "#model=none&view=addition");
  const note = { name: "notes.html", bytes: "<!doctype html>" };
  await drop(page, [...three, note, logFile]);
  await verified(page, "one.json");
  const several = await tableOf(page);
  await several.getByRole("heading", { name: "3 models, opened together" }).waitFor();
  assert.equal(await page.locator("#notes li", { hasText: "notes.html was left aside" }).count(), 1);
  await sameOnDisk(await saved(page, several), three);

  const first = () => several.locator("tbody tr th").first().textContent();
  const parameters = several.getByRole("columnheader", { name: "parameters" });
  await parameters.getByRole("button").click();
  const fewest = await first();
  await page.keyboard.press("Enter");
  assert.notEqual(await first(), fewest);

  const current = () => several.locator("[aria-current]").allTextContents();
  assert.deepEqual(await current(), ["one.json"]);
  await several.getByRole("button", { name: "two.safetensors" }).focus();
  await page.keyboard.press("Enter");
  await verified(page, "two.safetensors");
  await page.locator("[data-panel=readout]").first().waitFor();
  await page.waitForFunction(
    () => document.querySelector(".several [aria-current]")?.textContent === "two.safetensors",
  );
  assert.equal(await several.locator("tbody tr").count(), 3, "the table stays");
  await several.getByRole("button", { name: "one.json" }).click();
  await verified(page, "one.json");
  await page.waitForFunction(() => document.querySelector(".several [aria-current]")?.textContent === "one.json");
  assert.equal(await several.locator("tbody tr").count(), 3);

  await several.getByRole("button", { name: "Add the models of this page" }).click();
  // Two of them are open here already.
  await several.getByRole("heading", { name: "4 models, those of this page among them" }).waitFor();
  await several.getByRole("button", { name: "Close the table" }).click();
  await several.waitFor({ state: "hidden" });
  assert.deepEqual(problems, []);
});

test("a name that is clicked before the table is full loses no row, and neither focus nor order", async () => {
  const { page, problems } = await browser.open({}, "#model=none&view=panels");
  const more = [modelFile("4.json", "elliptic_arc_full_correction")];
  await drop(page, [...three, ...more]);
  const several = page.getByRole("region", { name: "Models that came together" });
  const parameters = several.getByRole("columnheader", { name: "parameters" });
  await parameters.getByRole("button").click();
  await several.getByRole("button", { name: "two.safetensors" }).click();
  await verified(page, "two.safetensors");
  await parameters.getByRole("button").focus();
  await tableOf(page);
  const names = [...three, ...more].map(({ name }) => name);
  const rows = await several.locator("tbody th").allTextContents();
  assert.deepEqual([...rows].sort(), [...names].sort());
  assert.equal(await parameters.getAttribute("aria-sort"), "ascending");
  const at = (await several.locator("thead th").allTextContents()).indexOf("parameters");
  const counts = (await several.locator(`tbody tr > :nth-child(${at + 1})`).allTextContents()).map(Number);
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => a - b),
  );
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  assert.equal(await focused(), "parameters");
  assert.deepEqual(problems, []);
});

test("a model in two formats with its log, and all the files of a run, stay one model", async () => {
  const { page } = await browser.open();
  /** Until all were looked at. @param {RegExp} words */
  const told = (words) => page.locator(".several [role=status]", { hasText: words }).waitFor({ state: "attached" });
  const of = variant("learned_spiral_74p");
  await load(page, { name: "a.json", bytes: json(of) }, { name: "a.safetensors", bytes: safetensors(of) }, logFile);
  await told(/a\.safetensors \(the same model as a\.json\)/);
  assert.ok(await page.locator(".several").isHidden());

  const { history, checkpoint, log } = bundled("62p");
  const run = [
    { name: "history.safetensors", bytes: history },
    { name: "best.json", bytes: json(checkpoint) },
    { name: "early.json", bytes: json(snapshot(history, 3)) },
    { name: "log.jsonl", bytes: log },
  ];
  await load(page, ...run);
  await told(
    /best\.json \(the same model as history\.safetensors\); early\.json \(the same model as history\.safetensors\)/,
  );
  assert.ok(await page.locator(".several").isHidden());
  assert.equal(await page.locator("#notes li", { hasText: "was left aside" }).count(), 2, "named as before");

  await load(page, ...run, modelFile("other.json"));
  const several = await tableOf(page);
  await several.getByRole("heading", { name: "2 models, opened together" }).waitFor();
  assert.deepEqual(await several.locator("tbody th").allTextContents(), ["history.safetensors", "other.json"]);
});

/**
 * Drops a folder with folders in it, which no script can make: what a browser would say of it is put in its place.
 * @param {Page} page
 * @param {string} name
 * @param {Sent[]} files by their paths in it
 */
async function dropFolder(page, name, files) {
  const plain = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }));
  await page.evaluate(([name, files]) => {
    /** @param {string} name @param {readonly {name: string, base64: string}[]} files @returns {any} */
    const folderOf = (name, files) => {
      const inside = (/** @type {string} */ folder) =>
        files
          .filter(({ name }) => name.startsWith(`${folder}/`))
          .map(({ name, base64 }) => ({ name: name.slice(folder.length + 1), base64 }));
      const folders = new Set(
        files.map(({ name }) => name.split("/")).flatMap(([first, ...rest]) => (rest.length ? [first] : [])),
      );
      const entries = files
        .filter(({ name }) => !name.includes("/"))
        .map(({ name, base64 }) => ({
          name,
          isFile: true,
          isDirectory: false,
          file: (/** @type {(file: File) => void} */ resolve) =>
            resolve(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name)),
        }));
      const parts = [[...entries, ...[...folders].map((folder = "") => folderOf(folder, inside(folder)))], []];
      const readEntries = (/** @type {(entries: unknown[]) => void} */ resolve) => resolve(parts.shift() ?? []);
      return { name, isFile: false, isDirectory: true, createReader: () => ({ readEntries }) };
    };
    const transfer = new DataTransfer();
    transfer.items.add(new File([], name));
    DataTransferItem.prototype.webkitGetAsEntry = () => folderOf(name, files);
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, /** @type {const} */ ([name, plain]));
}

test("a folder of a sweep has a row for the best model of each run", async () => {
  const { page, problems } = await browser.open();
  const [one, two] = [bundled("57p"), bundled("67p")].map(({ checkpoint }) => safetensors(checkpoint));
  await dropFolder(page, "runs", [
    { name: "seed-1/best.safetensors", bytes: one ?? "" },
    { name: "seed-1/last.safetensors", bytes: two ?? "" },
    { name: "seed-1/log.jsonl", bytes: logFile.bytes },
    { name: "seed-2/best.safetensors", bytes: two ?? "" },
    { name: ".hidden/best.safetensors", bytes: one ?? "" },
  ]);
  await verified(page, "seed-1/best.safetensors");
  const several = await tableOf(page);
  const names = ["seed-1/best.safetensors", "seed-2/best.safetensors"];
  assert.deepEqual(await several.locator("tbody th").allTextContents(), names);
  await several.getByRole("button", { name: names[1] ?? "" }).click();
  await verified(page, names[1]);
  assert.equal(await page.locator("[data-fact=parameters] dd").first().textContent(), "67");
  assert.deepEqual(problems, []);
});

test("what is pasted as files is no other, and a single model closes the table", async () => {
  const { page } = await browser.open();
  await paste(page, three.slice(0, 2));
  await verified(page, "one.json");
  const several = await tableOf(page);
  await load(page, modelFile("alone.json"));
  await several.waitFor({ state: "hidden" });
});

test("three published checkpoints", { skip: unpublished }, async () => {
  const { page, problems } = await browser.open();
  const files = ["57p.pt", "67p.pt", "62p.pt"].map((name) => published(name)).filter((file) => file !== null);
  assert.equal(files.length, 3);
  await load(page, ...files);
  const several = await tableOf(page);
  await several.getByRole("heading", { name: "3 models, opened together" }).waitFor();
  const told = await saved(page, several);
  await sameOnDisk(told, files);
  assert.equal(told.get("57p.pt")?.exact, `1${"0".repeat(20)}`);
  await several.getByRole("button", { name: "67p.pt" }).click();
  await verified(page, "67p.pt");
  assert.deepEqual(problems, []);
});
