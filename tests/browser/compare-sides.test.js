// The panels of two models: A, B or both, a run of A beside B, and the ways into a comparison.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { edited, load, openWeights, plain, rowsOf, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();

/** @param {Page} page */
const dialog = (page) => page.locator("#compare[open]");
/** @param {Page} page @param {string} key */
const panel = (page, key) => dialog(page).locator(`.compare-panels [data-compared=${key}]`);
/** Waits until all additions are decided. @param {Page} page @param {RegExp} called what A and B are */
async function compared(page, called) {
  await dialog(page).locator(".sentence", { hasText: called }).first().waitFor();
  await dialog(page).locator("[data-kind=neither]").waitFor({ timeout: 60_000 });
  await dialog(page).locator(".compare-content > .note", { hasText: /^$/ }).waitFor({ state: "attached" });
}
/** @param {Page} page */
const hash = (page) => page.evaluate(() => location.hash);

test("panels show A, B or both, by keyboard, and the address says which", async () => {
  const { page, problems } = await browser.open({}, "#model=67p&view=panels&compare=62p&sides=b");
  await compared(page, /B is 62p/);
  const choice = dialog(page).getByRole("group", { name: "Panels show" });
  assert.ok(await choice.getByRole("radio", { name: "B", exact: true }).isChecked());
  const attention = panel(page, "mean_attention").locator("figure:visible");
  assert.equal(await attention.count(), 1, "of a map one alone");
  const sentence = panel(page, "token_embeddings").locator(".sentence");
  assert.doesNotMatch((await sentence.textContent()) ?? "", / in A, /);

  await choice.getByRole("radio", { name: "B", exact: true }).focus();
  await page.keyboard.press("ArrowLeft");
  assert.ok(await choice.getByRole("radio", { name: "A", exact: true }).isChecked());
  await page.waitForFunction(() => /compare=62p&sides=a/.test(location.hash));
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => /compare=62p(?!.*sides)/.test(location.hash));
  assert.match((await sentence.textContent()) ?? "", / numbers differ, most of all .+ in A, .+ in B\.$/);
  assert.deepEqual(await attention.locator("figcaption").allTextContents(), ["A", "B", "B − A"]);

  // Each picture is named for what it shows.
  const called = await panel(page, "mean_attention")
    .locator("figure:visible canvas")
    .evaluateAll((all) => all.map((canvas) => canvas.getAttribute("aria-label") ?? ""));
  assert.equal(called.length, 3);
  for (const [at, of] of ["A", "B", "B − A"].entries()) {
    assert.ok(called[at]?.includes(`, ${of}: `), called[at]);
    assert.equal(/ in A, .+ in B\./.test(called[at] ?? ""), of === "B − A", called[at]);
  }
  const both = await panel(page, "token_embeddings").locator("canvas").first().getAttribute("aria-label");
  assert.match(both ?? "", /, A and B: /);

  // What is drawn goes out as it stands.
  const downloading = page.waitForEvent("download");
  await panel(page, "readout")
    .getByRole("button", { name: /as SVG$/ })
    .click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "67p-and-62p-readout.svg");
  const svg = await readFile(await download.path(), "utf8");
  assert.match(svg, /A, filled/);
  assert.match(svg, /B, outlined/);

  // With the comparison its choice is over.
  await choice.getByRole("radio", { name: "A", exact: true }).check();
  await page.keyboard.press("Escape");
  await page.locator("#compare").waitFor({ state: "hidden" });
  assert.equal(await hash(page), "#model=67p&view=panels");
  assert.deepEqual(problems, []);
});

test("the ruler has A's lanes and B's, of the addition that is looked at", async () => {
  const { page, problems } = await browser.open({}, "#model=67p&a=50000000&b=60000000&digit=7&compare=:244000");
  await compared(page, /step 244.000/);
  const ruler = panel(page, "ruler");
  const sentence = plain((await ruler.locator(".sentence").textContent()) ?? "");
  assert.match(sentence, /^Here A says 1 and B [02]\./);
  await ruler.locator("summary").click();
  const [header = [], ...rows] = await rowsOf(ruler.locator("table"));
  assert.equal(header[0], "model");
  for (const model of ["A", "B"]) {
    const own = rows.filter((row) => row[0] === model);
    assert.equal(own.filter((row) => row[2] === "this addition").length, 1);
    assert.ok(own.filter((row) => row[2] === "segment").length >= 10);
    assert.ok(
      own.some((row) => row[2] === "stops"),
      "all additions are decided",
    );
  }
  const wrong = rows.filter((row) => row[2] === "stops, the wrong ones of them");
  assert.ok(wrong.length > 0 && wrong.every((row) => row[0] === "B"), "B alone is wrong");
  assert.deepEqual(problems, []);
});

