// What each crate adds to a WebAssembly file with names: node tests/browser/sizes.js FILE
//
// Reads https://webassembly.github.io/spec/core/binary/modules.html: imports, code and function names.

import { readFileSync } from "node:fs";

/** Crates that are printed; the rest is one line. */
const SHOWN = 14;

class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** An unsigned LEB128 number. */
  number() {
    let [value, shift] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * shift;
      shift *= 128;
      if (byte < 128) return value;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  /** Parts of a body: their id, begin and end. @param {number} end */
  *parts(end) {
    while (this.at < end) {
      const id = this.bytes[this.at++];
      const length = this.number();
      const begin = this.at;
      yield { id, begin, end: begin + length };
      this.at = begin + length;
    }
  }
}

const [path] = process.argv.slice(2);
if (!path) throw new Error("usage: node tests/browser/sizes.js FILE");
const bytes = readFileSync(path);
/** @type {number[]} */
const bodies = [];
/** @type {Map<number, string>} */
const names = new Map();
let data = 0;
for (const { id, begin, end } of new Reader(bytes, 8).parts(bytes.length)) {
  const reader = new Reader(bytes, begin);
  if (id === 11) data = end - begin;
  if (id === 10) {
    for (let left = reader.number(); left > 0; left--) {
      const size = reader.number();
      bodies.push(size);
      reader.at += size;
    }
  } else if (id === 0 && reader.text() === "name") {
    for (const part of reader.parts(end)) {
      if (part.id !== 1) continue;
      const list = new Reader(bytes, part.begin);
      for (let left = list.number(); left > 0; left--) names.set(list.number(), list.text());
    }
  }
}

const { length: imports } = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function");
/** @type {Map<string, number>} */
const crates = new Map([["data", data]]);
for (const [at, size] of bodies.entries()) {
  const name = names.get(imports + at) ?? "";
  const crate = name.match(/(\w+?)(?:\[[0-9a-f]+\])?::/)?.[1] ?? "other";
  crates.set(crate, (crates.get(crate) ?? 0) + size);
}
const sorted = [...crates].sort(([, a], [, b]) => b - a);
const rest = sorted.slice(SHOWN).reduce((sum, [, size]) => sum + size, 0);
for (const [crate, size] of [...sorted.slice(0, SHOWN), ["all others", rest]]) {
  console.log(`${String(size).padStart(9)} bytes  ${crate}`);
}
