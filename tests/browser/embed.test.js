// The element and the frame on pages of another origin, as README shows them; and the package on a page that a bundler made.

import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as esbuild from "esbuild";
import { pkg } from "../../tools/paths.ts";
import { files } from "../../tools/serve.ts";
import { historyPath } from "./bundled.js";
import { cli, modelFile } from "./fixtures.js";
import { temporaryFolder } from "./harness.js";
import { plain } from "./person.js";
import {
  bare,
  browser,
  decided,
  heard,
  host,
  lines,
  listen,
  opened,
  policyOf,
  ready,
  script,
  site,
  styled,
} from "./someone.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("../../www/embed/element.js").AdderScope} AdderScope */

const folder = temporaryFolder();

test("README's lines show a model on a page of another origin, which asks for nothing more", async () => {
  const { page, asked, problems } = await opened(lines, styled());
  const element = page.locator("adder-scope");
  await ready(element);
  await decided(page, 1);
  assert.equal(plain(await element.locator("output").innerText()), "125 ✓");
  const proof = await cli("prove", historyPath("57p"));
  const told = (await heard(page, "verdict")).at(-1);
  assert.deepEqual([told.adderboard.passed, told.exact.right_at_least], [10010, proof.right]);
  assert.match(
    plain(await element.locator(".verdict").innerText()),
    /AdderBoard 10 010 of 10 010; all 10²⁰ right, in exact arithmetic/,
  );
  assert.equal(
    await element
      .locator("input")
      .first()
      .evaluate((each) => /** @type {HTMLInputElement} */ (each).readOnly),
    true,
  );
  await page.locator("iframe").scrollIntoViewIfNeeded();
  const frame = page.frameLocator("iframe").locator("adder-scope");
  await frame
    .locator("output")
    .filter({ hasText: "✗" })
    .or(frame.locator("output").filter({ hasText: "✓" }))
    .waitFor();
  await frame.locator(".verdict").filter({ hasText: "wrong on" }).waitFor();
  const before = asked.length;
  await element.locator("[data-digit='3']").click();
  const said = await frame.locator("output").innerText();
  await frame.locator("input").first().fill("12345");
  await frame.locator("output").filter({ hasNotText: said }).waitFor();
  assert.deepEqual(asked.slice(before), [], "nothing is asked for after loading");
  assert.ok(
    asked.every((url) => url.startsWith(site) || url.startsWith(host)),
    asked.join("\n"),
  );
  assert.deepEqual(problems, []);
  const [{ state, digit }] = await heard(page, "state");
  assert.equal(digit, 3);
  assert.equal(state, "model=57p&a=57&b=68&digit=3");
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).shifted()), 0, "nothing moved");
});

test("several on one page, each when it is seen; by keyboard, with a text for those who do not see it", async () => {
  const far = '<div style="height:4000px"></div>';
  const content = `${script()}
    <adder-scope id="one" state="model=67p&step=244000&a=50000000&b=60000000&digit=7" view="ruler"></adder-scope>
    <adder-scope id="two" state="model=57p" view="mean_attention"></adder-scope>
    ${far}<adder-scope id="three" state="model=62p" view="map"></adder-scope>`;
  const { page, asked, problems } = await opened(content, styled());
  const [one, two, three] = ["#one", "#two", "#three"].map((id) => page.locator(id));
  assert.ok(one && two && three);
  await Promise.all([ready(one), ready(two)]);
  await decided(page, 2);
  assert.equal(plain(await one.locator("output").innerText()), "120 000 000 ✗");
  assert.equal(
    (await heard(page, "verdict")).some(({ exact }) => exact?.right_at_most === "99989999990000000000"),
    true,
  );
  assert.equal(
    asked.some((url) => url.includes("/62p-")),
    false,
    "what nobody sees is not loaded",
  );
  assert.equal(asked.filter((url) => url.endsWith(".wasm")).length, 1, "the library comes once");
  const height = await three.evaluate((each) => each.clientHeight);
  await three.scrollIntoViewIfNeeded();
  await ready(three);
  await decided(page, 3);
  assert.equal(await three.evaluate((each) => each.clientHeight), height);
  assert.ok(asked.some((url) => url.includes("/62p-")));
  // By keyboard: the chart's values are spoken, and Space chooses one.
  await one.locator("canvas").focus();
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press("ArrowRight");
  const spoken = plain(await one.locator(".tip").innerText());
  assert.ok(spoken.length > 5, spoken);
  await page.keyboard.press(" ");
  const [selected] = await heard(page, "select");
  assert.match(selected.item, /^\w+:/);
  assert.ok(selected.label.length > 0);
  assert.match((await two.locator("canvas").getAttribute("aria-label")) ?? "", /^Mean attention\. ./);
  await two.locator("summary").press("Enter");
  assert.ok((await two.locator("tbody tr").count()) > 10, "its values are a table");
  await two.locator("summary").press("Escape");
  assert.equal(await two.locator(".inside").isVisible(), false);
  assert.deepEqual(problems, []);
});

