// Numbers as people read them: the cases of the library's words, and the page's own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as format from "../../www/format.js";

const spaced = (text: string) => text.replaceAll("\u202f", " ");

test("whole numbers and decimals read as the library writes them", () => {
  const cases = JSON.parse(readFileSync(new URL("../words.json", import.meta.url), "utf8")) as {
    grouped: [string, string][];
    fixed: [number, number, string][];
  };
  assert.ok(cases.grouped.length > 4 && cases.fixed.length > 4);
  for (const [number, text] of cases.grouped) assert.equal(format.grouped(number), text);
  for (const [value, decimals, text] of cases.fixed) assert.equal(format.fixed(value, decimals), text, `${value}`);
});

test("a share is rounded down: never more than it is, and all only where it is all", () => {
  for (const [share, text] of [
    [1, "100.00 %"],
    [0.99999, "99.99 %"],
    [0.98997, "98.99 %"],
    [0.5, "50.00 %"],
    [0.00004, "0.00 %"],
    [0, "0.00 %"],
  ] as const) {
    assert.equal(format.percentOf(share), text);
  }
  assert.equal(format.wholePercentOf(0.999), "99 %");
  assert.equal(format.wholePercentOf(1), "100 %");
});

test("a share that someone set has the digits that it has", () => {
  for (const [share, text] of [
    [0.99, "99 %"],
    [0.995, "99.5 %"],
    [0.07, "7 %"],
    [0.29, "29 %"],
    [1, "100 %"],
  ] as const) {
    assert.equal(format.percentSet(share), text);
  }
});

test("durations", () => {
  assert.equal(format.duration(0.04), "0.0 ms");
  assert.equal(format.duration(9.94), "9.9 ms");
  assert.equal(format.duration(10.4), "10 ms");
  assert.equal(spaced(format.duration(12_345.6)), "12 346 ms");
  for (const [seconds, text] of [
    [0, "0 s left"],
    [0.2, "1 s left"],
    [59.2, "60 s left"],
    [60, "1 min 0 s left"],
    [3599, "59 min 59 s left"],
    [3600, "1 h 0 min left"],
    [7384, "2 h 3 min left"],
    [360_000, "100 h 0 min left"],
  ] as const) {
    assert.equal(format.remaining(seconds), text);
  }
});

test("counts and capitals", () => {
  assert.equal(format.counted(0, "edited number"), "0 edited numbers");
  assert.equal(format.counted(1, "edited number"), "1 edited number");
  assert.equal(spaced(format.counted(1200, "seed")), "1 200 seeds");
  assert.equal(format.capitalised("paused"), "Paused");
  assert.equal(format.capitalised(""), "");
});

test("which cells of a table stand at the right", () => {
  for (const text of ["", "7", "-3", "−0.50", "10\u202f010", "1.2e-7", "43.6 %", "36°", "–"]) {
    assert.ok(format.readsAsNumber(text), text);
  }
  for (const text of ["Z1", "3 of 4", "< 0.1 %", "7 %%"]) assert.ok(!format.readsAsNumber(text), text);
});

test("where there is little room numbers have three digits, and what is no number stays", () => {
  const cases: [string, string][] = [
    ["5.1543e-10", "≈ 0"],
    ["0.43821", "0.438"],
    ["-12.3456", "−12.3"],
    ["0.25", "0.25"],
    ["244000", "244000"],
    ["Z10 after 9", "Z10 after 9"],
    ["fc1.weight", "fc1.weight"],
    ["", ""],
  ];
  for (const [text, short] of cases) assert.equal(format.shortened(text), short);
});
