// Where the library's WebAssembly is: beside this module. The build puts another module in the place of this one where it is
// not.

import type { Wasm } from "./load.js";

interface FileSystem {
  readFileSync(path: URL): Uint8Array;
}

/** Node.js has no fetch for files; `process` says where it runs without an import that bundlers would stumble over. */
function fileSystem(): FileSystem | undefined {
  const { process } = globalThis as {
    process?: { versions?: { node?: string }; getBuiltinModule?: (name: string) => unknown };
  };
  if (!process?.versions?.node) return undefined;
  return process.getBuiltinModule?.("node:fs") as FileSystem | undefined;
}

export function wasm(): Wasm | Promise<Wasm> {
  const address = new URL("./adderscope.wasm", import.meta.url);
  const files = address.protocol === "file:" ? fileSystem() : undefined;
  return files ? Uint8Array.from(files.readFileSync(address)) : address;
}
