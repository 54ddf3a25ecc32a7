// All additions along a run: what is known of each snapshot, found in the Worker's spare time while someone looks at
// the curve, and kept for as long as the page is there.

import type { Held } from "../channel/protocol.js";
import type { Bounds, Evaluation } from "../library-types.js";
import type { Scope } from "../scope.js";
import type { ExactClient } from "./exact-client.js";
import { sharesOf } from "./words.js";

/** How long, in milliseconds, a snapshot may take: what is not decided by then is drawn as a band. */
const WITHIN = 400;
/** Time, in milliseconds, between two drawings of the curve. */
const REST = 250;

/** What panel 12 takes. */
export interface Shares {
  readonly steps: Float64Array;
  readonly atLeast: Float64Array;
  readonly atMost: Float64Array;
}

type Known = Pick<Bounds, "right_at_least" | "right_at_most">;

/** The ends first, then the middles of what is between: the curve has its shape early. */
export function order(count: number): number[] {
  const all: number[] = [];
  let step = 1;
  while (step < count - 1) step *= 2;
  const seen = new Set<number>();
  for (; step >= 1; step /= 2) {
    for (let at = 0; at < count; at += step) {
      const index = Math.min(at, count - 1);
      if (!seen.has(index)) all.push(index);
      seen.add(index);
    }
    const last = count - 1;
    if (last >= 0 && !seen.has(last)) all.push(last);
    seen.add(last);
  }
  return all;
}

export class Course {
  readonly #client;
  readonly #held;
  readonly #draw;
  /** By run, then by snapshot. */
  readonly #runs = new Map<string, Map<number, Known>>();
  #known = new Map<number, Known>();
  #key = "";
  #steps: Evaluation[] = [];
  #isSeen = false;
  /** The search under way. */
  #searching: AbortController | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, client: ExactClient, held: () => Promise<Held>, draw: (shares: Shares) => void) {
    this.#client = client;
    this.#held = held;
    this.#draw = draw;
    const sight = new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)?.isIntersecting ?? false;
      this.#search();
    });
    const curve = scope.root.querySelector("[data-panel=trajectory]");
    if (curve) sight.observe(curve);
    scope.signal.addEventListener("abort", () => {
      sight.disconnect();
      clearTimeout(this.#resting);
      this.#searching?.abort();
    });
  }

  /**
   * Another model is shown, or the same again.
   * @param key of the run
   * @param steps none: it is not of a run
   */
  follow(key: string, steps: Evaluation[]) {
    if (key === this.#key && steps.length === this.#steps.length) {
      this.#search();
      return;
    }
    this.#searching?.abort();
    this.#searching = null;
    this.#key = key;
    this.#steps = steps;
    this.#known = this.#runs.get(key) ?? new Map<number, Known>();
    if (steps.length > 0) this.#runs.set(key, this.#known);
    clearTimeout(this.#resting);
    this.#resting = undefined;
    if (this.#known.size > 0) this.#show();
    this.#search();
  }

  /** The figure is another one: it is told again what is known. */
  forget() {
    this.follow("", []);
  }

  /** What is known of a snapshot. */
  know(snapshot: number, { right_at_least, right_at_most }: Known) {
    if (this.#steps.length === 0) return;
    this.#known.set(snapshot, { right_at_least, right_at_most });
    this.#resting ??= setTimeout(() => this.#show(), REST);
  }

  #show() {
    clearTimeout(this.#resting);
    this.#resting = undefined;
    const all = [...this.#known].sort(([one], [other]) => one - other);
    const shares = all.map(([at, known]) => ({ step: this.#steps[at]?.step ?? 0, ...sharesOf(known) }));
    this.#draw({
      steps: Float64Array.from(shares, ({ step }) => step),
      atLeast: Float64Array.from(shares, ({ atLeast }) => atLeast),
      atMost: Float64Array.from(shares, ({ atMost }) => atMost),
    });
  }

  #search() {
    if (!this.#isSeen) {
      this.#searching?.abort();
      this.#searching = null;
    } else if (!this.#searching && this.#steps.length > 0) {
      void this.#find();
    }
  }

  /** One snapshot after the other, for as long as the curve is looked at. */
  async #find() {
    const mine = new AbortController();
    this.#searching = mine;
    try {
      const held = await this.#held();
      for (const snapshot of order(this.#steps.length)) {
        if (mine.signal.aborted) return;
        if (this.#known.has(snapshot)) continue;
        const model = { ...held, snapshot, edits: [] };
        const asked = { model, within: WITHIN, isPassedBy: true, wanted: "bounds" as const };
        const decided = await this.#client.decide(asked, { priority: "background", signal: mine.signal });
        if (!decided || mine.signal.aborted) return;
        this.know(snapshot, decided.bounds);
      }
    } catch {
      // What the verdict of the shown model fails with is told there; the curve stays as it is.
    } finally {
      if (this.#searching === mine && this.#steps.length > this.#known.size) this.#searching = null;
    }
  }
}
