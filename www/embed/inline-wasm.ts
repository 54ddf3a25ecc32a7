// The library's WebAssembly where all is one file: the build writes it in here, gzipped, as letters.

import { unpacked } from "../single/unpack.js";
import { packed } from "./packed.js";

export const wasm = (): Promise<ArrayBuffer> => unpacked(packed).arrayBuffer();
