// What is said of how firm a number is: bounds are rounded towards it, and what is not proven is not called so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decimalsText, inward, knownOf, lineOf, provenOf, wrongText } from "../../www/firm/words.js";
import type { Kept, NumberRange } from "../../www/library-types.js";

const right: Kept = { what: "right" };
const range: NumberRange = {
  tensor: "fc1.weight",
  index: 0,
  subscript: "[0]",
  place: "",
  value: 1.5,
  read: true,
  below: { proven: 1.23456, kept: 1.23456, lost: 1.125, tried: 0 },
  above: { proven: 1.78999, kept: 2.0625, lost: null, tried: 16 },
};

test("bounds are rounded towards the number", () => {
  assert.equal(inward(1.5, 1.23456), "1.235");
  assert.equal(inward(1.5, 1.78999), "1.789");
  assert.equal(inward(-1.5, -1000.123), "−1000");
  assert.equal(inward(1.5, 1.5), "1.500000");
});

test("a number in a line, in a cell", () => {
  assert.deepEqual(provenOf(range), ["1.235", "1.789"]);
  assert.equal(wrongText(range), "1.125");
  assert.equal(knownOf(range, right), "up to 2.062 no wrong value among 16 tried");
  assert.equal(
    lineOf(range, right),
    "Proven from 1.235 to 1.789; up to 2.062 no wrong value among 16 tried; wrong at 1.125.",
  );
  const all = { ...range, above: { proven: 1.75, kept: 1.75, lost: 1.875, tried: 0 } };
  assert.equal(lineOf(all, right), "Proven from 1.235 to 1.750; wrong at 1.125 and 1.875.");
});

test("what is not right has nothing proven, what is not read has everything", () => {
  const side = { proven: 1.5, kept: 1.75, lost: 2, tried: 4 };
  const lossy = { ...range, below: { ...side, kept: 1.5, lost: null, tried: 0 }, above: side };
  const line = lineOf(lossy, { what: "part", lost: 0.01 });
  assert.equal(line, "Up to 1.750 none that loses more among 4 tried; lost at 2.");
  assert.equal(provenOf(lossy), null);
  assert.match(lineOf({ ...range, read: false }, right), /^Read by no answer digit: .* in exact arithmetic\.$/);
});

test("decimals", () => {
  const none = { kept: right, decimals: null, significant: 3, tried: [] };
  assert.match(
    decimalsText({ ...none, decimals: 2 }),
    /proven in exact arithmetic: 2 decimals, or 3 digits that count\.$/,
  );
  assert.match(decimalsText(none), /no rounding to decimals is short enough, or 3/);
});
