// What others wrote of what ships, each with its licence: licences.txt of the page and of the wheel, made from what Cargo
// and the bundler know.

import { execFile } from "node:child_process";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { dist, root } from "./paths.ts";
import { Complaint } from "./run.ts";

/** The list's name, wherever it is. */
export const LICENCES = "licences.txt";

export interface Package {
  name: string;
  version: string;
  /** As an SPDX expression. */
  licence: string;
  /** Where its files are. */
  folder: string;
}

interface Metadata {
  packages: { name: string; version: string; license: string | null; manifest_path: string; source: string | null }[];
}

/** What is made of crates: those of ours, by their manifests, and the machine that it is for, if not this one. */
interface Made {
  of: (manifest: string) => boolean;
  platform?: string;
}

const WEB = "wasm32-unknown-unknown";
/** The parts of the page in Rust. */
const PAGE: Made = { of: (path) => path.startsWith(join(root, "src", "web")), platform: WEB };
/** The library for other people's pages and scripts. */
export const LIBRARY: Made = { of: (path) => path === join(root, "src", "web", "whole", "Cargo.toml"), platform: WEB };
/** The command line for this machine. */
export const PROGRAM: Made = { of: (path) => path === join(root, "Cargo.toml") };

const cargo = async (...words: string[]) =>
  (await promisify(execFile)("cargo", [...words, "--locked"], { cwd: root, maxBuffer: 1 << 27 })).stdout;

/** Crates of others that are in what ships: what it needs at run time, and what that needs, with the features that it has. */
export async function crates({ of, platform }: Made = PAGE): Promise<Package[]> {
  const { packages } = JSON.parse(await cargo("metadata", "--format-version", "1")) as Metadata;
  const ours = packages.filter(({ manifest_path }) => of(manifest_path)).flatMap(({ name }) => ["--package", name]);
  const target = platform === undefined ? [] : ["--target", platform];
  const how = ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"];
  const tree = await cargo("tree", ...ours, ...target, ...how);
  const all = new Set([...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, name, version]) => `${name} ${version}`));
  return packages
    .filter(({ name, version, source }) => all.has(`${name} ${version}`) && source !== null)
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

/** The list: each package in a line, then each text once, with the packages that bring it. */
export async function licencesOf(packages: Package[]): Promise<string> {
  const byName = new Map(packages.map((each) => [`${each.name} ${each.version}`, each]));
  const all = [...byName.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
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
  return `${parts.join("\n")}\n`;
}

/** Puts the page's list into dist/. */
export async function writeLicences(): Promise<void> {
  await writeFile(join(dist, LICENCES), await licencesOf([...(await modules()), ...(await crates())]));
}
