// Two models side by side, away from the page and from its other Workers: a moment at a time, so that it can be cancelled.

import type { Job } from "./channel/server.js";
import type { Compared, ComparedFor, CompareCalls } from "./channel/protocol.js";
import { serve } from "./channel/server.js";
import init, { Comparing, Many } from "./compare.js";
import { compile } from "./part.js";

/** How long, in milliseconds, it computes before it listens. */
const SLICE = 25;
/** Intervals between two looks at the clock. */
const EVALUATIONS = 2000;

const ready = compile("compare").then((module) => init({ module_or_path: module }));
ready.catch(() => {}); // told by the calls, which wait for it

/** The two that were compared last. */
let comparing: Comparing | null = null;
/** The models that have a row. */
let many: Many | null = null;

function beside(two: Comparing, { addition: { a, b }, digit }: ComparedFor): Compared {
  const looked = digit ?? two.digit(a, b);
  return {
    sides: two.sides(),
    names: [two.name(false), two.name(true)],
    reports: [two.report(false), two.report(true)],
    rulers: [two.ruler(false, a, b, looked), two.ruler(true, a, b, looked)],
    told: null,
    maps: null,
  };
}

/** Tells what is there at once, and then what all additions say. */
async function told(two: Comparing, asked: ComparedFor, { progress, turn }: Job<Compared>): Promise<Compared> {
  const compared = beside(two, asked);
  if (asked.within === 0) return compared;
  progress(compared);
  let [isDone, spent] = [false, 0];
  while (!isDone && spent < asked.within) {
    if (!(await turn())) return compared;
    const start = performance.now();
    while (!isDone && performance.now() - start < SLICE) isDone = two.step(EVALUATIONS);
    spent += performance.now() - start;
  }
  const known = { ...compared, told: two.told() };
  progress(known); // the map of a model that is not decided takes seconds more
  if (!(await turn())) return known;
  return { ...known, maps: [two.map(false), two.map(true)] };
}

serve<CompareCalls>(self, {
  async compare({ a, b, ...asked }, job) {
    await ready;
    comparing?.free();
    comparing = null;
    comparing = new Comparing(a.input, a.snapshot, a.edits, b.input, b.snapshot, b.step ?? undefined);
    return told(comparing, asked, job);
  },
  async row(input) {
    await ready;
    return (many ??= new Many()).row(input);
  },
  goTo({ step, ...asked }, job) {
    if (!comparing?.go_to(step)) throw new Error("A is not of a run: it has no other steps");
    return told(comparing, asked, job);
  },
});
