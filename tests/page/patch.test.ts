// What is done to a pass: as it is written, in words, and let go.

import assert from "node:assert/strict";
import { test } from "node:test";
import { doneOf, patchOf, weightOf } from "../../www/patch/words.js";
import { reduce } from "../../www/state/actions.js";
import { INITIAL, letGo, switchedOff } from "../../www/state/state.js";

test("what is done is let go at once; another addition that is at hand stays until the next time", () => {
  const interventions = ["ffn", "place:X3", "patch:Z3/57+69/own/xy"];
  assert.deepEqual(switchedOff({ interventions }), ["ffn", "place:X3"]);
  const left = letGo({ interventions });
  assert.deepEqual(left, ["patch:Z3/57+69"]);
  assert.deepEqual(letGo({ interventions: left }), []);
  assert.deepEqual(letGo({ interventions: ["ffn"] }), []);
});

test("doing something keeps the digit that is looked at", () => {
  const state = { ...INITIAL, digit: null };
  const done = reduce(state, { type: "intervene", interventions: ["ffn"], digit: 4 });
  assert.deepEqual([done.interventions, done.digit], [["ffn"], 4]);
  const none = reduce(done, { type: "intervene", interventions: [] });
  assert.deepEqual([none.interventions, none.digit], [[], 4]);
});

test("it is said in words", () => {
  assert.equal(doneOf({ off: null, taken: null }), "");
  assert.equal(
    doneOf({ off: "Switched off: the FFN, attention to X3", taken: "Z3 has X2 and Y2 of 57 + 69" }),
    "Switched off: the FFN, attention to X3. Z3 has X2 and Y2 of 57 + 69.",
  );
});

test("another second addition keeps the ways that were chosen", () => {
  assert.equal(patchOf(3, { a: 57, b: 69 }, undefined), "patch:Z3/57+69");
  assert.equal(patchOf(3, { a: 1, b: 2 }, "patch:Z3/57+69/own/xy"), "patch:Z3/1+2/own/xy");
});

test("what a column weighs is said of the addition that is there", () => {
  const values = [
    { column: 1, ratio: 8.2 },
    { column: 2, ratio: null },
  ];
  const asked = { a: 9, b: 9, digit: 1, isWrong: true };
  assert.equal(
    weightOf(values, asked),
    "Z1 is wrong here. Its place value is 8.20: X0 + Y0 = 18 count as 2.20 of column 1 in s, where 1.8 is right.",
  );
  const right = weightOf(values, { ...asked, isWrong: false });
  assert.match(right, /^The place value of column 1 is 8\.20: X0/);
  assert.equal(weightOf(values, { ...asked, digit: 2 }), "");
  assert.equal(weightOf([], { ...asked, digit: 0 }), "");
});
