// A part of the built library in Node.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Build } from "./parts.ts";
import { glue } from "./paths.ts";

export type Adderscope = typeof import("../www/adderscope.js");
export type Exact = typeof import("../www/exact.js");
export type Formats = typeof import("../www/formats.js");

/** The glue of both builds is the same, and each copy of it holds one. */
async function load(part: string, file: string): Promise<unknown> {
  const library = (await import(`${pathToFileURL(join(glue, `${part}.js`)).href}?${file}`)) as {
    initSync: (options: { module: Uint8Array }) => void;
  };
  library.initSync({ module: await readFile(join(glue, file)) });
  return library;
}

/** What the page has at once. */
export const adderscope = async (build: Build) => (await load("adderscope", `adderscope_${build}.wasm`)) as Adderscope;

/** What decides all additions. */
export const exact = async (build: Build) => (await load("exact", `exact_${build}.wasm`)) as Exact;

let loading: Promise<unknown> | undefined;
/** What reads and writes files. */
export const formats = async () => (await (loading ??= load("formats", "formats.wasm"))) as Formats;
