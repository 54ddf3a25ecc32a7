// The built library in place of a server's answers.

import { unhashed } from "../../tools/names.ts";
import { formats } from "../../tools/library.ts";

export { adderscope, formats } from "../../tools/library.ts";

/**
 * Answers a request for a bundled model, or for what it holds, with another run.
 * @param {import("playwright-core").Route} route
 * @param {Uint8Array | string} run text is sent as it is
 */
export async function bundle(route, run) {
  const file = unhashed(route.request().url()).split("/").at(-1) ?? "";
  const [, name = "", kind] = /^(.*)\.(input|opening)$/.exec(file) ?? [];
  const isRead = kind !== undefined && typeof run !== "string";
  const { read_files, read_opening } = await formats();
  const read = kind === "opening" ? read_opening : read_files;
  const body = isRead ? read([{ name: `${name}.safetensors`, bytes: run }]) : run;
  await route.fulfill({ body: Buffer.from(body) });
}
