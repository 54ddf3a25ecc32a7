// What the page asks of the part of the library that reads and writes files: the types of formats.js, which
// wasm-bindgen writes from src/web.

import type { Edit, NamedBytes } from "./adderscope.js";

export default function init(options?: { module_or_path: unknown }): Promise<unknown>;

/** A checkpoint, a log or both, in any order, for `Session.open`. Throws what a person reads. */
export function read_files(files: NamedBytes[]): Uint8Array<ArrayBuffer>;

/** The checkpoint among files that were read, in another format; of a run a snapshot. Throws what a person reads. */
export function export_file(
  files: NamedBytes[],
  snapshot: number | undefined,
  edits: Edit[],
  format: "safetensors" | "json",
): Uint8Array<ArrayBuffer>;
