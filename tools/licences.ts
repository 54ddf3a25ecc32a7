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
  /** As its manifest names them. */
  authors: string[];
}

interface Metadata {
  packages: {
    name: string;
    version: string;
    license: string | null;
    manifest_path: string;
    source: string | null;
    authors: string[];
  }[];
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
    .map(({ name, version, license, manifest_path, authors }) => ({
      name,
      version,
      licence: (license ?? "none").replaceAll("/", " OR "),
      folder: dirname(manifest_path),
      authors,
    }));
}

/** Packages from npm that these files are of. */
export async function packagesOf(files: string[]): Promise<Package[]> {
  const names = new Set<string>();
  for (const file of files) {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    if (name !== undefined) names.add(name);
  }
  const read = [...names].map(async (name) => {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
      version: string;
      license: string;
    };
    return { name, version, licence: license, folder, authors: [] };
  });
  return Promise.all(read);
}

/** Those that are in the page's modules: the modules' source maps name them. */
export async function modules(): Promise<Package[]> {
  const maps = (await readdir(dist)).filter((file) => file.endsWith(".js.map"));
  const read = maps.map(
    async (map) => (JSON.parse(await readFile(join(dist, map), "utf8")) as { sources: string[] }).sources,
  );
  return packagesOf((await Promise.all(read)).flat());
}

/** The texts that a package brings in files whose names begin so. */
async function texts({ folder }: Package, names: RegExp): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => names.test(file)).sort();
  const read = files.map((name) => readFile(join(folder, name), "utf8").catch(() => "")); // a folder of them
  return (await Promise.all(read)).map((text) => text.replaceAll("\r\n", "\n").trim());
}

/** What is taken of several licences that are offered, the first of them, and how its text is told. */
const TAKEN: [licence: string, is: RegExp][] = [
  ["MIT", /Permission is hereby granted, free of charge, to any person obtaining/],
  ["Apache-2.0", /^\W*Apache License/],
];
/** A packed link to a file that was not packed is shorter than any licence. */
const SHORTEST_TEXT = 200;

/** The texts of a package's licence; of several that are offered that of the one that is taken. */
async function taken(each: Package): Promise<string[]> {
  const all = (await texts(each, /^(licen[cs]e|copying)/i)).filter(({ length }) => length > SHORTEST_TEXT);
  const offered = each.licence.split(" OR ");
  const [licence, is] = TAKEN.find(([name]) => offered.includes(name)) ?? [];
  const own = is ? all.filter((text) => is.test(text.replaceAll(/\s+/g, " "))) : [];
  if (own.length > 0 && offered.length > 1) return own;
  if (all.length > 0) return all;
  if (licence !== "MIT" || each.authors.length === 0) {
    throw new Complaint(`${each.name} ${each.version} brings no text of its licence`);
  }
  return [`Copyright (c) ${each.authors.join(", ")}\n\n${MIT}`];
}

/** What is to be said of what it was made from. */
const notices = async (each: Package) => (await texts(each, /^notice/i)).filter((text) => text !== "");

/** Lines of a text one after the other, however they were broken; paragraphs stay apart. */
const flowing = (lines: string[]) =>
  lines
    .join("\n")
    .replaceAll(/(?<!\n)\n(?!\n)/g, " ")
    .replaceAll(/\n{2,}/g, "\n\n")
    .trim();

const linesOf = (text: string) => text.split("\n").map((line) => line.trim());

/** How the words of the MIT licence begin, and all of them: ours has them, and most of what others wrote. */
const GRANTED = /^Permission is hereby granted/;
const own = await readFile(join(root, "LICENSE"), "utf8");
const MIT = flowing(linesOf(own.slice(own.search(new RegExp(GRANTED, "m")))));
/** Lines that stand above them and say nothing more. */
const TITLE = /^((the )?mit license( \(mit\))?)?$/i;
const HOLDER = /^copyright\b.*\d{4}/i;

/** A text in two: who has the rights, and the words that many share, however their lines are broken. */
function inTwo(text: string): [holders: string, words: string] {
  const lines = linesOf(text);
  if (flowing(lines).endsWith(MIT)) {
    const above = lines.slice(
      0,
      lines.findIndex((line) => GRANTED.test(line)),
    );
    return [above.filter((line) => !TITLE.test(line)).join("\n"), MIT];
  }
  const isHolder = (line: string) => HOLDER.test(line);
  return [lines.filter(isHolder).join("\n"), flowing(lines.filter((line) => !isHolder(line)))];
}

/** The list: each package in a line, then each text once, with the packages that bring it and who has the rights in each. */
export async function licencesOf(packages: Package[]): Promise<string> {
  const byName = new Map(packages.map((each) => [`${each.name} ${each.version}`, each]));
  const all = [...byName.values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
  // Ours is the MIT licence too: its words are there once for all.
  const byText = new Map([[MIT, new Map([[inTwo(own)[0], ["AdderScope"]]])]]);
  for (const each of all) {
    if (each.licence === "none") throw new Complaint(`${each.name} ${each.version} names no licence`);
    for (const text of [...(await taken(each)), ...(await notices(each))]) {
      const [holders, words] = inTwo(text);
      const byHolders = byText.get(words) ?? new Map<string, string[]>();
      byText.set(words, byHolders.set(holders, [...(byHolders.get(holders) ?? []), each.name]));
    }
  }
  const lines = all.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  const rule = "-".repeat(80);
  const quoted = [...byText].map(([words, byHolders]) => {
    const who = [...byHolders].map(([holders, names]) => `${[...new Set(names)].join(", ")}\n${holders}`.trim());
    return `${rule}\n${who.join("\n\n")}\n\n${words}\n`;
  });
  const head = `What others wrote of it. Of several licences ${TAKEN.map(([name]) => name).join(", then ")} is taken where it is offered`;
  const parts = [`AdderScope: MIT\n\n${head}\n`, lines.join("\n"), "", ...quoted];
  return `${parts.join("\n")}\n`;
}

/** Puts the page's list into dist/. */
export async function writeLicences(): Promise<void> {
  await writeFile(join(dist, LICENCES), await licencesOf([...(await modules()), ...(await crates())]));
}
