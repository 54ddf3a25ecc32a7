// Files come in: each format, by drop, picker and paste, in any order and number; and go out again.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { json, log, pt, safetensors, variant } from "./fixtures.js";
import { launched, temporaryFolder } from "./harness.js";
import { card, download, errorText, facts, load, paste, readPanel, refused, verified, drop } from "./person.js";

const browser = launched();
const folder = temporaryFolder();

const checkpoint = variant("two_heads_tied_values");
const logFile = { name: "run.jsonl", bytes: log };
const trajectory = [
  ["2000", "0", "0.50000"],
  ["4000", "0.25000", "0.62500"],
  ["6000", "0.50000", "0.75000"],
];

test("each format opens by a drop and gives the same model", async () => {
  const { page, problems } = await browser.open();
  /** @type {unknown[]} */
  const seen = [];
  for (const { name, bytes, format } of [
    { name: "a.json", bytes: json(checkpoint), format: "JSON" },
    { name: "b.safetensors", bytes: safetensors(checkpoint), format: "safetensors" },
    { name: "c.pt", bytes: pt(checkpoint), format: "PyTorch" },
    { name: "named-wrongly.png", bytes: pt(checkpoint), format: "PyTorch" },
  ]) {
    await load(page, { name, bytes });
    assert.equal(await page.locator("#error").isVisible(), false);
    const heading = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
    assert.ok(heading.includes(name) && heading.includes(format), heading);
    assert.equal(await page.title(), `${name} · AdderScope`);
    const { adderboard, ...rest } = await facts(page);
    seen.push({ adderboard, ...rest, rows: (await readPanel(page, "token_embeddings")).rows });
  }
  for (const other of seen.slice(1)) assert.deepEqual(other, seen[0]);
  assert.equal(
    await page.getByRole("article").count(),
    12,
    "the twelve panels; the ruler and the map have views of their own",
  );
  assert.deepEqual(problems, []);
});

test("the welcome's button picks files, and the same file again", async () => {
  const path = join(folder, "picked.safetensors");
  await writeFile(path, safetensors(checkpoint));
  const { page } = await browser.open();
  for (const button of ["or drop it anywhere", "Open a checkpoint…"]) {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.locator("button:visible", { hasText: button }).click(),
    ]);
    assert.ok(chooser.isMultiple());
    assert.equal(await page.locator("#picker").getAttribute("accept"), ".pt,.safetensors,.json,.jsonl,.csv");
    await chooser.setFiles(path);
    await verified(page, "picked.safetensors");
  }
});

test("files and text can be pasted", async () => {
  const { page, problems } = await browser.open();
  await paste(page, [{ name: "copied.pt", bytes: pt(checkpoint) }]);
  await verified(page, "copied.pt");
  await paste(page, json(checkpoint));
  await verified(page, "pasted text");
  await paste(page, "a shopping list");
  assert.match(await errorText(page), /^pasted text: this is not a MicroAdder checkpoint; it looks like /);
  const isGone = await page.locator("#board-seed").evaluate((field) => {
    const data = new DataTransfer();
    data.setData("text/plain", "31337");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
    return document.querySelector("#error")?.hasAttribute("hidden");
  });
  assert.equal(isGone, false, "what is pasted into a field is the field's, and no file that answers the message");
  await paste(page, "  ");
  assert.equal(await page.locator("#file").textContent(), "pasted text");
  assert.deepEqual(problems, []);
});

test("a checkpoint and its log find their roles, in both orders, and a log can come later", async () => {
  const { page } = await browser.open();
  const both = [{ name: "first.pt", bytes: pt(checkpoint) }, logFile];
  await load(page, both[0] ?? logFile, logFile);
  assert.deepEqual((await readPanel(page, "trajectory")).rows, trajectory);

  await drop(page, [logFile, { name: "second.pt", bytes: pt(checkpoint) }]);
  await verified(page, "second.pt");
  assert.deepEqual((await readPanel(page, "trajectory")).rows, trajectory);

  await load(page, { name: "third.pt", bytes: pt(checkpoint) });
  assert.match(await card(page, "trajectory").locator(".empty").innerText(), /drop the run's log\.jsonl/);
  await drop(page, [logFile]);
  await card(page, "trajectory").locator("canvas").waitFor();
  assert.deepEqual((await readPanel(page, "trajectory")).rows, trajectory);
  assert.equal(await page.locator("#file").textContent(), "third.pt");
});

test("of two checkpoints one is opened, and the other offered, with what else came", async () => {
  const { page } = await browser.open();
  const brought = [
    { name: "a.pt", bytes: pt(checkpoint) },
    { name: "notes.html", bytes: "<!doctype html>" },
    { name: "b.json", bytes: json(checkpoint) },
    logFile,
  ];
  await load(page, ...brought);
  const aside = page.locator("#notes li", { hasText: "was left aside" });
  assert.equal(await aside.count(), 2);
  const second = aside.filter({ hasText: "b.json was left aside: it is a second checkpoint." });
  await second.getByRole("button", { name: "Open it instead" }).click();
  await verified(page, "b.json");
  assert.deepEqual((await readPanel(page, "trajectory")).rows, trajectory);
  assert.equal(await page.getByRole("button", { name: "Open it instead" }).count(), 0);
});

test("a log without a model, too many files and too large a file say what to do", async () => {
  const { page } = await browser.open();
  assert.equal(await refused(page, logFile), "run.jsonl is a run log: open its checkpoint first, or both together");
  assert.ok(await page.getByRole("heading", { name: "See how sixty numbers add" }).isVisible());
  const many = Array.from({ length: 129 }, (_, at) => ({ name: `${at}.json`, bytes: "{}" }));
  assert.equal(await refused(page, ...many), "129 files at once are more than 128: drop fewer of them");
  await page.evaluate(() => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(2 ** 26 + 1)], "huge.pt"));
    dispatchEvent(new DragEvent("drop", { dataTransfer: files }));
  });
  const huge =
    "huge.pt: too large: 67108865 bytes, and AdderScope reads at most 67108864; check that this is the right file";
  await page.waitForFunction((text) => document.querySelector("#error-text")?.textContent === text, huge);
});

test("a configuration that is not in the file is inferred, and the page says so", async () => {
  const { page } = await browser.open();
  const { model_state_dict } = variant("learned_spiral_74p");
  await load(page, { name: "weights.json", bytes: JSON.stringify({ model_state_dict }) });
  const notes = await page.locator("#notes").innerText();
  assert.match(notes, /configuration/);
  assert.match(notes, /inferred/);
});

for (const format of /** @type {const} */ (["safetensors", "JSON"])) {
  test(`the model goes out as ${format}, and that opens again as the same model`, async () => {
    const { page, problems } = await browser.open();
    await load(page, { name: "my model.pt", bytes: pt(checkpoint) });
    const before = { facts: await facts(page), rows: (await readPanel(page, "positions_01")).rows };
    const file = await download(page, format);
    assert.equal(file.name, `my-model.${format.toLowerCase()}`);
    await load(page, file);
    assert.deepEqual({ facts: await facts(page), rows: (await readPanel(page, "positions_01")).rows }, before);
    assert.deepEqual(problems, []);
  });
}
