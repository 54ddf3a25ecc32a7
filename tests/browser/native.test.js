// The same library twice: what the page computes and draws is what the command line does, to the byte.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { json, run, variant, variantNames } from "./fixtures.js";
import { root } from "./harness.js";

/** @type {typeof import("../../www/adderscope.js") & {initSync: (options: {module: Uint8Array}) => void}} */
let wasm;

before(async () => {
  wasm = await import(pathToFileURL(join(root, "target/glue/adderscope.js")).href);
  wasm.initSync({ module: await readFile(join(root, "dist/adderscope_bg.wasm")) });
});

for (const name of variantNames) {
  test(`${name}: the same figure from wasm and from the command line`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "adderscope-"));
    try {
      const checkpoint = join(folder, "c.json");
      await writeFile(checkpoint, json(variant(name)));
      const session = new wasm.Session();
      session.open([{ name: "c.json", bytes: await readFile(checkpoint) }]);
      const figure = new wasm.Figure(session.report());
      for (const alignment of /** @type {const} */ (["answer", "script"])) {
        const native = join(folder, `${alignment}.svg`);
        await run("figure", checkpoint, "--alignment", alignment, "--theme", "dark", "-o", native);
        const options = { width: 0, height: 0, scale: 1, theme: /** @type {const} */ ("dark"), alignment, title: true };
        assert.equal(figure.svg(null, options), await readFile(native, "utf8"));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
