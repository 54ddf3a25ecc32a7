// The page as a stranger finds it: a bundled model with its panels drawn, others beside it, and room for their own.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { unhashed } from "../../tools/names.ts";
import { bestOf } from "./bundled.js";
import { modelFile, trained } from "./fixtures.js";
import { launched, once } from "./harness.js";
import { bundle } from "./library.js";
import {
  card,
  choose,
  decided,
  drop,
  errorText,
  facts,
  film,
  load,
  panelInSight,
  panelKeys,
  settled,
  verified,
} from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

/** Short runs in place of the bundled ones, which need not be there. @type {Record<string, Uint8Array>} */
const models = {};
const fileOf = (/** @type {string} */ name) => `${name}.history.safetensors`;

const browser = launched();
before(async () => {
  for (const name of ["57p", "62p"]) models[name] = await trained(name);
});

/**
 * The page with these runs as bundled models; the 67p one is missing.
 * @param {string} [hash]
 * @param {Record<string, Uint8Array | string>} [files]
 * @param {import("./harness.js").Options} [options]
 * @param {(page: Page) => Promise<unknown>} [prepare]
 */
function start(hash = "#model=&view=addition", files = models, options = {}, prepare = async () => {}) {
  return browser.open(options, hash, async (page) => {
    await page.route("**/models/**", (route) => {
      const name = unhashed(route.request().url()).split("/").at(-2) ?? "";
      const body = files[name];
      return body === undefined ? route.fulfill({ status: 404 }) : bundle(route, body);
    });
    await prepare(page);
  });
}

/** The model that is marked. @param {Page} page */
const marked = (page) =>
  page
    .locator("#gallery input")
    .evaluateAll((all) =>
      all.flatMap((each) => (each instanceof HTMLInputElement && each.checked ? [each.value] : [])),
    );

test("the page opens with a model, its panels drawn, and says what it is and how to open one's own", async () => {
  const { page, problems, url } = await start();
  await verified(page, fileOf("57p"));
  await settled(page);
  const heading = page.getByRole("heading", { level: 1 });
  assert.deepEqual(await heading.allInnerTexts(), ["57 numbers add two numbers"]);
  assert.equal(await page.getByRole("button", { name: /^Open a checkpoint…/ }).count(), 1, "in the bar");
  assert.ok(await page.locator("#end").getByText("Nothing leaves your machine").isVisible());
  assert.deepEqual(await marked(page), ["57p"]);
  assert.ok(await page.evaluate(() => document.activeElement === document.body), "no focus was taken");
  assert.equal((await panelKeys(page)).length, 12);
  await page.getByRole("button", { name: "Twelve panels" }).click();
  await settled(page);
  assert.equal(await page.locator("#sections canvas:visible").count(), 12);
  await page.getByRole("button", { name: "The addition" }).click();
  assert.equal((await facts(page)).parameters, "57");
  assert.equal(await film(page).slider.inputValue(), String(bestOf(models["57p"] ?? new Uint8Array())));
  assert.equal(page.url(), url, "what is there by default is not in the address");
  assert.deepEqual(problems, []);
});

for (const width of [375, 768, 1024, 1280, 1920]) {
  test(`at ${width} px nothing moves under a pointer while the first model opens`, async () => {
    const { page } = await start(
      "#model=&view=addition",
      models,
      { viewport: { width, height: 800 } },
      async (fresh) => {
        await fresh.addInitScript(() => {
          /** @type {any} */ (globalThis).shifts = [];
          new PerformanceObserver((list) => {
            for (const { value, sources } of /** @type {any[]} */ (list.getEntries())) {
              const moved = sources.map((/** @type {any} */ { node }) => node?.id || node?.className || node?.nodeName);
              /** @type {any} */ (globalThis).shifts.push({ value, moved });
            }
          }).observe({ type: "layout-shift", buffered: true });
        });
        // The page has been painted without the model before that comes.
        await fresh.route("**/models/**", async (route) => {
          await fresh.waitForSelector("[data-ready]");
          await fresh.evaluate(
            () => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))),
          );
          await route.fallback();
        });
      },
    );
    await verified(page, fileOf("57p"));
    await settled(page);
    /** @type {{value: number, moved: string[]}[]} */
    const shifts = await page.evaluate(() => /** @type {any} */ (globalThis).shifts);
    const sum = shifts.reduce((total, { value }) => total + value, 0);
    // https://web.dev/articles/cls: a page that moves by less than 0.1 is a good one.
    assert.ok(sum < 0.03, `${sum}: ${JSON.stringify(shifts)}`);
  });
}

