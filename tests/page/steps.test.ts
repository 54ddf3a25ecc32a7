// One digit's steps in words and numbers: every arithmetic gives the number that it is of.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { StepSource, Steps } from "../../www/library-types.js";
import {
  combined,
  exactText,
  largest,
  numberText,
  partsOf,
  probabilityOf,
  productOf,
  shareText,
  totalOf,
  valueOf,
} from "../../www/steps/words.js";

const factor = (label: string, value: number) => ({ item: null, label, value });

const source = (name: string, weight: number, value: number): StepSource => ({
  head: 0,
  place: `place:${name}`,
  name,
  token: 1,
  weight: factor(`attention:Z1/${name}`, weight),
  value,
  terms: [
    { item: null, label: "a", value: value / 4, factors: [factor("a", value / 4)] },
    { item: null, label: "b", value: (3 * value) / 4, factors: [factor("b", (3 * value) / 4)] },
  ],
  product: weight * value,
});

const SOURCES = [source("X0", 0.25, 8), source("X1", 0.5, -3), source("Y1", 0.25, 0.1)];
const LOGITS = [1, 3, 2];
const SHARES = LOGITS.map((logit) => Math.exp(logit) / LOGITS.reduce((sum, each) => sum + Math.exp(each), 0));

const STEPS = {
  along: "number",
  total: SOURCES.reduce((sum, { product }) => sum + product, 0),
  sources: SOURCES,
  tokens: LOGITS.map((value, token) => ({
    token,
    logit: factor(`logits:Z1/${token}`, value),
    probability: SHARES[token],
  })),
  parts: [
    { stage: "embed", logits: [0.5, 1, 1] },
    { stage: "attention", logits: [0.25, 1.5, 0.5] },
    { stage: "ffn", logits: [0.25, 0.5, 0.5] },
  ],
} as unknown as Steps;

test("numbers have as many decimals as they need", () => {
  assert.deepEqual([0, 123.456, -18.834, 0.0987, 0.00456, -4.3e-6].map(numberText), [
    "0",
    "123.5",
    "−18.83",
    "0.099",
    "0.0046",
    "−4.3e−6",
  ]);
  assert.deepEqual([1234567, -0.5, 1 / 3, 1e-9].map(exactText), ["1234570", "−0.5", "0.333333", "1e−9"]);
  assert.deepEqual([0, 1, 0.99999, 0.00001, 0.4376].map(shareText), ["0 %", "100 %", "> 99.9 %", "< 0.1 %", "43.8 %"]);
});

test("each arithmetic comes to its number", () => {
  const [first] = SOURCES;
  assert.ok(first);
  const all = [productOf(first), valueOf(first), totalOf(STEPS), probabilityOf(STEPS, 1), partsOf(STEPS, 1)];
  for (const each of all) assert.ok(Math.abs(combined(each) - each.value) < 1e-12, each.title);
});

test("the largest sources have rows of their own, in the order of their places; the others are added up", () => {
  const { shown, rest } = largest(SOURCES, 2);
  assert.deepEqual(
    shown.map(({ name }) => name),
    ["X0", "X1"],
  );
  assert.equal(rest, 0.025);
});
