// What the page says of scores, runs, wrong answers and lost edits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf } from "../../www/download.js";
import type { Summary, Verdict } from "../../www/library-types.js";
import { lossOf } from "../../www/notice.js";
import { fileOf, NUMBERS, outcomeOf, type RunTold, shareOf as shareOfRuns, whereOf } from "../../www/run-words.js";
import { comparison, shareOf, spokenScore, toneOf } from "../../www/weights-words.js";
import { digitsOf } from "../../www/wrong/digits.js";

const plain = (text: string) => text.replaceAll("\u202f", " ");
const verdict = (passed: number, file_passed: number): Verdict => ({
  file_passed,
  score: { passed, total: 10_010, accuracy: passed / 10_010, qualified: false, milliseconds: 5 },
});

test("a changed score beside the file's", () => {
  for (const [passed, file, words, tone] of [
    [10_010, 10_010, "as the file’s", ""],
    [10_009, 10_010, "1 fewer than the file’s", "bad"],
    [8000, 5, "7 995 more than the file’s", "good"],
  ] as const) {
    assert.equal(plain(comparison(verdict(passed, file))), words);
    assert.equal(toneOf(verdict(passed, file)), tone);
  }
  assert.equal(plain(spokenScore(verdict(9000, 10_010))), "9 000 of 10 010 right, 1 010 fewer than the file’s");
});

test("the bar of a slider goes from the middle to where it was moved", () => {
  assert.deepEqual(shareOf(0, 500), [50, 50]);
  assert.deepEqual(shareOf(500, 500), [50, 100]);
  assert.deepEqual(shareOf(-500, 500), [0, 50]);
  assert.deepEqual(shareOf(-125, 500), [37.5, 50]);
});

test("the wrong digits of an answer are marked, not what groups them", () => {
  const marked = (answer: string, expected: string) =>
    plain(
      digitsOf(answer, expected)
        .map(({ text, isWrong }) => (isWrong ? `[${text}]` : text))
        .join(""),
    );
  const grouped = (text: string) => text.replaceAll(" ", "\u202f");
  assert.equal(marked("1234", grouped("1 234")), "1 234");
  assert.equal(marked(grouped("1 235"), grouped("1 234")), "1 23[5]");
  assert.equal(marked("234", grouped("1 234")), "[0] 234", "a digit that the answer lacks is a 0");
  assert.equal(marked("91234", grouped("1 234")), "[9]1 234", "and one too many is wrong");
  assert.equal(marked("", "70"), "[0]0");
});

const told: RunTold = {
  state: "training",
  about: { title: "62p, seed 7", seed: "7", steps: 30_000 },
  progress: null,
  log: [],
  board: null,
  exact: null,
  rate: 0,
  isOver: false,
};
const outcome = { step: 12_000, best_step: 11_000, val_exact: 0.5, val_tok_acc: 0.9, half_step: null };
const progress = { step: 12_000, steps: 30_000, loss: 0.25, evaluated: [], outcome, finished: false, diverged: null };

const logged = { step: 12_000, val_exact: 1, val_tok_acc: 1, loss: 0, lr: null, wall_time: null };

test("where a run is", () => {
  const where = (run: Partial<RunTold>) => plain(whereOf({ ...told, ...run }));
  assert.equal(where({ state: "waiting" }), "Waits for a free core");
  assert.equal(where({}), "Starting…");
  assert.equal(where({ progress }), "Training, step 12 000 of 30 000");
  assert.equal(where({ progress, rate: 1500.4 }), "Training, step 12 000 of 30 000, 1 500 steps/s, 12 s left");
  assert.equal(where({ progress, state: "paused" }), "Paused at step 12 000 of 30 000");
  const proven = { ...logged, exact: "100000000000000000000" };
  assert.equal(
    where({ progress, state: "finished", log: [proven] }),
    "Finished at step 12 000 of 30 000: right on all 10²⁰, proven in exact arithmetic",
  );
  const known = { ...logged, exact: "99999999999999999999" };
  assert.equal(where({ progress, state: "finished", log: [known] }), "Finished at step 12 000 of 30 000");
  assert.equal(where({ progress, state: "diverged" }), "Diverged, kept at step 12 000 of 30 000");
});

