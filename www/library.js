// The library as WebAssembly: its two parts, each in the one of two builds that this browser can run.

/**
 * A module with one function that uses one SIMD instruction: type () → v128; `i32.const 0; i8x16.splat`.
 * https://webassembly.github.io/spec/core/binary/
 */
const WITH_SIMD = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic number, version
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // types
  0x03, 0x02, 0x01, 0x00, // functions
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b, // code
]);

/** Whether additions run four at a time here. */
export const simd = WebAssembly.validate(WITH_SIMD);

/**
 * Downloads and compiles a part of the library, once for the page and its Workers.
 * @param {"adderscope" | "trainer"} part
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(part) {
  const file = `${part}_${simd ? "simd" : "plain"}.wasm`;
  const response = await fetch(new URL(`./${file}`, import.meta.url));
  if (!response.ok) throw new Error(`${file} could not be loaded (HTTP ${response.status})`);
  // As it comes in, where the server calls it what it is.
  const isNamed = response.headers.get("content-type")?.startsWith("application/wasm");
  return isNamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** The part that the page needs: index.html runs this module first, so it is on its way before the rest of the page. */
export const library = compile("adderscope");
library.catch(() => {}); // told by who waits for it

/** @typedef {typeof import("./trainer.js") & {module: WebAssembly.Module}} TrainerLibrary */

/** @type {Promise<TrainerLibrary> | undefined} */
let trainer;

/**
 * The part that trains, which few visitors need: loaded when it is asked for, and asked for again where that failed.
 * @returns {Promise<TrainerLibrary>}
 */
export function loadTrainer() {
  trainer ??= (async () => {
    const [module, glue] = await Promise.all([compile("trainer"), import("./trainer.js")]);
    await glue.default({ module_or_path: module });
    return { ...glue, module };
  })();
  trainer.catch(() => {
    trainer = undefined;
  });
  return trainer;
}