for (const [width, height] of /** @type {const} */ ([
  [375, 812],
  [1024, 768],
  [1280, 800],
  [1920, 1080],
])) {
  test(`at ${width} px the drawer of weights brings panels into sight, and leaves the page where some are`, async () => {
    const { page } = await start("#model=&view=addition", models, {
      viewport: { width, height },
      reducedMotion: "reduce",
    });
    await verified(page, fileOf("57p"));
    await settled(page);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.locator("#weights-open").evaluate((button) => /** @type {HTMLElement} */ (button).click()); // without a scroll to it
    await panelInSight(page, "#weights");
    await decided(page);
    await settled(page);
    // Lines above wrap otherwise beside a drawer: what a person looks at is to stay where it was.
    const panel = page.locator("[data-panel]").first();
    const top = () => panel.evaluate((each) => Math.round(each.getBoundingClientRect().top));
    const there = await top();
    await page.locator("#weights-close").click();
    await settled(page);
    await page.locator("#weights-open").evaluate((button) => /** @type {HTMLElement} */ (button).click());
    await settled(page);
    assert.equal(await top(), there, "a second time it stays");
  });
}

test("the first model is asked for while the library is still on its way", async () => {
  const { page, problems } = await start("#model=&view=addition", models, {}, async (fresh) => {
    const model = fresh.waitForRequest("**/models/**");
    await fresh.route("**/*.wasm", async (route) => {
      await model;
      await route.continue();
    });
  });
  await verified(page, fileOf("57p"));
  assert.deepEqual(problems, []);
});

test("a model that is chosen while the library is on its way is the one that opens", async () => {
  const { page, problems } = await start("#model=&view=addition", models, {}, async (fresh) => {
    await fresh.route("**/*.wasm", async (route) => {
      await choose(fresh, "62p");
      await route.continue();
    });
  });
  await verified(page, fileOf("62p"));
  await settled(page);
  assert.deepEqual(await marked(page), ["62p"]);
  assert.equal((await facts(page)).parameters, "62");
  assert.deepEqual(problems, []);
});

test("the gallery switches models, by pointer and keys, and the address says which", async () => {
  const { page, problems, url } = await start();
  await verified(page, fileOf("57p"));
  await film(page).slider.fill("2");
  assert.equal(await film(page).step(), "100");
  await page.waitForFunction(() => location.hash === "#model=57p&step=100");
  await choose(page, "62p");
  await verified(page, fileOf("62p"));
  assert.equal((await facts(page)).parameters, "62");
  const best = bestOf(models["62p"] ?? new Uint8Array());
  assert.equal(await film(page).slider.inputValue(), String(best), "another run, at its own best step");
  assert.equal(page.url(), `${url}#model=62p`);
  await page.locator(".models summary").focus();
  for (const key of ["Enter", "Tab", "ArrowUp"]) await page.keyboard.press(key);
  await verified(page, fileOf("57p"));
  assert.deepEqual(await marked(page), ["57p"]);
  assert.equal(page.url(), url);
  assert.deepEqual(problems, []);
});

test("the address opens a model at a step, follows the slider, and can be typed", async () => {
  const { page, problems } = await start("#model=62p&step=120");
  await verified(page, fileOf("62p"));
  const { slider, fixed, step } = film(page);
  assert.equal(await step(), "100", "the nearest one");
  assert.ok(await fixed.isChecked(), "as whoever copied it had moved");
  await slider.fill("5");
  await page.waitForFunction(() => location.hash === "#model=62p&step=250&view=panels");
  await page.evaluate(() => (location.hash = "#model=57p&step=50"));
  await verified(page, fileOf("57p"));
  assert.equal(await step(), "50");
  await page.evaluate(() => (location.hash = "#model=57p&step=200"));
  await page.waitForFunction(() => document.querySelector("#film-step")?.textContent === "Step 200");
  await page.evaluate(() => (location.hash = "#step=words"));
  assert.equal(await step(), "200");
  assert.deepEqual(problems, []);
});

