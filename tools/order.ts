// The order of a module's functions. What packs a file looks for what it had before, no farther back than 32 KB: a module
// whose like functions stand beside each other is a fortieth smaller when packed.

import { CUSTOM, FUNCTIONS, NAMES, functionsOf, leb128, readModule } from "./module.ts";

/** Functions are alike by what they share: so many bytes in a row. */
const BYTES = 6;
/** What more functions than this have tells none of them apart. */
const COMMON = 60;
/** How many functions back likeness counts, and how much of it each time. */
const [BACK, FADES] = [6, 0.7];
/** So many rows of bytes a function is taken to have beside its own: else the shortest would always be the most alike. */
const BESIDE = 20;

/** Each row of bytes of a body as a number: https://en.wikipedia.org/wiki/Fowler–Noll–Vo_hash_function. */
function rows(body: Uint8Array): number[] {
  const found = new Set<number>();
  for (let at = 0; at + BYTES <= body.length; at++) {
    found.add(body.subarray(at, at + BYTES).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5));
  }
  return [...found];
}

/** Places of `bodies` in an order in which each comes after those that it is like: from one to the most alike of the rest. */
export function likeBesideLike(bodies: Uint8Array[]): number[] {
  const all = bodies.map(rows);
  const holders = new Map<number, number[]>();
  for (const [place, own] of all.entries()) {
    for (const row of own) {
      const known = holders.get(row);
      if (known) known.push(place);
      else holders.set(row, [place]);
    }
  }
  const sharing = all.map((own) =>
    own.map((row) => holders.get(row) ?? []).filter(({ length }) => length > 1 && length <= COMMON),
  );
  const left = new Set(bodies.keys());
  const order: number[] = [];
  const alike = new Float64Array(bodies.length);
  while (left.size > 0) {
    alike.fill(0);
    for (const [back, placed] of order.slice(-BACK).reverse().entries()) {
      for (const others of sharing[placed] ?? []) {
        const share = FADES ** back / others.length;
        for (const other of others) alike[other] = (alike[other] ?? 0) + share;
      }
    }
    let [next, most] = [-1, -1];
    for (const place of left) {
      const likeness = (alike[place] ?? 0) / (BESIDE + (all[place]?.length ?? 0));
      if (likeness > most) [next, most] = [place, likeness];
    }
    order.push(next);
    left.delete(next);
  }
  return order;
}

const text = (words: string): number[] => {
  const bytes = new TextEncoder().encode(words);
  return [...leb128(bytes.length), ...bytes];
};

/** The module with names for its functions by which wasm-opt sorts them into that order. */
export function namedByOrder(bytes: Uint8Array): Uint8Array {
  const module = readModule(bytes);
  const bodies = functionsOf(module).map(({ begin, end }) => bytes.subarray(begin, end));
  const ranks = likeBesideLike(bodies).map((place, rank) => [module.imported + place, rank] as const);
  ranks.sort(([a], [b]) => a - b);
  const names = ranks.flatMap(([index, rank]) => [...leb128(index), ...text(String(rank).padStart(6, "0"))]);
  const list = [...leb128(ranks.length), ...names];
  const content = [...text(NAMES), FUNCTIONS, ...leb128(list.length), ...list];
  const kept = module.sections.filter(({ id, name }) => id !== CUSTOM || name !== NAMES);
  const parts = kept.map(({ id, begin, end }) => [
    Uint8Array.of(id, ...leb128(end - begin)),
    bytes.subarray(begin, end),
  ]);
  return Buffer.concat([
    bytes.subarray(0, 8),
    ...parts.flat(),
    Uint8Array.of(CUSTOM, ...leb128(content.length)),
    Uint8Array.from(content),
  ]);
}
