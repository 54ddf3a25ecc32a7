// What the tests themselves do with files that a browser saves.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { arrives, onlyFile } from "./playwright.ts";

test("a file that loses its first name as it is looked at is taken under its last", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "adderscope-saved-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "hEkhS75q.svg"), "<svg/>");
  const looks: (string | undefined)[] = [];
  const file = await arrives(folder, async (folder) => {
    const seen = await onlyFile(folder);
    looks.push(seen?.name);
    if (looks.length === 1) renameSync(join(folder, "hEkhS75q.svg"), join(folder, "figure.svg"));
    return seen;
  });
  assert.deepEqual(looks, ["hEkhS75q.svg", "figure.svg", "figure.svg"]);
  assert.deepEqual([file.name, file.bytes.toString()], ["figure.svg", "<svg/>"]);
  assert.deepEqual(readdirSync(folder), [], "and nothing of it stays");
});

test("a file is not taken while it is empty, unfinished or has another beside it", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "adderscope-saved-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const seen = async (...names: [string, string][]) => {
    for (const each of readdirSync(folder)) rmSync(join(folder, each));
    for (const [name, text] of names) writeFileSync(join(folder, name), text);
    return (await onlyFile(folder))?.name;
  };
  assert.equal(await seen(), undefined);
  assert.equal(await seen(["figure.svg", ""]), undefined);
  assert.equal(await seen(["figure.svg.part", "<svg"]), undefined);
  assert.equal(await seen(["figure.svg", ""], ["hEkhS75q.svg", "<svg"]), undefined);
  assert.equal(await seen(["figure.svg", "<svg/>"]), "figure.svg");
});
