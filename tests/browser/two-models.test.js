// Two AdderScopes on one page: each has its own model, its own choices and its own Worker.

import assert from "node:assert/strict";
import { test } from "node:test";
import { modelFile } from "./fixtures.js";
import { launched } from "./harness.js";
import { edited, load, weight } from "./person.js";

const browser = launched();
const KEEP = 'globalThis.template = document.getElementById("adderscope").cloneNode(true);';
/** @param {string} app */
const second = (app) => `
  import { instantiate, mount } from ${JSON.stringify(app)};
  const root = instantiate(template, "-2");
  document.body.append(root);
  globalThis.second = mount(root, { suffix: "-2", address: "model=none&view=panels" });
`;

/** The page with another AdderScope below. */
const opened = () =>
  browser.open({}, "", async (page) => {
    const script = (/** @type {string} */ body) => ({ contentType: "text/javascript", body });
    let app = "";
    await page.route(/\/(\?.*)?$/, async (route) => {
      const response = await route.fetch();
      const html = await response.text();
      app = /src="(app[^"]*)"/.exec(html)?.[1] ?? "";
      const more = '<script src="keep.js"></script><script type="module" src="second.js"></script></body>';
      await route.fulfill({ response, body: html.replace("</body>", more) });
    });
    await page.route("**/keep.js", (route) => route.fulfill(script(KEEP)));
    await page.route("**/second.js", (route) => route.fulfill(script(second(`./${app}`))));
  });

test("two stand on one page, and what is done in one is not done in the other", async () => {
  const { page, problems, url } = await opened();
  await page.locator("#adderscope-2[data-ready]").waitFor();
  while (page.workers().length < 2) await page.waitForEvent("worker");
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, "each id once");

  await load(page, modelFile("one.json"));
  const other = modelFile("two.json", "two_heads_tied_values");
  await page.locator("#picker-2").setInputFiles({ name: other.name, mimeType: "", buffer: Buffer.from(other.bytes) });
  const fileOf = (/** @type {string} */ suffix) => page.locator(`#file${suffix}`).textContent();
  await page.waitForFunction(() =>
    /yes|no/.test(document.querySelector("#facts-2 [data-fact=qualified] dd")?.textContent ?? ""),
  );
  assert.deepEqual([await fileOf(""), await fileOf("-2")], ["one.json", "two.json"]);
  assert.equal(await page.title(), "one.json · AdderScope", "the page is the first one's");
  for (const suffix of ["", "-2"]) assert.equal(await page.locator(`#sections${suffix} [data-panel]`).count(), 13);

  await page.locator("#alignment-2 input[value=script]").check();
  assert.ok(await page.locator("#alignment input[value=answer]").isChecked());
  assert.equal(page.url(), `${url}#model=none&view=panels`, "and so is the address");
  await page.locator('#sections-2 [data-panel="readout"] button', { hasText: "Enlarge" }).click();
  await page.locator("#large-2").waitFor(); // what it is made by comes after the first view
  assert.deepEqual(
    [await page.locator("#large").isVisible(), await page.locator("#large-2").isVisible()],
    [false, true],
  );
  await page.keyboard.press("Escape");
  await page.locator("#large-2").waitFor({ state: "hidden" });

  await page.locator("#weights-open").click();
  await weight(page, "tok_arc_A").slider.press("PageUp");
  await edited(page);
  assert.match((await page.locator("#model").textContent()) ?? "", /1 edited$/);
  assert.match((await page.locator("#model-2").textContent()) ?? "", /parameters$/);
  await page.locator("#weights-close").click(); // a drawer is over all of the window
  await page.locator("#weights-open-2").click();
  await page.locator("#weights-2 [data-tensor] input[type=range]").first().press("PageUp");
  await page.waitForFunction(() => /1 edited$/.test(document.querySelector("#model-2")?.textContent ?? ""));
  assert.deepEqual(
    [await page.locator("#weights").isVisible(), await page.locator("#weights-2").isVisible()],
    [false, true],
  );
  await page.locator("#weights-close-2").click();

  await page.evaluate(() => /** @type {any} */ (globalThis).second.end());
  // In whatever order they came: the first one's stays.
  while (page.workers().length > 1) await Promise.race(page.workers().map((worker) => worker.waitForEvent("close")));
  await page.locator("#weights-open").click();
  await weight(page, "tok_arc_A").back.click();
  await edited(page);
  assert.match((await page.locator("#model").textContent()) ?? "", /parameters$/, "the first one goes on");
  assert.deepEqual(problems, []);
});
