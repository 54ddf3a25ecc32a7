// The addition, as a person types it: digits, keys, pastes, ways to others; what stands there is what the command line says.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { cli } from "./fixtures.js";
import { launched, root } from "./harness.js";
import { decided, openWeights, paste, plain, verified, weight } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const browser = launched();
const FIRST = [3_141_592_653, 2_718_281_828];

/** @param {string} [hash] @param {object} [options] */
async function opened(hash = "#model=&view=addition", options = {}) {
  const context = await browser.open(options, hash);
  await verified(context.page);
  return context;
}

/** @param {Page} page */
function sum(page) {
  const answer = page.getByRole("group", { name: "The model’s answer, digit by digit" });
  return {
    x: page.getByRole("textbox", { name: "First number, X" }),
    y: page.getByRole("textbox", { name: "Second number, Y" }),
    answer,
    chosen: answer.locator(".chosen"),
    said: page.locator("#sum-said"),
    fault: page.locator("#sum-fault"),
    way: (/** @type {string} */ name) => page.locator("#sum-ways").getByRole("button", { name }),
    /** Waits for these numbers and their answer, and reads both. */
    async is(/** @type {number} */ a, /** @type {number} */ b) {
      await page.waitForFunction(
        ([a, b]) => {
          const digits = (/** @type {string} */ id) => {
            const input = document.querySelector(id);
            return input instanceof HTMLInputElement ? Number(input.value) : NaN;
          };
          const line = document.querySelector("#sum-line span")?.textContent?.replace(/\D+/g, " ") ?? "";
          const asked = (document.querySelector("#sum-line span")?.textContent ?? "")
            .split("+")
            .map((each) => Number(each.replace(/\D/g, "")));
          return line !== "" && digits("#sum-a") === a && digits("#sum-b") === b && asked[0] === a && asked[1] === b;
        },
        [a, b],
      );
      return (await answer.locator("button").allInnerTexts()).join("").trim();
    },
  };
}

/** @param {Page} page @param {string} name */
const numberOf = async (page, name) => Number(await page.getByRole("textbox", { name }).inputValue());

test("it begins with an addition, and the answer, carries and leads are what the command line says", async () => {
  const { page, problems } = await opened();
  const file = join(root, "www/models/57p/57p.history.safetensors");
  const told = await cli("trace", file, String(FIRST[0]), String(FIRST[1]));
  const is = sum(page);
  assert.equal(Number(await is.is(FIRST[0] ?? 0, FIRST[1] ?? 0)), told.answer);
  assert.equal(plain(await is.said.innerText()), "Right: 5 859 874 481.");
  assert.equal(
    (await page.locator(".carries span").allInnerTexts()).map((text) => text || "0").join(""),
    "00000101010",
  );
  const labels = await is.answer
    .locator("button")
    .evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
  assert.match(labels.at(-1) ?? "", /^Z0: 1, right, leads by \d/);
  assert.deepEqual(problems, []);
});

test("digits overwrite and move on, keys lead from digit to digit, and the answer follows", async () => {
  const { page, problems } = await opened();
  const { x, y, answer, is, fault } = sum(page);
  await x.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("57");
  await page.keyboard.press("+");
  assert.ok(await y.evaluate((each) => each === document.activeElement), "a plus goes to the second number");
  await page.keyboard.type("68");
  assert.equal(Number(await is(57, 68)), 125);
  await page.waitForFunction(() => location.hash === "#model=57p&a=57&b=68");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type("9");
  assert.equal(Number(await is(57, 98)), 155, "the tens digit was overwritten");
  await page.keyboard.type("1");
  await is(57, 91);
  await page.keyboard.press("Home");
  await page.keyboard.type("4");
  await is(57, 4_000_000_091);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.type("3");
  await is(300_000_057, 4_000_000_091);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await is(57, 4_000_000_091);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.ok(await answer.locator(":focus").isVisible(), "below the numbers is the answer");
  await page.keyboard.press("ArrowUp");
  assert.ok(await y.evaluate((each) => each === document.activeElement));
  assert.ok(await fault.isHidden());
  assert.deepEqual(problems, []);
});

