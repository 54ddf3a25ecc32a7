// The library's WebAssembly, once for all that a page or a script does with it.

import init from "../whole.js";
import { wordsOf } from "../errors.js";
import { wasm } from "./wasm.js";

/** What the library can be loaded from, where it is not beside this module: an address, its bytes, or a compiled module. */
export type Wasm = URL | string | Uint8Array | ArrayBuffer | WebAssembly.Module;

/** Why it does not run, as a person can act on it: a policy is the commonest reason, and the browser's own words are many. */
export function whyNot(error: unknown): Error {
  const words = wordsOf(error);
  const why = /Content.Security.Policy|unsafe-eval|call to WebAssembly|code generation/i.test(words)
    ? "This page's Content-Security-Policy does not allow WebAssembly: add 'wasm-unsafe-eval' to its script-src"
    : `The library could not be started (${words.split("\n")[0]?.slice(0, 160)})`;
  return new Error(why, { cause: error });
}

/** A module of any realm. TypeScript takes everything for one. */
const isModule = (from: unknown) => Object.prototype.toString.call(from) === "[object WebAssembly.Module]";

/** What is at an address. */
async function downloaded(address: URL | string): Promise<ArrayBuffer> {
  const lost = (why: string) =>
    new Error(`adderscope.wasm could not be loaded from ${String(address).slice(0, 120)} (${why})`);
  const response = await fetch(address).catch((error: unknown) => {
    throw lost(
      `${wordsOf(error)}: its host must allow it by Access-Control-Allow-Origin, and this page's policy by connect-src`,
    );
  });
  if (!response.ok) throw lost(`HTTP ${response.status}`);
  return response.arrayBuffer();
}

async function compiled(from: Wasm): Promise<WebAssembly.Module> {
  if (isModule(from)) return from;
  const bytes = typeof from === "string" || from instanceof URL ? await downloaded(from) : from;
  if (!("WebAssembly" in globalThis)) throw new Error("there is no WebAssembly here: use a recent browser or Node.js");
  try {
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw whyNot(error);
  }
}

let loading: Promise<WebAssembly.Module> | null = null;

async function started(from?: Wasm): Promise<WebAssembly.Module> {
  const module = await compiled(from ?? (await wasm()));
  try {
    await init({ module_or_path: module });
  } catch (error) {
    throw whyNot(error);
  }
  return module;
}

/**
 * Loads the library, once; `open` does it by itself. Only where its WebAssembly is not beside this module it has to be said
 * where it is.
 */
export function load(from?: Wasm): Promise<WebAssembly.Module> {
  loading ??= started(from).catch((error: unknown) => {
    loading = null; // it is tried again
    throw error;
  });
  return loading;
}
