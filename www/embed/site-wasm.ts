// Where the library's WebAssembly is, for the site's element: beside its script, under a name with a hash.

import { file } from "./site-file.js";

export const wasm = (): URL => new URL(file, import.meta.url);
