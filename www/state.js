// The page's state that can be seen and shared: one table, kept in the URL's hash, defaults left out.

const FIELDS = {
  /** The bundled model that is open: the first of the gallery by default, or none. */
  model: { default: "", allowed: null },
  /** The training step that a bundled model stands at; its last by default. */
  step: { default: "", allowed: /^\d{1,15}$/ },
  /** How rows are labelled: by the digit they predict, or as the original script labels them. */
  alignment: { default: "answer", allowed: ["answer", "script"] },
  theme: { default: "system", allowed: ["system", "light", "dark"] },
  /** The panel that is open large; none by default. */
  panel: { default: "", allowed: null },
};

/** @typedef {{model: string, step: string, alignment: string, theme: string, panel: string}} State */
/** @typedef {keyof State} Field */

const fields = /** @type {Field[]} */ (Object.keys(FIELDS));

/** @returns {State} */
function read() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const state = { model: "", step: "", alignment: "", theme: "", panel: "" };
  for (const field of fields) {
    const value = hash.get(field) ?? "";
    const { allowed, default: standard } = FIELDS[field];
    const fits = allowed instanceof RegExp ? allowed.test(value) : !allowed || allowed.includes(value);
    state[field] = fits ? value : standard;
  }
  return state;
}

let current = read();

/** @type {((state: State, changed: Set<Field>, typed: boolean) => void)[]} */
const listeners = [];

/**
 * @param {State} next
 * @param {boolean} [typed] it comes from the address
 */
function become(next, typed = false) {
  const changed = new Set(fields.filter((field) => next[field] !== current[field]));
  if (changed.size === 0) return;
  current = next;
  for (const listener of listeners) listener(current, changed, typed);
}

/** @returns {Readonly<State>} */
export const state = () => current;

/**
 * Opening a panel is a step that the Back button undoes; everything else replaces the address.
 * @param {Partial<State>} patch
 */
export function setState(patch) {
  const next = { ...current, ...patch };
  const hash = new URLSearchParams();
  for (const field of fields) if (next[field] !== FIELDS[field].default) hash.set(field, next[field]);
  const address = `${location.pathname}${location.search}${hash.size ? `#${hash}` : ""}`;
  const opens = next.panel !== "" && current.panel === "";
  history[opens ? "pushState" : "replaceState"](null, "", address);
  become(next);
}

/** @param {(state: State, changed: Set<Field>, typed: boolean) => void} listener */
export function onState(listener) {
  listeners.push(listener);
}

// popstate covers Back, Forward and a hash typed by hand.
addEventListener("popstate", () => become(read(), true));
