// How much a visitor loads, gzipped: the first view, and each part that comes later; and the page as one file. What grows
// past its number in sizes.json fails the build.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Bundled } from "../www/bundled.js";
import type { Bundle } from "./bundle.ts";
import { unhashed } from "./names.ts";
import { dist, single } from "./paths.ts";
import { Complaint } from "./run.ts";

/** In bytes, gzipped. */
export const gzipped = (content: Uint8Array | string) => gzipSync(content, { level: 9 }).length;

export interface Limits {
  /** All that is asked for until the first model is drawn and scored. */
  first_view: { requests: number; bytes: number };
  /** The page as one file, as it is. */
  single: number;
  /** The library, and what comes later, by their names without hashes. */
  parts: Record<string, number>;
}

export const readLimits = async () =>
  JSON.parse(await readFile(new URL("sizes.json", import.meta.url), "utf8")) as Limits;

/** The files of the first view: the page with its styles, its icon, its modules and Worker, the library, the first model. */
const firstView = (bundle: Bundle, library: string, model: Bundled): string[] =>
  ["index.html", "icon.svg", bundle.library, ...bundle.imported, bundle.app, ...bundle.worker].concat(
    library,
    model.score ? (model.opening ?? model.input) : [], // without a score the file was not there
  );

const sizeOf = async (file: string) => gzipped(await readFile(join(dist, file)));

/**
 * Prints all sizes, and complains of those that are over their limits.
 * @param embed files of the element
 */
export async function checkSizes(bundle: Bundle, [model]: Bundled[], embed: string[]): Promise<void> {
  const limits = await readLimits();
  const complaints: string[] = [];
  const check = (what: string, size: number, limit: number | undefined, unit = "bytes gzipped") => {
    console.log(`${what}: ${size} ${unit} (limit ${limit ?? "none"})`);
    if (limit === undefined || size > limit) {
      complaints.push(
        `${what}: ${size} ${unit}, and tools/sizes.json allows ${limit ?? "none"}. If that is meant, change the ` +
          `number there and add a line to CHANGELOG.md that says why`,
      );
    }
  };
  for (const [name, library] of Object.entries(bundle.wasm)) {
    if (!model || !name.startsWith("adderscope_")) continue;
    const files = firstView(bundle, library, model);
    const bytes = (await Promise.all(files.map(sizeOf))).reduce((sum, size) => sum + size, 0);
    check(`first view with ${name}`, bytes, limits.first_view.bytes);
    check(`first view with ${name}`, files.length, limits.first_view.requests, "requests");
  }
  for (const file of [...Object.values(bundle.wasm), ...bundle.later, ...embed]) {
    const name = unhashed(file);
    check(name, await sizeOf(file), limits.parts[name]);
  }
  check("the page as one file", (await stat(single)).size, limits.single, "bytes");
  if (complaints.length > 0) throw new Complaint(complaints.join("\n"));
}
