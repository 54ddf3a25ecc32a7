// What people type and paste as an addition, and what happens to a number's ten digits as they type.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chosen, erased, erasedBefore, moved, padded, typed, valueOf, type Typing } from "../../www/sum/digits.js";
import type { Answered, Place } from "../../www/library-types.js";
import { read } from "../../www/sum/read.js";
import { leadOf, lookedAt, spokenAnswer, spokenPlace, verdictOf } from "../../www/sum/words.js";

const sum = (a: string, b: string) => ({ kind: "sum", a, b });
const addend = fc.bigInt(0n, 9_999_999_999n).map(String);

test("an addition is read however it is written", () => {
  for (const text of [
    "57 + 68",
    "57+68",
    "57+68=",
    " 57 + 68 = 125",
    "57\n68",
    "57\t68\n",
    "57; 68",
    "57, 68",
    "57 68",
    "57  68",
    "0057 + 068",
  ]) {
    assert.deepEqual(read(text), sum("57", "68"), text);
  }
});

test("what groups digits is taken, a dot only where it can mean nothing else", () => {
  for (const grouped of [
    "1,234,567",
    "1 234 567",
    "1\u202f234\u202f567",
    "1'234'567",
    "1’234’567",
    "1_234_567",
    "1.234.567",
  ]) {
    assert.deepEqual(read(grouped), { kind: "number", value: "1234567" }, grouped);
    assert.deepEqual(read(`${grouped} + 8`), sum("1234567", "8"), grouped);
    assert.deepEqual(read(`8\n${grouped}`), sum("8", "1234567"), grouped);
  }
  assert.deepEqual(read("12_34"), { kind: "number", value: "1234" });
  assert.deepEqual(read("1 234"), { kind: "number", value: "1234" });
});

test("what cannot be added is refused in words", () => {
  for (const [text, words] of [
    ["12345678901", "12345678901 has 11 digits: ten are the most"],
    ["1 + 12,345,678,901", "12345678901 has 11 digits: ten are the most"],
    ["-5 + 3", "“-5 + 3” has a sign: only whole numbers from 0 up are added"],
    ["57 − 68", "“57 − 68” has a sign: only whole numbers from 0 up are added"],
    ["57 + -68", "“-68” has a sign: only whole numbers from 0 up are added"],
    ["+57 + 68", "“+57 + 68” has a sign: only whole numbers from 0 up are added"],
    ["3.14 + 2", "“3.14” reads as a decimal fraction: only whole numbers are added"],
    ["1.234", "“1.234” reads as a decimal fraction: only whole numbers are added"],
    ["3,14", "“3,14” reads as a decimal fraction: only whole numbers are added"],
    ["57 +", "A number is missing: an addition has two, as in 57 + 68"],
    ["1 + 2 + 3", "Two numbers can be added, not more: as in 57 + 68"],
    ["1\n2\n3", "Two numbers can be added, not more: as in 57 + 68"],
    ["57 + 68 = 125 = 5", "More than one “=” is in it: as in 57 + 68 ="],
  ] as const) {
    assert.deepEqual(read(text), { kind: "refused", why: words }, text);
  }
});

test("what is no attempt at an addition is left to others", () => {
  for (const text of ["", "  ", "+", "hello", '{"step": 3, "loss": 1}', "57 plus 68", "1e5 + 3", "7".repeat(300)]) {
    assert.equal(read(text), null, text);
  }
});

test("any two numbers are read back, and any text gives an answer", () => {
  fc.assert(
    fc.property(
      addend,
      addend,
      fc.constantFrom("+", " + ", "\n", "\t", "; "),
      fc.constantFrom("", "=", " ="),
      (a, b, between, end) => {
        assert.deepEqual(read(a + between + b + end), sum(a, b));
      },
    ),
  );
  const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."0123456789 .,'_+-=;\n") }));
  fc.assert(
    fc.property(texts, (text) => {
      const found = read(text);
      if (found?.kind === "sum") for (const each of [found.a, found.b]) assert.match(each, /^(0|[1-9]\d{0,9})$/);
      if (found?.kind === "refused") assert.ok(found.why.length > 0 && found.why.length < 120);
    }),
    { numRuns: 1000 },
  );
});

const START: Typing = { digits: "0000000057", from: 8, to: 9 };

