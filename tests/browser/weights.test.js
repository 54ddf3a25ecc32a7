// The Weights drawer: what it changes is what the page shows, saves and takes back.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { cli, good, logFile, modelFile } from "./fixtures.js";
import { launched, once, temporaryFolder } from "./harness.js";
import {
  download,
  downloadPanel,
  drop,
  edited,
  facts,
  load,
  openWeights,
  panelKeys,
  readPanel,
  settled,
  verified,
  weight,
} from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const folder = temporaryFolder();

const stem = good.name.replace(/\.[^.]+$/, "");

async function opened(options = {}, hash = "") {
  const context = await browser.open(options, hash);
  await load(context.page, good, logFile);
  await openWeights(context.page);
  return context;
}

/** Everything that a person can read. @param {Page} page */
async function everything(page) {
  /** @type {Record<string, unknown>} */
  const panels = {};
  for (const key of await panelKeys(page)) {
    const enlarge = page.locator(`[data-panel="${key}"]`).getByRole("button", { name: "Enlarge" });
    panels[key] = (await enlarge.isVisible())
      ? await readPanel(page, key)
      : await page.locator(`[data-panel="${key}"]`).innerText();
  }
  const sentences = await page.locator("#sections .lead").allTextContents();
  return { facts: await facts(page), sentences, panels };
}

/** @param {Page} page */
const score = async (page) => Number((await page.locator("#weights-score").innerText()).replace(/\D/g, ""));

for (const name of ["structured_equals_on_spiral", "no_ln2_two_heads_170p_like", "two_heads_tied_values"]) {
  test(`${name}: an edited model shows what the command line says of its export`, async () => {
    const { page, problems } = await browser.open();
    await load(page, modelFile(`${name}.json`, name));
    await openWeights(page);
    for (const [tensor, index] of /** @type {const} */ ([
      ["head_proj.weight", 1],
      ["q_proj.weight", 0],
      ["fc1.weight", 3],
    ])) {
      await weight(page, tensor, index).slider.press("PageUp");
      await weight(page, tensor, index).slider.press("ArrowRight");
    }
    await edited(page);
    const shown = await everything(page);
    assert.equal(await page.locator("#model").innerText(), `${shown.facts.parameters} parameters, 3 edited`);

    const file = await download(page, "JSON");
    assert.equal(file.name, `${name}-edited.json`);
    const path = join(folder, file.name);
    await writeFile(path, file.bytes);
    const [verdict, report] = await Promise.all([cli("verify", path), cli("report", path)]);
    assert.equal(await score(page), verdict.passed);
    assert.equal(report.edited, true);
    const rate = /** @type {{rows: string[][]}} */ (shown.panels.error_rate);
    assert.deepEqual(
      rate.rows.map((row) => Number(row[1])),
      report.errors.digit_errors,
    );
    const tensors = JSON.parse(file.bytes.toString()).model_state_dict;
    const source = Object.keys(tensors).find((key) => key.endsWith("fc1.weight")) ?? "";
    const value = await weight(page, "fc1.weight", 3).field.inputValue();
    assert.equal(Math.fround(tensors[source].flat()[3]), Math.fround(Number(value)));

    await load(page, { name: file.name, bytes: file.bytes });
    const { facts: again, ...rest } = await everything(page);
    const { facts: before, ...same } = shown;
    assert.deepEqual(rest, same);
    assert.deepEqual([again.adderboard, again.qualified], [before.adderboard, before.qualified]);
    assert.match(await page.locator("#notes").innerText(), /Edited by hand in AdderScope/);
    assert.deepEqual(problems, []);
  });
}

