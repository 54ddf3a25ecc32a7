// All additions as a map, panel 13: asked for after all else that is known of a model, where someone looks at it.

import { Late } from "../channel/client.js";
import type { Held } from "../channel/protocol.js";
import { MAP, RULER } from "../map.js";
import type { Scope } from "../scope.js";
import type { Store } from "../state/store.js";
import type { ExactClient } from "./exact-client.js";

/** How long, in milliseconds, what is known of the numbers before stays in sight. */
const STALE = 300;

interface On {
  /** What the panel is drawn of, and what is switched off in it; null: nothing is known yet. */
  show: (map: Uint8Array | null, off: string) => void;
  failed: (error: unknown) => void;
}

export class MapView {
  readonly #exact;
  readonly #store;
  readonly #on;
  /** What of it is in sight. */
  readonly #seen = new Set<Element>();
  /** The model that is decided, and what it may take; null: it is not, or what is shown is of it. */
  #due: { readonly model: Held; readonly within: number } | null = null;
  #isShown = false;
  #asking: AbortController | null = null;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, store: Store, exact: ExactClient, on: On) {
    this.#exact = exact;
    this.#store = store;
    this.#on = on;
    const sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#seen.add(target);
        else this.#seen.delete(target);
      }
      this.#ask();
    });
    for (const key of [MAP, RULER]) {
      const card = scope.root.querySelector(`[data-panel=${key}]`);
      if (card) sight.observe(card);
    }
    const end = store.subscribe((_, changed) => {
      if (changed.has("panel")) this.#ask();
    });
    scope.signal.addEventListener("abort", () => {
      end();
      sight.disconnect();
      this.#stop();
    });
  }

  /**
   * The model is decided, as far as it is to be.
   * @param within what that may have taken, in milliseconds
   */
  decided(model: Held, within: number) {
    this.#due = { model, within };
    this.#ask();
  }

  /** The numbers are others: what is shown stays for a moment, since more may be known soon. */
  changed() {
    this.#stop();
    if (this.#isShown) this.#waiting = setTimeout(() => this.#show(null), STALE);
  }

  /** The figure is another one, and was told nothing. */
  forget() {
    this.#stop();
    this.#isShown = false;
  }

  #stop() {
    this.#due = null;
    this.#asking?.abort();
    this.#asking = null;
    clearTimeout(this.#waiting);
  }

  #show(map: Uint8Array | null, off = "") {
    clearTimeout(this.#waiting);
    this.#isShown = map !== null;
    this.#on.show(map, off);
  }

  #ask() {
    const isLookedAt = this.#seen.size > 0 || this.#store.state.panel === MAP;
    if (this.#due && isLookedAt && !this.#asking) void this.#find(this.#due);
  }

  async #find(due: { model: Held; within: number }) {
    const mine = new AbortController();
    this.#asking = mine;
    try {
      const asked = { ...due, isPassedBy: false, wanted: "map" } as const;
      const decided = await this.#exact.decide(asked, { priority: "background", signal: mine.signal });
      if (!decided || this.#asking !== mine) return;
      this.#due = null;
      this.#show(decided.map, due.model.off);
    } catch (error) {
      if (!(error instanceof Late || mine.signal.aborted)) this.#on.failed(error);
    } finally {
      if (this.#asking === mine) this.#asking = null;
    }
  }
}
