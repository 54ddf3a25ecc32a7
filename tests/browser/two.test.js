// Two AdderScopes on one page: each finds what is its own, and neither hears what is done in the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "./harness.js";
import { choose, grouped, settled } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Locator} Locator */

const SUFFIX = "-2";
const browser = launched();

/** The page with its bundled model, and another AdderScope below it that opened the same. */
async function two() {
  const { page, problems } = await browser.open({}, "#model=");
  await scored(page.locator("#adderscope"));
  await page.evaluate(async (suffix) => {
    // A request reads it as a document: the page's policy lets no text become one.
    const markup = await new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.addEventListener("load", () => resolve(request.responseXML));
      request.addEventListener("error", reject);
      request.open("GET", location.pathname);
      request.responseType = "document";
      request.send();
    });
    const template = markup.getElementById("adderscope");
    const entry = [...document.querySelectorAll("script[type=module]")].at(-1)?.getAttribute("src") ?? "";
    const { instantiate, mount } = await import(new URL(entry, document.baseURI).href);
    const root = instantiate(template, suffix);
    document.body.append(root);
    Object.assign(globalThis, { second: mount(root, { suffix, address: "view=panels" }) });
  }, SUFFIX);
  const [first, second] = [page.locator("#adderscope"), page.locator(`#adderscope${SUFFIX}`)];
  await scored(second);
  await settled(page);
  return { page, problems, first, second };
}

/** @param {Locator} scope */
const score = (scope) => scope.locator("[data-fact=adderboard] dd");
/** Waits until its model has its score. @param {Locator} scope */
const scored = (scope) =>
  score(scope)
    .filter({ hasText: grouped(10_010) })
    .waitFor();
/** By keyboard: the other's drawer may lie over the button. @param {Locator} scope */
const open = (scope) => scope.getByRole("button", { name: "Weights", exact: true }).press("Enter");
/** @param {Locator} scope */
const drawer = (scope) => scope.getByRole("complementary", { name: "Weights" });
/** The bar of a run, settled. @param {Locator} scope */
const bar = (scope) => scope.locator(".film[aria-busy=false]");

test("ids are of one element each, and what refers to one stays in its own AdderScope", async () => {
  const { page, problems, first, second } = await two();
  for (const scope of [first, second]) await open(scope);
  await second.getByRole("button", { name: "Training", exact: true }).press("Enter");
  await second.locator(".settings").waitFor();
  const { twice, astray, count } = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const names = ["for", "aria-controls", "aria-describedby", "aria-labelledby"];
    const references = [...document.querySelectorAll(".adderscope *")].flatMap((element) => {
      const root = element.closest(".adderscope");
      const all = names.flatMap((name) => element.getAttribute(name)?.split(" ") ?? []);
      const href = element.getAttribute("href") ?? "";
      if (/^#[^=]*$/.test(href)) all.push(href.slice(1)); // with a "=" it is a state
      return all.map((id) => ({ id, isOwn: root?.contains(document.getElementById(id)) ?? false }));
    });
    return {
      count: references.length,
      twice: ids.filter((id, at) => ids.indexOf(id) !== at),
      astray: references.filter(({ isOwn }) => !isOwn).map(({ id }) => id),
    };
  });
  assert.deepEqual(twice, []);
  assert.deepEqual(astray, []);
  assert.ok(count > 150, `${count} references`);
  for (const scope of [first, second]) assert.equal(await scope.locator("[data-panel] canvas:visible").count(), 12);
  assert.deepEqual(problems, []);
});

test("an edit, a step, a model and a theme are of the one that they were chosen in", async () => {
  const { page, problems, first, second } = await two();
  const read = async () => ({
    address: page.url(),
    title: await page.title(),
    facts: await first.locator("#facts").innerText(),
    step: await first.locator(".film .where").innerText(),
    background: await first.evaluate((root) => getComputedStyle(root).backgroundColor),
  });
  const before = await read();

  await open(second);
  await drawer(second).locator("[data-tensor] li").first().getByRole("textbox").fill("0");
  await page.keyboard.press("Enter");
  await drawer(second).locator(".change.bad").waitFor();
  assert.equal(await drawer(second).locator(".reset:visible").count(), 1);
  assert.equal(await drawer(first).locator(".reset:visible").count(), 0);
  assert.notEqual(await score(second).innerText(), await score(first).innerText());

  await page.keyboard.press("Escape"); // in the field, which has nothing to take back
  assert.ok(await drawer(second).isHidden());
  await second.getByRole("slider", { name: "Step of the training run" }).focus();
  await page.keyboard.press("Home");
  await bar(second).waitFor();
  assert.match(await second.locator(".film .where").innerText(), /^Step 0 of /);
  await second.getByRole("group", { name: "Theme" }).getByRole("radio", { name: "Dark" }).check();
  assert.notEqual(await second.evaluate((root) => getComputedStyle(root).backgroundColor), before.background);
  assert.deepEqual(await read(), before);

  const marked = (/** @type {Locator} */ scope) => scope.locator(".gallery input:checked").getAttribute("value");
  await choose(second, "62p");
  await second.locator("[data-fact=parameters]", { hasText: "62" }).waitFor();
  await scored(second);
  assert.deepEqual([await marked(first), await marked(second)], ["57p", "62p"]);
  assert.deepEqual(await read(), before);
  assert.deepEqual(problems, []);
});

test("keys and files go to the one that they were meant for", async () => {
  const { page, problems, first, second } = await two();
  for (const scope of [first, second]) await open(scope);
  await drawer(first).getByRole("heading", { name: "Weights" }).focus();
  await page.keyboard.press("Escape");
  assert.deepEqual([await drawer(first).isVisible(), await drawer(second).isVisible()], [false, true]);

  const where = async (/** @type {Locator} */ scope) => {
    await bar(scope).waitFor();
    return scope.locator(".film .where").innerText();
  };
  const [atFirst, atSecond] = [await where(first), await where(second)];
  await drawer(second).getByRole("heading", { name: "Weights" }).focus();
  await page.keyboard.press("ArrowLeft");
  await second.locator(".film .where", { hasNotText: atSecond }).waitFor();
  assert.equal(await where(first), atFirst);
  assert.notEqual(await where(second), atSecond);

  await second.evaluate((root) => {
    const data = new DataTransfer();
    data.items.add(new File(["no model"], "words.txt"));
    const drop = (/** @type {string} */ type) =>
      root.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    drop("dragover");
    drop("drop");
  });
  await second.locator(".error", { hasText: "words.txt" }).waitFor();
  assert.ok(await first.locator(".error").isHidden());
  assert.deepEqual(problems, []);
});

test("one is taken down, and the other goes on as before", async () => {
  const { page, problems, first, second } = await two();
  for (const scope of [first, second]) await open(scope);
  await second.evaluate((root) => {
    /** @type {any} */ (globalThis).second.end();
    root.remove();
  });
  await page.setViewportSize({ width: 1100, height: 800 });
  await settled(page);
  const widths = await first
    .locator("[data-panel] canvas:visible")
    .evaluateAll((all) =>
      all.map((canvas) => canvas.getBoundingClientRect().width - (canvas.parentElement?.clientWidth ?? 0)),
    );
  assert.ok(widths.length === 12 && widths.every((over) => Math.abs(over) < 1), "it is drawn at its new size");
  await page.keyboard.press("Escape");
  assert.ok(await drawer(first).isHidden());
  assert.equal(
    await score(first)
      .filter({ hasText: grouped(10_010) })
      .count(),
    1,
  );
  assert.deepEqual(problems, []);
});
