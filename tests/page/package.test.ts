// The package in a folder that is not ours: packed, installed, run by Node.js as README says, with the command line's numbers.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { crates, LIBRARY } from "../../tools/licences.ts";
import { functionsOf, readModule } from "../../tools/module.ts";
import { dist, pkg, root, target } from "../../tools/paths.ts";
import { historyPath } from "../browser/bundled.js";
import { cli as printed, run } from "../browser/fixtures.js";

/** "Under 600 KB packed". */
const MOST = 600_000;

const folder = mkdtempSync(join(tmpdir(), "adderscope-package-"));
after(() => rmSync(folder, { recursive: true }));

/** What the command line prints. */
const cli = async (...words: string[]) => (await printed(...words)) as Record<string, unknown>;

const exec = promisify(execFile);
const inFolder = async (program: string, ...words: string[]) =>
  (await exec(program, words, { cwd: folder, maxBuffer: 1 << 28 })).stdout;

let packed = "";

before(async () => {
  const { stdout } = await exec("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: pkg });
  packed = join(folder, stdout.trim());
  writeFileSync(join(folder, "package.json"), '{"private": true, "type": "module"}');
  await inFolder("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", packed);
  copyFileSync(historyPath("57p"), join(folder, "best.pt")); // a format is told from the bytes
});

/** The first block of a language. */
function block(readme: string, language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?import .*?)\`\`\``, "s").exec(readme) ?? [];
  assert.ok(code, `there is no ${language} that imports anything`);
  return code;
}

/** Runs a module there. */
async function ran(code: string): Promise<string[]> {
  writeFileSync(join(folder, "script.js"), code);
  return (await inFolder("node", "script.js")).trim().split("\n");
}

test("it is under 600 KB packed, and brings its types and its licence", async () => {
  assert.ok(statSync(packed).size < MOST, `${statSync(packed).size} bytes`);
  const files = await inFolder("tar", "tzf", packed);
  for (const file of ["LICENSE", "licences.txt", "README.md", "adderscope.wasm", "types/embed/index.d.ts"]) {
    assert.match(files, new RegExp(`^package/${file.replaceAll(".", "\\.")}$`, "m"));
  }
  assert.doesNotMatch(files, /inline|train/);
});

test("its list of licences names all that it is made of, once each text", async () => {
  await inFolder("tar", "xzf", packed, "package/licences.txt");
  const list = readFileSync(join(folder, "package/licences.txt"), "utf8");
  for (const { name, version, licence } of await crates(LIBRARY)) {
    assert.ok(list.includes(`\n${name} ${version}: ${licence}\n`), `${name} ${version}`);
  }
  // And whatever has a function in it, by its name there: <alloc::vec::Vec<_> as serde::Serialize>::…
  const module = readModule(readFileSync(join(target, "parts/whole/simd/named.wasm")));
  const names = functionsOf(module).flatMap(({ name }) => /^[<&*]*(?:mut )?([a-z]\w+)::/.exec(name)?.[1] ?? []);
  const others = new Set(names.filter((name) => !/^(core|alloc|std|__rustc|adderscope(_\w+)?)$/.test(name)));
  assert.ok(others.size > 15, [...others].join(" "));
  for (const crate of others) assert.match(list, new RegExp(`^${crate.replaceAll("_", "[-_]")} \\d`, "m"), crate);
  assert.equal(
    list.match(/^Permission is hereby granted, free of charge, to any person obtaining a copy of this software/gm)
      ?.length,
    3,
  );
});

test("what README shows runs in Node.js", async () => {
  const path = join(root, "README.md");
  const [line = ""] = await ran(block(readFileSync(path, "utf8").split("as a library")[1] ?? "", "js"));
  const score = await cli("verify", historyPath("57p"));
  const proof = await cli("prove", historyPath("57p"));
  assert.equal(line, ["57", "125", score.passed, proof.right].join(" "));
  const lines = await ran(block(readFileSync(join(pkg, "README.md"), "utf8"), "js") + "console.log(svg.slice(0, 4));");
  const { terms } = await cli("explain", historyPath("57p"), "57", "68", "hidden:Z1/0");
  assert.equal(lines[0], "57 parameters");
  assert.equal(lines[1], "125");
  assert.deepEqual(lines.slice(-4), [
    String((terms as unknown[]).length),
    String(score.passed as number),
    proof.right,
    "<svg",
  ]);
});

test("the lines for npm that README shows take the folder, and not a repository of that name", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [line = ""] = /^npm install .*$/m.exec(readme) ?? [];
  const here = join(folder, "here");
  mkdirSync(here);
  symlinkSync(dist, join(here, "dist"));
  writeFileSync(join(here, "package.json"), '{"private": true, "type": "module"}');
  const [npm = "", ...words] = line.split(" ");
  await exec(npm, [...words, "--silent", "--offline", "--no-audit", "--no-fund"], { cwd: here });
  const script = 'import { open } from "adderscope"; console.log(typeof open);';
  const { stdout } = await exec("node", ["--input-type=module", "--eval", script], { cwd: here });
  assert.equal(stdout, "function\n");
  assert.match(readme, new RegExp(`\`npm publish ${words.at(-1)?.replaceAll(".", "\\.")}\``));
});

/** What the command line prints, without what it is and how long it took. JavaScript writes no −0. */
function told(value: unknown) {
  const written = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
  const { schema, version, milliseconds, ...rest } = written;
  assert.ok(typeof schema === "string" && version === 1 && milliseconds !== null);
  return rest;
}

