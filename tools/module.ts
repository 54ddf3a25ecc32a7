// A WebAssembly module's functions and data: https://webassembly.github.io/spec/core/binary/modules.html.

/** Sections; names are in a custom one. */
export const [CUSTOM, CODE, DATA] = [0, 10, 11];
/** What the section of names is called, and its subsection of functions' names. */
export const [NAMES, FUNCTIONS] = ["name", 1];
/** A segment of data that is put where an expression says. */
const ACTIVE = 0;

/** Bytes from one place up to another. */
export interface Span {
  begin: number;
  end: number;
}

export interface Section extends Span {
  id: number;
  /** Of a custom one. */
  name?: string;
}

/** Data, and the address that it is put at. */
export interface Segment extends Span {
  address: number;
}

export interface Module {
  bytes: Uint8Array;
  sections: Section[];
  /** Bodies of the functions that are defined here, without their lengths. */
  bodies: Span[];
  /** Of all functions, by index: imported ones come first. */
  names: Map<number, string>;
  segments: Segment[];
  /** Functions that are imported. */
  imported: number;
}

/** A number as LEB128. */
export function leb128(value: number): Uint8Array {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.of(...bytes, value);
}

export class Reader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const { begin, end } = this.span();
    return new TextDecoder().decode(this.bytes.subarray(begin, end));
  }

  /** So many bytes as a number says, and past them. */
  span(): Span {
    const length = this.number();
    const begin = this.at;
    this.at += length;
    return { begin, end: this.at };
  }

  /** Parts of a body: their id, begin and end. */
  *parts(end: number): Generator<Section> {
    while (this.at < end) {
      const id = this.bytes[this.at++] ?? 0;
      yield { id, ...this.span() };
    }
  }

  *list<T>(read: () => T): Generator<T> {
    for (let left = this.number(); left > 0; left--) yield read();
  }
}

function namesIn(reader: Reader, end: number): Map<number, string> {
  const names = new Map<number, string>();
  for (const part of reader.parts(end)) {
    if (part.id !== FUNCTIONS) continue;
    const list = new Reader(reader.bytes, part.begin);
    for (const [index, name] of list.list(() => [list.number(), list.text()] as const)) names.set(index, name);
  }
  return names;
}

/** A segment at an address that is written out: `i32.const address`, `end`. */
function segment(reader: Reader): Segment {
  if (reader.number() !== ACTIVE) throw new Error("a segment of data has no address");
  reader.at++;
  const address = reader.number();
  reader.at++;
  return { address, ...reader.span() };
}

export function readModule(bytes: Uint8Array): Module {
  const module: Module = { bytes, sections: [], bodies: [], names: new Map(), segments: [], imported: 0 };
  for (const section of new Reader(bytes, 8).parts(bytes.length)) {
    const reader = new Reader(bytes, section.begin);
    if (section.id === CODE) module.bodies = [...reader.list(() => reader.span())];
    if (section.id === DATA) module.segments = [...reader.list(() => segment(reader))];
    if (section.id === CUSTOM) section.name = reader.text();
    if (section.name === NAMES) module.names = namesIn(reader, section.end);
    module.sections.push(section);
  }
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(new Uint8Array(bytes)));
  module.imported = imports.filter(({ kind }) => kind === "function").length;
  return module;
}

/** The functions that are defined here, with their names: `core::fmt::write`, whatever the hash. */
export const functionsOf = ({ bodies, names, imported }: Module) =>
  bodies.map((body, at) => ({ ...body, name: (names.get(imported + at) ?? "").replaceAll(/\[[0-9a-f]+\]/g, "") }));
