// Which version this is.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.ts";

/** As Cargo.toml has it. */
function version(): string {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  return manifest.match(/^version = "(.+)"$/m)?.[1] ?? "unknown";
}

/** The commit that is checked out; `unknown` outside of git. */
function commit(): string {
  try {
    const words = ["rev-parse", "--short", "HEAD"];
    return execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}

export const versionAndCommit = () => ({ version: version(), commit: commit() });
