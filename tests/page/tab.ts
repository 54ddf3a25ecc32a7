// A tab without a browser: its storage, its address and its history.

import type { Place } from "../../www/state/navigation.js";
import type { TabStorage } from "../../www/state/session.js";

/** @param room in characters */
export function storage(room = Infinity): TabStorage {
  const all = new Map<string, string>();
  const size = () => [...all].reduce((sum, [key, text]) => sum + key.length + text.length, 0);
  return {
    get length() {
      return all.size;
    },
    key: (at) => [...all.keys()][at] ?? null,
    getItem: (key) => all.get(key) ?? null,
    setItem: (key, text) => {
      if (size() - (all.get(key)?.length ?? 0) + key.length + text.length > room) throw new Error("QuotaExceededError");
      all.set(key, text);
    },
    removeItem: (key) => void all.delete(key),
  };
}

export class Tab implements Place {
  entries: { state: unknown; url: string }[];
  at = 0;
  readonly #listeners = new Map<string, Set<(event: { readonly state?: unknown }) => void>>();

  constructor(url = "/") {
    this.entries = [{ state: null, url }];
  }

  get location() {
    const { pathname, search, hash } = new URL(this.entries[this.at]?.url ?? "/", "http://localhost");
    return { pathname, search, hash };
  }

  get hash() {
    return this.location.hash;
  }

  get history(): Place["history"] {
    return {
      state: this.entries[this.at]?.state ?? null,
      pushState: (state, _, url) => {
        this.entries = [...this.entries.slice(0, this.at + 1), { state: structuredClone(state), url }];
        this.at += 1;
      },
      replaceState: (state, _, url) => {
        this.entries[this.at] = { state: structuredClone(state), url };
      },
    };
  }

  addEventListener(type: string, listener: (event: { readonly state?: unknown }) => void) {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
  }

  removeEventListener(type: string, listener: (event: { readonly state?: unknown }) => void) {
    this.#listeners.get(type)?.delete(listener);
  }

  send(type: string) {
    for (const listener of this.#listeners.get(type) ?? []) listener({ state: this.history.state });
  }

  go(by: number) {
    this.at += by;
    this.send("popstate");
  }

  type(hash: string) {
    this.history.pushState(null, "", `/${hash}`);
    this.send("popstate");
  }

  /** What is left of a tab that is loaded anew. */
  reloaded() {
    this.send("pagehide");
    const tab = new Tab();
    tab.entries = structuredClone(this.entries);
    tab.at = this.at;
    return tab;
  }
}
