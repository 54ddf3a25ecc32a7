// The verdict over all additions: its words, its shares, the order in which a run is looked through, an answer place by
// place, and how it is decided a moment at a time.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Job } from "../../www/channel/server.js";
import { order } from "../../www/exact/course.js";
import { decider } from "../../www/exact/deciding.js";
import {
  ALL,
  float32Of,
  leadText,
  line,
  said,
  sentence,
  shareOf,
  sharesOf,
  shareText,
  short,
} from "../../www/exact/words.js";
import type { Bounds, ExactReport } from "../../www/library-types.js";

const plain = (text: string) => text.replaceAll("\u202f", " ");
const bounds = (least: bigint, most = least): Bounds => ({
  right_at_least: String(least),
  right_at_most: String(most),
  decided: least === most,
});
const report = (least: bigint, most = least) =>
  ({
    ...bounds(least, most),
    right: least === most ? String(least) : null,
    total: String(ALL),
  }) as ExactReport;
const count = fc.bigInt(0n, ALL);

test("a share below 1 is never written as 100 %, nor one above 0 as 0 %", () => {
  assert.deepEqual(
    [0n, 1n, ALL / 2n, ALL - 1n, ALL].map((number) => shareText(String(number))),
    ["0 %", "less than 0.01 %", "50.00 %", "99.99 %", "100 %"],
  );
  fc.assert(
    fc.property(count, (right) => {
      assert.equal(shareText(String(right)) === "100 %", right === ALL);
      assert.equal(shareOf(String(right)) === 1, right === ALL);
    }),
  );
});

test("bounds that are not the same number are no point in a drawing", () => {
  fc.assert(
    fc.property(count, count, (one, other) => {
      const [least, most] = one < other ? [one, other] : [other, one];
      const { atLeast, atMost } = sharesOf(bounds(least, most));
      assert.equal(atLeast === atMost, least === most);
      assert.ok(atLeast <= atMost);
    }),
  );
});

test("proven is said of exact arithmetic only, and what is not decided is said to be", () => {
  const proven = bounds(ALL);
  assert.deepEqual(said(proven), { value: "right on all", note: "proven in exact arithmetic", tone: "good" });
  const wrong = bounds(ALL - 10_000_010_000_000_000n);
  assert.equal(plain(said(wrong).value), "wrong on 10 000 010 000 000 000");
  assert.equal(plain(line(wrong)), "99.98 % of all 10²⁰ right, wrong on 10 000 010 000 000 000");
  assert.equal(short(wrong), "99.98 % of all 10²⁰");
  const open = bounds(ALL / 4n, ALL);
  assert.deepEqual(said(open), { value: "undecided", note: "25.00 % to 100 % are right", tone: "" });
  assert.equal(said(bounds(0n, ALL - 1n)).tone, "bad", "some are certainly wrong");
  fc.assert(
    fc.property(count, count, (one, other) => {
      const [least, most] = one < other ? [one, other] : [other, one];
      for (const text of [line(bounds(least, most)), short(bounds(least, most)), sentence(bounds(least, most))]) {
        if (/proven|^all 10²⁰ right/.test(text)) assert.match(text, /in exact arithmetic/);
        if (least !== most) assert.match(text, /undecided|Not decided/);
      }
    }),
  );
});

test("a verdict is a sentence with its count", () => {
  assert.equal(
    plain(sentence(bounds(ALL))),
    "Right on 100 000 000 000 000 000 000 of 100 000 000 000 000 000 000 additions: proven, in exact arithmetic.",
  );
  assert.equal(
    plain(sentence(bounds(75_796_234_891_818_082_276n))),
    "Right on 75 796 234 891 818 082 276 of 100 000 000 000 000 000 000 additions, counted in exact arithmetic.",
  );
  const float32 = (least: bigint, most: bigint, float32: "open" | "proven") =>
    float32Of({ ...bounds(least, most), float32, float32_differs: null });
  assert.match(float32(ALL, ALL, "open"), /open/);
  const proven = (least: bigint, most = least) => float32(least, most, "proven");
  assert.match(proven(ALL), /gives the same answers/);
  assert.match(proven(ALL - 1n), /is right on the same additions/);
  assert.match(proven(1n, ALL - 1n), /is right on the same additions/);
  const refuted = { ...bounds(ALL), float32: "refuted", float32_differs: { a: 5, b: 6, digit: 1 } } as const;
  assert.match(float32Of(refuted), /answers otherwise, 5 \+ 6 in Z1\.$/);
  assert.deepEqual([0.01234, -0.1033, 13.078, 1e-5].map(leadText), ["0.0123", "−0.1033", "13.08", "1.0e−5"]);
});

