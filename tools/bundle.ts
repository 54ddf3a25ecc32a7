// The page's modules, and the styles that come later, as few files, each named with its hash: esbuild.

import { readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join, relative } from "node:path";
import * as esbuild from "esbuild";
import { type Instead, made } from "./made.ts";
import { hashed } from "./names.ts";
import { type PartName } from "./parts.ts";
import { dist, glue, root } from "./paths.ts";

/** What the site consists of. Names are those of files in dist/. */
export interface Bundle {
  /** Asks for the library: it is the longest on its way, and so the first to be asked for. */
  library: string;
  app: string;
  /** What these two import, and what that imports. */
  imported: string[];
  /** The Worker that a model is shown with, and what it imports. */
  worker: string[];
  /** Modules that are loaded on demand. */
  later: string[];
  /** Of each part's WebAssembly, by its name without a hash. */
  wasm: Record<string, string>;
}

/** The module of files' names: in the place of www/built.ts, which has them without hashes. */
interface Names {
  wasmFiles: Record<string, string | undefined>;
  workerFiles: Record<string, string | undefined>;
  styleFiles: Record<string, string | undefined>;
}

const options = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  minify: true,
  sourcemap: true,
  metafile: true,
  format: "esm",
  target: "es2023",
  splitting: true,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
} satisfies esbuild.BuildOptions;

type Outputs = esbuild.Metafile["outputs"];

/** What was made of a file in www/; a module is named without its ending. */
function fileOf(outputs: Outputs, entry: string): string {
  const sources = [entry, `${entry}.ts`, `${entry}.js`].map((file) => `www/${file}`);
  const found = Object.entries(outputs).find(([, { entryPoint }]) => sources.includes(entryPoint ?? ""));
  if (!found) throw new Error(`esbuild made nothing of ${entry}`);
  return found[0];
}

/** A file and all that it imports at once. */
function withImports(outputs: Outputs, file: string, all = new Set<string>()): Set<string> {
  if (all.has(file)) return all;
  all.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? []) {
    if (kind === "import-statement" && !external) withImports(outputs, path, all);
  }
  return all;
}

/** Puts the library's WebAssembly into dist/. */
async function placeWasm(wasm: string[]): Promise<Record<string, string>> {
  const names: Record<string, string> = {};
  for (const name of wasm) {
    const file = hashed(name, readFileSync(join(glue, name)));
    await copyFile(join(glue, name), join(dist, file));
    names[name] = file;
  }
  return names;
}

const inDist = (path: string) => relative(dist, join(root, path));

interface Bundled {
  /** What was made of each entry. */
  entries: string[];
  /** These and all that they import at once. */
  atOnce: string[];
  later: string[];
}

/**
 * Bundles files of www/; what several of them import is in files of its own.
 * @param others what comes in the place of other modules
 */
async function bundled(names: Names, entries: string[], others: Record<string, Instead> = {}): Promise<Bundled> {
  const entryPoints = entries.map((name) => `./www/${name}`);
  const plugins = [made({ built: { exports: { ...names } }, ...others })];
  const { outputs } = (await esbuild.build({ ...options, entryPoints, plugins })).metafile;
  const files = entries.map((name) => fileOf(outputs, name));
  const atOnce = new Set(files.flatMap((file) => [...withImports(outputs, file)]));
  const later = Object.keys(outputs).filter((file) => !atOnce.has(file) && !file.endsWith(".map"));
  return { entries: files.map(inDist), atOnce: [...atOnce].map(inDist), later: later.map(inDist) };
}

/** Puts the JavaScript that a part is called by into dist/, whole; gives its file. */
async function bundledGlue(part: PartName): Promise<string> {
  const { outputs } = (await esbuild.build({ ...options, entryPoints: [join(glue, `${part}.js`)] })).metafile;
  const [file] = Object.keys(outputs).filter((file) => file.endsWith(".js"));
  if (!file) throw new Error(`esbuild made nothing of ${part}.js`);
  return inDist(file);
}

/** Bundles everything into dist/, with the library's WebAssembly of these names. */
export async function bundle(wasm: string[]): Promise<Bundle> {
  const wasmFiles = await placeWasm(wasm);
  // Page and first Worker both call the library: the JavaScript for it comes once, where a host lets browsers keep
  // what has a hash in its name. What else Workers share with the page and
  // with each other is small beside another request.
  const calls = await bundledGlue("adderscope");
  const shared = { adderscope: { path: `./${calls}`, external: true } };
  const alone = (name: string) => bundled({ wasmFiles, workerFiles: {}, styleFiles: {} }, [name], shared);
  const [worker, compare, exact, robust, trainer, laterStyles] = await Promise.all(
    ["worker", "compare-worker", "exact-worker", "robust-worker", "trainer-worker", "later.css"].map(alone),
  );
  if (!worker || !compare || !exact || !robust || !trainer || !laterStyles) {
    throw new Error("esbuild made nothing of a Worker or the styles");
  }
  const workerFiles = {
    "worker.js": worker.entries[0],
    "compare-worker.js": compare.entries[0],
    "exact-worker.js": exact.entries[0],
    "robust-worker.js": robust.entries[0],
    "trainer-worker.js": trainer.entries[0],
  };
  const styleFiles = { "later.css": laterStyles.entries[0] };
  const page = await bundled({ wasmFiles, workerFiles, styleFiles }, ["library", "app"], shared);
  const [library = "", app = ""] = page.entries;
  return {
    library,
    app,
    imported: [calls, ...page.atOnce.filter((file) => !page.entries.includes(file))],
    worker: worker.atOnce,
    later: [
      ...page.later,
      ...worker.later,
      ...laterStyles.entries,
      ...[compare, exact, robust, trainer].flatMap(({ atOnce, later }) => [...atOnce, ...later]),
    ],
    wasm: wasmFiles,
  };
}
