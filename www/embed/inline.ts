// All in one file, for where nothing lies beside a script, such as a notebook: the library's WebAssembly is inside.

export { AdderScope, NAME, define } from "./element.js";
export * from "./index.js";
