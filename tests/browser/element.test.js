// What changes in an element that is on someone's page: by them, by a reader, or where something is wrong.

import assert from "node:assert/strict";
import { test } from "node:test";
import { decided, heard, opened, policyOf, ready, script, site, styled } from "./someone.js";

/** @typedef {import("../../www/embed/element.js").AdderScope} AdderScope */

test("once it is there another view, theme or layout needs no network", async () => {
  const { page, problems } = await opened(
    `${script()}<adder-scope state="model=62p&a=57&b=5"></adder-scope>`,
    policyOf(),
  );
  const element = page.locator("adder-scope");
  await ready(element);
  await page.context().setOffline(true);
  await element.evaluate((each) => {
    each.setAttribute("theme", "dark");
    each.setAttribute("hide", "link");
    each.setAttribute("view", "readout");
  });
  await element.locator("h2").filter({ hasText: "Readout" }).waitFor();
  assert.equal(await element.locator("footer a").isVisible(), false);
  assert.equal(await element.locator(".adderscope").getAttribute("data-theme"), "dark");
  const state = await element.evaluate((each) => {
    Object.assign(each, { state: "model=62p&a=1&b=2", view: "sum" });
    return /** @type {AdderScope} */ (/** @type {unknown} */ (each)).state;
  });
  assert.equal(state, "model=62p&a=57&b=5", "it is read at the next turn");
  await page.waitForFunction(() => document.querySelector("adder-scope")?.state === "model=62p&a=1&b=2");
  assert.deepEqual(await heard(page, "problem"), []);
  assert.deepEqual(problems, []);
});

test("the map is drawn once a Worker has decided it, and until then the page's thread has nothing to do with that", async () => {
  const { page, problems } = await opened(
    `${script()}<adder-scope state="model=62p" view="map" hide="verdict"></adder-scope>`,
    policyOf().replace("worker-src blob:", "worker-src 'none'"),
  );
  const element = page.locator("adder-scope");
  await ready(element);
  await element.locator(".note").filter({ hasText: "add blob: to its worker-src" }).waitFor();
  const svg = () => element.evaluate((each) => /** @type {AdderScope} */ (/** @type {unknown} */ (each)).svg());
  assert.equal(await svg(), "", "nobody has decided it");
  assert.equal(await element.locator("canvas").isVisible(), false);
  assert.ok(problems.length > 0, "the browser tells what it blocked");
  const free = await opened(
    `${script()}<adder-scope state="model=62p" view="map" hide="verdict"></adder-scope>`,
    policyOf(),
  );
  await ready(free.page.locator("adder-scope"));
  await decided(free.page, 1);
  await free.page.locator("adder-scope canvas").waitFor();
  assert.equal(await free.page.locator("adder-scope .note").isVisible(), false);
  assert.deepEqual(free.problems, []);
});

test("a verdict that was hidden is decided once it is to be seen, and anew once its page has edited the model", async () => {
  const { page } = await opened(`${script()}<adder-scope state="model=57p" hide="verdict"></adder-scope>`, policyOf());
  const element = page.locator("adder-scope");
  await ready(element);
  assert.deepEqual(await heard(page, "verdict"), []);
  await element.evaluate((each) => each.setAttribute("hide", "link"));
  await decided(page, 1);
  const line = element.locator(".verdict");
  await line.filter({ hasText: "all 10²⁰ right" }).waitFor();
  await element.evaluate((each) => {
    const { model } = /** @type {AdderScope} */ (/** @type {unknown} */ (each));
    model?.edit([{ name: "fc1.weight", index: 0, value: 5 }]); // it answers nothing any more
    Object.assign(each, { digit: 2 });
  });
  await decided(page, 2);
  await line.filter({ hasText: /^AdderBoard 0 of / }).waitFor();
});

test("what its page draws of the model does not change what is drawn here", async () => {
  const { page, problems } = await opened(
    `${script()}<adder-scope state="model=57p&a=57&b=68" view="ruler" hide="verdict"></adder-scope>`,
    styled(),
  );
  const element = page.locator("adder-scope");
  await ready(element);
  const drawn = () => element.evaluate((each) => each.shadowRoot?.querySelector("canvas")?.toDataURL());
  const widths = async (/** @type {string} */ width) => {
    const before = await drawn();
    await element.evaluate((each, width) => Object.assign(/** @type {HTMLElement} */ (each).style, { width }), width);
    await page.waitForFunction(
      (before) => document.querySelector("adder-scope")?.shadowRoot?.querySelector("canvas")?.toDataURL() !== before,
      before,
    );
  };
  await widths("600px");
  await page.waitForFunction(
    () => document.querySelector("adder-scope")?.shadowRoot?.querySelector("canvas")?.clientWidth === 574,
  );
  const expected = await drawn();
  await widths("700px");
  await element.evaluate((each) => {
    const { model } = /** @type {AdderScope} */ (/** @type {unknown} */ (each));
    model?.panel("ruler", { a: 1, b: 1 }).svg();
  });
  await widths("600px");
  await page.waitForFunction(
    () => document.querySelector("adder-scope")?.shadowRoot?.querySelector("canvas")?.clientWidth === 574,
  );
  assert.equal(await drawn(), expected);
  assert.deepEqual(problems, []);
});

