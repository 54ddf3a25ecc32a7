// Fit to publish: licences and sources of all that it is made of, the list of what ships, and crates that can be packed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { crates, modules } from "../../tools/licences.ts";
import { dist, root, target } from "../../tools/paths.ts";

const cargo = async (...words: string[]) =>
  (await promisify(execFile)("cargo", words, { cwd: root, maxBuffer: 1 << 27 })).stdout;

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
  const all = JSON.parse(await cargo("metadata", "--format-version", "1", "--locked", "--no-deps")) as {
    packages: { name: string; rust_version: string | null }[];
  };
  assert.ok(all.packages.length > 10);
  for (const { name, rust_version } of all.packages) assert.ok(rust_version !== null, name);
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

test("every crate can be packed, and the program's holds what it needs and nothing else", async () => {
  rmSync(join(target, "package"), { recursive: true, force: true }); // packed before
  await cargo("package", "--workspace", "--no-verify", "--allow-dirty", "--offline");
  const packed = readdirSync(join(target, "package")).filter((file) => file.endsWith(".crate"));
  const version = /^version = "(.*)"/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1] ?? "";
  assert.ok(packed.includes(`adderscope-${version}.crate`), packed.join(", "));
  const files = (await cargo("package", "--list", "-p", "adderscope", "--allow-dirty", "--offline")).split("\n");
  for (const wanted of ["Cargo.toml", "README.md", "LICENSE", "src/lib.rs"]) assert.ok(files.includes(wanted), wanted);
  for (const stray of files) assert.doesNotMatch(stray, /^(target|dist|node_modules)\//);
});