test("properties in, a file of the page's own, and what is hidden", async () => {
  const content = `${script()}<adder-scope src="/best.json" hide="verdict link table sentence digits" view="steps" theme="dark"></adder-scope>`;
  const { page, problems } = await opened(
    content,
    policyOf(`; connect-src ${new URL(site).origin} ${host}`).replace(/connect-src [^;]+;/, ""),
  );
  const element = page.locator("adder-scope");
  await ready(element);
  assert.equal(await element.locator(".problem").innerText(), "");
  for (const part of [".verdict", "footer a", "details", ".digits"]) {
    assert.equal(await element.locator(part).first().isVisible(), false, part);
  }
  const answer = await element.evaluate((each) => {
    const it = /** @type {AdderScope} */ (/** @type {unknown} */ (each));
    Object.assign(it, { a: 57, b: "68", digit: 1 });
    it.setAttribute("view", "sum");
    return { said: it.shadowRoot?.querySelector("output")?.textContent, state: it.state, svg: it.svg().slice(0, 4) };
  });
  const path = join(folder, "best.json");
  writeFileSync(path, modelFile().bytes);
  const { answer: expected } = await cli("addition", path, "57", "68");
  assert.equal(plain(answer.said ?? "").replace(/\D/g, ""), String(expected));
  assert.match(answer.state, /^weights=[\w-]+&a=57&b=68&digit=1$/, "the model goes with it: only this page has it");
  assert.equal(answer.svg, "<svg");
  assert.deepEqual(problems, []);
  // And the state that it told opens elsewhere.
  await page.evaluate((state) => {
    const other = document.createElement("adder-scope");
    Object.assign(other, { id: "other", state });
    document.body.append(other);
  }, answer.state);
  await ready(page.locator("#other"));
  assert.equal(plain(await page.locator("#other output").innerText()).replace(/\D/g, ""), String(expected));
});

test("where a policy forbids it the element says so, in one line", async () => {
  const element = (/** @type {Page} */ page) => page.locator("adder-scope");
  const content = `${script()}<adder-scope state="model=57p&a=57&b=68" view="ruler"></adder-scope>`;
  const without = await opened(content, policyOf().replace("'wasm-unsafe-eval'", ""));
  await ready(element(without.page));
  const line = await element(without.page).locator(".problem").innerText();
  assert.match(
    line,
    /^This page's Content-Security-Policy does not allow WebAssembly: add 'wasm-unsafe-eval' to its script-src$/,
  );
  assert.deepEqual(await heard(without.page, "problem"), [{ message: line }]);
  const alone = await opened(content, policyOf().replace("worker-src blob:", "worker-src 'none'"));
  await ready(element(alone.page));
  await element(alone.page).locator(".verdict").filter({ hasText: "add blob: to its worker-src" }).waitFor();
  assert.equal(plain(await element(alone.page).locator("output").innerText()), "125 ✓", "all else works");
  const lost = await opened(content.replace("model=57p", "model=nobody"), policyOf());
  await ready(element(lost.page));
  assert.match(await element(lost.page).locator(".problem").innerText(), /nobody/);
});

