// All additions as a map, panel 13: asked for after all else that is known of a model, where someone looks at it.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { MAP } from "../map.js";
import type { Scope } from "../scope.js";
import type { Store } from "../state/store.js";

/** How long, in milliseconds, what is known of the numbers before stays in sight. */
const STALE = 300;

interface On {
  /** What the panel is drawn of; null: nothing is known yet. */
  show: (map: Uint8Array | null) => void;
  failed: (error: unknown) => void;
}

export class MapView {
  readonly #client;
  readonly #store;
  readonly #on;
  #isSeen = false;
  /** Whether the model is decided, as far as it was to be, and what is shown is not of it. */
  #isDue = false;
  #isShown = false;
  #asking: AbortController | null = null;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#store = store;
    this.#on = on;
    const sight = new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)?.isIntersecting ?? false;
      this.#ask();
    });
    const card = scope.root.querySelector(`[data-panel=${MAP}]`);
    if (card) sight.observe(card);
    const end = store.subscribe((_, changed) => {
      if (changed.has("panel")) this.#ask();
    });
    scope.signal.addEventListener("abort", () => {
      end();
      sight.disconnect();
      this.#stop();
    });
  }

  /** The model is decided. */
  decided() {
    this.#isDue = true;
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
    this.#isDue = false;
    this.#asking?.abort();
    this.#asking = null;
    clearTimeout(this.#waiting);
  }

  #show(map: Uint8Array | null) {
    clearTimeout(this.#waiting);
    this.#isShown = map !== null;
    this.#on.show(map);
  }

  #ask() {
    const isLookedAt = this.#isSeen || this.#store.state.panel === MAP;
    if (this.#isDue && isLookedAt && !this.#asking) void this.#find();
  }

  async #find() {
    const mine = new AbortController();
    this.#asking = mine;
    try {
      const map = await this.#client.call("map", null, { priority: "spare", signal: mine.signal });
      if (!map || this.#asking !== mine) return;
      this.#isDue = false;
      this.#show(map);
    } catch (error) {
      if (!(error instanceof Late || mine.signal.aborted)) this.#on.failed(error);
    } finally {
      if (this.#asking === mine) this.#asking = null;
    }
  }
}
