// Times the built page's library in headless Chromium, beside PyTorch where it is: `./build.sh bench`.
//
//   node --import tsx tests/browser/bench.js [--brief] [--write] [CHECKPOINT…]
//
// Without checkpoints it takes published ones, and the bundled models where there are none. Prints the README's table;
// --write puts it there. --brief is for a quick look: fewer runs, no PyTorch, no training of
// other architectures, no whole run.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { bundledNames, historyPath } from "./bundled.js";
import { built, launch, root } from "./harness.js";
import { publishedPath } from "./shared.js";

const options = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const brief = options.includes("--brief");
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const published = ["62p.pt", "57p.pt", "67p.pt", "226p.pt"].flatMap((name) => publishedPath(name) ?? []);
const paths = [asked, published, bundledNames.map(historyPath)].find(({ length }) => length > 0) ?? [];
const [MODEL = "", ...OTHERS] = paths;

/** Runs of each piece of work; the median counts. */
const RUNS = brief ? 9 : 41;
/** How long training is timed, in milliseconds. */
const TRAINING = brief ? 400 : 3000;

const browser = await launch();

/**
 * A fresh page that measures one checkpoint with one build of the library; milliseconds.
 * @param {string} path
 * @param {"simd" | "plain"} build
 * @param {string} arch to train
 */
async function measure(path, build, arch) {
  const { page } = await browser.open({ own: true, viewport: { width: 1280, height: 800 } });
  const bytes = [...readFileSync(path)];
  return page.evaluate(
    async ({ bytes, name, build, arch, runs, training }) => {
      // A second copy of the library, beside the page's own.
      const load = async (/** @type {string} */ part, /** @type {string} */ file = `${part}_${build}`) => {
        const glue = await import(`/library/${part}.js?bench`);
        const wasm = await fetch(`/library/${file}.wasm`);
        await glue.default({ module_or_path: await wasm.arrayBuffer() });
        return glue;
      };
      const library = await load("adderscope");
      const median = (/** @type {number[]} */ times) => times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
      const time = (/** @type {(run: number) => void} */ work) => {
        const times = [];
        for (let run = 0; run < runs; run++) {
          const start = performance.now();
          work(run);
          times.push(performance.now() - start);
        }
        return median(times);
      };
      const { read_files } = await load("formats", "formats");
      const session = new library.Session();
      const input = read_files([{ name, bytes: new Uint8Array(bytes) }]);
      session.open(input);
      const { Deciding } = await load("exact");
      const decide = () => {
        const start = performance.now();
        const deciding = new Deciding(input, undefined, []);
        while (!deciding.step(100_000));
        const { decided } = deciding.bounds();
        if (!decided) throw new Error(`${name} is not decided`);
        deciding.free();
        return performance.now() - start;
      };
      // Where attention moves with the tokens it takes longer than all else together.
      const verdicts = Array.from({ length: decide() > 100 ? 3 : runs }, decide);
      const first = session.verify().score.milliseconds;
      const suite = time(() => session.verify());
      // An edit makes the model, its tables and all analyses anew.
      const [tensor] = session.weights().tensors;
      const { original } = tensor.numbers[0];
      const analyses = time((run) =>
        session.edit([{ name: tensor.name, index: 0, value: original * (1 + 1e-4 * (run + 1)) }]),
      );
      const figure = new library.Figure(session.report());
      const canvases = library.page().panels.map((/** @type {any} */ panel) => {
        const canvas = document.createElement("canvas");
        return { key: panel.key, canvas, width: panel.wide ? 600 : 390 };
      });
      const drawing = time(() => {
        for (const { key, canvas, width } of canvases) {
          const height = figure.aspect(key, width);
          figure.draw(key, canvas, { width, height, scale: 1, theme: "light", alignment: "answer", title: false });
        }
      });
      const { Trainer } = await load("trainer");
      const trainer = new Trainer({ arch, seed: "1", steps: "1000000", eval_every: "1000000" });
      trainer.run(200);
      const [from, start] = [trainer.progress().step, performance.now()];
      while (performance.now() - start < training) trainer.run(100);
      const step = (performance.now() - start) / (trainer.progress().step - from);
      return { first, suite, analyses, drawing, step, verdict: median(verdicts) };
    },
    { bytes, name: basename(path), build, arch, runs: RUNS, training: TRAINING },
  );
}

