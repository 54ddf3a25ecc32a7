// No test is forgotten: each file of tests is run by one command, and CI gives all of these commands.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/paths.ts";
import { MAIN, SUITES, suiteOf, testFiles } from "../../tools/tests.ts";

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** What a command of build.sh does: its function's lines. */
const body = (name: string) => new RegExp(`^${name}\\(\\) \\{\\n([^]*?)\\n\\}`, "m").exec(read("build.sh"))?.[1] ?? "";

test("every file that has tests is named as one, and is in a suite", () => {
  const files = testFiles();
  const all = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[jt]s$/.test(file) && /^test\(/m.test(read(join("tests", file))))
    .map((file) => `tests/${file}`);
  for (const file of all) assert.ok(files.includes(file), `${file} has tests: call it *.test.*`);
  for (const suite of SUITES) {
    assert.ok(
      files.some((file) => suiteOf(file) === suite),
      suite,
    );
  }
  const names = files.filter((file) => file.startsWith("tests/browser/")).map((file) => basename(file).split(".")[0]);
  for (const name of MAIN) assert.ok(names.includes(name), `${name} is listed, and there is no such test`);
  assert.deepEqual(MAIN, [...new Set(MAIN)].sort());
});

test("each suite is run by one command, and CI gives them all", () => {
  for (const [name, suite] of [
    ["run_tests", "test"],
    ["trust", "trust"],
    ["python_tests", "python"],
  ] as const) {
    assert.match(body(name), new RegExp(`\\bpage_tests ${suite}$`, "m"), name);
  }
  assert.match(body("trust"), /^ {2}python_tests$/m);
  assert.match(read("build.sh"), /^ {2}test\) run_tests ;;$/m);
  assert.match(read("build.sh"), /^ {2}trust\) trust ;;$/m);
  assert.deepEqual(read(".ci/run").match(/^\.\/build\.sh .*$/gm), ["./build.sh test", "./build.sh trust"]);
});
