// Lighthouse over the built page, as a phone has it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { executable, root, serve } from "../browser/harness.js";

/** Of a hundred. Speed is measured by `./build.sh bench`: here it would be this machine's. */
const WANTED = { accessibility: 95, "best-practices": 95 };

interface Report {
  categories: Record<string, { score: number | null }>;
  audits: Record<string, { score: number | null; title: string }>;
}

test("Lighthouse finds next to nothing to complain about", async () => {
  const server = await serve();
  const folder = await mkdtemp(join(tmpdir(), "adderscope-lighthouse-"));
  try {
    const path = join(folder, "report.json");
    const words = [
      join(root, "node_modules/lighthouse/cli/index.js"),
      server.url,
      `--only-categories=${Object.keys(WANTED).join(",")}`,
      "--chrome-flags=--headless --no-sandbox --disable-gpu",
      ...["--output=json", `--output-path=${path}`, "--quiet", "--no-enable-error-reporting"],
    ];
    await promisify(execFile)(process.execPath, words, { env: { ...process.env, CHROME_PATH: executable() } });
    const { categories, audits } = JSON.parse(await readFile(path, "utf8")) as Report;
    const failed = Object.entries(audits).flatMap(([id, { score, title }]) =>
      score !== null && score < 1 ? [`${id}: ${title}`] : [],
    );
    for (const [name, least] of Object.entries(WANTED)) {
      const score = 100 * (categories[name]?.score ?? 0);
      assert.ok(score >= least, `${name}: ${score}\n${failed.join("\n")}`);
      console.log(`Lighthouse, ${name}: ${score}`);
    }
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