test("every way back leads to the file's numbers, to the last byte", async () => {
  const { page, problems } = await opened();
  const before = await everything(page);
  const file = (await download(page, "JSON")).bytes.toString();
  const { slider, field, back } = weight(page, "tok_arc_A");
  const number = await field.inputValue();
  const change = async () => {
    await slider.press("PageDown");
    await edited(page);
    assert.notEqual(await field.inputValue(), number);
    assert.notDeepEqual(await facts(page), before.facts);
  };
  const assertBack = async (/** @type {string} */ how) => {
    await edited(page);
    assert.equal(await field.inputValue(), number, how);
    assert.deepEqual(await facts(page), before.facts, how);
    assert.equal((await download(page, "JSON")).bytes.toString(), file, how);
    assert.equal(await page.locator("#weights-change").innerText(), "as the file’s");
    assert.equal(await page.getByRole("button", { name: "Reset all" }).isDisabled(), true);
  };

  assert.equal(await back.isVisible(), false);
  await change();
  await back.click();
  assert.ok(await slider.evaluate((each) => each === document.activeElement), "the focus stays in the row");
  await assertBack("its button");
  await change();
  await slider.dblclick();
  await assertBack("a double click");
  await change();
  await slider.press("PageUp");
  await assertBack("the slider itself");
  await change();
  await field.fill(number);
  await field.press("Enter");
  await assertBack("its text");
  await change();
  for (const index of [0, 1]) await weight(page, "z_hi_pos", index).slider.press("PageUp");
  await page.getByRole("button", { name: "Reset all 3" }).click();
  await assertBack("reset all");
  for (const index of [0, 2]) await weight(page, "head_proj.weight", index).slider.press("PageUp");
  await page
    .locator('[data-tensor="head_proj.weight"]')
    .getByRole("button", { name: /^Reset / })
    .click();
  await assertBack("a tensor's reset");
  assert.deepEqual(await everything(page), before);
  assert.deepEqual(problems, []);
});

test("a field takes any finite number and says what is wrong with others", async () => {
  const { page } = await opened();
  const { row, slider, field, fault } = weight(page, "tok_arc_stride");
  const number = await field.inputValue();
  for (const [text, words] of [
    ["1,5", "“1,5” is no number: write it like -1.25 or 3e-4"],
    ["seven", "“seven” is no number: write it like -1.25 or 3e-4"],
    ["", "“” is no number: write it like -1.25 or 3e-4"],
    ["1e39", "1e39 is no weight: a weight is a finite number, at most 3.4e38 in size"],
    ["NaN", "“NaN” is no number: write it like -1.25 or 3e-4"],
  ]) {
    await field.fill(text ?? "");
    await field.press("Enter");
    assert.equal(await fault.innerText(), words);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(
      await page
        .locator("#model")
        .innerText()
        .then((name) => name.includes("edited")),
      false,
    );
  }
  await field.press("Escape");
  assert.equal(await field.inputValue(), number, "Escape takes back what was typed");
  assert.equal(await fault.isVisible(), false);
  assert.ok(await page.locator("#weights").isVisible(), "and leaves the drawer open");

  for (const [text, value] of [
    ["-0.3125", "-0.3125"],
    ["−2", "-2"],
    [" 3e-4 ", "0.0003"],
    ["3.4e38", "3.4e38"],
    ["0", "0"],
  ]) {
    await field.fill(text ?? "");
    await field.press("Enter");
    await edited(page);
    assert.equal(await field.inputValue(), value);
    assert.equal(await slider.getAttribute("aria-valuetext"), value);
    assert.match(await page.locator("#model").innerText(), /1 edited$/);
    assert.ok(await row.evaluate((each) => each.classList.contains("edited")));
  }
  await field.fill("1e5");
  await field.press("Enter");
  assert.equal(await slider.inputValue(), "100", "the slider ends before");
});

