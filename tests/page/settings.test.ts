// What is checked of a training form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_SEEDS, seedsOf, shortSeed } from "../../www/settings-checks.js";

const isSeed = (text: string) => /^\d+$/.test(text);

test("the seeds of a lottery are all from the first to the last", () => {
  assert.deepEqual(seedsOf("3", "6", isSeed), [3, 4, 5, 6]);
  assert.deepEqual(seedsOf(" 7 ", "7", isSeed), [7]);
  assert.equal(seedsOf("0", String(MOST_SEEDS - 1), isSeed).length, MOST_SEEDS);
});

test("what is wrong with them is said", () => {
  for (const [first, last, words] of [
    ["", "7", "seeds are whole numbers from 0, like 0 to 7"],
    ["0", "x", "seeds are whole numbers from 0, like 0 to 7"],
    ["8", "7", "the last seed, 7, is before the first, 8"],
    ["0", "32", "33 seeds are more than 32 at a time"],
  ] as const) {
    assert.equal(seedsOf(first, last, isSeed), words);
  }
});

test("a fresh seed is short, and of any 64 bits", () => {
  assert.equal(shortSeed("18446744073709551615"), "51615");
  assert.equal(shortSeed("42"), "42");
});
