// The parts of the library as WebAssembly, and how one of them comes: compiled as it is downloaded, in the build that
// this browser can run.

import { wasmFiles } from "./built.js";
import { wordsOf } from "./errors.js";
import { resource } from "./resources.js";
import { hasSimd } from "./simd.js";

const NO_WASM =
  "AdderScope computes with WebAssembly, which does not run here: allow it for this page, or open the page in a recent browser";

const ADVICE = ": check the connection and reload the page, or use a recent browser";

/** Letters of what a browser says. */
const MOST = 150;

type Part = "adderscope" | "compare" | "exact" | "explain" | "formats" | "robust" | "trainer";

/** Its file: what computes much comes in two builds, with SIMD and without; the others are as fast without. */
function fileOf(part: Part) {
  if (part === "explain" || part === "formats") return `${part}.wasm` as const;
  return `${part}_${hasSimd() ? "simd" : "plain"}.wasm` as const;
}

/** The shortest module. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** Whether WebAssembly may run here: a policy can block it. */
const isAllowed = () =>
  WebAssembly.compile(EMPTY).then(
    () => true,
    () => false,
  );

/**
 * Downloads and compiles a part of the library.
 * @param advice what to do where it does not come, or is of no use to this browser
 */
export async function compile(part: Part, advice = ADVICE) {
  if (!("WebAssembly" in globalThis)) throw new Error(NO_WASM);
  const file = fileOf(part);
  const lost = (why: string) => new Error(`${file} could not be loaded (${why})${advice}`);
  const response = await resource(wasmFiles[file], lost);
  // As it comes in, where the server calls it what it is.
  const isNamed = response.headers.get("content-type")?.startsWith("application/wasm");
  try {
    return await (isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    const why = wordsOf(error).slice(0, MOST); // browsers tell of policies at length
    if (await isAllowed()) throw lost(why); // it was cut off, or is damaged
    throw new Error(`${NO_WASM} (${why})`, { cause: error });
  }
}

/** What wasm-bindgen writes for a part of the library. */
interface Glue {
  default: (options: { module_or_path: WebAssembly.Module }) => Promise<unknown>;
}

/** A part that few visitors need: loaded when it is first asked for, and asked for again where that failed. */
export function onDemand<Exports extends Glue>(part: Part, glue: () => Promise<Exports>) {
  let loading: Promise<Exports & { module: WebAssembly.Module }> | undefined;
  return () => {
    loading ??= (async () => {
      const [module, exports] = await Promise.all([compile(part, ""), glue()]);
      await exports.default({ module_or_path: module });
      return { ...exports, module };
    })();
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
}
