// Dragging a weight: analyses, score and panels are there in the next frame, and no task is long.

import assert from "node:assert/strict";
import { test } from "node:test";
import { good } from "./fixtures.js";
import { launched } from "./harness.js";
import { decided, load, median, verified } from "./person.js";
import { Trace } from "./trace.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/** How many times a slider moves. */
const MOVES = 40;

/**
 * Empty frames that an edit may take. On a machine of its own it takes less than one, of 16.7 ms; a drawing that waited
 * for the next frame to begin would take at least one and its own time, here about 1.4.
 */
const MOST = 1.35;

/**
 * The same of all threads' time together. Beside the Worker that scores, another decides all additions after every move,
 * which nothing waits for.
 */
const MOST_WORK = 2.5;

/**
 * Empty frames until the ruler is drawn of the edited model, and of all threads' time until then: the answer to the sum comes
 * with the edit, the ruler is asked for once that is there.
 */
const MOST_RULER = { work: 3, wall: 3 };

/** Marks when the drawing of each move begins: with the first canvas that is cleared or drawn on. @param {Page} page */
const markDrawing = (page) =>
  page.evaluate(() => {
    let isDue = false;
    addEventListener("input", () => (isDue = true), { capture: true });
    const canvas = /** @type {any} */ (CanvasRenderingContext2D.prototype);
    for (const name of ["clearRect", "fillRect", "beginPath", "fillText", "stroke"]) {
      const draw = canvas[name];
      canvas[name] = function (/** @type {any[]} */ ...how) {
        if (isDue) performance.mark("drawing");
        isDue = false;
        return draw.apply(this, how);
      };
    }
  });

/**
 * Moves a slider, each time when everything that the last move changed is drawn.
 * @param {import("playwright-core").Locator} slider
 */
const drag = (slider) =>
  slider.evaluate(async (slider, moves) => {
    if (!(slider instanceof HTMLInputElement)) throw new Error("no slider");
    const drawn = () => performance.getEntriesByName("drawn").length;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let move = 1; move <= moves; move++) {
      await frame();
      const before = drawn();
      slider.valueAsNumber = move; // never where it is: what changes nothing draws nothing
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      while (drawn() === before) await frame();
    }
  }, MOVES);

/**
 * The same, each time when a canvas that is in sight is drawn anew: the ruler's comes a call after all else.
 * @param {import("playwright-core").Locator} slider
 */
const dragSeen = (slider) =>
  slider.evaluate(async (slider, moves) => {
    if (!(slider instanceof HTMLInputElement)) throw new Error("no slider");
    const drawings = () => performance.getEntriesByName("drawing").length;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let move = 1; move <= moves; move++) {
      await frame();
      const before = drawings();
      slider.valueAsNumber = move;
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      while (drawings() === before) await frame();
    }
  }, MOVES);

/** The usual time between two frames in which nothing happens, in milliseconds. @param {Page} page */
const emptyFrame = (page) =>
  page.evaluate(async () => {
    /** @type {number[]} */
    const times = [];
    for (let i = 0; i < 40; i++) times.push(await new Promise((resolve) => requestAnimationFrame(resolve)));
    return times.slice(1).map((time, i) => time - (times[i] ?? 0));
  });

test("a weight that is dragged is drawn with its score before the next frame, and no task is long", async (t) => {
  const { page, problems } = await browser.open({ viewport: { width: 1280, height: 800 } });
  await load(page, good);
  await page.getByRole("button", { name: "Weights", exact: true }).click();
  const slider = page.locator("[data-tensor] input[type=range]").first();
  await markDrawing(page);
  await drag(slider); // the first calls compile
  const frame = median(await emptyFrame(page));
  // Another program can take the processor at any moment. Then time goes by, and what is drawn in more than a moment goes
  // on in the next frame; but no drawing begins there, no work is added, and some move or other is let through.
  const best = { work: Infinity, wall: Infinity };
  for (let round = 0; round < 12 && (best.work >= MOST_WORK || best.wall >= MOST); round++) {
    const trace = await Trace.of(page, () => drag(slider));
    const moves = trace.spans("edit", "drawn");
    assert.equal(moves.length, MOVES);
    const [main, worker] = [median(moves.map((move) => move.main)), median(moves.map((move) => move.worker))];
    const least = Math.min(...moves.map((move) => move.own));
    t.diagnostic(
      `an edit: ${main.toFixed(1)} ms on the page, ${worker.toFixed(1)} ms in the Worker, drawn after ${median(moves.map((move) => move.wall)).toFixed(1)} ms, ` +
        `at best ${least.toFixed(1)} without other programs; an empty frame: ${frame.toFixed(1)} ms; longest task ${trace.longest.toFixed(1)} ms`,
    );
    assert.ok(trace.longest < 50, `a task of ${trace.longest} ms`);
    assert.equal(trace.spans("edit", "drawing").length, MOVES);
    assert.equal(trace.inFrames("drawing"), 0, "no drawing waited for a frame");
    best.work = Math.min(best.work, (main + worker) / frame);
    best.wall = Math.min(best.wall, least / frame);
  }
  assert.ok(best.work < MOST_WORK, `an edit takes the time of ${best.work.toFixed(2)} empty frames`);
  assert.ok(best.wall < MOST, `an edit is drawn after ${best.wall.toFixed(2)} empty frames`);
  assert.deepEqual(problems, []);
});

test("with sum, ruler and verdict in sight all of them follow a dragged weight, and no task is long", async (t) => {
  const { page, problems } = await browser.open({ viewport: { width: 1280, height: 800 } }, "#model=57p&view=addition");
  await verified(page, "57p.history.safetensors");
  await decided(page);
  await page.getByRole("button", { name: "Weights", exact: true }).click();
  const slider = page.locator("[data-tensor] input[type=range]").first();
  for (const seen of ["#sum", "[data-panel=ruler] canvas", "#verdict"]) assert.ok(await page.locator(seen).isVisible());
  await markDrawing(page);
  await dragSeen(slider); // the first calls compile
  const frame = median(await emptyFrame(page));
  const best = { work: Infinity, wall: Infinity };
  for (let round = 0; round < 12 && (best.work >= MOST_RULER.work || best.wall >= MOST_RULER.wall); round++) {
    const trace = await Trace.of(page, () => dragSeen(slider));
    const moves = trace.spans("edit", "drawing");
    assert.equal(moves.length, MOVES);
    const work = median(moves.map(({ main, worker }) => main + worker));
    const least = Math.min(...moves.map(({ own }) => own));
    t.diagnostic(
      `an edit: ${work.toFixed(1)} ms of all threads until the ruler is drawn, after ${median(moves.map(({ wall }) => wall)).toFixed(1)} ms, ` +
        `at best ${least.toFixed(1)} without other programs; an empty frame: ${frame.toFixed(1)} ms; longest task ${trace.longest.toFixed(1)} ms`,
    );
    assert.ok(trace.longest < 50, `a task of ${trace.longest} ms`);
    best.work = Math.min(best.work, work / frame);
    best.wall = Math.min(best.wall, least / frame);
  }
  assert.ok(best.work < MOST_RULER.work, `an edit takes the time of ${best.work.toFixed(2)} empty frames`);
  assert.ok(best.wall < MOST_RULER.wall, `the ruler is drawn after ${best.wall.toFixed(2)} empty frames`);
  const words = await decided(page);
  assert.match(words, /of 10²⁰|all 10²⁰/);
  assert.match(await page.locator("#model").innerText(), /1 edited$/);
  assert.deepEqual(problems, []);
});
