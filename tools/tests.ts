// Which tests of the page are run by which command, as names of files: node --import tsx tools/tests.ts SUITE
//
// Every file under tests/ that is named *.test.js or *.test.ts is in one suite, and a new one needs no line here.

import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.ts";
import { Complaint, main } from "./run.ts";

/** By the commands of build.sh that run them; `python` is what those of `trust` have a Python with JupyterLab for. */
export const SUITES = ["test", "trust", "python"] as const;
export type Suite = (typeof SUITES)[number];

/**
 * What of tests/browser `./build.sh test` runs: what most people do, in tests that take little time. They make do with the
 * builds for browsers with SIMD. All others are run by `./build.sh trust`.
 */
export const MAIN = [
  "exact",
  "explain",
  "film",
  "firm",
  "first-view",
  "formats",
  "garbage",
  "ghost",
  "hands",
  "history",
  "linked",
  "open",
  "proven",
  "ruler",
  "share",
  "steps",
  "stuck",
  "sum",
  "terms",
  "two",
  "undo",
  "views",
];

/** Where a file belongs, by its path from the repository's folder. */
export function suiteOf(file: string): Suite {
  if (file.startsWith("tests/python/")) return "python";
  const isMain = file.startsWith("tests/browser/") && MAIN.includes(basename(file).replace(/\.test\..*$/, ""));
  return isMain || file.startsWith("tests/page/") ? "test" : "trust";
}

/** All files of tests of the page. */
export const testFiles = () =>
  readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.test\.[jt]s$/.test(file))
    .map((file) => `tests/${file}`)
    .sort();

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(() => {
    const suite = process.argv[2];
    if (!SUITES.some((each) => each === suite)) throw new Complaint(`'${suite}' is none of ${SUITES.join(", ")}`);
    console.log(
      testFiles()
        .filter((file) => suiteOf(file) === suite)
        .join("\n"),
    );
  });
}
