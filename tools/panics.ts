// What a panic would say, taken out of a module. In the page a panic ends in a trap, and what it says before goes nowhere:
// there is no standard error. The words, the places in source files and what makes one text of them are a thirtieth of what
// is downloaded. Only the compiler of another channel leaves them out by itself.

import { CODE, type Module, type Span, functionsOf, leb128, readModule } from "./module.ts";
import { Complaint } from "./run.ts";

/** Functions that do nothing but panic. */
const PANICS = [
  /^core::panicking::/,
  /^core::(cell|option|result)::(panic_already|unwrap_failed|expect_failed)/,
  /^core::(slice|str)::(.*::)?\w+_fail(_rt)?$/,
  /^alloc::(alloc|raw_vec)::(handle_alloc_error|handle_error|capacity_overflow)$/,
  /^std::(panicking|thread::local)::(panic|rust_panic)/,
  /^alloc::.*::assert_failed$/,
  /^<hashbrown::raw::Fallibility>::/,
  /^ndarray::arraytraits::array_out_of_bounds/,
  /^__rustc::(rust_begin_unwind|rust_panic|__rust_start_panic)$/,
];
/** The one that all others call. */
const EVERY = "core::panicking::panic_fmt";

/** A body: its length, no locals, `unreachable`, `end`. */
const TRAP = Uint8Array.of(3, 0, 0x00, 0x0b);

/** Where Rust says a panic is from: a file's name with its length, line and column. */
const PLACE_BYTES = 16;
const FILE = /^[\x20-\x7e]+\.rs$/;
const [LONGEST_NAME, MOST_LINES, MOST_COLUMNS] = [300, 100_000, 1000];

/** The code section's bytes with traps for panics. */
function code(module: Module, length: number): Uint8Array[] {
  const functions = functionsOf(module);
  if (!functions.some(({ name }) => name === EVERY)) {
    throw new Complaint(`no function is ${EVERY}: see tools/panics.ts`);
  }
  const bodies = functions.flatMap(({ name, begin, end }) =>
    PANICS.some((panic) => panic.test(name)) ? [TRAP] : [leb128(end - begin), module.bytes.subarray(begin, end)],
  );
  const content = [leb128(length), ...bodies];
  const size = content.reduce((sum, bytes) => sum + bytes.length, 0);
  return [Uint8Array.of(CODE), leb128(size), ...content];
}

/** Places of panics and the names of their files. */
function* places({ bytes, segments }: Module): Generator<Span> {
  const at = (address: number, length: number): Span | undefined => {
    const holds = segments.find((s) => address >= s.address && address + length <= s.address + s.end - s.begin);
    if (!holds) return;
    const begin = holds.begin + address - holds.address;
    return { begin, end: begin + length };
  };
  for (const { address, begin, end } of segments) {
    const first = begin + ((4 - (address % 4)) % 4);
    for (let here = first; here + PLACE_BYTES <= end; here += 4) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + here, PLACE_BYTES);
      const [file = 0, length = 0, line = 0, column = 0] = [0, 4, 8, 12].map((offset) => view.getUint32(offset, true));
      if (length > LONGEST_NAME || line > MOST_LINES || column > MOST_COLUMNS || line * column === 0) continue;
      const name = at(file, length);
      if (!name || !FILE.test(new TextDecoder().decode(bytes.subarray(name.begin, name.end)))) continue;
      yield name;
      yield { begin: here, end: here + PLACE_BYTES };
    }
  }
}

/** The module with traps in the place of panics, and zeros in that of their places. */
export function withoutPanics(original: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(original);
  const module = readModule(bytes);
  // All are found before any is gone: they share names.
  for (const { begin, end } of [...places(module)]) bytes.fill(0, begin, end);
  const sections = module.sections.flatMap(({ id, begin, end }) =>
    id === CODE
      ? code(module, module.bodies.length)
      : [Uint8Array.of(id), leb128(end - begin), bytes.subarray(begin, end)],
  );
  return Buffer.concat([bytes.subarray(0, 8), ...sections]);
}