test("a still picture is there until the library is", async () => {
  /** @type {() => void} */
  let go = () => {};
  const { page } = await opened(
    `${script()}<adder-scope state="model=57p" view="ruler"></adder-scope>`,
    policyOf(),
    (page) =>
      page.route(/\.wasm$/, async (route) => {
        await new Promise((resolve) => (go = () => resolve(null)));
        await route.continue();
      }),
  );
  const element = page.locator("adder-scope");
  await element.locator(".still svg").waitFor();
  const height = await element.evaluate((each) => each.clientHeight);
  assert.ok(height > 300);
  assert.match((await element.locator(".still svg title").textContent()) ?? "", /The ruler/);
  go();
  await ready(element);
  assert.equal(await element.locator(".still").isVisible(), false);
  assert.equal(await element.locator("canvas").isVisible(), true);
  assert.equal(await element.evaluate((each) => each.clientHeight), height);
});

test("each view of a model as it opens has its picture, and nothing moves when it becomes live", async () => {
  const element = (/** @type {string} */ view, more = "") =>
    `<adder-scope id="${view}" state="model=57p${more}" view="${view}" theme="dark" hide="verdict"></adder-scope>`;
  const pictured = { readout: "Readout", map: "All additions", figure: "57 parameters" };
  const content = `${script()}<div style="display: grid; grid-template-columns: repeat(3, 1fr)">
    ${element("readout", "&a=57&b=68&digit=1")}${element("map")}${element("figure")}
    ${element("sum")}${element("mean_attention", "&step=2000")}${element("ruler", "&a=57&b=68")}</div>`;
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(null)));
  const { page, asked, problems } = await opened(content, styled(), (page) =>
    page.route(/\.wasm$/, async (route) => {
      await held;
      await route.continue();
    }),
  );
  for (const [view, title] of Object.entries(pictured)) {
    const picture = page.locator(`#${view} .still svg`);
    await picture.waitFor();
    assert.match((await picture.locator("title").textContent()) ?? "", new RegExp(title, "i"), view);
    const [ground, card] = await picture.evaluate((svg) => [
      svg.querySelector("rect")?.getAttribute("fill"),
      getComputedStyle(/** @type {Element} */ (svg.closest(".adderscope"))).backgroundColor,
    ]);
    const [, ...parts] = /^#(..)(..)(..)$/.exec(ground ?? "") ?? [];
    assert.ok(
      parts.every((part) => parseInt(part, 16) < 64),
      `${view} is dark: ${ground} on ${card}`,
    );
  }
  const boxes = () =>
    page.locator("adder-scope").evaluateAll((all) => all.map((each) => JSON.stringify(each.getBoundingClientRect())));
  const before = await boxes();
  go();
  await Promise.all((await page.locator("adder-scope").all()).map(ready));
  await page.locator("#map canvas").waitFor();
  const pictures = asked.filter((url) => url.endsWith(".svg"));
  assert.equal(pictures.length, 3, `no picture is of another addition or step: ${pictures.join(" ")}`);
  assert.equal(await page.locator("adder-scope .still:visible").count(), 0);
  assert.deepEqual(await boxes(), before);
  assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).shifted()), 0, "nothing moved");
  assert.deepEqual(problems, []);
});