test("a click chooses a digit to overwrite", async () => {
  const { page } = await opened();
  const { x, is } = sum(page);
  const { width, height } = (await x.boundingBox()) ?? { width: 0, height: 0 };
  await x.click({ position: { x: (width / 10) * 7.5, y: height / 2 } });
  await page.keyboard.type("0");
  await is(3_141_592_053, FIRST[1] ?? 0);
  await page.keyboard.type("1");
  await is(3_141_592_013, FIRST[1] ?? 0);
});

test("what cannot be added is refused in words, and changes nothing", async () => {
  const { page, problems } = await opened("#model=57p&a=9999999999&b=1&view=addition");
  const { x, y, is, fault } = sum(page);
  await x.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("5");
  assert.equal(await fault.innerText(), "An eleventh digit: ten are the most");
  await y.focus();
  await page.keyboard.press("-");
  assert.equal(await fault.innerText(), "No signs: only whole numbers from 0 up are added");
  await page.keyboard.press(".");
  assert.equal(await fault.innerText(), "No decimal fractions: only whole numbers are added");
  await paste(page, "12345678901 + 5");
  assert.equal(await fault.innerText(), "12345678901 has 11 digits: ten are the most");
  await is(9_999_999_999, 1);
  await paste(page, "1 + 2");
  await is(1, 2);
  assert.ok(await fault.isHidden());
  assert.deepEqual(problems, []);
});

