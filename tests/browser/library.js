// The built library here in Node, beside the page's own.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./harness.js";

/**
 * A part of the library. The glue of both builds is the same, and each copy of it holds one.
 * @param {string} part
 * @param {string} file its wasm in dist/
 * @returns {Promise<any>}
 */
async function load(part, file) {
  const glue = await import(`${pathToFileURL(join(root, `target/glue/${part}.js`)).href}?${file}`);
  glue.initSync({ module: await readFile(join(root, "dist", file)) });
  return glue;
}

/** What the page has at once. @param {"simd" | "plain"} build @returns {Promise<typeof import("../../www/adderscope.js")>} */
export const adderscope = (build) => load("adderscope", `adderscope_${build}.wasm`);

/** @type {Promise<typeof import("../../www/formats.js")> | undefined} */
let loading;
/** What reads and writes files. */
export const formats = () => (loading ??= load("formats", "formats.wasm"));

/**
 * Answers a request for a bundled model, or for what it holds, with another run.
 * @param {import("playwright-core").Route} route
 * @param {Uint8Array | string} run text is sent as it is
 */
export async function bundle(route, run) {
  const file = route.request().url().split("/").at(-1) ?? "";
  const isInput = file.endsWith(".input") && typeof run !== "string";
  const body = isInput ? (await formats()).read_files([{ name: file.replace(/input$/, "safetensors"), bytes: run }]) : run;
  await route.fulfill({ body: Buffer.from(body) });
}
