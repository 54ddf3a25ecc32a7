// Deciding at work, in its Worker: a moment at a time, so that it can be cancelled, and what is more urgent comes first.

import type { Decided, Held, ToDecide } from "../channel/protocol.js";
import type { Job } from "../channel/server.js";
import type { Deciding } from "../exact.js";
import type { Bounds } from "../library-types.js";

/** How long, in milliseconds, it computes before it listens: a panel that is asked for meanwhile waits no longer. */
const SLICE = 5;
/** Intervals between two looks at the clock: some tenths of a millisecond. */
const EVALUATIONS = 500;
/** When bounds are told, in milliseconds of computing: soon for the first time, then now and then. */
const [FIRST, AGAIN] = [10, 150];
/** As many digits as a summand has. */
const DIGITS = 10;

/** A verdict in the making. */
interface Verdict {
  readonly model: Held;
  readonly deciding: Deciding;
  milliseconds: number;
  isDone: boolean;
}

type Part = Pick<typeof import("../exact.js"), "Deciding">;

const textOf = ({ id, snapshot, edits, hidden }: Held) => JSON.stringify([id, snapshot, edits, [...hidden]]);

function begun({ Deciding }: Part, model: Held): Verdict {
  const start = performance.now();
  const deciding = new Deciding(model.input, model.snapshot, model.edits, model.hidden);
  return { model, deciding, milliseconds: performance.now() - start, isDone: false };
}

/** Computes for a moment. */
function slice(verdict: Verdict) {
  const start = performance.now();
  let spent = 0;
  while (!verdict.isDone && spent < SLICE) {
    verdict.isDone = verdict.deciding.step(EVALUATIONS);
    spent = performance.now() - start;
  }
  verdict.milliseconds += spent;
}

async function run(verdict: Verdict, { within, wanted }: ToDecide, { progress, turn }: Job<Bounds>) {
  const most = within ?? Infinity;
  let told = FIRST - AGAIN;
  let isFirst = true;
  while (!verdict.isDone && verdict.milliseconds < most) {
    slice(verdict);
    if (!verdict.isDone && verdict.milliseconds >= told + AGAIN) {
      told = verdict.milliseconds;
      progress(isFirst ? verdict.deciding.bounds_soon() : verdict.deciding.bounds());
      isFirst = false;
    }
    if (await turn()) continue;
    if (within !== null) return null; // nobody waits for what is known by now
    break;
  }
  const start = performance.now();
  const bounds = verdict.deciding.bounds();
  const { milliseconds, isDone } = verdict;
  const spent = performance.now() - start;
  const report = wanted === "report" ? verdict.deciding.report(DIGITS) : null;
  const map = wanted === "map" ? verdict.deciding.map() : null;
  return { bounds, report, map, milliseconds: milliseconds + spent, isDone };
}

/** Decides models; the last that was not merely passed by goes on where it stopped. */
export function decider(part: Part) {
  let kept: Verdict | null = null;
  return async (asked: ToDecide, job: Job<Bounds>): Promise<Decided | null> => {
    const { model, isPassedBy } = asked;
    if (isPassedBy) {
      const verdict = begun(part, model);
      try {
        return await run(verdict, asked, job);
      } finally {
        verdict.deciding.free();
      }
    }
    if (!kept || textOf(kept.model) !== textOf(model)) {
      kept?.deciding.free();
      kept = null; // the next one may be none
      kept = begun(part, model);
    }
    return run(kept, asked, job);
  };
}
