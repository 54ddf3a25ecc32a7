// The tab's address and history: Back and Forward go through what a person opened, models, panels and steps; whatever
// else changes replaces the address.

import type { Action } from "./actions.js";
import { decode, encode, type Decoded, type Gallery } from "./address.js";
import type { TabSession } from "./session.js";
import type { Field, State, ThemeChoice } from "./state.js";
import type { Store } from "./store.js";

/** What is used of a window. */
export interface Place {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: {
    readonly state: unknown;
    pushState(state: unknown, unused: string, url: string): void;
    replaceState(state: unknown, unused: string, url: string): void;
  };
  addEventListener(type: string, listener: (event: { readonly state?: unknown }) => void): void;
  removeEventListener(type: string, listener: (event: { readonly state?: unknown }) => void): void;
}

/**
 * How long, in milliseconds, a number that is dragged or a run that is moved rests before the address follows: browsers
 * refuse addresses that change too often, and where one only passes through is no place to go back to.
 */
export const REST = 400;

/** What changes many times a second. */
const DRAGGED: ReadonlySet<Field> = new Set(["step", "edits", "history", "scales", "a", "b", "digit"]);

const isPush = (action: Action, changed: ReadonlySet<Field>, before: State, state: State) => {
  if (action.type === "apply") return false; // it came from there
  if (action.type === "restore") return changed.has("models") || changed.has("step");
  if (action.type === "step") return action.by === "hand";
  if (action.type === "opened") return changed.has("models");
  if (action.type === "addition" || action.type === "view") return true;
  return state.panel !== "" && before.panel === "";
};

const idOf = (state: unknown) => {
  const { adderscope } = (state ?? {}) as Record<string, unknown>;
  return typeof adderscope === "string" ? adderscope : null;
};

/** Whether what an address leads to is shown now; "instead": something else is in its place, and it may come another time. */
export type Arrival = "shown" | "instead" | "none";

/** Shows what an address or an entry of the history leads to. */
export type Arrived = (decoded: Decoded) => Promise<Arrival>;

export class Navigation {
  readonly #store;
  readonly #session;
  readonly #gallery;
  readonly #place;
  readonly #theme;
  /** The entry of the history that is shown, and the state that it has. */
  #id: string;
  #written: State;
  /** What waits for a rest: the state is written then, in an entry of its own or not. */
  #waiting: { push: boolean; state: State; timer: ReturnType<typeof setTimeout> } | null = null;
  /** How many arrivals are still opening what they lead to: until then the entry is not of the state that is shown. */
  #arriving = 0;
  readonly #ends: (() => void)[] = [];

  /** @param theme the reader's, where neither the address nor the tab has one */
  constructor(store: Store, session: TabSession, gallery: Gallery, place: Place, theme?: ThemeChoice) {
    this.#theme = theme;
    this.#store = store;
    this.#session = session;
    this.#gallery = gallery;
    this.#place = place;
    this.#id = idOf(place.history.state) ?? session.freshKey();
    this.#written = store.state;
  }

  /** The state that the tab's address stands for; after a reload, all that it had. */
  read(): Decoded {
    const { history, location } = this.#place;
    const id = idOf(history.state);
    const state = id === null ? null : this.#session.state(id);
    return state ? { state, complaints: [] } : decode(location.hash, this.#gallery, undefined, this.#theme);
  }

  /** Goes to where the address leads, writes it from then on, and tells where Back, Forward or one that was typed lead to. */
  follow(arrived: Arrived) {
    this.#ends.push(this.#store.subscribe((state, changed, action) => this.#note(state, changed, action)));
    this.#listen("popstate", ({ state }) => void this.#arrive(this.#at(state), arrived));
    this.#listen("pagehide", () => {
      // A page that goes cannot make another entry.
      if (this.#waiting) this.#waiting.push = false;
      this.flush();
    });
    void this.#arrive(this.read(), arrived, true);
  }

  close() {
    this.flush();
    for (const end of this.#ends.splice(0)) end();
  }

  /** Writes what waits. */
  flush() {
    if (!this.#waiting) return;
    const { push, state, timer } = this.#waiting;
    clearTimeout(timer);
    this.#waiting = null;
    this.#write(push ? "pushState" : "replaceState", state, push ? this.#session.freshKey() : this.#id);
  }

  #listen(type: string, listener: (event: { readonly state?: unknown }) => void) {
    this.#place.addEventListener(type, listener);
    this.#ends.push(() => this.#place.removeEventListener(type, listener));
  }

  #note(state: State, changed: ReadonlySet<Field>, action: Action) {
    if (this.#arriving > 0) return;
    const before = this.#waiting?.state ?? this.#written;
    const push = isPush(action, changed, before, state);
    const rests = [...changed].every((field) => DRAGGED.has(field)) && action.type !== "apply";
    // Where one was is a place of its own, as it was left.
    if (push && !(rests && this.#waiting?.push)) this.flush();
    clearTimeout(this.#waiting?.timer);
    const timer = setTimeout(() => this.flush(), rests ? REST : 0);
    this.#waiting = { push: push || (this.#waiting?.push ?? false), state, timer };
    if (!rests) this.flush();
  }

  /** Where an entry of the history leads to. */
  #at(entry: unknown): Decoded {
    // What was not written yet belongs to the entry that was left.
    if (this.#waiting && !this.#waiting.push) this.#session.putState(this.#id, this.#waiting.state);
    clearTimeout(this.#waiting?.timer);
    this.#waiting = null;
    const id = idOf(entry);
    const kept = id === null ? null : this.#session.state(id);
    this.#id = id ?? this.#session.freshKey();
    const now = this.#store.state;
    const { theme, alignment, tool } = now; // how one reads is no place
    if (kept) return { state: { ...kept, theme, alignment, tool }, complaints: [] };
    return decode(this.#place.location.hash, this.#gallery, now);
  }

  async #arrive(decoded: Decoded, arrived: Arrived, isFirst = false) {
    this.#arriving += 1;
    const how = await arrived(decoded);
    this.#arriving -= 1;
    // Where nothing could be shown yet, or not what was wanted, loading the page again should try again.
    const isAnything = how === "shown" || !isFirst || this.#store.state.models.length > 0;
    if (this.#arriving === 0 && isAnything && how !== "instead") {
      this.#write("replaceState", this.#store.state, this.#id);
    }
  }

  #write(how: "pushState" | "replaceState", state: State, id: string) {
    const { location, history } = this.#place;
    const hash = encode(state, this.#gallery);
    this.#id = id;
    this.#written = state;
    this.#session.putState(id, state);
    history[how]({ adderscope: id }, "", `${location.pathname}${location.search}${hash ? `#${hash}` : ""}`);
  }
}
