// A training run that ends where its model is proven.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.js";
import { launched } from "./harness.js";
import { plain } from "./person.js";
import { downloaded, fill, finished, long, press, trainAndPause, where } from "./trainer.js";

const browser = launched();

/** A saved run with other numbers in the place of its own. @param {Uint8Array} saved @param {Record<string, any>} numbers */
function withNumbers(saved, numbers) {
  const bytes = Buffer.from(saved);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, end).toString());
  for (const [name, values] of Object.entries(numbers)) {
    const [begin] = header[`run/${name}`].data_offsets;
    for (const [at, value] of [values].flat(Infinity).entries()) bytes.writeFloatLE(value, end + begin + 4 * at);
  }
  return bytes;
}

test("a run ends where its model is proven, and says in which arithmetic", async () => {
  const { page, problems } = await browser.open();
  await fill(page, {});
  const until = page.getByLabel(/^What ends the run/);
  assert.deepEqual(await until.locator("option").allTextContents(), ["its steps", "proven in exact arithmetic"]);
  assert.match((await until.getAttribute("title")) ?? "", /all 10²⁰ additions ends it\. In exact arithmetic/);
  const still = { lr: "0", warmup: "0", weight_decay: "0" }; // the model stays as it is
  await trainAndPause(page, { ...long, ...still, arch: "57p", eval_every: "1000", until: "proven" });
  const { name, bytes } = await downloaded(page, "Saved run");
  await press(page, "Stop");
  await press(page, "Train another…");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator("#train-saved").click()]);
  const buffer = withNumbers(bytes, bundled("57p").checkpoint.model_state_dict);
  await chooser.setFiles({ name, mimeType: "application/octet-stream", buffer });
  await press(page, "Resume");
  await finished(page);
  const told = plain((await where(page).textContent()) ?? "");
  assert.match(told, /^Finished at step \d+ 000 of 500 000: right on all 10²⁰, proven in exact arithmetic$/);
  const all = page.locator("#train-numbers div", { hasText: "all 10²⁰ additions, best model" });
  assert.match(await all.innerText(), /right on all, proven in exact arithmetic/);
  assert.deepEqual(problems, []);
});