test("what is saved of an edited model says so", async () => {
  const { page } = await opened();
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  assert.equal(await page.title(), `${good.name} (edited) · AdderScope`);
  const svg = await download(page, "SVG");
  assert.equal(svg.name, `${stem}-edited-figure.svg`);
  assert.match(svg.bytes.toString(), /parameters, edited by hand/);
  const csv = await downloadPanel(page, "readout", "CSV");
  assert.equal(csv.name, `${stem}-edited-readout.csv`);
  const model = await download(page, "safetensors");
  assert.equal(model.name, `${stem}-edited.safetensors`);
  assert.ok(!model.bytes.includes("exact_match"), "the metrics are those of other numbers");
  await page.getByRole("button", { name: "Reset all", exact: true }).click();
  await edited(page);
  assert.equal((await download(page, "JSON")).name, `${stem}.json`);
});

test("a drag never queues: of what comes while one edit is computed, the last alone is sent", async () => {
  const { page } = await browser.open();
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    const counted = /** @type {any} */ (globalThis);
    counted.sent = [];
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any[]} */ ...rest) {
      if (message.call === "apply") counted.sent.push(message.input.standing.edits);
      return /** @type {any} */ (post).call(this, message, ...rest);
    };
  });
  // The page's Worker has its own postMessage from here on: all calls go through the prototype.
  await load(page, good);
  await openWeights(page);
  const { slider, field } = weight(page, "tok_arc_A");
  await slider.evaluate((/** @type {HTMLInputElement} */ each) => {
    for (let position = 0; position <= 100; position += 1) {
      each.value = String(position);
      each.dispatchEvent(new Event("input"));
    }
  });
  await edited(page);
  const sent = await page.evaluate(() => /** @type {any} */ (globalThis).sent);
  assert.equal(sent.length, 1, "what comes in one go is sent in one go");
  assert.deepEqual(
    sent[0].map((/** @type {any} */ { value }) => value),
    [Math.fround(Number(await field.inputValue()))],
  );

  await slider.evaluate(async (/** @type {HTMLInputElement} */ each) => {
    for (let position = 100; position >= 0; position -= 1) {
      each.value = String(position);
      each.dispatchEvent(new Event("input"));
      if (position % 10 === 0) await new Promise(requestAnimationFrame);
    }
  });
  await edited(page);
  const more = await page.evaluate(() => /** @type {any} */ (globalThis).sent);
  assert.ok(more.length <= 13, `${more.length} messages for 200 events in 12 frames`);
  assert.match(await page.locator("#model").innerText(), /parameters$/, "the last one counts: it is the file's number");
});

test("a screen reader hears the score when the numbers rest, once", async () => {
  const { page } = await opened();
  await page.evaluate(() => {
    const said = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { said });
    const spoken = document.querySelector("#spoken") ?? document.body;
    new MutationObserver(() => said.push(spoken.textContent ?? "")).observe(spoken, { childList: true });
  });
  await weight(page, "tok_arc_A").slider.evaluate((/** @type {HTMLInputElement} */ each) => {
    for (let position = 0; position <= 60; position += 1) {
      each.value = String(position);
      each.dispatchEvent(new Event("input"));
    }
  });
  await page.waitForFunction(() => /** @type {any} */ (globalThis).said.length > 0);
  const said = await page.evaluate(() => /** @type {any} */ (globalThis).said);
  assert.equal(said.length, 1);
  assert.match(said[0], /^[\d\u202f]+ of 10\u202f010 right, ([\d\u202f]+ (more|fewer) than|as) the file’s$/);
});