test("its numbers are the command line's", async () => {
  for (const name of ["57p", "62p"]) {
    const path = historyPath(name);
    const [line = ""] = await ran(`
      import { readFileSync } from "node:fs";
      import { open } from "adderscope";
      const model = await open(readFileSync(${JSON.stringify(path)}), ${JSON.stringify(`${name}.history.safetensors`)});
      console.log(JSON.stringify({
        report: model.report(),
        script: model.report({ alignment: "script" }),
        trace: model.trace(9999999999, 1),
        explanation: model.explain("logits:Z4/7", 57, 68),
        suite: model.suite(),
        proof: model.prove(),
        answer: model.answer(57, 68),
        steps: model.steps(57, 68, 1),
        csv: model.panel("readout").csv(),
        edited: (model.edit([{ name: "fc1.weight", index: 0, value: 0.5 }]), model.edits()),
      }));`);
    const all = JSON.parse(line) as Record<string, Record<string, unknown>> & { csv: string };
    assert.deepEqual(all.report, told(await cli("report", path)));
    assert.deepEqual(all.script, told(await cli("report", path, "--alignment", "script")));
    assert.deepEqual(all.trace, told(await cli("trace", path, "9999999999", "1")));
    const { enters, a, b, ...explained } = told(await cli("explain", path, "57", "68", "logits:Z4/7"));
    assert.ok(Array.isArray(enters) && a === 57 && b === 68);
    assert.deepEqual(all.explanation, explained);
    const { seed, ...score } = told(await cli("verify", path));
    assert.equal(seed, 2025);
    assert.deepEqual(all.suite, score);
    const proof = await cli("prove", path);
    const { milliseconds, ...proven } = all.proof ?? {};
    assert.ok(typeof milliseconds === "number" && milliseconds > 0);
    assert.deepEqual(proven, told(proof));
    assert.deepEqual(["schema", "version", ...Object.keys(all.proof ?? {})], Object.keys(proof));
    const addition = told(await cli("addition", path, "57", "68", "--digit", "1"));
    const { ruler, steps, ...answer } = addition;
    assert.ok(ruler);
    assert.deepEqual(all.answer, answer);
    assert.deepEqual(all.steps, steps);
    assert.match(all.csv, /^digit,/);
    assert.deepEqual(all.edited, [{ name: "fc1.weight", index: 0, value: 0.5 }]);
  }
});

test("a panel is the command line's to the byte, and a run stands at any step", async () => {
  const path = historyPath("67p");
  const svg = join(folder, "readout.svg");
  const words = ["figure", path, "--panel", "readout", "--theme", "dark", "-o", svg];
  await run(...words);
  const lines = await ran(`
    import { readFileSync, writeFileSync } from "node:fs";
    import { open } from "adderscope";
    const model = await open(readFileSync(${JSON.stringify(path)}), "67p");
    const size = /width="([\\d.]+)" height="([\\d.]+)"/.exec(readFileSync("readout.svg", "utf8"));
    const picture = { theme: "dark", width: Number(size[1]), height: Number(size[2]) };
    writeFileSync("ours.svg", model.panel("readout").svg(picture));
    model.show(244000);
    console.log(model.summary().step, model.prove().wrong);
    const again = await open(model.link(), "again");
    console.log(again.summary().step, again.answer(50000000, 60000000).answer);`);
  assert.equal(readFileSync(join(folder, "ours.svg"), "utf8"), readFileSync(svg, "utf8"));
  assert.deepEqual(lines, ["244000 10000010000000000", "244000 120000000"]);
});

test("what goes wrong is an Error with one line", async () => {
  const lines = await ran(`
    import { open } from "adderscope";
    import "adderscope/element"; // of no use without a page, and of no harm
    const why = async (work) => {
      try { await work(); } catch (error) { return error instanceof Error ? error.message : "no Error"; }
      return "nothing";
    };
    const model = await open((await import("node:fs")).readFileSync("best.pt"));
    for (const work of [
      () => open(new Uint8Array(10), "ten.pt"),
      () => open("no link"),
      () => model.answer(1e10, 0),
      () => model.explain("nonsense", 0, 0),
      () => model.panel("nothing"),
      () => model.edit([{ name: "nothing", index: 0, value: 0 }]),
    ]) console.log(await why(work));`);
  assert.equal(lines.length, 6, "a line each");
  for (const [at, said] of [/^ten\.pt: /, /weights=/, /0 to 9999999999/, /nonsense/, /ruler/, /nothing/].entries()) {
    assert.match(lines[at] ?? "", said);
    assert.ok((lines[at] ?? "").length <= 300);
  }
});

test("its types hold, for Node.js and for bundlers, without leaving the libraries out", async () => {
  writeFileSync(
    join(folder, "typed.ts"),
    `import { open, type Model, type ModelReport } from "adderscope";
    import { define, type AdderScope } from "adderscope/element";
    const model: Model = await open(new Uint8Array(1));
    const report: ModelReport = model.report();
    const rows: number[][] = report.token_embedding;
    const right: string | null = model.prove({ seconds: 1 }).right;
    const float32: "proven" | "refuted" | "open" = model.prove().float32;
    // @ts-expect-error: there is no such theme
    model.panel("ruler").svg({ theme: "pink" });
    define();
    const element: AdderScope = document.createElement("adder-scope");
    element.digit = rows.length + (right?.length ?? 0) + float32.length + report.errors.n_exact;
    element.addEventListener("verdict", () => {});`,
  );
  const options = ["--strict", "--noEmit", "--target", "es2023", "--lib", "es2023,dom,esnext.disposable"];
  for (const how of [
    ["--module", "nodenext"],
    ["--module", "esnext", "--moduleResolution", "bundler"],
  ]) {
    const tsc = join(root, "node_modules/.bin/tsc");
    const out = await inFolder(tsc, ...options, ...how, "typed.ts").catch((error: unknown) =>
      String((error as { stdout?: string }).stdout ?? error),
    );
    assert.equal(out, "", how.join(" "));
  }
});
