// The state's one place: what changes it, and who hears of it.

import { effect, signal, untracked } from "@preact/signals-core";
import { reduce, type Action } from "./actions.js";
import { INITIAL, changedFields, type Field, type State } from "./state.js";

/** Hears of a state, of the fields that changed since it heard last, and of the last action that changed them. */
export type Listener = (state: State, changed: ReadonlySet<Field>, action: Action) => void;

export class Store {
  readonly #now;

  constructor(state: State = INITIAL) {
    this.#now = signal<{ state: State; action: Action }>({ state, action: { type: "apply", state } });
  }

  get state(): State {
    return this.#now.peek().state;
  }

  dispatch(action: Action) {
    const state = reduce(this.state, action);
    if (state !== this.state) this.#now.value = { state, action };
  }

  /** Hears of every change from now on; what is returned ends that. */
  subscribe(listener: Listener): () => void {
    let before = this.state;
    return effect(() => {
      const { state, action } = this.#now.value;
      const changed = changedFields(before, state);
      before = state;
      // What a listener reads is its own business: it hears of the state alone.
      if (changed.size > 0) untracked(() => listener(state, changed, action));
    });
  }
}