test("opening another file, or the same again, says what it dropped and brings it back", async () => {
  const { page, problems } = await opened();
  const notice = page.locator("#notice");
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await weight(page, "z_hi_pos", 1).slider.press("PageDown");
  await edited(page);
  const before = { ...(await everything(page)), value: await weight(page, "tok_arc_A").field.inputValue() };
  assert.equal(await notice.isVisible(), false);

  await drop(page, [logFile]);
  await verified(page, good.name);
  assert.match(await page.locator("#model").innerText(), /2 edited$/, "a log joins the edited model");
  assert.equal(await weight(page, "tok_arc_A").field.inputValue(), before.value);

  await load(page, modelFile("other.json", "two_heads_tied_values"));
  assert.equal(await notice.locator("p").innerText(), `Opening other.json dropped 2 edited numbers of ${good.name}.`);
  assert.equal(await weight(page, "tok_arc_A").row.count(), 0, "the drawer has the other model's numbers");
  await notice.getByRole("button", { name: "Bring back" }).click();
  await verified(page, good.name);
  assert.deepEqual({ ...(await everything(page)), value: await weight(page, "tok_arc_A").field.inputValue() }, before);
  assert.match(await page.locator("#weights-change").innerText(), /than the file’s$/);
  assert.equal(await notice.isVisible(), false);

  await load(page, good);
  assert.match(await notice.innerText(), /dropped 2 edited numbers/);
  await notice.getByRole("button", { name: "Dismiss the notice" }).click();
  assert.equal(await notice.isVisible(), false);
  assert.deepEqual(problems, []);
});

test("by keyboard: into the drawer, out with Escape, and the focus comes back", async () => {
  const { page } = await browser.open();
  await load(page, good);
  const opener = page.getByRole("button", { name: "Weights", exact: true });
  assert.equal(await opener.getAttribute("aria-expanded"), "false");
  await opener.focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Weights" });
  await drawer.waitFor();
  assert.equal(await opener.getAttribute("aria-expanded"), "true");
  assert.ok(await page.evaluate(() => document.activeElement?.id === "weights-title"));
  // Reset all cannot be pressed yet: Close, "How firm is it?", the first number.
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "range");
  await page.keyboard.press("ArrowRight");
  await edited(page);
  assert.match(await page.locator("#model").innerText(), /1 edited$/);
  await page.keyboard.press("Escape");
  assert.equal(await drawer.isVisible(), false);
  assert.ok(await opener.evaluate((each) => each === document.activeElement));
  await opener.click();
  await drawer.getByRole("button", { name: "Close" }).click();
  assert.ok(await opener.evaluate((each) => each === document.activeElement));
});

const resizable = once(() => opened());
for (const [width, height] of /** @type {const} */ ([
  [375, 700],
  [1024, 768],
  [1280, 800],
  [1920, 1000],
])) {
  test(`at ${width} px panels stay in sight beside the drawer, and nothing sticks out`, async () => {
    const { page } = await resizable();
    await page.setViewportSize({ width, height });
    await settled(page);
    await page.locator("[data-panel=error_rate]").scrollIntoViewIfNeeded();
    await settled(page);
    const seen = await page.evaluate(() => {
      const drawer = document.querySelector("#weights")?.getBoundingClientRect() ?? new DOMRect();
      const out = [...document.querySelectorAll("#weights li > *, #weights section > header > *")].filter((each) => {
        const { left, right, width: wide } = each.getBoundingClientRect();
        return wide > 0 && (left < drawer.left || right > drawer.right);
      });
      const covered = [...document.querySelectorAll("[data-panel]")].filter(
        (each) => each.getBoundingClientRect().right > drawer.left,
      );
      return {
        out: out.map((each) => `${each.tagName} ${each.textContent}`),
        wide: document.documentElement.scrollWidth - innerWidth,
        free: drawer.left > 0 ? drawer.left * innerHeight : drawer.top * innerWidth,
        covered: drawer.left > 0 ? covered.length : 0,
      };
    });
    assert.deepEqual(seen.out, []);
    assert.equal(seen.wide, 0, "no scrolling sideways");
    assert.equal(seen.covered, 0, "no panel lies under the drawer");
    assert.ok(seen.free >= 0.5 * width * height, `${seen.free} square pixels are left`);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const { bottom } = await page.locator("footer.end").evaluate((each) => each.getBoundingClientRect());
    const top = await page
      .locator("#weights")
      .evaluate((each) => (each.getBoundingClientRect().left > 0 ? innerHeight : each.getBoundingClientRect().top));
    assert.ok(bottom <= top + 1, "the end of the page can be reached");
  });
}