test("where a page demands Trusted Types the element has a policy of its own name, and says where that is missing", async () => {
  const content = `${script()}<adder-scope state="model=57p&a=57&b=68"></adder-scope>`;
  const demand = "; require-trusted-types-for 'script'; trusted-types ";
  const { page, problems } = await opened(content, policyOf(`${demand}adderscope-element`));
  await ready(page.locator("adder-scope"));
  await decided(page, 1);
  assert.deepEqual(problems, []);
  const without = await opened(content, policyOf(`${demand}other`));
  const element = without.page.locator("adder-scope");
  await ready(element);
  await element.locator(".verdict").filter({ hasText: "add adderscope-element to its trusted-types" }).waitFor();
  assert.match(await element.locator("output").innerText(), /^125/, "all else works");
});

test("a picture that is loaded is a picture, whatever is in its file", async () => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="hurt=1"><title>Drawn</title>
    <script>hurt = 1</script><style>* { display: none }</style><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">no</p></foreignObject>
    <a href="https://example.org"><rect/></a><rect width="9" height="9" fill="red" style="x: 1" onclick="hurt=1"/></svg>`;
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(null)));
  const { page } = await opened(
    `${script()}<adder-scope state="model=57p" hide="verdict"></adder-scope>`,
    policyOf().replace("script-src", "script-src 'unsafe-inline'"),
    async (page) => {
      const headers = { "access-control-allow-origin": "*" };
      await page.route(/ruler-\w+\.svg$/, (route) =>
        route.fulfill({ body: svg, contentType: "image/svg+xml", headers }),
      );
      await page.route(/\.wasm$/, async (route) => {
        await held;
        await route.continue();
      });
    },
  );
  const picture = page.locator("adder-scope .still svg");
  await picture.waitFor();
  const inside = await picture.evaluate((each) => new XMLSerializer().serializeToString(each));
  assert.match(inside, /^<svg [^>]*><title>Drawn<\/title>\s*<rect width="9" height="9" fill="red"\/><\/svg>$/);
  assert.deepEqual(await picture.evaluate((each) => each.getAttributeNames().sort()), ["role", "viewBox"]);
  go();
  await ready(page.locator("adder-scope"));
});

test("a site is found by its folder, with its slash or without", async () => {
  const content = `${script()}<adder-scope base="${site.replace(/\/$/, "")}" state="model=57p&a=57&b=68" hide="verdict"></adder-scope>`;
  const { page } = await opened(content, policyOf());
  const element = page.locator("adder-scope");
  await ready(element);
  const link = await element.locator("footer a").getAttribute("href");
  assert.equal(link, `${site}index.html#model=57p&a=57&b=68`);
});

test("all that is wrong is said and told, and what is mended is said no more", async () => {
  const { page } = await opened(
    `${script()}<adder-scope state="model=57p&digit=99" hide="verdict nothing"></adder-scope>`,
    policyOf(),
  );
  const element = page.locator("adder-scope");
  await ready(element);
  const said = () => element.locator(".problem").innerText();
  const [layout, state] = [
    "Nothing is called “nothing” that could be hidden",
    "“99” in the address is not an answer digit",
  ];
  assert.ok((await said()).startsWith(layout));
  assert.ok((await said()).includes(state));
  const told = (await heard(page, "problem")).map(({ message }) => message);
  assert.equal(told.length, 2);
  assert.ok(told[0].startsWith(layout) && told[1].startsWith(state), told.join("\n"));
  await element.evaluate((each) => each.setAttribute("hide", "verdict"));
  await element.locator(".problem").filter({ hasNotText: "nothing" }).waitFor();
  assert.ok((await said()).startsWith(state));
  await element.evaluate((each) => each.setAttribute("state", "model=57p&digit=9"));
  await element.locator(".problem").waitFor({ state: "hidden" });
  assert.equal((await heard(page, "problem")).length, 2);
});