test("a digit takes the place of the chosen one and moves on; behind the last, digits push the others on", () => {
  const write = (text: string, typing: Typing | null) =>
    [...text].reduce<Typing | null>((now, digit) => now && typed(now, digit), typing);
  assert.deepEqual(write("6", START), { digits: "0000000067", from: 9, to: 10 });
  assert.deepEqual(write("68", START), { digits: "0000000068", from: 10, to: 10 });
  assert.deepEqual(write("681", START), { digits: "0000000681", from: 10, to: 10 });
  const whole = { ...START, from: 0, to: 10 };
  assert.deepEqual(write("9", whole), { digits: "0000000009", from: 10, to: 10 });
  assert.deepEqual(write("9876543210", whole)?.digits, "9876543210");
  assert.equal(write("98765432101", whole), null, "an eleventh digit");
});

test("what is erased is zero, and keys lead from digit to digit", () => {
  assert.deepEqual(erasedBefore(START), { digits: "0000000007", from: 7, to: 8 });
  assert.deepEqual(erased(START), { digits: "0000000007", from: 8, to: 9 });
  assert.deepEqual(erasedBefore({ ...START, from: 10, to: 10 }), { digits: "0000000005", from: 10, to: 10 });
  for (const erase of [erased, erasedBefore]) {
    assert.equal(valueOf(erase({ ...START, from: 0, to: 10 }).digits), "0");
  }
  assert.deepEqual(moved(START, "ArrowLeft"), { ...START, from: 7, to: 8 });
  assert.deepEqual(moved(START, "ArrowRight"), { ...START, from: 9, to: 10 });
  assert.deepEqual(moved(moved(START, "End")!, "ArrowRight"), { ...START, from: 10, to: 10 });
  assert.deepEqual(moved(moved(START, "Home")!, "ArrowLeft"), { ...START, from: 0, to: 1 });
  assert.equal(moved(START, "a"), null);
});

test("whatever is typed, there are ten digits, and a choice within them", () => {
  const step = fc.constantFrom<(typing: Typing) => Typing | null>(
    erased,
    erasedBefore,
    ...[..."0123456789"].map((digit) => (typing: Typing) => typed(typing, digit)),
    ...["ArrowLeft", "ArrowRight", "Home", "End"].map((key) => (typing: Typing) => moved(typing, key)),
  );
  fc.assert(
    fc.property(addend, fc.nat(10), fc.array(step), (value, at, steps) => {
      let typing = chosen(padded(value), at);
      for (const each of steps) typing = each(typing) ?? typing;
      assert.match(typing.digits, /^\d{10}$/);
      assert.ok(0 <= typing.from && typing.from <= typing.to && typing.to <= 10);
    }),
  );
});

const place = (digit: number, right: number, said: number | null, lead: number | null): Place => ({
  ...{ digit, right, said, lead, x: 0, y: 0, carry: 0, forced: said, forced_lead: lead ?? 0 },
});
const answer = (answer: number, places: Place[]): Answered => ({
  a: 57,
  b: 68,
  answer,
  correct: answer === 125,
  places,
});
const right = [place(0, 5, 5, 3), place(1, 2, 2, 0.5), place(2, 1, 1, 2)];

test("the digit to look at is the chosen one, the first wrong one, or the one with the least lead", () => {
  assert.equal(lookedAt(answer(125, right), null), 1);
  assert.equal(lookedAt(answer(125, right), 2), 2);
  const wrong = [...right.slice(0, 2), place(2, 1, 7, 4)];
  assert.equal(lookedAt(answer(725, wrong), null), 2);
  assert.equal(lookedAt(answer(725, wrong), 0), 0);
});

const words = (answered: Answered) => Object.values(verdictOf(answered)).join(" ").replaceAll("\u202f", " ");

test("an answer in words", () => {
  assert.equal(words(answer(125, right)), "Right: 125.");
  const wrong = [...right.slice(0, 2), place(2, 1, 7, 4)];
  assert.equal(words(answer(725, wrong)), "Wrong in one digit: Z2 should be 1; 125 is right.");
  assert.equal(spokenAnswer(answer(125, right)), "57 + 68: the model says 125, which is right.");
  const silent = [...right.slice(0, 2), place(2, 1, null, null)];
  assert.equal(words(answer(25, silent)), "Wrong. It ends its answer before Z2; 125 is right.");
  assert.equal(spokenPlace(place(2, 1, 7, 4)), "Z2: 7, wrong, 1 is right, leads by 4.0");
  assert.equal(spokenPlace(place(2, 1, null, null)), "Z2: nothing said, wrong, 1 is right");
  const leads = [12.34, 9.96, 0.02, 0.0001, 0].map((lead) => leadOf(place(0, 0, 0, lead)));
  assert.deepEqual(leads, ["12", "10.0", "0.020", "<0.001", "0.0"]);
});