test("a person's own file has the page to itself, and the gallery brings the others back", async () => {
  const { page, url, problems } = await start();
  await verified(page, fileOf("57p"));
  await load(page, modelFile("mine.json"));
  assert.equal(await page.locator("#gallery input:checked").count(), 0);
  assert.equal(page.url(), `${url}#model=none`);
  await choose(page, "62p");
  await verified(page, fileOf("62p"));
  assert.deepEqual(problems, []);
});

test("a file that is dropped while the first model is on its way stays", async () => {
  let send = () => {};
  const dropped = new Promise((resolve) => (send = () => resolve(null)));
  const { page } = await browser.open({}, "#model=&view=addition", (fresh) =>
    fresh.route("**/models/**", async (route) => {
      await dropped;
      await bundle(route, models["57p"] ?? "");
    }),
  );
  await drop(page, [modelFile("mine.json")]);
  await verified(page, "mine.json");
  const arrived = page.waitForResponse("**/models/**");
  send();
  await (await arrived).finished();
  await settled(page);
  assert.equal(await page.locator("#file").textContent(), "mine.json");
});

test("a bundled model that is missing or broken is named, and the page stays of use", async () => {
  const { page } = await start("#model=&view=addition", { "57p": "<!doctype html>", "62p": models["62p"] ?? "" });
  assert.equal(
    await errorText(page),
    "57p.history.safetensors: what came is not what this version of AdderScope wrote: reload the page",
  );
  assert.ok(await page.getByRole("button", { name: /^Open a checkpoint…/ }).isVisible());
  assert.ok(await page.getByRole("heading", { level: 1, name: "See how sixty numbers add" }).isVisible());
  await choose(page, "67p");
  await page.waitForFunction(
    (text) => document.querySelector("#error-text")?.textContent === text,
    "The bundled model 67p could not be loaded (HTTP 404): choose another one, or open a checkpoint of your own",
  );
  assert.equal(await page.locator("#gallery input:checked").count(), 0);
  await choose(page, "62p");
  await verified(page, fileOf("62p"));
  assert.equal(await page.locator("#error").isVisible(), false, "the complaint goes with its cause");
  await choose(page, "67p");
  await errorText(page);
  assert.deepEqual(await marked(page), ["62p"], "the last good model stays");
  assert.equal(await page.locator("#file").textContent(), fileOf("62p"));
  await load(page, modelFile("mine.json"));
  assert.equal(await card(page, "readout").count(), 1);
});

test("a name that no bundled model has is named, and the first one opens", async () => {
  const { page } = await start("#model=99p");
  await verified(page, fileOf("57p"));
  assert.equal(await errorText(page), "No bundled model is called “99p”: there are 57p, 62p, 67p");
});

const resizable = once(async () => {
  const { page } = await start("#model=&view=panels");
  await verified(page, fileOf("57p"));
  return page;
});
for (const width of [320, 375, 1024, 1920]) {
  test(`nothing is wider than a window of ${width} px, and the bar of the run is in sight`, async () => {
    const page = await resizable();
    await page.setViewportSize({ width, height: 800 });
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    for (const key of await panelKeys(page)) {
      await card(page, key).scrollIntoViewIfNeeded();
      const { top, bottom } = await film(page).bar.evaluate((bar) => bar.getBoundingClientRect());
      assert.ok(top > 0 && bottom <= 800, `${key}: the bar is from ${top} to ${bottom}`);
    }
  });
}

test("a site whose list is damaged says so, and has the page's own models", async () => {
  const { page } = await start("#model=&view=addition", models, { own: true }, (page) =>
    page.route("**/where/", async (route) => {
      const response = await route.fetch();
      const block = '<script type="application/json" id="adderscope-gallery">{"title": 3}</script>';
      await route.fulfill({ response, body: (await response.text()).replace("</head>", `${block}</head>`) });
    }),
  );
  assert.match(await errorText(page), /The list of this site’s models is damaged/);
  await verified(page, fileOf("57p"));
  assert.equal(await page.title(), "57p.history.safetensors · AdderScope");
});
