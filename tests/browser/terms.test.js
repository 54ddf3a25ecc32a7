// Every term explains itself: pointed at, focused or tapped, and in one list.

import assert from "node:assert/strict";
import { test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { launched } from "./harness.js";
import { verified } from "./person.js";

const browser = launched();

/** @param {import("playwright-core").BrowserContextOptions} [options] */
async function opened(options = {}, hash = "#model=62p&view=panels") {
  const context = await browser.open(options, hash);
  await verified(context.page);
  const term = context.page.locator("#sections .term").first();
  await term.waitFor();
  return { ...context, term, meaning: context.page.getByRole("tooltip") };
}

test("a term says what it means to a pointer and to the keyboard, and Escape takes it away", async () => {
  const { page, problems, term, meaning } = await opened();
  await term.hover();
  await meaning.waitFor();
  const words = await meaning.innerText();
  assert.match(words, /\.$/);
  assert.equal(await term.getAttribute("aria-describedby"), await meaning.getAttribute("id"));
  await page.mouse.move(0, 0);
  await meaning.waitFor({ state: "hidden" });

  await term.focus();
  await meaning.waitFor();
  assert.equal(await meaning.innerText(), words);
  const box = await meaning.boundingBox();
  assert.ok(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 1280 && box.y + box.height <= 900);
  await page.keyboard.press("Escape");
  await meaning.waitFor({ state: "hidden" });
  assert.equal(await term.getAttribute("aria-describedby"), null);
  assert.deepEqual(problems, []);
});

test("a tap explains a term on a phone, where nothing is wider than the screen", async () => {
  const { page, problems, term, meaning } = await opened({
    viewport: { width: 375, height: 667 },
    hasTouch: true,
    isMobile: true,
  });
  await term.tap();
  await meaning.waitFor();
  const box = await meaning.boundingBox();
  assert.ok(box && box.x >= 0 && box.x + box.width <= 375);
  await page.locator("#end > p").first().tap(); // not on a link
  await meaning.waitFor({ state: "hidden" });
  assert.deepEqual(problems, []);
});

test("a part of the page underlines each term once, and what is underlined is in the list", async () => {
  const { page, problems } = await opened();
  const underlined = await page
    .locator("#sections section")
    .evaluateAll((sections) =>
      sections.map((section) => [...section.querySelectorAll(".term")].map((term) => term.getAttribute("data-term"))),
    );
  for (const names of underlined) assert.equal(new Set(names).size, names.length, names.join(", "));
  await page.getByRole("button", { name: "Terms", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const listed = await dialog.locator("dt").allInnerTexts();
  for (const name of underlined.flat()) assert.ok(listed.includes(name ?? ""), `${name} is not in the list`);
  for (const name of ["X, Y", "Z", "EOS", "query and key", "norm", "rank 1", "residual stream", "logits"]) {
    assert.ok(listed.includes(name), name);
  }
  await page.keyboard.press("Escape");
  assert.deepEqual(problems, []);
});

test("the end of the page leads to MicroAdder and AdderBoard, and says how to cite", async () => {
  const { page, problems } = await opened();
  const hrefs = await page.locator("#end a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.deepEqual(hrefs.slice(0, 2), [
    "https://github.com/evindor/MicroAdder",
    "https://github.com/anadim/AdderBoard",
  ]);
  assert.deepEqual(
    hrefs.slice(2).map((file) => unhashed(file ?? "")),
    ["adderscope-source.tar.gz", "licences.txt"],
  );
  await page.getByText("How to cite").click();
  const version = await page.locator("[data-version]").innerText();
  const number = /\d+\.\d+\.\d+/.exec(version)?.[0] ?? "";
  assert.match(await page.locator("#cite code").innerText(), new RegExp(`^@software\\{adderscope,[^]*${number}`));
  assert.deepEqual(problems, []);
});
