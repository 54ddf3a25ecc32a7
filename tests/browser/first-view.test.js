// What a visitor loads until the first model is drawn and scored, as it is asked for and not as the build reckons; and
// which version that is.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { dist } from "../../tools/paths.ts";
import { gzipped, readLimits } from "../../tools/sizes.ts";
import { launched, root } from "./harness.js";
import { settled, verified } from "./person.js";

const browser = launched();

test("the first view stays within its requests and bytes", async () => {
  const { page, problems, asked } = await browser.open({}, "#model=&view=addition");
  await verified(page, "57p.history.safetensors");
  await settled(page);
  // What comes once the first model is scored begins with this.
  const end = asked.findIndex((file) => unhashed(file) === "later.js");
  const first = [...new Set([...asked.slice(0, end < 0 ? undefined : end), "icon.svg"])]; // a browser without a window shows no icon
  const sizes = first.map((file) => gzipped(readFileSync(join(dist, file))));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`first view: ${first.length} requests, ${bytes} bytes gzipped: ${first.join(" ")}`);
  const { first_view: limit } = await readLimits();
  assert.ok(first.length <= limit.requests, first.join(" "));
  assert.ok(bytes <= limit.bytes, first.map((file, at) => `${file} ${sizes[at]}`).join(", "));
  assert.deepEqual(problems, []);
});

test("the footer names version and commit, as the command line does", async () => {
  const { page } = await browser.open({}, "#model=&view=addition");
  await verified(page, "57p.history.safetensors");
  const words = await page.locator("footer [data-version]").innerText();
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  assert.match(words, /^AdderScope \d+\.\d+\.\d+ \(/);
  assert.ok(words.endsWith(`(${commit})`), words);
});