/** Pastes into a field, as a person does. @param {import("playwright-core").Locator} field @param {string} text */
const pasteInto = (field, text) =>
  field.evaluate((each, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    each.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

test("additions are pasted anywhere, numbers into a field; a field's text opens as no file", async () => {
  const { page, problems } = await opened();
  const { x, y, is, fault } = sum(page);
  for (const text of ["57 + 68", "57\n68", "57\t68", "57+68="]) {
    await paste(page, "1 + 1");
    await is(1, 1);
    await paste(page, text);
    await is(57, 68);
  }
  await pasteInto(y, "1,234,567");
  await is(57, 1_234_567);
  await pasteInto(x, "1\u202f000 + 2");
  await is(1000, 2);
  await pasteInto(x, '{"step": 3}');
  assert.equal(await fault.innerText(), "What was pasted is no number");
  assert.ok(await page.locator("#error").isHidden());
  await page.getByRole("button", { name: "Overview" }).click();
  await paste(page, "123 + 456");
  await is(123, 456);
  const weights = await openWeights(page);
  const field = weights.getByRole("textbox").first();
  await pasteInto(field, '{"step": 3}');
  await pasteInto(field, "5 + 6");
  assert.ok(await page.locator("#error").isHidden(), "it is the field's own");
  await is(123, 456);
  assert.deepEqual(problems, []);
});

test("ways lead to additions, and of a proven model none is wrong", async () => {
  const { page, problems } = await opened();
  await decided(page, /right on all/);
  const { way, is, chosen } = sum(page);
  await way("57 + 68").click();
  assert.equal(Number(await is(57, 68)), 125);
  await way("A long carry").click();
  assert.equal(Number(await is(9_999_999_999, 1)), 10_000_000_000);
  await way("Random").click();
  await page.waitForFunction(() => !location.hash.includes("a=9999999999"));
  await page.waitForFunction(
    () => document.querySelector("#sum-ways [aria-disabled=true]")?.textContent === "None is wrong",
  );
  assert.match((await way("None is wrong").getAttribute("title")) ?? "", /proven in exact arithmetic/);
  const said = plain(await page.locator("#exact").innerText());
  const [, a = "", b = "", digit = ""] = /Closest call:\s*([\d ]+) \+ ([\d ]+), whose digit (Z\d+)/.exec(said) ?? [];
  await way("The closest call").click();
  await is(Number(a.replace(/ /g, "")), Number(b.replace(/ /g, "")));
  assert.match((await chosen.getAttribute("aria-label")) ?? "", new RegExp(`^${digit}:`));
  assert.deepEqual(problems, []);
});

test("a wrong digit is marked by more than colour, with the right one below; digits are chosen by keys and let go", async () => {
  const { page, problems } = await opened("#model=67p&step=244000&a=50000000&b=60000000&view=addition");
  await decided(page, /wrong on/);
  const { is, said, chosen, way, answer } = sum(page);
  assert.equal(Number(await is(50_000_000, 60_000_000)), 120_000_000);
  assert.equal(plain(await said.innerText()), "Wrong in one digit: Z7 should be 1; 110 000 000 is right.");
  const wrong = answer.locator(".wrong");
  assert.match((await wrong.getAttribute("aria-label")) ?? "", /^Z7: 2, wrong, 1 is right/);
  assert.match(await wrong.evaluate((each) => getComputedStyle(each).textDecorationLine), /underline/);
  assert.deepEqual(
    (await page.locator(".rights span").allInnerTexts()).filter((text) => text),
    ["1"],
  );
  assert.match((await chosen.getAttribute("aria-label")) ?? "", /^Z7/, "the first wrong one");
  await chosen.focus();
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(() => location.hash.includes("digit=8"));
  assert.match((await chosen.getAttribute("aria-label")) ?? "", /^Z8/);
  await page.keyboard.press("End");
  await page.waitForFunction(() => location.hash.includes("digit=0"));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !location.hash.includes("digit="));
  assert.match((await chosen.getAttribute("aria-label")) ?? "", /^Z7/);
  await way("57 + 68").click();
  await is(57, 68);
  await way("One it gets wrong").click();
  await page.waitForFunction(() => document.querySelector("#sum-said.wrong") !== null);
  assert.notEqual(await numberOf(page, "First number, X"), 57);
  assert.deepEqual(problems, []);
});

test("an edited number and another model answer anew", async () => {
  const { page, problems } = await opened("#model=57p&a=57&b=68&view=addition");
  const { is, said } = sum(page);
  assert.equal(Number(await is(57, 68)), 125);
  await openWeights(page);
  const { field, back } = weight(page, "fc1.weight");
  await field.fill("0");
  await page.keyboard.press("Enter");
  await said.filter({ hasText: /Wrong/ }).waitFor();
  await back.click();
  await said.filter({ hasText: /Right/ }).waitFor();
  assert.deepEqual(problems, []);
});

for (const [width, height] of /** @type {const} */ ([
  [1366, 640],
  [1440, 780],
  [1920, 950],
])) {
  test(`the sum, the ruler and what is known are complete above the fold at ${width} × ${height}`, async () => {
    const { page } = await opened("#model=&view=addition", { viewport: { width, height } });
    await decided(page, /right on all/);
    for (const id of ["#sum", "#verdict", "#ruler"]) {
      const { top = 0, bottom = Infinity } = await page.locator(id).evaluate((each) => each.getBoundingClientRect());
      assert.ok(top > 0 && bottom <= height, `${id}: from ${top} to ${bottom}`);
    }
  });
}

test("a phone has the sum, its answer and what is known in sight", async () => {
  const { page } = await opened("#model=&view=addition", {
    viewport: { width: 375, height: 553 },
    hasTouch: true,
    isMobile: true,
  });
  await decided(page, /right on all/);
  for (const part of ["#sum-title", ".summand >> nth=0", ".answer", "#sum-said", "[data-fact=exact]"]) {
    const { top = 0, bottom = Infinity } = await page.locator(part).evaluate((each) => each.getBoundingClientRect());
    assert.ok(top > 0 && bottom <= 553, `${part}: from ${top} to ${bottom}`);
  }
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
});
