// The Python package in JupyterLab, by the lines that README shows, and the notebook as HTML without a network.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root, target } from "../../tools/paths.ts";
import { historyPath } from "../browser/bundled.js";
import { freePort, startBrowser, temporaryFolder } from "../browser/harness.js";

/** @typedef {import("playwright-core").Page} Page */

const python = process.env.JUPYTER_PYTHON ?? join(root, "target/jupyter/bin/python");
const folder = temporaryFolder();

/** README's lines, as a person copies them. */
const readme = readFileSync(join(root, "README.md"), "utf8");
const lines = /## In a notebook\n[^]*?```python\n([^]*?)```/.exec(readme)?.[1] ?? "";

/** A module as a training script has it: PyTorch is not needed for it. */
const MODULE = `
import json, numpy
saved = json.load(open("best.json"))
class Module:
    config = saved["config"]
    def state_dict(self):
        return {name: numpy.array(value, dtype=numpy.float32) for name, value in saved["model_state_dict"].items()}
model = Module()
`;

/** What a person does from Python, and what they hear from there. */
const AFTER = `
view.theme, view.digit = "dark", 0
print(view.a, view.digit, "item" in view.selected, view.verdict["adderboard"]["passed"], view.verdict["decided"])
`;

/** Another one beside the first. */
const SECOND = 'adderscope.show(model, "sum", a=7, b=8)';

const cells = [MODULE, ...lines.split("\n").filter((line) => line !== ""), AFTER].map((source) => source.trim());

/** @param {string} source @returns {Record<string, unknown>} */
const cell = (source) => ({ cell_type: "code", source, metadata: {}, outputs: [], execution_count: null });

/** @param {string[]} sources */
function notebookOf(sources) {
  const metadata = { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } };
  return JSON.stringify({ cells: sources.map(cell), metadata, nbformat: 4, nbformat_minor: 4 });
}

/** @type {import("node:child_process").ChildProcess} */
let lab;
/** @type {import("playwright-core").Browser} */
let browser;
let url = "";

before(async () => {
  const convert = [
    "-c",
    "import adderscope._program as p, subprocess, sys; subprocess.run([p.program(), *sys.argv[1:]])",
  ];
  await promisify(execFile)(python, [...convert, "convert", historyPath("57p"), join(folder, "best.json")]);
  copyFileSync(historyPath("57p"), join(folder, "best.safetensors"));
  writeFileSync(join(folder, "adders.ipynb"), notebookOf([...cells, SECOND]));
  const port = await freePort();
  const settings = [
    "--no-browser",
    "--ip=127.0.0.1",
    `--port=${port}`,
    "--ServerApp.port_retries=0", // another port is not where the test looks
    `--ServerApp.root_dir=${folder}`,
    "--allow-root",
  ];
  const open = [
    "--IdentityProvider.token=",
    "--ServerApp.password=",
    "--LabApp.news_url=None",
    "--expose-app-in-browser",
  ];
  // Nothing of this machine's settings, and nothing left there.
  const places = ["CONFIG", "DATA", "RUNTIME"].map((name) => [`JUPYTER_${name}_DIR`, join(folder, name)]);
  const env = { ...process.env, ...Object.fromEntries(places), IPYTHONDIR: join(folder, "ipython") };
  lab = spawn(python, ["-m", "jupyterlab", ...settings, ...open], { env, stdio: ["ignore", "ignore", "pipe"] });
  url = `http://127.0.0.1:${port}`;
  let said = "";
  await new Promise((resolve, reject) => {
    lab.stderr?.on("data", (text) => {
      said += text;
      if (said.includes(`${url}/lab`)) resolve(null);
    });
    lab.on("exit", () => reject(new Error(said)));
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  if (lab && lab.exitCode === null && lab.kill()) await once(lab, "exit"); // it writes into the folder until then
});

/** @param {Page} page */
function outside(page) {
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !/^(blob|data|file):/.test(address)) asked.push(address);
  });
  return asked;
}

/** Runs the chosen cell and goes on to the next. @param {Page} page @param {number} count cells that have run then */
async function runCell(page, count) {
  await page.keyboard.press("Shift+Enter");
  await page.waitForFunction(
    (count) => {
      const prompts = [...document.querySelectorAll(".jp-InputPrompt")].map(({ textContent }) => textContent ?? "");
      return prompts.filter((text) => /\[\d+\]/.test(text)).length >= count;
    },
    count,
    { timeout: 20_000 },
  );
}

/** What the last cell that ran wrote. @param {Page} page @param {number} count */
const output = (page, count) =>
  page
    .locator(".jp-Cell")
    .nth(count - 1)
    .locator(".jp-OutputArea-output")
    .innerText()
    .then((text) => text.trim());

