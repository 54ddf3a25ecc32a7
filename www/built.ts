// What the page's files are called, for resources.ts. The build of the site puts a module in the place of this one whose
// names have a hash of what is in each file.

/** Each by its own name. */
function plain<Name extends string>(...names: Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name): [string, string] => [name, name])) as Record<Name, string>;
}

/** The library's parts as WebAssembly. */
export const wasmFiles = plain(
  "adderscope_simd.wasm",
  "adderscope_plain.wasm",
  "compare_simd.wasm",
  "compare_plain.wasm",
  "exact_simd.wasm",
  "exact_plain.wasm",
  "explain.wasm",
  "formats.wasm",
  "robust_simd.wasm",
  "robust_plain.wasm",
  "trainer_simd.wasm",
  "trainer_plain.wasm",
);

/** Styles that come after the first view. */
export const styleFiles = plain("later.css");

/** The modules of Workers. No Worker starts another: theirs has none. */
export const workerFiles = plain(
  "worker.js",
  "compare-worker.js",
  "exact-worker.js",
  "robust-worker.js",
  "trainer-worker.js",
);
