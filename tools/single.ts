// dist/adderscope.html: the page as one file, which works from disk. What is not wanted at once is in blocks, gzipped and as
// letters, for DecompressionStream; without builds for browsers without SIMD, which would be half as much again.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Bundled } from "../www/bundled.js";
import { workerFiles } from "../www/built.ts";
import { lettered } from "../www/single/letters.ts";
import { stateBlock } from "../www/single/state.ts";
import type { Instead } from "./made.ts";
import { filledPage } from "./page.ts";
import { partsToBuild, wasmName } from "./parts.ts";
import { dist, glue, single, source } from "./paths.ts";
import { namedInPolicy, whole } from "./script.ts";
import { type Source, sourceElsewhere } from "./source.ts";

const resources = { resources: { path: join(source, "single/resources.ts") } };

/** A file of www/ as it is in the one file. */
const inPlace = (file: string, instead: Record<string, Instead> = {}) => whole(file, { ...resources, ...instead });

/** The page's script, which holds those of the Workers. */
async function script(): Promise<string> {
  const none = { "single/workers": { exports: { workerScripts: {} } } }; // no Worker starts another
  const worker = async (file: string) => [file, await inPlace(file.replace(/\.js$/, ".ts"), none)] as const;
  const scripts = await Promise.all(Object.keys(workerFiles).map(worker));
  const workers = { exports: { workerScripts: Object.fromEntries(scripts) } };
  return inPlace("single/app.ts", { "single/workers": workers });
}

/** No script: one that a policy has nothing to say on. */
function block(name: string, content: Uint8Array | string): string {
  const packed = lettered(gzipSync(content, { level: 9 }));
  return `<script type="text/plain" id="${name}" data-block>${packed}</script>`;
}

/** The library, and of the models what is shown and what is saved. */
async function blocks(models: Bundled[]): Promise<string[]> {
  const wasm = partsToBuild(true).map(async ({ name, part, builds: [build] }) => {
    const file = wasmName(name, build, part);
    return block(file, await readFile(join(glue, file)));
  });
  const there = models.filter(({ score }) => score); // without a score the file was not there
  const files = there.flatMap(({ input, file }) => [input, file]);
  return Promise.all([...wasm, ...files.map(async (file) => block(file, await readFile(join(dist, file))))]);
}

/** Makes it. */
export async function writeSingle(models: Bundled[], archive: Source | null): Promise<void> {
  const [app, start, ...sheets] = await Promise.all([
    script(),
    inPlace("single/start.ts"),
    inPlace("page.css"),
    inPlace("later.css"),
  ]);
  const style = sheets.join("");
  const icon = await readFile(join(source, "icon.svg"));
  const page = await filledPage({
    policy: [
      "default-src 'none'",
      `script-src ${namedInPolicy(start)} ${namedInPolicy(app)} 'wasm-unsafe-eval'`,
      `style-src ${namedInPolicy(style)}`,
      "img-src data:",
      "worker-src blob:",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      // Of lit's templates, of the Workers' addresses, and of the script that is unpacked.
      "trusted-types lit-html adderscope adderscope-start",
    ],
    icon: `data:image/svg+xml;base64,${icon.toString("base64")}`,
    head: [stateBlock({ address: "" }), `<style>${style}</style>`],
    end: [block("app.js", app), ...(await blocks(models)), `<script>${start}</script>`],
    stuck:
      "Still starting. It cannot start where a browser blocks scripts or WebAssembly, or is too old to unpack this file: " +
      "open it in a recent browser.",
    source: (commit) => sourceElsewhere(archive, commit),
  });
  await writeFile(single, page);
}