/** Architectures whose training steps are compared: the others with the first. */
const COMPARED = ["57p", "67p", "74p"];
/** How often each of them has its turn, and how long that is, in milliseconds. */
const [ROUNDS, TURN] = [12, 250];

/** Milliseconds of a training step of each architecture, in turns on one page: the least of all turns. */
async function compareSteps() {
  const { page } = await browser.open({ own: true, viewport: { width: 1280, height: 800 } });
  return page.evaluate(
    async ({ archs, rounds, turn }) => {
      const glue = await import(/** @type {any} */ ("/library/trainer.js?bench"));
      const wasm = await fetch("/library/trainer_simd.wasm");
      await glue.default({ module_or_path: await wasm.arrayBuffer() });
      const runs = archs.map((arch) => {
        const trainer = new glue.Trainer({ arch, seed: "1", steps: "1000000", eval_every: "1000000" });
        trainer.run(turn);
        return { trainer, least: Infinity };
      });
      for (let round = 0; round < rounds; round++) {
        for (const run of runs) {
          const [from, start] = [run.trainer.progress().step, performance.now()];
          run.trainer.run(turn);
          run.least = Math.min(run.least, (performance.now() - start) / (run.trainer.progress().step - from));
        }
      }
      return runs.map(({ least }) => least);
    },
    { archs: COMPARED, rounds: ROUNDS, turn: TURN },
  );
}

/**
 * A whole run with every setting as it is by default, in the page's own training Worker: from the message that starts it
 * to the one that tells its end.
 * @param {string} arch
 */
async function wholeRun(arch) {
  // The page's policy lets in no Worker but those that the page starts.
  const { page } = await browser.open({ own: true, bypassCSP: true, viewport: { width: 1280, height: 800 } });
  return page.evaluate(
    async ({ arch, file }) => {
      const wasm = await fetch("/library/trainer_simd.wasm");
      const module = await WebAssembly.compile(await wasm.arrayBuffer());
      const worker = new Worker(new URL(file, location.href), { type: "module" });
      const start = performance.now();
      let evaluations = 0;
      /** As www/channel/protocol.ts has it. */
      const ask = (/** @type {number} */ id, /** @type {string} */ call, /** @type {unknown} */ input) =>
        worker.postMessage({ kind: "call", id, call, input, epoch: 0, priority: "usual" });
      return new Promise((resolve, reject) => {
        worker.addEventListener("error", ({ message }) => reject(new Error(message)));
        worker.addEventListener("message", ({ data: { kind, id, message, output, progress } }) => {
          if (kind === "error") return reject(new Error(message));
          const told = progress ?? output.progress ?? output;
          if (told.diverged) return reject(new Error(told.diverged));
          evaluations += told.evaluated.filter((/** @type {any} */ { step }) => step > 0).length;
          if (told.finished) resolve({ ms: performance.now() - start, steps: told.steps, evaluations });
          else if (id === 0) ask(1, "train", null);
        });
        ask(0, "start", { module, settings: { arch } });
      });
    },
    { arch, file: built("trainer-worker.js") },
  );
}

/** @typedef {{torch: string, suite: number, "suite, one at a time": number, analyses: number, step: number}} Reference */

/** What PyTorch takes, on one core; null where it is not. @param {string} path @returns {Reference | null} */
function reference(path) {
  if (brief) return null;
  const json = join(tmpdir(), `adderscope-bench-${process.pid}.json`);
  execFileSync("cargo", ["run", "--release", "--quiet", "--", "convert", path, json], { cwd: root, stdio: "inherit" });
  try {
    const python = process.env.PYTHON ?? "python3";
    return JSON.parse(execFileSync(python, ["benches/reference.py", json], { cwd: root, encoding: "utf8" }));
  } catch {
    console.error("PyTorch was not measured: set PYTHON to a Python that has torch");
    return null;
  }
}

