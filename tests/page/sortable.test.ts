// What the columns of a table are sorted by.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compared, keyOf } from "../../www/sortable.js";

const sorted = (cells: string[], way = 1) =>
  cells
    .map(keyOf)
    .sort((a, b) => compared(a, b, way))
    .map(({ text }) => text);

test("numbers in words are sorted as numbers, whatever stands between their digits", () => {
  const wrong = [
    "wrong on 10\u202f000",
    "all",
    "wrong on 9\u202f000\u202f000",
    "–",
    "wrong on 9\u202f000",
    "not decided",
  ];
  const up = ["all", "not decided", wrong[4], wrong[0], wrong[2], "–"];
  assert.deepEqual(sorted(wrong), up);
  assert.deepEqual(sorted(wrong, -1), [...up.slice(0, -1).reverse(), "–"], "what is empty stays last");
});

test("whole numbers beyond those of JavaScript, percentages and numbers below zero are sorted by their size", () => {
  const large = ["10000000000000000001", "9", "10000000000000000000"];
  assert.deepEqual(sorted(large), ["9", "10000000000000000000", "10000000000000000001"]);
  assert.deepEqual(sorted(["10.5 %", "−3 %", "9 %"]), ["−3 %", "9 %", "10.5 %"]);
});
