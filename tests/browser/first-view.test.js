// What a visitor loads until the first model is drawn and scored, as it is asked for and not as the build reckons; and
// which version that is.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { dist } from "../../tools/paths.ts";
import { gzipped, readLimits } from "../../tools/sizes.ts";
import { sourceLink, sourceOf } from "../../tools/source.ts";
import { launched, root, temporaryFolder } from "./harness.js";
import { saved, settled, verified } from "./person.js";

const browser = launched();

test("the first view stays within its requests and bytes", async () => {
  const { page, problems, asked } = await browser.open({}, "#model=&view=addition");
  await verified(page, "57p.history.safetensors");
  await settled(page);
  // What comes once the first model is scored begins with these, whichever is asked for first.
  const end = asked.findIndex((file) => ["later.js", "later.css"].includes(unhashed(file)));
  // A file that is asked for twice counts twice. A browser without a window shows no icon.
  const first = [...asked.slice(0, end < 0 ? undefined : end).filter((file) => file !== "icon.svg"), "icon.svg"];
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

test("the footer links the source that the page was built of, and nobody loads it unasked", async () => {
  const { page, problems, asked } = await browser.open({}, "#model=&view=addition");
  await verified(page, "57p.history.safetensors");
  const link = page.locator("footer").getByRole("link", { name: /^Source of this page/ });
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root, encoding: "utf8" }).trim();
  // What else comes later may be asked for after it.
  assert.ok(!asked.some((file) => unhashed(file) === "adderscope-source.tar.gz"));
  const { bytes, name } = await saved(page, () => link.click());
  assert.equal(unhashed(name), "adderscope-source.tar.gz");
  const size = (bytes.length / 1e6).toFixed(1);
  assert.match(await link.innerText(), new RegExp(`\\(${commit}.*; tar\\.gz, ${size} MB\\)`));
  const archive = gunzipSync(bytes).toString("latin1");
  for (const file of ["Cargo.toml", "build.sh", "www/index.html"]) {
    assert.ok(archive.includes(`adderscope/${file}\0`), file);
    assert.ok(archive.includes(execFileSync("git", ["show", `HEAD:${file}`], { cwd: root, encoding: "latin1" })), file);
  }
  assert.deepEqual(problems, []);
});

test("outside of git the footer says that there is no archive", () => {
  const folder = temporaryFolder();
  assert.equal(sourceOf(folder), null);
  assert.match(sourceLink(null, "unknown"), /Built outside of git/);
});
