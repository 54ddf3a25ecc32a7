// What each crate adds to the page's part of the library: node --import tsx tools/crates.ts
//
// Reads https://webassembly.github.io/spec/core/binary/modules.html: imports, code and function names.

import { readFileSync } from "node:fs";
import { main } from "./run.ts";
import { named } from "./wasm.ts";

/** Crates that are printed; the rest is one line. */
const SHOWN = 14;
/** Sections of a module: names are in a custom one. */
const [CUSTOM, CODE, DATA] = [0, 10, 11];
/** The subsection of functions' names. */
const FUNCTIONS = 1;

class Reader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let [value, shift] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * shift;
      shift *= 128;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  /** Parts of a body: their id, begin and end. */
  *parts(end: number) {
    while (this.at < end) {
      const id = this.bytes[this.at++];
      const length = this.number();
      const begin = this.at;
      yield { id, begin, end: begin + length };
      this.at = begin + length;
    }
  }
}

/** Sizes of functions that are defined here, names of all functions by index, and the size of the data. */
function read(bytes: Uint8Array): { bodies: number[]; names: Map<number, string>; data: number } {
  const bodies: number[] = [];
  const names = new Map<number, string>();
  let data = 0;
  for (const { id, begin, end } of new Reader(bytes, 8).parts(bytes.length)) {
    const reader = new Reader(bytes, begin);
    if (id === DATA) data = end - begin;
    if (id === CODE) {
      for (let left = reader.number(); left > 0; left--) {
        const size = reader.number();
        bodies.push(size);
        reader.at += size;
      }
    } else if (id === CUSTOM && reader.text() === "name") {
      for (const part of reader.parts(end)) {
        if (part.id !== FUNCTIONS) continue;
        const list = new Reader(bytes, part.begin);
        for (let left = list.number(); left > 0; left--) names.set(list.number(), list.text());
      }
    }
  }
  return { bodies, names, data };
}

await main(() => {
  const bytes = readFileSync(named("adderscope", "simd"));
  const { bodies, names, data } = read(bytes);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).filter(({ kind }) => kind === "function");
  const crates = new Map([["data", data]]);
  for (const [at, size] of bodies.entries()) {
    const name = names.get(imports.length + at) ?? "";
    const crate = name.match(/(\w+?)(?:\[[0-9a-f]+\])?::/)?.[1] ?? "other";
    crates.set(crate, (crates.get(crate) ?? 0) + size);
  }
  const sorted = [...crates].sort(([, a], [, b]) => b - a);
  const rest = sorted.slice(SHOWN).reduce((sum, [, size]) => sum + size, 0);
  for (const [crate, size] of [...sorted.slice(0, SHOWN), ["all others", rest] as const]) {
    console.log(`${String(size).padStart(9)} bytes  ${crate}`);
  }
});
