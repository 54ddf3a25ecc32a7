// dist/pkg, the library as a package for npm: node --import tsx tools/package.ts makes it alone.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { lettered } from "../www/single/letters.ts";
import { bundled, madeOfElement } from "./embed.ts";
import { crates, LIBRARY, LICENCES, licencesOf, packagesOf } from "./licences.ts";
import { WHOLE } from "./parts.ts";
import { dist, glue, pkg, root, source } from "./paths.ts";
import { main } from "./run.ts";
import { versionAndCommit } from "./version.ts";
import { buildWhole } from "./wasm.ts";

const WASM = "adderscope.wasm";

const manifest = () => ({
  name: "adderscope",
  version: versionAndCommit().version,
  description:
    "Opens MicroAdder checkpoints, transformers of some sixty numbers that add: reports, traces, proofs, pictures",
  keywords: ["transformer", "interpretability", "microadder", "adderboard", "wasm", "web-component"],
  license: "MIT",
  type: "module",
  engines: { node: ">=20.16" },
  exports: {
    ".": { types: "./types/embed/index.d.ts", default: "./index.js" },
    "./element": { types: "./types/embed/package-element.d.ts", default: "./element.js" },
    [`./${WASM}`]: `./${WASM}`,
    "./package.json": "./package.json",
  },
  types: "./types/embed/index.d.ts",
  sideEffects: ["./element.js"],
  // inline.js, which has everything in it once more, is no part of it.
  files: ["index.js", "element.js", "chunk-*.js", WASM, "types", LICENCES],
});

/** Types of what the package exports and of what these name, as the compiler writes them from the sources. */
function typesOf(entries: string[]): Map<string, string> {
  const read = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, root);
  const emitted = new Map<string, string>();
  const program = ts.createProgram(entries, {
    ...options,
    noEmit: false,
    allowImportingTsExtensions: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    rootDir: source,
    rootDirs: options.rootDirs ?? [],
    outDir: "/types",
  });
  program.emit(undefined, (path, text) => emitted.set(relative("/types", path), text), undefined, true);
  return emitted;
}

/** Of what wasm-bindgen says of the library, what other types name, and what that names. */
function libraryTypes(text: string, others: Iterable<string>): string {
  const { statements } = ts.createSourceFile("whole.d.ts", text, ts.ScriptTarget.Latest, true);
  const byName = new Map(
    statements.flatMap((each) =>
      "name" in each ? [[(each.name as ts.Identifier).text, each.getFullText().trim()] as const] : [],
    ),
  );
  const kept = new Set<string>();
  const keep = (words: string) => {
    for (const name of words.match(/\b[A-Z]\w*\b/g) ?? []) {
      const declared = kept.has(name) ? undefined : byName.get(name);
      if (declared === undefined) continue;
      kept.add(name);
      keep(declared);
    }
  };
  for (const other of others) keep(other);
  const declared = [...byName].flatMap(([name, declared]) => (kept.has(name) ? [declared] : []));
  return `${declared.join("\n\n").replaceAll(/\/\*\*\n\s+\* (.*)\n\s+\*\//g, "/** $1 */")}\n`; // a line is a line
}

/** The files that types name, from these on. */
function* reached(all: Map<string, string>, name: string, seen = new Set<string>()): Generator<[string, string]> {
  const text = all.get(name);
  if (text === undefined || seen.has(name)) return;
  seen.add(name);
  yield [name, text];
  for (const [, path = ""] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g)) {
    yield* reached(all, `${join(dirname(name), path)}.d.ts`, seen);
  }
}

async function placeTypes(): Promise<void> {
  const entries = ["index.ts", "package-element.ts"];
  const all = typesOf(entries.map((file) => join(source, "embed", file)));
  const files = new Map(entries.flatMap((entry) => [...reached(all, `embed/${entry.replace(/\.ts$/, ".d.ts")}`)]));
  files.set("whole.d.ts", libraryTypes(await readFile(join(glue, "whole.d.ts"), "utf8"), files.values()));
  for (const [name, text] of files) {
    const path = join(pkg, "types", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

/** Makes dist/pkg. */
export async function placePackage(): Promise<void> {
  await rm(pkg, { recursive: true, force: true });
  await mkdir(pkg, { recursive: true });
  const wasm = await readFile(join(glue, WHOLE));
  const element = await madeOfElement();
  const packed = lettered(gzipSync(wasm, { level: 9 }));
  const [modules, inline] = await Promise.all([
    bundled({ index: "index.ts", element: "package-element.ts" }, element, {
      splitting: true,
      chunkNames: "chunk-[hash]",
    }),
    bundled(
      { inline: "inline.ts" },
      {
        ...element,
        "embed/wasm": { path: join(source, "embed/inline-wasm.ts") },
        "embed/packed": { exports: { packed } },
      },
    ),
  ]);
  for (const { path, contents } of [...modules.files, ...inline.files]) {
    await writeFile(join(pkg, basename(path)), contents);
  }
  await writeFile(join(pkg, WASM), wasm);
  await writeFile(join(pkg, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
  await copyFile(join(source, "embed/README.md"), join(pkg, "README.md"));
  await copyFile(join(root, "LICENSE"), join(pkg, "LICENSE"));
  const others = [...(await packagesOf(modules.sources)), ...(await crates(LIBRARY))];
  await writeFile(join(pkg, LICENCES), await licencesOf(others));
  await placeTypes();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    await mkdir(dist, { recursive: true });
    await buildWhole();
    await placePackage();
  });
}