test("A's run plays beside B, which stays where it is", async () => {
  const { page, problems } = await browser.open({}, "#model=67p&view=panels&compare=62p");
  await compared(page, /B is 62p/);
  const slider = dialog(page).getByRole("slider", { name: "Step of A’s run" });
  await slider.focus();
  await page.keyboard.press("Home");
  await compared(page, /A is 67p\.history\.safetensors, .*step 0\. B is 62p/);
  const board = async () => (await rowsOf(dialog(page).locator(".compare-facts table")))[2]?.map(plain) ?? [];
  const [, first, b] = await board();
  assert.notEqual(first, "10 010");
  assert.equal(b, "7 542");
  await dialog(page).getByRole("button", { name: "Play A" }).click();
  await dialog(page).getByRole("button", { name: "Pause" }).waitFor();
  await compared(page, /A is 67p\.history\.safetensors, .*step 300.000\. B is 62p/);
  await dialog(page).getByRole("button", { name: "Play A" }).waitFor();
  assert.deepEqual((await board()).slice(1, 3), ["10 010", "7 542"]);
  assert.match(await hash(page), /step=300000/);

  // The step at which someone stops it is decided like one that is chosen.
  await slider.focus();
  await page.keyboard.press("Home");
  await compared(page, /A is 67p\.history\.safetensors, .*step 0\. B is 62p/);
  await dialog(page).getByRole("button", { name: "Play A" }).click();
  await dialog(page)
    .locator(".film-row .number", { hasText: /step [1-9]/ })
    .waitFor(); // the address comes when it rests
  await dialog(page).getByRole("button", { name: "Pause" }).click();
  const spoken = /step (.+) of/.exec((await slider.getAttribute("aria-valuetext")) ?? "")?.[1] ?? "none";
  const stopped = [...spoken.replace(/\D/g, "")].join("\\D?");
  await compared(page, new RegExp(`A is 67p\\.history\\.safetensors, .*step ${stopped}\\. B is 62p`));
  const right = (await rowsOf(dialog(page).locator(".compare-facts table")))[3]?.map(plain) ?? [];
  assert.match(right[1] ?? "", /^([\d ]+|not decided)$/, "it is told of the step that is shown");
  assert.deepEqual(problems, []);
});

test("what is dropped on the button is compared, and edits with the file's own numbers", async () => {
  const { page, problems } = await browser.open({}, "#model=67p&view=panels");
  await verified(page, "67p.history.safetensors");
  const { name, bytes } = modelFile("mine.json");
  const base64 = Buffer.from(bytes).toString("base64");
  const data = await page.evaluateHandle(
    ({ name, base64 }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      return transfer;
    },
    { name, base64 },
  );
  await page.locator("#exact[aria-busy=false]").waitFor();
  await page.dispatchEvent("#compare-open", "dragover", { dataTransfer: data });
  await page.getByText("Drop to compare").waitFor();
  await page.dispatchEvent("#compare-open", "drop", { dataTransfer: data });
  await compared(page, /A is 67p.*B is mine\.json/);
  await page.keyboard.press("Escape");
  await page.locator("#compare").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#file").textContent(), "67p.history.safetensors", "what is open stays");

  await openWeights(page);
  await weight(page, "out_proj.A", 0).field.fill("3");
  await page.keyboard.press("Enter");
  await edited(page);
  await page.locator("#weights-close").click();
  await page.locator("#compare-open").click();
  await compared(page, /B is 67p/);
  assert.match(await hash(page), /compare=file/);
  await dialog(page).locator(".compare-weights summary", { hasText: "1 number differs" }).waitFor();
  assert.deepEqual(problems, []);
});

test("what does not compare says so, panel by panel", async () => {
  const { page, problems } = await browser.open();
  await load(page, modelFile("one.json"), modelFile("two.json", "two_heads_tied_values"));
  await page.locator("#notes").getByRole("button", { name: "Compare" }).click();
  await compared(page, /B is two\.json/);
  const of = async (/** @type {string} */ key) => plain((await panel(page, key).innerText()) ?? "");
  assert.match(await of("mean_attention"), /A has 1 head and B 2 heads.*there is no difference/);
  assert.match(await of("top_sources"), /A has 1 head and B 2 heads.*each stands for itself/);
  assert.match(await of("positions_01"), /A has 1 head and B 2 heads.*each stands for itself/);
  assert.deepEqual(problems, []);
});
