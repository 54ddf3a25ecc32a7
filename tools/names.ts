// Names of files in dist/: each has a hash of what is in it, so that no old file ever meets a new one.

import { createHash } from "node:crypto";

/** As long and of the same letters as esbuild's. */
const LENGTH = 8;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A hash for a name. */
export function hashOf(...contents: (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return [...hash.digest().subarray(0, LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** `adderscope_simd.wasm` with a hash: `adderscope_simd-4RZX2Q7A.wasm`. */
export const hashed = (name: string, content: Uint8Array | string) => name.replace(/(\.\w+)$/, `-${hashOf(content)}$1`);

/** The same without it; of an address, too. */
export const unhashed = (name: string) => name.replace(/-[A-Z2-7]{8}(?=[./])/, "");