/** @param {number} ms */
const shown = (ms) =>
  ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${ms < 10 ? ms.toFixed(ms < 1 ? 2 : 1) : Math.round(ms)} ms`;

const archOf = (/** @type {string} */ path) => basename(path).match(/^(57p|62p|67p|74p)/)?.[1] ?? "62p";
const nameOf = (/** @type {string} */ path) => basename(path).replace(/\..*$/, "");

const torch = reference(MODEL);
const simd = await measure(MODEL, "simd", archOf(MODEL));
const plain = await measure(MODEL, "plain", archOf(MODEL));
const others = [];
for (const path of OTHERS) others.push({ name: nameOf(path), times: await measure(path, "simd", archOf(path)) });
const steps = brief ? [] : await compareSteps();
const whole = brief ? null : await wholeRun("57p");
await browser.close();

/**
 * @param {string} what
 * @param {number} here
 * @param {number | undefined} there
 * @param {string} [target]
 * @param {string} [note]
 */
const row = (what, here, there, target = "", note = "") =>
  `| ${what} | ${shown(here)}${note} | ${target} | ${there === undefined ? "" : `${shown(there)}, ${Math.round(there / here)} times as long`} |`;

/** How long a verdict may take. @param {string} name */
const verdictTarget = (name) => (/^(57|67)p/.test(name) ? "5 ms" : /^62p/.test(name) ? "10 ms" : "5 s");

/** @param {number} count */
const spaced = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, " ");

const [first = "", ...rest] = COMPARED;
const [base = NaN, ...than] = steps;
/** Training of all architectures that are compared, and a run as a person waits for it. */
const training =
  whole === null
    ? []
    : [
        row(`a training step of ${first}`, base, undefined),
        ...rest.map((arch, at) => {
          const step = than[at] ?? NaN;
          return row(
            `the same of ${arch}`,
            step,
            undefined,
            `twice ${first}'s`,
            `, ${(step / base).toFixed(1)} times ${first}'s`,
          );
        }),
        row(
          `a whole run of 57p: ${spaced(whole.steps)} steps, ${whole.evaluations} evaluations`,
          whole.ms,
          undefined,
          "20 s",
        ),
      ];

const lines = [
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores; headless Chromium; ${nameOf(MODEL)}; medians of ${RUNS}` +
    `${torch ? `; PyTorch ${torch.torch} on one core in the same run` : ""}:`,
  "",
  "| what | here | target | PyTorch |",
  "|---|---|---|---|",
  row("AdderBoard's suite, from raw weights to the score", simd.suite, torch?.suite, "3 ms"),
  row("the same, one addition at a time", simd.suite, torch?.["suite, one at a time"]),
  row("the first call after loading", simd.first, undefined, "30 ms"),
  row("all analyses of the twelve panels", simd.analyses, torch?.analyses, "5 ms"),
  row("drawing calls of twelve canvases", simd.drawing, undefined),
  row("the verdict on all 10²⁰ additions, with its count", simd.verdict, undefined, verdictTarget(nameOf(MODEL))),
  row(`a training step of ${archOf(MODEL)}, 256 additions`, simd.step, torch?.step, "a sixtieth of PyTorch's"),
  row("the suite without SIMD", plain.suite, undefined),
  row("a training step without SIMD", plain.step, undefined),
  ...training,
  ...others.flatMap(({ name, times }) => {
    // Elsewhere attention is no fixed matrix: three times as long is allowed.
    const [suite, analyses] = /^(57|62|67|74)p/.test(name) ? [3, 5] : [9, 15];
    return [
      row(`${name}: the suite`, times.suite, undefined, `${suite} ms`),
      row(`${name}: all analyses`, times.analyses, undefined, `${analyses} ms`),
      row(`${name}: the verdict`, times.verdict, undefined, verdictTarget(name)),
    ];
  }),
];
const table = lines.join("\n");
console.log(table);

if (options.includes("--write")) {
  const path = join(root, "README.md");
  const readme = readFileSync(path, "utf8");
  const marks = /(<!-- benchmark: written by .\/build.sh bench -->\n)[^]*?(\n<!-- end of benchmark -->)/;
  if (!marks.test(readme)) throw new Error("README.md has no place for the benchmark");
  writeFileSync(path, readme.replace(marks, `$1\n${table}\n$2`));
}
