// The page's state that can be seen and shared: one table, kept in the URL's hash, defaults left out.

const FIELDS = {
  /** How rows are labelled: by the digit they predict, or as the original script labels them. */
  alignment: { default: "answer", allowed: ["answer", "script"] },
  theme: { default: "system", allowed: ["system", "light", "dark"] },
  /** The panel that is open large; none by default. */
  panel: { default: "", allowed: null },
};

/** @typedef {{alignment: string, theme: string, panel: string}} State */
/** @typedef {keyof State} Field */

const fields = /** @type {Field[]} */ (Object.keys(FIELDS));

/** @returns {State} */
function read() {
  const hash = new URLSearchParams(location.hash.slice(1));
  const state = { alignment: "", theme: "", panel: "" };
  for (const field of fields) {
    const value = hash.get(field) ?? "";
    const { allowed, default: standard } = FIELDS[field];
    state[field] = !allowed || allowed.includes(value) ? value : standard;
  }
  return state;
}

let current = read();

/** @type {((state: State, changed: Set<Field>) => void)[]} */
const listeners = [];

/** @param {State} next */
function become(next) {
  const changed = new Set(fields.filter((field) => next[field] !== current[field]));
  if (changed.size === 0) return;
  current = next;
  for (const listener of listeners) listener(current, changed);
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

/** @param {(state: State, changed: Set<Field>) => void} listener */
export function onState(listener) {
  listeners.push(listener);
}

// popstate covers Back, Forward and a hash typed by hand.
addEventListener("popstate", () => become(read()));
