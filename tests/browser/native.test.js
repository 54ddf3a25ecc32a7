// The same library twice: what the page computes and draws is what the command line does, to the byte.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { json, run, variant, variantNames } from "./fixtures.js";
import { temporaryFolder } from "./harness.js";
import { adderscope, formats } from "./library.js";

/** @type {(typeof import("../../www/adderscope.js"))[]} */
let builds;
/** @type {typeof import("../../www/formats.js")} */
let reader;

before(async () => {
  builds = await Promise.all([adderscope("simd"), adderscope("plain")]);
  reader = await formats();
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
    const input = reader.read_files([{ name: "c.json", bytes }]);
    for (const library of builds) {
      const session = new library.Session();
      session.open(input);
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