test("a run is looked through from its ends to what is between, each snapshot once", () => {
  assert.deepEqual(order(0), []);
  assert.deepEqual(order(1), [0]);
  assert.deepEqual(order(5), [0, 4, 2, 1, 3]);
  for (const length of [2, 3, 7, 16, 101, 151]) {
    const all = order(length);
    assert.deepEqual(
      [...all].sort((one, other) => one - other),
      [...Array(length).keys()],
      String(length),
    );
    assert.deepEqual(all.slice(0, 2), [0, length - 1]);
  }
});

/** A part that takes so many steps, and tells what became of it. */
function part(steps: number) {
  const told = { made: 0, freed: 0, steps: 0, reports: 0 };
  class Deciding {
    #left = steps;
    constructor() {
      told.made += 1;
    }
    step() {
      told.steps += 1;
      this.#left -= 1;
      return this.#left <= 0;
    }
    bounds = () => bounds(0n, ALL);
    bounds_soon = () => bounds(0n, ALL);
    report() {
      told.reports += 1;
      return report(0n, ALL);
    }
    map = () => new Uint8Array([13]);
    free() {
      told.freed += 1;
    }
  }
  return { told, decide: decider({ Deciding } as unknown as Parameters<typeof decider>[0]) };
}

const job = (turns = Infinity): Job<Bounds> => {
  let left = turns;
  return { progress: () => {}, turn: () => Promise.resolve(--left >= 0) };
};
const model = {
  id: 1,
  input: new Uint8Array([1]),
  snapshot: undefined,
  edits: [],
  hidden: new Uint8Array(),
  off: "",
};
const shown = { model, within: 5000, isPassedBy: false, wanted: "report" as const };

test("a verdict goes on where it stopped, until the model is another one", async () => {
  const { told, decide } = part(100_000_000);
  assert.equal(await decide(shown, job(0)), null, "cancelled");
  assert.equal(told.reports, 0, "nobody waits for what was known");
  const asked = await decide({ ...shown, within: null }, job(0));
  assert.deepEqual([asked?.isDone, told.made, told.reports], [false, 1, 1], "what was asked for tells what it has");
  const edited = { ...model, edits: [{ name: "fc1.weight", index: 0, value: 1 }] };
  await decide({ ...shown, model: edited }, job(0));
  assert.deepEqual([told.made, told.freed], [2, 1]);
  await decide({ ...shown, model: { ...edited, hidden: Uint8Array.of(3) } }, job(0));
  assert.deepEqual([told.made, told.freed], [3, 2], "places that no row looks at make it another one");
});

test("a map is of the verdict that is there, and nothing else is made for it", async () => {
  const { told, decide } = part(3);
  await decide({ ...shown, wanted: "bounds" }, job());
  const mapped = await decide({ ...shown, wanted: "map" }, job());
  assert.deepEqual([mapped?.map, mapped?.report, told.made, told.reports], [new Uint8Array([13]), null, 1, 0]);
});

test("time is up when it is, and a snapshot that is passed by leaves nothing behind", async () => {
  const { told, decide } = part(100_000_000);
  const decided = await decide({ ...shown, within: 20, isPassedBy: true, wanted: "bounds" }, job());
  assert.ok(decided && !decided.isDone && decided.milliseconds >= 20);
  assert.deepEqual([told.made, told.freed, told.reports], [1, 1, 0]);
  const done = await part(3).decide(shown, job());
  assert.deepEqual([done?.isDone, done?.report?.total], [true, String(ALL)]);
});
