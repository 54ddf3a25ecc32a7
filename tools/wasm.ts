// The library's parts as WebAssembly, with the JavaScript that the page calls them by: Cargo, wasm-bindgen, wasm-opt.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { namedByOrder } from "./order.ts";
import { withoutPanics } from "./panics.ts";
import { glue, root, target } from "./paths.ts";
import { type Build, type Part, type PartName, partsToBuild, wasmName, whole } from "./parts.ts";
import { Complaint, run } from "./run.ts";

const TARGET = "wasm32-unknown-unknown";
/** What makes the JavaScript; it is in the workspace, so that Cargo.lock holds it to the library's version. */
const bindgen = join(target, "bindgen", "adderscope-bindgen");
const wasmOpt = join(root, "node_modules/.bin/wasm-opt");
/** What takes the panics out. */
const panics = join(root, "tools/panics.ts");
/** What says in which order functions stand. */
const order = join(root, "tools/order.ts");

/** Programs run beside each other: a bar of progress each would be one too many. */
const calm = { CARGO_TERM_PROGRESS_WHEN: "never" };

/**
 * For what is downloaded, which is packed: functions stay whole. A function inside of its only caller is shorter, and a
 * tenth longer when packed: none of its locals are those of others.
 */
const PACKED = ["--converge", "--one-caller-inline-max-function-size=0"];
/**
 * For what is small above all: once more, without nesting. That packs by a hundredth better, and takes as long again. Nothing lies
 * below address 1024, where the stack would end: sums of addresses need no care for that.
 */
const SMALLER = ["--low-memory-unused", "--flatten", "--rereloop", "-Os", "--optimize-added-constants-propagate"];
const BY_NAME = "--reorder-functions-by-name";
/** Functions stand by the names of `tools/order.ts`: like ones beside each other. What only tools read goes; which features to keep to is in the file. */
const STRIPPED = [BY_NAME, "--strip-debug", "--strip-producers", "--strip-target-features"];

/** Where a part's build is made. */
const folderOf = (name: string, build: Build) => join(target, "parts", name, build);

/** A part's WebAssembly with the names of its functions. */
export const named = (name: PartName, build: Build) => join(folderOf(name, build), "named.wasm");

/** What Cargo makes of a part. In one folder for all with these flags: what several of them need is compiled once. */
async function compiled(part: Part, build: Build, signal: AbortSignal): Promise<string> {
  const folder = join(target, "parts", "cargo", build);
  const simd = build === "simd" ? "-C target-feature=+simd128" : "";
  // Messages name source files: those of libraries without this machine's folders.
  const sources = `${process.env.CARGO_HOME ?? join(homedir(), ".cargo")}/registry/src`;
  const flags = `${process.env.RUSTFLAGS ?? ""} ${simd} --remap-path-prefix=${sources}=lib`;
  const what = ["--package", part.crate, "--lib", "--profile", part.profile];
  const where = ["--target", TARGET, "--target-dir", folder];
  await run("cargo", ["build", ...what, ...where], { env: { ...calm, RUSTFLAGS: flags }, signal });
  return join(folder, TARGET, part.profile, `${part.crate.replaceAll("-", "_")}.wasm`);
}

/** Makes the JavaScript, and the WebAssembly small or fast; what was made of the same before stays. */
async function shaped(name: string, part: Part, build: Build, wasm: string, signal: AbortSignal): Promise<void> {
  const folder = folderOf(name, build);
  const sum = createHash("sha256");
  for (const file of [wasm, bindgen, wasmOpt, panics, order]) sum.update(await readFile(file));
  const passes = [part.optimise, ...PACKED, ...(part.smaller ? SMALLER : []), BY_NAME];
  const from = sum.update([...passes, ...STRIPPED].join(" ")).digest("hex");
  const stamp = join(folder, "from");
  if ((await readFile(stamp, "utf8").catch(() => "")) === from) return;
  await rm(stamp, { force: true });
  await run(bindgen, [wasm, folder, name], { signal });
  const [named, silent] = [join(folder, "named.wasm"), join(folder, "silent.wasm")];
  await writeFile(silent, withoutPanics(await readFile(join(folder, `${name}_bg.wasm`))));
  await run(wasmOpt, [...passes, silent, "-o", named, "--debuginfo"], { signal });
  const ordered = join(folder, "ordered.wasm");
  await writeFile(ordered, namedByOrder(await readFile(named)));
  await run(wasmOpt, [ordered, "-o", join(folder, "small.wasm"), ...STRIPPED], { signal });
  await writeFile(stamp, from);
}

/** A part in its builds. Returns the names of their WebAssembly. */
async function finished(
  { name, part, builds }: ReturnType<typeof partsToBuild>[number],
  bindgenIsThere: Promise<void>,
  stop: AbortSignal,
): Promise<string[]> {
  const make = async (build: Build) => {
    const wasm = await compiled(part, build, stop);
    await bindgenIsThere;
    await shaped(name, part, build, wasm, stop);
  };
  await Promise.all(builds.map(make));
  const [first] = builds;
  const script = (build: Build) => readFile(join(folderOf(name, build), `${name}.js`), "utf8");
  for (const build of builds) {
    if ((await script(build)) !== (await script(first))) {
      throw new Complaint(`the builds of ${name} with and without SIMD need different glue: the page has one for both`);
    }
    await copyFile(join(folderOf(name, build), "small.wasm"), join(glue, wasmName(name, build, part)));
  }
  for (const file of [`${name}.js`, `${name}.d.ts`]) {
    await copyFile(join(folderOf(name, first), file), join(glue, file));
  }
  return builds.map((build) => wasmName(name, build, part));
}

/** Makes some of them beside each other, into the folder of what is made. Returns the names of their WebAssembly. */
async function built(all: ReturnType<typeof partsToBuild>): Promise<string[]> {
  await mkdir(glue, { recursive: true });
  await writeFile(join(glue, "package.json"), '{"type": "module"}\n'); // lets Node load them too
  const stop = new AbortController(); // what goes wrong in one ends the others
  const words = ["build", "--package", "adderscope-bindgen", "--profile", "bindgen", "--target-dir", target];
  const bindgenIsThere = run("cargo", words, { env: calm, signal: stop.signal });
  try {
    const names = all.map((each) => finished(each, bindgenIsThere, stop.signal));
    const [, ...made] = await Promise.all([bindgenIsThere, ...names]);
    return made.flat();
  } catch (error) {
    stop.abort();
    throw error;
  }
}

const theWhole = { name: "whole", part: whole, builds: whole.builds };

/**
 * All parts of the page, and the library in one; only the first build of each for a look at the page. Returns the names of the
 * parts' WebAssembly.
 */
export async function buildParts(onlyFirst: boolean): Promise<string[]> {
  const names = await built([...partsToBuild(onlyFirst), theWhole]);
  return names.filter((name) => !name.startsWith(theWhole.name));
}

/** The library in one, alone. */
export const buildWhole = () => built([theWhole]);
