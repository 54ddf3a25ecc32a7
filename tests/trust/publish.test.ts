// Fit to publish: licences and sources of all that it is made of, the list of what ships, and crates that can be packed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { crates, modules } from "../../tools/licences.ts";
import { dist, root } from "../../tools/paths.ts";

const run = promisify(execFile);

const cargo = async (...words: string[]) => (await run("cargo", words, { cwd: root, maxBuffer: 1 << 27 })).stdout;

interface Metadata {
  /** `publish`: the registries that it may go to; null for any. */
  packages: { name: string; version: string; rust_version: string | null; publish: string[] | null }[];
}

const ownCrates = async () =>
  (JSON.parse(await cargo("metadata", "--format-version", "1", "--locked", "--no-deps")) as Metadata).packages;

/** The licences that deny.toml allows: cargo-deny's own list. */
const allowed = new Set(
  [.../^allow = \[(.*)\]$/m.exec(readFileSync(join(root, "deny.toml"), "utf8"))?.[1]?.matchAll(/"([^"]+)"/g) ?? []].map(
    ([, name = ""]) => name,
  ),
);

/** Whether an SPDX expression can be kept by keeping allowed licences. */
function isAllowed(expression: string): boolean {
  const tokens = expression.replaceAll("/", " OR ").match(/[()]|[^\s()]+/g) ?? [];
  const either = (): boolean => {
    let is = both();
    while (tokens[0] === "OR" && tokens.shift()) is = both() || is;
    return is;
  };
  const both = (): boolean => {
    let is = one();
    while (tokens[0] === "AND" && tokens.shift()) is = one() && is;
    return is;
  };
  const one = (): boolean => {
    const token = tokens.shift() ?? "";
    if (token === "(") {
      const is = either();
      tokens.shift();
      return is;
    }
    if (tokens[0] !== "WITH") return allowed.has(token);
    tokens.splice(0, 2);
    return false; // an exception is another licence, and none is allowed
  };
  return either();
}

test("the words for licences are read as they are meant", () => {
  assert.ok(allowed.has("MIT"));
  assert.ok(isAllowed("MIT OR GPL-2.0-only"));
  assert.ok(isAllowed("Apache-2.0 WITH LLVM-exception OR MIT"));
  assert.ok(isAllowed("(MIT OR LGPL-2.1) AND Unicode-3.0"));
  assert.ok(!isAllowed("GPL-3.0"));
  assert.ok(!isAllowed("MIT AND GPL-3.0"));
  assert.ok(!isAllowed("Apache-2.0 WITH LLVM-exception"));
});

test("every crate of ours says which Rust it needs", async () => {
  const all = await ownCrates();
  assert.ok(all.length > 10);
  for (const { name, rust_version } of all) assert.ok(rust_version !== null, name);
});

test("every package from npm that builds or tests it is pinned; those in the page have an allowed licence", async () => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string; integrity?: string }>;
  };
  for (const [path, { version, integrity }] of Object.entries(lock.packages)) {
    if (path !== "") assert.ok(version && integrity, `${path} has a version and a checksum`);
  }
  for (const { name, licence } of await modules()) assert.ok(isAllowed(licence), `${name}: ${licence}`);
});

test("the page's list of licences names all that ships, with its text, and the footer leads there", async () => {
  const list = readFileSync(join(dist, "licences.txt"), "utf8");
  const ships = [...(await crates()), ...(await modules())];
  const names = ships.map(({ name }) => name);
  for (const wanted of ["lit-html", "@preact/signals-core", "wasm-bindgen", "plotters", "serde"]) {
    assert.ok(names.includes(wanted), `${wanted} ships`);
  }
  for (const { name, version, licence } of ships) {
    assert.ok(list.includes(`\n${name} ${version}: ${licence}\n`), `${name} ${version}`);
    assert.ok(isAllowed(licence), `${name}: ${licence}`);
  }
  assert.match(list, /Permission is hereby granted, free of charge/);
  assert.match(list, /\ncolorous\nCopyright .*Bostock/, "what a notice asks for");
  assert.match(list, /\nplotters, plotters-backend, plotters-svg\s+Copyright \(c\) Hao Hou/, "a text that was not packed");
  assert.match(readFileSync(join(dist, "index.html"), "utf8"), /<a href="licences\.txt">Licences<\/a>/);
});

test("every crate could be published, and the program's package holds what it needs and nothing else", async () => {
  // The release workflow builds the packages, too.
  const words = ["publish", "--workspace", "--dry-run", "--no-verify", "--allow-dirty"];
  const { stderr } = await run("cargo", words, { cwd: root, maxBuffer: 1 << 27 });
  const sent = [...stderr.matchAll(/Uploading (\S+) v(\S+)/g)].map(([, name, version]) => `${name} ${version}`);
  const meant = (await ownCrates()).filter(({ publish }) => publish === null);
  assert.deepEqual(sent.sort(), meant.map(({ name, version }) => `${name} ${version}`).sort());
  assert.ok(sent.some((each) => each.startsWith("adderscope ")), sent.join(", "));
  const files = (await cargo("package", "--list", "-p", "adderscope", "--allow-dirty", "--offline")).split("\n");
  for (const wanted of ["Cargo.toml", "README.md", "LICENSE", "src/lib.rs"]) assert.ok(files.includes(wanted), wanted);
  for (const stray of files) assert.doesNotMatch(stray, /^(target|dist|node_modules)\//);
});
