// Deciding at work, in the Worker: a moment at a time, so that whatever else is asked comes first.

import type { Decided, ToDecide } from "../channel/protocol.js";
import type { Job } from "../channel/server.js";
import type { Deciding } from "../exact.js";
import type { Bounds, Edit } from "../library-types.js";

/** How long, in milliseconds, it computes before it listens: a panel that is asked for meanwhile waits no longer. */
const SLICE = 6;
/** Intervals between two looks at the clock: some tenths of a millisecond. */
const EVALUATIONS = 500;
/** When bounds are told, in milliseconds of computing: soon for the first time, then now and then. */
const [FIRST, AGAIN] = [12, 150];
/** As many digits as a summand has. */
const DIGITS = 10;

/** What is decided. */
interface Model {
  /** What `read_files` wrote. */
  readonly input: Uint8Array;
  readonly snapshot: number | undefined;
  readonly edits: Edit[];
}

/** A verdict in the making. */
interface Verdict {
  readonly model: Model;
  readonly deciding: Deciding;
  milliseconds: number;
  isDone: boolean;
}

type Part = Pick<typeof import("../exact.js"), "Deciding">;

/** Of the model that was open last. */
let kept: Verdict | null = null;

const textOf = ({ snapshot, edits }: Model) => JSON.stringify([snapshot, edits]);
const isSame = (one: Model, other: Model) => one.input === other.input && textOf(one) === textOf(other);

function begun({ Deciding }: Part, model: Model): Verdict {
  const start = performance.now();
  const deciding = new Deciding(model.input, model.snapshot, model.edits);
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

async function run(verdict: Verdict, { within, inFull }: ToDecide, { progress, turn }: Job<Bounds>) {
  const most = within ?? Infinity;
  let told = FIRST - AGAIN;
  while (!verdict.isDone && verdict.milliseconds < most) {
    slice(verdict);
    if (!verdict.isDone && verdict.milliseconds >= told + AGAIN) {
      told = verdict.milliseconds;
      progress(verdict.deciding.bounds());
    }
    if (await turn()) continue;
    if (within !== null) return null; // nobody waits for what is known by now
    break;
  }
  const start = performance.now();
  const bounds = verdict.deciding.bounds();
  const { milliseconds, isDone } = verdict;
  const spent = performance.now() - start;
  const report = inFull ? verdict.deciding.report(DIGITS) : null;
  return { bounds, report, milliseconds: milliseconds + spent, isDone };
}

/** What is known of each case of additions of the model that was decided last; null where that is another one. */
export const mapOf = (model: Model) =>
  kept && isSame(kept.model, model) ? (kept.deciding.map() as Uint8Array<ArrayBuffer>) : null;

/** Decides a model, or goes on where it stopped. */
export async function decide(part: Part, model: Model, asked: ToDecide, job: Job<Bounds>): Promise<Decided | null> {
  if (asked.snapshot !== null) {
    const verdict = begun(part, model);
    try {
      return await run(verdict, asked, job);
    } finally {
      verdict.deciding.free();
    }
  }
  if (!kept || !isSame(kept.model, model)) {
    kept?.deciding.free();
    kept = begun(part, model);
  }
  return run(kept, asked, job);
}
