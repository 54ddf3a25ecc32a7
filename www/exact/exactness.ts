// The verdict over all additions, as the page follows it: of the model that is shown, in the Worker's spare time, and of
// the snapshots of its run.

import { Late, type Client } from "../channel/client.js";
import type { Decided, LibraryCalls } from "../channel/protocol.js";
import { wordsOf } from "../errors.js";
import type { Bounds, Evaluation, Summary } from "../library-types.js";
import type { Scope } from "../scope.js";
import { shownModel, type State } from "../state/state.js";
import type { Store } from "../state/store.js";
import { AdditionView } from "./addition.js";
import { AllView } from "./all-view.js";
import { Course, type Shares } from "./course.js";
import { VerdictView, type Shown } from "./verdict-view.js";

/** Nothing takes longer, in milliseconds, unless someone asks for it; for what another one soon takes the place of. */
const [WITHIN, PASSING] = [5000, 300];

interface On {
  /** Panel 12 shows these from now on. */
  curve: (shares: Shares) => void;
  failed: (error: unknown) => void;
}

export class Exactness {
  readonly #scope;
  readonly #client;
  readonly #store;
  readonly #view;
  readonly #course;
  readonly #addition;
  readonly #all;
  /** The verdict under way; another one ends it. */
  #running: AbortController | null = null;
  #summary: Summary | null = null;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, { curve, failed }: On) {
    this.#scope = scope;
    this.#client = client;
    this.#store = store;
    const show = (a: number, b: number) => store.dispatch({ type: "addition", a: String(a), b: String(b) });
    this.#view = new VerdictView(scope, {
      show,
      more: (report) => this.#all.show(report),
      goOn: () => void this.#run(null),
      stop: () => this.#running?.abort(),
    });
    this.#all = new AllView(scope, show);
    this.#course = new Course(scope, client, curve);
    this.#addition = new AdditionView(scope, client, {
      closed: () => store.dispatch({ type: "addition", a: "", b: "" }),
      failed,
    });
    const end = store.subscribe((state, changed) => {
      if (changed.has("a") || changed.has("b")) this.#showAddition(state);
    });
    scope.signal.addEventListener("abort", () => {
      end();
      this.#running?.abort();
    });
  }

  /**
   * A model is there, or another snapshot of the same run, or it was edited: it is scored, and its turn has come.
   * @param isLive whether it is a run's that is trained here, and goes on
   */
  decide(summary: Summary, steps: Evaluation[], isLive: boolean) {
    const isFirst = this.#summary === null;
    this.#summary = summary;
    const { models } = this.#store.state;
    this.#course.follow(JSON.stringify(shownModel({ models })), steps);
    void this.#run(isLive ? PASSING : WITHIN);
    if (isFirst) this.#showAddition(this.#store.state);
    else this.#addition.renew();
  }

  /** What was decided is of a model that is no longer shown. */
  forget() {
    this.#running?.abort();
    this.#running = null;
    this.#summary = null;
    this.#course.forget();
    this.#view.show({ state: "waits" });
  }

  closed() {
    this.forget();
    this.#addition.show(null);
    this.#all.close();
  }

  #showAddition({ a, b }: State) {
    this.#addition.show(this.#summary && a !== "" && b !== "" ? { a: Number(a), b: Number(b) } : null);
  }

  /** @param within how long, in milliseconds; null: to the end */
  async #run(within: number | null) {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    const isAsked = within === null;
    const show = (shown: Shown) => {
      if (this.#running === mine) this.#view.show(shown);
    };
    show({ state: "at work", bounds: null, isAsked });
    const progress = (bounds: Bounds) => show({ state: "at work", bounds, isAsked });
    try {
      const asked = { snapshot: null, within };
      const how = { priority: "idle", signal: mine.signal, progress } as const;
      const decided = await this.#client.call("decide", asked, how);
      if (!decided || this.#running !== mine) return; // something else was wanted meanwhile
      show({ state: "told", decided });
      this.#told(decided, isAsked);
    } catch (error) {
      if (!(error instanceof Late) && !mine.signal.aborted) show({ state: "failed", why: wordsOf(error) });
    } finally {
      if (this.#running === mine) this.#running = null;
    }
  }

  #told({ report }: Decided, isAsked: boolean) {
    const { snapshot, edited } = this.#summary ?? { snapshot: null, edited: 0 };
    if (snapshot !== null && edited === 0) this.#course.know(snapshot, report);
    if (isAsked) this.#scope.announce(this.#view.sentence);
  }
}
