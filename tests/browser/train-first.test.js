// Training that succeeds: what the form begins with, and a run that is over and is given more steps.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched, temporaryFolder } from "./harness.js";
import { downloaded, finished, native, press, short, train, untimed, where } from "./trainer.js";

const browser = launched();
const folder = temporaryFolder();

test("a first run with the form's own settings ends proven, its loss and exact match are drawn, and it can go on", async () => {
  const { page, problems } = await browser.open();
  await page.locator("#train-open").click();
  const chance = page.locator("#train-chance");
  await chance.filter({ hasText: /^As they stand.* proven in exact arithmetic\. .*of seeds 0 to 63/i }).waitFor();
  await page.locator("#train-arch").selectOption("62p");
  assert.match(
    (await chance.textContent()) ?? "",
    /^Not every seed.*62p, 60.000 steps\), 13 came to at least half.*19, 45/,
  );
  await page.locator("#train-arch").selectOption("67p");
  await press(page, "Train");
  await where(page)
    .filter({ hasText: /^Finished at step [\d\u202f]+ of 100.000: right on all 10.{1,2}, proven in exact arithmetic/ })
    .waitFor({ timeout: 180_000 });
  const curves = page.locator("#train-learning");
  await curves.locator("canvas").press("Home");
  assert.match((await curves.locator(".tip").textContent()) ?? "", /^loss up to step 500[\d.]+ nats$/);
  await curves.locator("canvas").press("End");
  assert.match((await curves.locator(".tip").textContent()) ?? "", /^seed 25, step [\d\u202f]+100 %$/);
  await press(page, "Go on to step 100\u202f000");
  await where(page)
    .filter({ hasText: /^Training, step/ })
    .waitFor();
  await press(page, "Stop");
  await where(page)
    .filter({ hasText: /^Stopped at step/ })
    .waitFor();
  assert.deepEqual(problems, []);
});

test("a run that is over is given more steps, and is then as one that was begun with them", async () => {
  const settings = { arch: "57p", ...short };
  const wanted = await native(folder, { ...settings, extra_steps: "90" });
  const { page, problems } = await browser.open();
  await train(page, settings);
  await finished(page);
  const more = page.getByLabel("More steps");
  for (const [text, said] of /** @type {const} */ ([
    ["0", /1 up/],
    ["many", /extra_steps/],
  ])) {
    await more.fill(text);
    await press(page, "Train on");
    await page.locator("#train-more-fault").filter({ hasText: said }).waitFor();
  }
  await more.fill("90");
  await more.press("Enter");
  await where(page)
    .filter({ hasText: /^Finished at step 330 of 330/ })
    .waitFor();
  assert.ok((await downloaded(page, "Last model")).bytes.equals(await wanted("last.safetensors")));
  assert.deepEqual(untimed((await downloaded(page, "Log")).bytes), untimed(await wanted("log.jsonl")));
  assert.deepEqual(problems, []);
});
