// A film of a run by the clock, and what is said of a snapshot.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FilmClock, WHOLE } from "../../www/film-clock.js";
import { logged, spoken } from "../../www/film-words.js";
import { nearest } from "../../www/steps.js";

/** The snapshots that a film shows, with a frame at each of these times. */
function shown(film: FilmClock, times: number[]) {
  return times.map((time) => {
    film.tick(time);
    return film.index;
  });
}

test("a whole run takes as long however many snapshots and frames there are", () => {
  for (const last of [1, 7, 200, 5000]) {
    for (const frames of [3, 60, 1000]) {
      const film = new FilmClock(last, 0, false, 0);
      const times = Array.from({ length: frames }, (_, at) => ((at + 1) * (WHOLE - 1)) / frames);
      const indices = shown(film, times);
      assert.deepEqual(
        indices,
        indices.toSorted((a, b) => a - b),
        "it goes forward",
      );
      assert.ok(!film.isOver, `${last} snapshots, ${frames} frames: not before its time`);
      film.tick(WHOLE + 1);
      assert.ok(film.isOver && film.index === last);
    }
  }
});

test("it begins where someone took the run, and at the start where no one did or it is at its end", () => {
  assert.equal(new FilmClock(10, 4, true, 0).index, 4);
  assert.equal(new FilmClock(10, 4, false, 0).index, 0);
  assert.equal(new FilmClock(10, 10, true, 0).index, 0);
  const film = new FilmClock(10, 5, true, 1000);
  film.tick(1000 + WHOLE / 2 + 1);
  assert.ok(film.isOver, "the half that is left takes half the time");
});

test("a frame whose time lies before the click does not go back", () => {
  const film = new FilmClock(100, 50, true, 1000);
  assert.deepEqual(shown(film, [990, 1000, 1000 + WHOLE / 100 + 1]), [50, 50, 51]);
});

test("a frame that comes late ends the film, not beyond its last snapshot", () => {
  const film = new FilmClock(3, 0, false, 0);
  film.tick(10 * WHOLE);
  assert.equal(film.index, 3);
  assert.ok(film.isOver);
});

test("a run of one snapshot is over at once", () => {
  assert.ok(new FilmClock(0, 0, false, 0).isOver);
});

test("what was logged, in words: what was not is left out", () => {
  const step = { step: 12_000, val_exact: 0.98997, val_tok_acc: null };
  assert.deepEqual(logged(step), ["exact match 98.99 %"]);
  assert.equal(spoken(step), "step 12\u202f000, exact match 98.99 %");
  assert.equal(spoken({ ...step, val_tok_acc: 1 }), "step 12\u202f000, exact match 98.99 %, tokens 100.00 %");
  assert.equal(spoken({ step: 0, val_exact: null, val_tok_acc: null }), "step 0");
  assert.equal(spoken(undefined), "step 0");
});

test("the snapshot nearest to a step; of two as near, the earlier", () => {
  const steps = [0, 100, 250, 1000].map((step) => ({ step }));
  for (const [step, index] of [
    [0, 0],
    [49, 0],
    [50, 0],
    [51, 1],
    [175, 1],
    [176, 2],
    [1e15, 3],
    [-5, 0],
  ] as const) {
    assert.equal(nearest(steps, step), index, `${step}`);
  }
  assert.equal(nearest([], 7), null);
});
