// The verdict over all additions, as the page follows it: of the model that is shown, in the Worker's spare time, and of
// the snapshots of its run.

import { Late, type Client } from "../channel/client.js";
import type { Decided, Held, LibraryCalls, ToDecide } from "../channel/protocol.js";
import { wordsOf } from "../errors.js";
import type { Bounds, Evaluation, ExactReport, Summary } from "../library-types.js";
import type { Scope } from "../scope.js";
import { found } from "../state/actions.js";
import { isSame, shownModel, switchedOff } from "../state/state.js";
import type { Store } from "../state/store.js";
import { AllView } from "./all-view.js";
import { Course, type Shares } from "./course.js";
import { ExactClient } from "./exact-client.js";
import { inFloat32 } from "./in-float32.js";
import { MapView } from "./map-view.js";
import { VerdictView, type Shown } from "./verdict-view.js";
import { sentence } from "./words.js";

/** How long, in milliseconds, nothing changes before more than bounds is asked for. */
const REST = 200;
/** Nothing takes longer, in milliseconds, unless someone asks for it; for what another one soon takes the place of. */
const [WITHIN, PASSING] = [5000, 300];

interface On {
  /** Panel 12 shows these from now on. */
  curve: (shares: Shares) => void;
  /** Panel 13 is drawn of this from now on, with this switched off; null: nothing is known yet. */
  map: (map: Uint8Array | null, off: string) => void;
  /** All that is known of the model, in full; null: nothing is, since it is another. */
  known: (report: ExactReport | null) => void;
  failed: (error: unknown) => void;
}

/** Aborted when one of them is. AbortSignal.any does the same, and is younger than much that the page runs on. */
function either(...signals: AbortSignal[]): AbortSignal {
  const all = new AbortController();
  const { signal: until } = all;
  for (const signal of signals) {
    if (signal.aborted) all.abort();
    else signal.addEventListener("abort", () => all.abort(), { once: true, signal: until });
  }
  return until;
}

export class Exactness {
  readonly #scope;
  readonly #client;
  readonly #exact = new ExactClient();
  readonly #store;
  readonly #view;
  readonly #course;
  readonly #map;
  readonly #known;
  readonly #all;
  /** The verdict under way; another one ends it. */
  #running: AbortController | null = null;
  /** Ends what was to go on, with what is known by then. */
  #stopping = new AbortController();
  /** What is switched off in what was decided, or is being. */
  #off: readonly string[] = [];
  #summary: Summary | null = null;
  /** How long the verdict took, in milliseconds. */
  #took = 0;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, { curve, map, known, failed }: On) {
    this.#scope = scope;
    this.#client = client;
    this.#store = store;
    this.#known = known;
    const show = (a: number, b: number) => store.dispatch(found(a, b));
    this.#view = new VerdictView(scope, {
      show,
      more: (report) => this.#all.show(report, (signal) => this.#inFloat32(report, signal)),
      goOn: () => void this.#run(null),
      stop: () => this.#stopping.abort(),
    });
    this.#all = new AllView(scope, show);
    this.#course = new Course(scope, this.#exact, () => client.call("held", null), curve);
    this.#map = new MapView(scope, store, this.#exact, { show: map, failed });
    scope.signal.addEventListener("abort", () => {
      this.#running?.abort();
      this.#exact.close();
    });
  }

  /**
   * A model is there, or another snapshot of the same run, or it was edited: it is scored, and its turn has come.
   * @param isLive whether it is a run's that is trained here, and goes on
   */
  decide(summary: Summary, steps: Evaluation[], isLive: boolean) {
    this.#summary = summary;
    const { models } = this.#store.state;
    this.#map.changed();
    this.#known(null);
    this.#course.follow(JSON.stringify(shownModel({ models })), steps);
    void this.#run(isLive ? PASSING : WITHIN);
  }

  /** Something is done to the pass, or is not any more: another verdict where it is about all additions. */
  intervened() {
    if (!this.#summary || isSame(this.#off, switchedOff(this.#store.state))) return;
    this.#map.changed();
    void this.#run(WITHIN);
  }

  /** What was decided is of a model that is no longer shown. */
  forget() {
    this.#end();
    this.#summary = null;
    this.#course.forget();
    this.#map.forget();
    this.#view.show({ state: "waits" });
  }

  closed() {
    this.forget();
    this.#all.close();
  }

  /** What is told in full is of the model as it is shown, without interventions, which is decided once more for it. */
  async #inFloat32(report: ExactReport, signal: AbortSignal) {
    const within = Math.max(WITHIN, 2 * this.#took);
    return inFloat32(await this.#client.call("held", null), report, within, signal);
  }

  /** @param within how long, in milliseconds; null: to the end */
  async #run(within: number | null) {
    this.#end();
    const mine = new AbortController();
    this.#running = mine;
    const isAsked = within === null;
    const off = switchedOff(this.#store.state);
    this.#off = off;
    const show = (shown: Shown) => {
      if (this.#running === mine) this.#view.show(shown, off.length > 0);
    };
    const decide = (model: Held, within: number | null, wanted: ToDecide["wanted"], signal: AbortSignal) => {
      const progress = (bounds: Bounds) => show({ state: "at work", bounds, isAsked });
      return this.#exact.decide({ model, within, isPassedBy: false, wanted }, { signal, progress });
    };
    this.#stopping = new AbortController();
    show({ state: "at work", bounds: null, isAsked });
    try {
      const held = await this.#client.call("held", { under: off });
      if (mine.signal.aborted) return;
      const decided = await decide(held, within, "bounds", either(mine.signal, this.#stopping.signal));
      if (!decided || mine.signal.aborted) return; // something else was wanted meanwhile
      this.#took = decided.milliseconds;
      show({ state: "told", decided });
      this.#told(decided, isAsked);
      await this.#rested(mine.signal);
      if (off.length > 0) return this.#map.decided(held, WITHIN); // all else that is known in full is of the whole model
      const report = decide(held, 0, "report", mine.signal);
      this.#map.decided(held, WITHIN); // after that, or without it
      const inFull = await report;
      if (!inFull || mine.signal.aborted) return;
      show({ state: "told", decided: { ...inFull, milliseconds: decided.milliseconds } });
      this.#known(inFull.report);
    } catch (error) {
      const isOver = error instanceof Late || mine.signal.aborted;
      if (!isOver) show({ state: "failed", why: wordsOf(error) });
    }
  }

  #end() {
    this.#running?.abort();
    this.#running = null;
  }

  /** Nothing has changed for a moment: what takes longer may follow. Rejects where something does. */
  #rested(signal: AbortSignal) {
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, REST);
      const ended = () => {
        clearTimeout(timer);
        reject(new Late("Something else was wanted meanwhile"));
      };
      if (signal.aborted) ended();
      else signal.addEventListener("abort", ended, { once: true });
    });
  }

  #told({ bounds }: Decided, isAsked: boolean) {
    const { snapshot, edited } = this.#summary ?? { snapshot: null, edited: 0 };
    if (snapshot !== null && edited === 0 && this.#off.length === 0) this.#course.know(snapshot, bounds);
    if (isAsked) this.#scope.announce(sentence(bounds));
  }
}
