// Measures the built page, as the README quotes it: sizes, and the time from a drop to twelve panels and to a score.
//
//   ./build.sh && node --import tsx tests/browser/measure.js CHECKPOINT [LOG]

import { readFile, readdir } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { dist } from "../../tools/paths.ts";
import { gzipped } from "../../tools/sizes.ts";
import { launch } from "./harness.js";
import { drop, median } from "./person.js";

/** Fresh pages; the median is printed. */
const RUNS = 9;

/** Milliseconds from the drop to all panels drawn, and to the AdderBoard score. @param {{name: string, bytes: Uint8Array}[]} files */
async function timeDrop(files) {
  const { page } = await browser.open({ own: true });
  await page.evaluate(() => {
    const times = /** @type {any} */ (window);
    addEventListener("drop", () => (times.droppedAt = performance.now()), { capture: true, once: true });
    const look = () => {
      const all = /** @type {NodeListOf<HTMLCanvasElement>} */ (document.querySelectorAll("[data-panel] canvas"));
      const shown = [...all].filter((canvas) => canvas.offsetParent !== null);
      const notes = all.length - shown.length;
      // A canvas that nothing was drawn on still has the width that HTML gives it.
      const drawn = shown.filter((canvas) => canvas.width !== 300).length;
      if (times.droppedAt && drawn > 0 && drawn + notes === 13) times.panelsAt ??= performance.now() - times.droppedAt;
      const score = document.querySelector('[data-fact="adderboard"]')?.textContent ?? "";
      if (score.includes(" ms")) times.scoreAt ??= performance.now() - times.droppedAt;
      if (!times.scoreAt || !times.panelsAt) requestAnimationFrame(look);
    };
    look();
  });
  await drop(page, files);
  await page.waitForFunction(() => /** @type {any} */ (window).scoreAt && /** @type {any} */ (window).panelsAt);
  return page.evaluate(() => ({
    panels: /** @type {any} */ (window).panelsAt,
    score: /** @type {any} */ (window).scoreAt,
    // As the page itself says it: "… run here in 12 ms".
    suite: parseFloat(
      document.querySelector('[data-fact="adderboard"] dt')?.textContent?.match(/([\d.]+) ms/)?.[1] ?? "",
    ),
  }));
}

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error("usage: node --import tsx tests/browser/measure.js CHECKPOINT [LOG]");
  process.exit(2);
}
const files = await Promise.all(paths.map(async (path) => ({ name: basename(path), bytes: await readFile(path) })));
const browser = await launch();

let total = 0;
for (const file of await readdir(dist, { withFileTypes: true })) {
  if (!file.isFile() || file.name.endsWith(".map")) continue;
  const bytes = await readFile(join(dist, file.name));
  total += gzipped(bytes);
  if (file.name.endsWith(".wasm")) console.log(`${file.name}: ${bytes.length} bytes, ${gzipped(bytes)} gzipped`);
}
console.log(`whole page: ${total} bytes gzipped`);

const times = [];
for (let run = 0; run < RUNS; run++) times.push(await timeDrop(files));
console.log(`machine: ${cpus()[0]?.model}, ${cpus().length} cores; medians of ${RUNS} fresh pages`);
console.log(`drop to twelve panels: ${Math.round(median(times.map((t) => t.panels)))} ms`);
console.log(`the suite of 10 010 additions: ${median(times.map((t) => t.suite))} ms`);
console.log(`drop to AdderBoard score: ${Math.round(median(times.map((t) => t.score)))} ms`);
await browser.close();