test("README's lines show a live module in JupyterLab, and both sides follow each other", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1600 }, colorScheme: "dark" });
  const asked = outside(page);
  await page.goto(`${url}/lab/tree/adders.ipynb`);
  await page.getByText("Python 3 (ipykernel) | Idle").waitFor({ timeout: 60_000 });
  await page.locator(".jp-Notebook .jp-Cell").first().click();
  const shown = cells.indexOf("view") + 1;
  for (let count = 1; count <= shown; count++) await runCell(page, count);
  const element = page.locator("adder-scope");
  await element.getByText("all 10²⁰ right, in exact arithmetic").waitFor({ timeout: 60_000 });
  assert.equal(await element.getAttribute("theme"), "light", "as JupyterLab is, and not as the system");
  assert.equal(await element.getByLabel("First number").inputValue(), "57");
  const said = element.getByRole("status", { name: /the model says/ });
  assert.match(await said.innerText(), /^125 ✓/);
  await element.getByLabel("First number").fill("999");
  await element.getByText("1 067 ✓").waitFor();
  const plot = element.locator("canvas").first();
  await plot.focus();
  for (const key of ["ArrowRight", "Space"]) await page.keyboard.press(key);
  await page.locator(".jp-Cell").nth(shown).click(); // its words, not the picture above
  await page.keyboard.press("Escape");
  for (let count = shown + 1; count <= cells.length; count++) await runCell(page, count);
  const outputs = await Promise.all(cells.map(async (_, at) => (at >= shown ? output(page, at + 1) : "")));
  assert.equal(outputs[cells.findIndex((cell) => cell.includes("report("))], "57");
  assert.equal(outputs[cells.findIndex((cell) => cell.includes("verify("))], "10010");
  assert.equal(outputs[cells.findIndex((cell) => cell.includes("prove("))], `'${10n ** 20n}'`);
  assert.match(
    outputs.at(-1) ?? "",
    /^999 0 True 10010 True$/,
    "what was typed, chosen and decided is there in Python",
  );
  await element.getByText("Z0 of 999 + 68").waitFor();
  assert.equal(await element.getAttribute("theme"), "dark");
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
  await runCell(page, cells.length + 1);
  const second = page.locator("adder-scope").nth(1);
  await second.getByText("all 10²⁰ right, in exact arithmetic").waitFor({ timeout: 60_000 });
  assert.equal(await second.getByLabel("First number").inputValue(), "7");
  assert.deepEqual(asked, []);
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => document.querySelector(".jp-mod-dirty") === null);
});

/** Shows a notebook as HTML, without a network. @param {string} file @param {...string} how @returns {Promise<Page>} */
async function asHtml(file, ...how) {
  const convert = ["-m", "nbconvert", "--to", "html", ...how, file, "--output", `${file}.html`];
  await promisify(execFile)(python, convert, { cwd: folder });
  const page = await browser.newPage();
  await page.context().setOffline(true);
  await page.goto(pathToFileURL(join(folder, `${file}.html`)).href);
  return page;
}

test("the notebook as HTML shows the picture, without Python and without a network: as it was saved, or run for it", async () => {
  const run = cells.slice(0, -1);
  writeFileSync(join(folder, "run.ipynb"), notebookOf(run));
  const execute = ["--execute", "--ExecutePreprocessor.store_widget_state=False"];
  for (const page of [await asHtml("adders.ipynb"), await asHtml("run.ipynb", ...execute)]) {
    const picture = page.getByRole("img", { name: /^AdderScope: ruler of model\.json/ });
    const width = await picture.evaluate((/** @type {HTMLImageElement} */ image) =>
      image.decode().then(() => image.naturalWidth),
    );
    assert.ok(width > 300);
    assert.match(await page.locator("body").innerText(), /100000000000000000000/);
  }
});

test("README's line installs the wheel in an environment of its own", async () => {
  const line = /^python3 -m venv .*pip install .*$/m.exec(readme)?.[0] ?? "";
  const here = join(folder, "here");
  mkdirSync(here);
  symlinkSync(target, join(here, "target"));
  // What shows a model in a notebook is downloaded, and tried above: all else needs nothing.
  const env = { ...process.env, PIP_NO_DEPS: "1", PIP_NO_INDEX: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const run = promisify(execFile);
  await run("bash", ["-c", line], { cwd: here, env });
  const script = `import adderscope; print(adderscope.verify(${JSON.stringify(historyPath("57p"))})["passed"])`;
  const { stdout } = await run(join(here, "env/bin/python"), ["-c", script], { cwd: here });
  assert.equal(stdout.trim(), "10010");
});