test("a run in numbers, from nothing to its end", () => {
  const numbers = (run: Partial<RunTold>) => NUMBERS.map(([, value]) => plain(value({ ...told, ...run })));
  assert.deepEqual(numbers({}), ["–", "–", "–", "–", "when the run is over", "when the run is over"]);
  const entry = { step: 11_000, val_exact: 0.5, val_tok_acc: 0.91239, loss: 0.5, lr: null, wall_time: null };
  assert.deepEqual(numbers({ log: [entry] }).slice(0, 3), ["0.5000", "50.00 %", "91.23 %"]);
  const exact = { right_at_least: "99999999999999999000", right_at_most: "99999999999999999000", decided: true };
  const over = { progress, log: [entry], board: { passed: 10_009, total: 10_010 }, exact, isOver: true };
  assert.deepEqual(numbers(over), [
    "0.2500",
    "50.00 %",
    "91.23 %",
    "50.00 % at step 11 000",
    "10 009 of 10 010",
    "wrong on 1 000, of 10²⁰, in exact arithmetic",
  ]);
  assert.deepEqual(outcomeOf(told), ["–", "–", "–", "–", "–"]);
  const last = (exact: RunTold["exact"]) => outcomeOf({ ...told, exact }).at(-1);
  assert.equal(last({ ...exact, right_at_most: "99999999999999999001", decided: false }), "not decided");
  const all = "1" + "0".repeat(20);
  assert.equal(last({ right_at_least: all, right_at_most: all, decided: true }), "all");
  assert.deepEqual(
    outcomeOf({ ...over, progress: { ...progress, outcome: { ...outcome, half_step: 800 } } }).map(plain),
    ["12 000", "50.00 %", "10 009", "800", "wrong on 1 000"],
  );
});

test("what the panels call a run", () => {
  assert.equal(fileOf(told), "62p, seed 7, step 0 (training)");
  const log = [{ step: 4000, val_exact: 0, val_tok_acc: 0, loss: 1, lr: null, wall_time: null }];
  assert.equal(plain(fileOf({ ...told, log, state: "paused" })), "62p, seed 7, step 4 000 (paused)");
  assert.equal(fileOf({ ...told, isOver: true }), "62p, seed 7");
});

test("how far several runs are together", () => {
  assert.equal(shareOfRuns([]), 0);
  assert.equal(shareOfRuns([told, { ...told, isOver: true }]), 0.5);
  assert.equal(shareOfRuns([{ ...told, progress }]), 0.4);
  assert.equal(shareOfRuns([{ ...told, about: { ...told.about, steps: 0 } }]), 0, "a saved run before it is read");
});

test("what was lost is named", () => {
  const summary = { edited: 1, file: "a.json", snapshot: null, step: 9000 } as Summary;
  assert.equal(lossOf("Opening b.json", summary), "Opening b.json dropped 1 edited number of a.json.");
  const run = { ...summary, edited: 2, snapshot: 3 };
  assert.equal(
    plain(lossOf("Moving to step 10", run)),
    "Moving to step 10 dropped 2 edited numbers of step 9 000 of a.json.",
  );
});

test("files that go out are named after the one that is open, and what of it they hold", () => {
  assert.equal(nameOf("62p.pt", "attention", "script"), "62p-attention-script");
  assert.equal(nameOf("62p.history.safetensors", "step-20000", "edited", "figure"), "62p-step-20000-edited-figure");
  assert.equal(
    nameOf("62p, seed 7, step 4\u202f000 (paused)", "best.safetensors"),
    "62p-seed-7-step-4-000-paused-best.safetensors",
  );
  assert.equal(nameOf("../a b?.json"), "..-a-b");
});
