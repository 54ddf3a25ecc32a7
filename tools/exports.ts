// What of a module can be called from outside, less what nobody calls: what only that needs goes with it.

import { EXPORT, Reader, leb128, readModule } from "./module.ts";

/** The module without the exports whose names fit. wasm-opt then takes out what they alone called. */
export function withoutExports(bytes: Uint8Array, spare: RegExp): Uint8Array {
  const { sections } = readModule(bytes);
  const parts = sections.map(({ id, begin, end }) => {
    if (id !== EXPORT) return Buffer.concat([Uint8Array.of(id), leb128(end - begin), bytes.subarray(begin, end)]);
    const kept = [...entries(bytes, begin)].filter(({ name }) => !spare.test(name));
    const content = Buffer.concat([leb128(kept.length), ...kept.map((each) => bytes.subarray(each.begin, each.end))]);
    return Buffer.concat([Uint8Array.of(id), leb128(content.length), content]);
  });
  return Buffer.concat([bytes.subarray(0, 8), ...parts]);
}

/** Each export: a name, its kind, its index. */
function* entries(bytes: Uint8Array, begin: number) {
  const reader = new Reader(bytes, begin);
  for (let left = reader.number(); left > 0; left -= 1) {
    const from = reader.at;
    const name = reader.text();
    reader.at += 1;
    reader.number();
    yield { name, begin: from, end: reader.at };
  }
}