test("the lines that Share copies show the same elsewhere", async () => {
  const { page, url } = await browser.open(
    { permissions: ["clipboard-read", "clipboard-write"], own: true },
    "#model=62p&a=57&b=5&digit=1&view=addition",
  );
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const copied = async (/** @type {string} */ name) => {
    await page.getByRole("button", { name }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const [frame, element] = [await copied("Copy frame"), await copied("Copy element")];
  assert.ok(
    frame.startsWith(`<iframe src="${url}embed.html#model=62p&amp;a=57&amp;b=5&amp;digit=1&amp;view=ruler"`),
    frame,
  );
  const origin = new URL(url).origin;
  const other = await opened(
    `${element}${frame}`.replaceAll(origin, new URL(site).origin).replaceAll("/some/where/", "/adderscope/"),
    styled(),
  );
  const shown = other.page.locator("adder-scope");
  await ready(shown);
  const { answer, correct } = await cli("addition", historyPath("62p"), "57", "5");
  const words = `${answer} ${correct ? "✓" : "✗"}`;
  assert.equal(plain(await shown.locator("output").innerText()), words);
  await other.page.locator("iframe").scrollIntoViewIfNeeded();
  const framed = other.page.frameLocator("iframe").locator("adder-scope");
  await framed.locator("output").filter({ hasText: /[✓✗]/ }).waitFor();
  assert.equal(plain(await framed.locator("output").innerText()), words);
  assert.equal(await framed.locator("[data-digit='1']").getAttribute("aria-pressed"), "true");
});

test("a page that a bundler made of the package draws, decides and has the element", async () => {
  const own = join(folder, "bundled");
  mkdirSync(join(own, "node_modules"), { recursive: true });
  cpSync(pkg, join(own, "node_modules/adderscope"), { recursive: true }); // as an installation puts it there
  writeFileSync(
    join(own, "page.js"),
    `import { load, open } from "adderscope";
    import { define } from "adderscope/element";
    import wasm from "adderscope/adderscope.wasm";
    await load(wasm);
    const model = await open(await (await fetch("best.pt")).arrayBuffer(), "best.pt");
    model.panel("mean_attention").draw(document.querySelector("canvas"), { theme: "light" });
    define();
    const element = document.createElement("adder-scope");
    Object.assign(element, { files: [{ name: "best.pt", bytes: new Uint8Array(await (await fetch("best.pt")).arrayBuffer()) }], view: "sum", a: 57, b: 68 });
    document.body.append(element);
    await element.ready;
    document.title = model.prove().right;`,
  );
  await esbuild.build({
    absWorkingDir: own,
    entryPoints: ["page.js"],
    outdir: own,
    entryNames: "bundle",
    bundle: true,
    format: "esm",
    loader: { ".wasm": "binary" },
    logLevel: "error",
  });
  copyFileSync(historyPath("57p"), join(own, "best.pt"));
  const page =
    '<!doctype html><title>x</title><canvas width="600" height="400"></canvas><script type="module" src="bundle.js"></script>';
  writeFileSync(join(own, "index.html"), page);
  const url = await listen(files({ "/": own }));
  const shown = await browser.open({ own: true });
  await shown.page.goto(`${url}/index.html`);
  await shown.page.waitForFunction(() => /^\d+$/.test(document.title));
  assert.equal(await shown.page.title(), "100000000000000000000");
  const colours = await shown.page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const { data } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return new Set(new Uint32Array(Uint8ClampedArray.from(data).buffer)).size;
  });
  assert.ok(colours > 20, `${colours} colours`);
  assert.equal(plain(await shown.page.locator("adder-scope output").innerText()), "125 ✓");
});

test("the package in one file starts without any address", async () => {
  const inline = readFileSync(join(pkg, "inline.js"), "utf8");
  bare("");
  const { page } = await browser.open({ own: true });
  await page.goto(host);
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    if (!request.url().startsWith("blob:")) asked.push(request.url());
  });
  const said = await page.evaluate(
    async ([code, bytes]) => {
      const address = URL.createObjectURL(new Blob([code ?? ""], { type: "text/javascript" }));
      const { define } = /** @type {typeof import("../../www/embed/inline.js")} */ (await import(address));
      define();
      define();
      const element = document.createElement("adder-scope");
      const files = [{ name: "mine.json", bytes: new TextEncoder().encode(bytes) }];
      Object.assign(element, { files, state: "a=57&b=68&digit=1", view: "ruler" });
      document.body.append(element);
      await element.ready;
      return element.shadowRoot?.querySelector("output")?.textContent;
    },
    [inline, modelFile().bytes],
  );
  assert.match(said ?? "", /[✓✗]$/);
  assert.deepEqual(asked, []);
});
