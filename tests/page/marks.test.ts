// Which mark of a drawing a pointer or a key means.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mark } from "../../www/library-types.js";
import { isOfDigit } from "../../www/linked.js";
import { distance, lineAt, markAt, moved, outlines } from "../../www/marks.js";

const dot = (x: number, y: number, r = 3, at?: number): Mark => ({
  x,
  y,
  r,
  label: "",
  value: "",
  ...(at !== undefined && { at }),
});
const box = (x: number, y: number, w: number, h: number): Mark => ({ x, y, r: 0, w, h, label: "", value: "" });

test("how far a point is from a mark's edge", () => {
  assert.equal(distance(dot(10, 10, 5), 10, 12), 0);
  assert.equal(distance(dot(10, 10, 5), 10, 25), 10);
  assert.equal(distance(box(10, 10, 8, 4), 14, 12), 0, "a corner is inside");
  assert.equal(distance(box(10, 10, 8, 4), 17, 16), 5);
});

test("a pointer means the nearest mark within reach; of those it is on, the one drawn last", () => {
  const marks = [dot(0, 0), dot(20, 0), box(20, 0, 10, 10)];
  assert.equal(markAt(marks, 4, 0, 14), 0);
  assert.equal(markAt(marks, 20, 0, 14), 2);
  assert.equal(markAt(marks, 100, 100, 14), -1);
  assert.equal(markAt([], 0, 0, 14), -1);
});

test("on a line, the place along it counts alone", () => {
  const marks = [dot(0, 0), dot(10, 500, 3, 100), dot(30, 0, 3, 300)];
  assert.equal(lineAt(marks, 19)?.at, 100);
  assert.equal(lineAt(marks, 21)?.at, 300);
  assert.equal(lineAt([dot(0, 0)], 5), undefined);
});

test("keys go along the marks and round, up and down by place", () => {
  const marks = [dot(0, 0), dot(50, 0), dot(0, 50), dot(50, 50)];
  assert.equal(moved(marks, -1, "ArrowRight"), 0);
  assert.equal(moved(marks, 3, "ArrowRight"), 0);
  assert.equal(moved(marks, 0, "ArrowLeft"), 3);
  assert.equal(moved(marks, -1, "ArrowLeft"), 3);
  assert.equal(moved(marks, 1, "ArrowDown"), 3);
  assert.equal(moved(marks, 3, "ArrowUp"), 1);
  assert.equal(moved(marks, 1, "ArrowUp"), 1, "there is none above");
  assert.equal(moved(marks, -1, "ArrowUp"), 0);
  assert.equal(moved(marks, 2, "Home"), 0);
  assert.equal(moved(marks, 2, "End"), 3);
  assert.equal(moved(marks, 2, "a"), undefined);
});

test("marks that touch are outlined together, however they follow each other", () => {
  const row = [box(10, 10, 10, 10), box(40, 10, 10, 10), box(25, 10, 20, 10)];
  assert.deepEqual(outlines(row), [{ left: 5, top: 5, right: 45, bottom: 15 }]);
  assert.deepEqual(outlines([box(10, 10, 4, 4), dot(40, 10)]).length, 2);
  assert.deepEqual(outlines([]), []);
});

test("an item is of an answer digit by its row, its column's places, or its cases", () => {
  const items = ["row:Z1", "attention:Z1/X1", "hidden:Z1/0", "carry:Z1/1", "case:Z1/0/1/11", "place:X1", "place:Z1"];
  for (const item of items) assert.ok(isOfDigit(item, 1), item);
  for (const item of [
    "row:Z10",
    "case:Z10/0/1",
    "place:X10",
    "place:PLUS",
    "token:1",
    "norm:2/0",
    "attention:Z2/Z1",
    "",
  ]) {
    assert.ok(!isOfDigit(item, 1), item);
  }
});
