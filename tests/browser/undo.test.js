// Edits of weights are taken back and made again; the bar of a run tells of one model; values fit their fields.

import assert from "node:assert/strict";
import { test } from "node:test";
import { good } from "./fixtures.js";
import { launched } from "./harness.js";
import { edited, facts, film, load, openWeights, verified, weight } from "./person.js";

const browser = launched();

async function opened() {
  const context = await browser.open();
  await load(context.page, good);
  const drawer = await openWeights(context.page);
  const undo = drawer.getByRole("button", { name: "Undo" });
  await undo.waitFor();
  return { ...context, undo, redo: drawer.getByRole("button", { name: "Redo" }) };
}

test("Ctrl+Z takes back a drag, a typed number and a reset of all, each at once; redo makes them again", async () => {
  const { page, problems, undo, redo } = await opened();
  const before = await facts(page);
  const one = weight(page, "tok_arc_A");
  const other = weight(page, "fc1.weight", 1);
  const texts = async () => [await one.field.inputValue(), await other.field.inputValue()];
  const states = [await texts()];
  assert.ok(await undo.isDisabled());
  // A drag: many moves, one edit.
  await one.slider.evaluate((slider) => {
    if (!(slider instanceof HTMLInputElement)) throw new Error("no slider");
    for (const position of [5, 10, 15]) {
      slider.valueAsNumber = position;
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  });
  await edited(page);
  states.push(await texts());
  await other.field.fill("0.5");
  await other.field.press("Enter");
  await edited(page);
  states.push(await texts());
  const changed = await facts(page);
  await page.getByRole("button", { name: "Reset all 2" }).click();
  await edited(page);
  states.push(await texts());
  assert.deepEqual(states[3], states[0]);

  const reads = async (/** @type {string[] | undefined} */ wanted) => {
    await page.waitForFunction(
      ([a, b]) => {
        const valueOf = (/** @type {string} */ tensor, /** @type {number} */ at) => {
          const fields = document.querySelectorAll(`[data-tensor="${tensor}"] input[type=text]`);
          return /** @type {HTMLInputElement} */ (fields[at]).value;
        };
        return valueOf("tok_arc_A", 0) === a && valueOf("fc1.weight", 1) === b;
      },
      wanted ?? ["", ""],
    );
    await edited(page);
  };
  await page.keyboard.press("Control+z");
  await reads(states[2]);
  assert.deepEqual(await facts(page), changed);
  await undo.click();
  await reads(states[1]);
  await other.field.focus();
  await page.keyboard.press("Control+z"); // in the field of a number whose text nobody changed
  await reads(states[0]);
  assert.deepEqual(await facts(page), before);
  assert.ok(await undo.isDisabled());
  await page.keyboard.press("Control+Shift+z");
  await reads(states[1]);
  await page.keyboard.press("Control+y");
  await reads(states[2]);
  await redo.click();
  await reads(states[3]);
  assert.ok(await redo.isDisabled());
  // What someone types is the browser's to take back.
  await page.keyboard.press("Control+z");
  await reads(states[2]);
  await one.field.fill("7");
  await one.field.press("Control+z");
  assert.equal(await other.field.inputValue(), states[2]?.[1]);
  assert.deepEqual(problems, []);
});

test("with edits the bar of a run tells nothing that was measured without them", async () => {
  const { page, problems } = await browser.open({}, "#model=62p");
  await verified(page, "62p.history.safetensors");
  const { bar, step } = film(page);
  assert.match(await bar.innerText(), /exact match [\d.]+ %/);
  await openWeights(page);
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  const words = await bar.innerText();
  assert.ok(!/exact match|tokens/.test(words), words);
  assert.match(words, /edited/);
  assert.match(words, /AdderBoard/);
  await page.keyboard.press("Control+z");
  await bar.filter({ hasText: "exact match" }).waitFor();
  const at = await step();
  // Arrow keys of a button that has the focus are not the run's.
  await page.getByRole("button", { name: "Twelve panels" }).focus();
  await page.keyboard.press("ArrowLeft");
  assert.equal(await step(), at);
  assert.deepEqual(problems, []);
});

test("at 1440 px the bars stay one row when a drawer opens", async () => {
  const { page, problems } = await browser.open({ viewport: { width: 1440, height: 900 } }, "#model=62p");
  await verified(page, "62p.history.safetensors");
  const heights = () =>
    page.evaluate(() => {
      const more = [...document.querySelectorAll("#film .more > *")].map((each) => each.getBoundingClientRect());
      const rows = new Set(more.map(({ top, height }) => Math.round(top + height / 2)));
      return [document.querySelector("#bar")?.clientHeight, document.querySelector("#film")?.clientHeight, rows.size];
    });
  const before = await heights();
  for (const name of ["Weights", "Training"]) {
    await page.getByRole("button", { name, exact: true }).click();
    assert.deepEqual(await heights(), before, name);
  }
  assert.equal(before[2], 1);
  assert.deepEqual(problems, []);
});

test("every number fits its field, however long it is", async () => {
  const { page, problems } = await browser.open({ viewport: { width: 375, height: 800 } });
  await load(page, good);
  await openWeights(page);
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    const { field } = weight(page, "fc1.weight");
    await field.fill("-0.00012345678");
    await field.press("Enter");
    await edited(page);
    assert.ok((await field.inputValue()).length >= 13);
    const cut = await page
      .locator("#weights-list input[type=text]")
      .evaluateAll((all) =>
        all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => /** @type {any} */ (each).value),
      );
    assert.deepEqual(cut, [], `${width} px`);
  }
  assert.deepEqual(problems, []);
});
