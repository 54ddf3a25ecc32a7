// The same library twice: what the page computes and draws is what the command line does, to the byte.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { json, run, variant, variantNames } from "./fixtures.js";
import { root, temporaryFolder } from "./harness.js";

/** @typedef {typeof import("../../www/adderscope.js") & {initSync: (options: {module: Uint8Array}) => void}} Library */

/** Both builds; their glue is the same, and each copy of it holds one. @type {Map<string, Library>} */
const builds = new Map();

before(async () => {
  for (const build of ["simd", "plain"]) {
    const glue = pathToFileURL(join(root, "target/glue/adderscope.js"));
    /** @type {Library} */
    const library = await import(`${glue.href}?${build}`);
    library.initSync({ module: await readFile(join(root, `dist/adderscope_${build}.wasm`)) });
    builds.set(build, library);
  }
});

for (const name of variantNames) {
  test(`${name}: the same figure and score from both builds and from the command line`, async () => {
    const folder = temporaryFolder();
    const checkpoint = join(folder, "c.json");
    await writeFile(checkpoint, json(variant(name)));
    const bytes = await readFile(checkpoint);
    const natives = new Map();
    for (const alignment of /** @type {const} */ (["answer", "script"])) {
      const native = join(folder, `${alignment}.svg`);
      await run("figure", checkpoint, "--alignment", alignment, "--theme", "dark", "-o", native);
      natives.set(alignment, await readFile(native, "utf8"));
    }
    const scores = [];
    for (const library of builds.values()) {
      const session = new library.Session();
      session.open([{ name: "c.json", bytes }]);
      const figure = new library.Figure(session.report());
      for (const [alignment, native] of natives) {
        const options = { width: 0, height: 0, scale: 1, theme: /** @type {const} */ ("dark"), alignment, title: true };
        assert.equal(figure.svg(null, options), native);
      }
      const { passed } = session.verify().score;
      scores.push({ passed, failures: session.failures(false) });
    }
    assert.deepEqual(scores[0], scores[1]);
  });
}
