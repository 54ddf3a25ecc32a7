// Builds the Python package's wheel: node --import tsx tools/python.ts PYTHON OUT [OPTIONS OF maturin build…]
//
// PYTHON has maturin, which puts the command line into it. What shows a model in a notebook is the package for the web, in one
// file, with what joins it to Jupyter.

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as esbuild from "esbuild";
import { crates, LIBRARY, LICENCES, licencesOf, PROGRAM } from "./licences.ts";
import { made } from "./made.ts";
import { dist, root } from "./paths.ts";
import { Complaint, main, run } from "./run.ts";

const inline = join(dist, "pkg", "inline.js");

await main(async () => {
  const [python, out, ...options] = process.argv.slice(2);
  if (!python || !out) {
    throw new Complaint("tools/python.ts: name a Python that has maturin, and a folder for the wheel");
  }
  if (!existsSync(inline)) throw new Complaint(`${inline} is missing: run ./build.sh first`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["./www/notebook/widget.ts"],
    outfile: join(root, "python/src/adderscope/widget.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    logLevel: "warning",
    plugins: [made({ "embed/inline": { path: inline } })],
  });
  const ships = [...(await crates(PROGRAM)), ...(await crates(LIBRARY))];
  await writeFile(join(root, "python/src/adderscope", LICENCES), await licencesOf(ships));
  await run(resolve(python), ["-m", "maturin", "build", "--out", resolve(out), ...options], {
    cwd: join(root, "python"),
  });
});
