// What others wrote of what ships, each with its licence: dist/licences.txt, made from what Cargo and the bundler know.

import { execFile } from "node:child_process";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { dist, root } from "./paths.ts";
import { Complaint } from "./run.ts";

export interface Package {
  name: string;
  version: string;
  /** As an SPDX expression. */
  licence: string;
  /** Where its files are. */
  folder: string;
}

interface Metadata {
  packages: {
    id: string;
    name: string;
    version: string;
    license: string | null;
    manifest_path: string;
    source: string | null;
  }[];
  resolve: { nodes: { id: string; deps: { pkg: string; dep_kinds: { kind: string | null }[] }[] }[] };
}

/** The parts of the page in Rust: what they depend on is in its WebAssembly. */
const isPart = (path: string) => path.startsWith(join(root, "src", "web"));

/** Crates of others that are in the page: what its parts need at run time, and what that needs. */
export async function crates(): Promise<Package[]> {
  const words = ["metadata", "--format-version", "1", "--filter-platform", "wasm32-unknown-unknown", "--locked"];
  const { stdout } = await promisify(execFile)("cargo", words, { cwd: root, maxBuffer: 1 << 27 });
  const { packages, resolve } = JSON.parse(stdout) as Metadata;
  const needs = new Map(resolve.nodes.map(({ id, deps }) => [id, deps]));
  const all = new Set<string>();
  const add = (id: string) => {
    if (all.has(id)) return;
    all.add(id);
    for (const { pkg, dep_kinds } of needs.get(id) ?? []) if (dep_kinds.some(({ kind }) => kind === null)) add(pkg);
  };
  for (const { id, manifest_path } of packages) if (isPart(manifest_path)) add(id);
  return packages
    .filter(({ id, source }) => all.has(id) && source !== null)
    .map(({ name, version, license, manifest_path }) => ({
      name,
      version,
      licence: (license ?? "none").replaceAll("/", " OR "),
      folder: dirname(manifest_path),
    }));
}

/** Packages from npm that are in the page's modules: those that the modules' source maps name. */
export async function modules(): Promise<Package[]> {
  const maps = (await readdir(dist)).filter((file) => file.endsWith(".js.map"));
  const names = new Set<string>();
  for (const map of maps) {
    const { sources } = JSON.parse(await readFile(join(dist, map), "utf8")) as { sources: string[] };
    for (const each of sources) {
      const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(each) ?? [];
      if (name !== undefined) names.add(name);
    }
  }
  const read = [...names].map(async (name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version: string;
      license: string;
    };
    return { name, version, licence: license, folder };
  });
  return Promise.all(read);
}

/** The texts that a package brings. */
async function texts({ folder }: Package): Promise<string[]> {
  const names = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const read = names.map((name) => readFile(join(folder, name), "utf8").catch(() => "")); // a folder of them
  return (await Promise.all(read)).map((text) => text.replaceAll("\r\n", "\n").trim()).filter((text) => text !== "");
}

/** Puts the list into dist/: each package in a line, then each text once, with the packages that bring it. */
export async function writeLicences(): Promise<void> {
  const all = [...(await modules()), ...(await crates())].sort((a, b) => a.name.localeCompare(b.name, "en"));
  const byText = new Map<string, string[]>();
  for (const each of all) {
    if (each.licence === "none") throw new Complaint(`${each.name} ${each.version} names no licence`);
    for (const text of await texts(each)) byText.set(text, [...(byText.get(text) ?? []), each.name]);
  }
  const own = await readFile(join(root, "LICENSE"), "utf8");
  const lines = all.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  const rule = "-".repeat(80);
  const quoted = [...byText].map(([text, names]) => `${rule}\n${names.join(", ")}\n\n${text}\n`);
  const parts = ["AdderScope\n", own, `${rule}\nWhat others wrote of it\n`, lines.join("\n"), "", ...quoted];
  await writeFile(join(dist, "licences.txt"), `${parts.join("\n")}\n`);
}
