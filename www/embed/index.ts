// The package's front door: https://www.npmjs.com/package/adderscope once it is published.

import { load } from "./load.js";
import { Model, filesOf, type Source } from "./model.js";

export { load, type Wasm } from "./load.js";
export * from "./model.js";

/**
 * Opens a model. Throws an `Error` with what a person can read, in one line.
 * @param name what messages call it, where it comes as bytes alone
 */
export async function open(source: Source, name = "checkpoint"): Promise<Model> {
  await load();
  return new Model(filesOf(source, name));
}
