// What survives a reload: files that only this tab has, and the state of each place in its history. It lies in the
// tab's own storage and goes with the tab, because a class room shares machines.

import { decodeFields, encodeFields } from "./address.js";
import type { ModelRef, State } from "./state.js";

export interface KeptFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What was opened, and where. */
export interface Kept {
  /** Files as they came together: a checkpoint, perhaps with its log, and what came later. */
  readonly groups: readonly (readonly KeptFile[])[];
  /** The training step that a run opens with; null: its best. */
  readonly opensAt: number | null;
}

/** What is used of sessionStorage. */
export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** A tab has about five million characters; a file of four bytes takes six of them, and one must leave room for states. */
export const MAX_BYTES = 3_000_000;
/** Files that are held for Back and Forward, in bytes: beyond these the oldest go. */
export const MAX_HELD = 200_000_000;
/** States beyond these are of places that a person hardly goes back to. */
const MAX_STATES = 100;
/** Bytes that become text at a time: a call takes so many arguments. */
const CHUNK = 0x8000;

function toText(bytes: Uint8Array) {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

const toBytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The state with its models as text; `unpack` reads it. */
export const pack = (state: State) => JSON.stringify({ models: state.models, fields: encodeFields(state) });

function readModel(value: unknown): ModelRef | null {
  const { bundled, files, weights, src } = (value ?? {}) as Record<string, unknown>;
  if (typeof bundled !== "string" || typeof files !== "string") return null;
  if (typeof weights === "string") return { bundled, files, weights };
  return typeof src === "string" ? { bundled, files, src } : { bundled, files };
}

/** The state that a text holds; null where it holds none. */
export function unpack(text: string): State | null {
  try {
    const { models, fields } = JSON.parse(text) as Record<string, unknown>;
    if (!Array.isArray(models) || typeof fields !== "string") return null;
    const [state, refs] = [decodeFields(fields), models.map(readModel)];
    return state && !refs.includes(null) ? { ...state, models: refs as ModelRef[] } : null;
  } catch {
    return null;
  }
}

const sizeOf = ({ groups }: Kept) => groups.flat().reduce((sum, { bytes }) => sum + bytes.length, 0);

const textOf = ({ groups, opensAt }: Kept) =>
  JSON.stringify({
    opensAt,
    groups: groups.map((files) => files.map(({ name, bytes }) => ({ name, bytes: toText(bytes) }))),
  });

/** What `textOf` wrote: nothing else has these keys. */
function keptOf(text: string): Kept | null {
  try {
    const { groups, opensAt } = JSON.parse(text) as {
      groups: { name: string; bytes: string }[][];
      opensAt: number | null;
    };
    return {
      opensAt,
      groups: groups.map((files) => files.map(({ name, bytes }) => ({ name, bytes: toBytes(bytes) }))),
    };
  } catch {
    return null;
  }
}

export class TabSession {
  readonly #storage;
  readonly #name;
  readonly #files = new Map<string, Kept>();
  readonly #states = new Map<string, State>();
  /** Keys of files whose text is not in the storage yet. */
  readonly #unsaved = new Set<string>();
  #count = 0;

  /** @param storage null: nothing survives a reload @param name of the part of the storage that is its own */
  constructor(storage: TabStorage | null, name: string) {
    this.#storage = storage;
    this.#name = name;
  }

  /** A key that nothing in this tab has, before or after a reload. */
  freshKey() {
    this.#count += 1;
    return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${this.#count}`;
  }

  /** Has files from now on; `save` lets them survive a reload. */
  putFiles(key: string, kept: Kept) {
    this.#files.delete(key); // the newest is last
    this.#files.set(key, kept);
    this.#unsaved.add(key);
    let held = [...this.#files.values()].reduce((sum, each) => sum + sizeOf(each), 0);
    for (const [old, each] of this.#files) {
      if (held <= MAX_HELD || old === key) break;
      this.#files.delete(old);
      held -= sizeOf(each);
    }
  }

  files(key: string): Kept | null {
    const here = this.#files.get(key);
    if (here) return here;
    const text = this.#get(`files ${key}`);
    const kept = text === null ? null : keptOf(text);
    if (kept) this.#files.set(key, kept);
    return kept;
  }

  /** Why files are not there any more, for a person. */
  whyLost(key: string) {
    const names = this.#get(`names ${key}`);
    if (names === null) return "What was open here is no longer kept by this tab: open it again";
    return `This tab had no room to keep ${names}: open again what you need`;
  }

  /** Stores the files under this key, which takes a moment: call it when nothing else is waited for. */
  save(key: string) {
    const kept = this.#files.get(key);
    if (!kept || !this.#unsaved.delete(key)) return;
    this.#set(
      `names ${key}`,
      kept.groups
        .flat()
        .map(({ name }) => name)
        .join(", "),
    );
    this.#remove(`files ${key}`); // what it was before
    if (sizeOf(kept) > MAX_BYTES) return;
    const text = textOf(kept);
    // What came first makes room.
    const others = this.#keys("files ").filter((each) => each !== `files ${key}`);
    while (!this.#set(`files ${key}`, text)) {
      const oldest = others.shift();
      if (oldest === undefined) return;
      this.#remove(oldest);
    }
  }

  putState(id: string, state: State) {
    this.#states.delete(id); // the newest is last
    this.#states.set(id, state);
    for (const old of this.#states.keys()) {
      if (this.#states.size <= MAX_STATES) break;
      this.#states.delete(old);
    }
    const stored = this.#keys("state ");
    for (const old of stored.slice(0, Math.max(0, stored.length - MAX_STATES))) this.#remove(old);
    this.#set(`state ${id}`, pack(state));
  }

  state(id: string): State | null {
    const text = this.#get(`state ${id}`);
    return this.#states.get(id) ?? (text === null ? null : unpack(text));
  }

  /** The keys that begin so, oldest first: what follows begins with the time it was made at. */
  #keys(start: string) {
    const storage = this.#storage;
    if (!storage) return [];
    const prefix = `${this.#name} `;
    const all = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? "");
    const own = all.filter((key) => key.startsWith(prefix + start)).map((key) => key.slice(prefix.length));
    return own.sort();
  }

  #get(key: string) {
    try {
      return this.#storage?.getItem(`${this.#name} ${key}`) ?? null;
    } catch {
      return null; // a browser can be told to keep nothing
    }
  }

  /** Whether there was room for it. */
  #set(key: string, text: string) {
    try {
      this.#storage?.setItem(`${this.#name} ${key}`, text);
      return true;
    } catch {
      return false;
    }
  }

  #remove(key: string) {
    try {
      this.#storage?.removeItem(`${this.#name} ${key}`);
    } catch {
      // then there is nothing to remove
    }
  }
}
