// On a broken network: whichever part does not come, or comes by half, the page says so in a line, the rest works, and trying
// again works.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { modelFile } from "../browser/fixtures.js";
import { choose, decided, drop, film, openWeights, plain, settled, verified } from "../browser/person.js";
import { fill, finished, press, short, train } from "../browser/trainer.js";
import { onFaultyHost } from "./faulty.ts";

const on = onFaultyHost();

const FIRST = "57p.history.safetensors";

type Fault = "gone" | "cut";
const BOTH: Fault[] = ["gone", "cut"];

interface Case {
  /** Without hash. */
  file: string;
  /** How it does not come; both, where nothing else is said. */
  how?: Fault[];
  /** What asks for it, once the page is there. */
  ask?: (page: Page) => Promise<unknown>;
  /** Where it is said, and how. */
  at: string;
  words: RegExp;
  /** Tries again; afterwards all of it works. */
  again: (page: Page) => Promise<unknown>;
}

/** The verdict, whatever it is. */
const RUN = /^(?!\s*not run)./;

const reloaded = async (page: Page) => {
  await page.reload();
  await verified(page, FIRST);
  await decided(page, RUN);
};
const chosen = (name: string) => async (page: Page) => {
  await choose(page, name);
  await verified(page, `${name}.history.safetensors`);
  await decided(page, RUN);
};
const brought = async (page: Page) => {
  await drop(page, [modelFile("mine.json")]);
  await verified(page, "mine.json");
};
const firm = async (page: Page) => {
  if (!(await page.locator("#weights").isVisible())) await openWeights(page);
  if (!(await page.getByRole("button", { name: "All numbers" }).isVisible())) await page.locator("#firm summary").first().click();
  await page.getByRole("button", { name: "All numbers" }).click();
};

const cases: Case[] = [
  {
    file: "adderscope_simd.wasm",
    at: "#error-text",
    words: /^adderscope_simd\.wasm could not be loaded \(.+\): check the connection and reload the page, or use a recent browser$/,
    again: reloaded,
  },
  {
    file: "worker.js",
    at: "#error-text",
    words: /^The page's worker stopped: .+\. Reload the page$/,
    again: chosen("62p"),
  },
  {
    file: "57p.history.opening",
    at: "#error-text",
    words: /^The bundled model 57p could not be loaded \(.+\): choose another one, or open a checkpoint of your own$/,
    again: chosen("57p"),
  },
  {
    file: "57p.history.input",
    at: "#exact dd",
    words:
      /The run of 57p\.history\.safetensors could not be loaded \(.+\): check the connection, and try again or reload the page/,
    again: async (page) => {
      await page.locator("#views [data-to=panels]").click();
      await film(page).slider.press("ArrowLeft");
      await settled(page);
      await decided(page, RUN);
      // What else needed it has said so, too.
      const said = page.locator("#error-text");
      if (!(await said.isVisible())) return;
      assert.match(await said.innerText(), /^The run of 57p\.history\.safetensors could not be loaded/);
      await page.locator("#error-close").click();
    },
  },
  {
    file: "later.js",
    at: "#exact",
    words: /^A part of the page did not come \(.+\): check the connection and reload the page$/,
    again: reloaded,
  },
  {
    file: "exact-worker.js",
    at: "#exact dd",
    words: /The verdict’s worker stopped: .+\. Reload the page$/,
    again: chosen("62p"),
  },
  {
    file: "exact_simd.wasm",
    at: "#exact dd",
    words: /exact_simd\.wasm could not be loaded \(.+\): check the connection and reload the page/,
    again: chosen("62p"),
  },
  {
    file: "formats.wasm",
    ask: (page) => drop(page, [modelFile("mine.json")]),
    at: "#error-text",
    words: /^formats\.wasm could not be loaded \(.+\)\. Check the connection and try again$/,
    again: brought,
  },
  {
    file: "trainer_simd.wasm",
    ask: (page) => page.locator("#train-open").click(),
    at: "#train-loading",
    words: /^trainer_simd\.wasm could not be loaded \(.+\)\. Close this and open it again to try once more\.$/,
    again: async (page) => {
      await press(page, "Close");
      await train(page, { arch: "57p", ...short });
      await finished(page);
    },
  },
  {
    file: "trainer-worker.js",
    ask: (page) => train(page, { arch: "57p", ...short }),
    at: "#train-run-fault",
    words: /^The run's worker stopped: .+\. Reload the page$/,
    again: async (page) => {
      await page.locator("#error-close").click();
      await press(page, "Train another…");
      await fill(page, { arch: "57p", ...short });
      await press(page, "Train");
      await finished(page);
    },
  },
  {
    file: "compare_simd.wasm",
    how: ["gone"],
    ask: (page) => page.locator("#compare-open").click(),
    at: "dialog[open]",
    words: /compare_simd\.wasm could not be loaded \(HTTP 404\): check the connection and reload the page/,
    again: async (page) => {
      await page.keyboard.press("Escape");
      await page.locator("#compare-open").click();
      await page.locator("dialog[open] canvas").first().waitFor();
    },
  },
  {
    file: "robust_simd.wasm",
    how: ["gone"],
    ask: firm,
    at: "#firm",
    words: /robust_simd\.wasm could not be loaded \(HTTP 404\): check the connection and reload the page/,
    again: async (page) => {
      await firm(page);
      await page.locator("#firm").getByText(/of \d+ numbers\./).waitFor();
    },
  },
];

for (const { file, how = BOTH, ask, at, words, again } of cases) {
  for (const fault of how) {
    test(`${file}, ${fault}: it is said, and trying again works`, async () => {
      const { page, uncaught } = await on.blank();
      on.site.faults[fault].add(file);
      await page.goto(`${on.site.url}#model=&view=addition`);
      if (ask) {
        await verified(page, FIRST);
        await ask(page);
      }
      const line = page.locator(at).filter({ visible: true, hasText: words }).first();
      await line.waitFor();
      const [said = ""] = words.exec(plain(await line.innerText())) ?? [];
      assert.match(said, /^[^\n]{1,300}$/);
      assert.equal(await page.locator("#stuck").isVisible(), false);
      on.site.mend();
      await again(page);
      assert.equal(await page.locator("#error").isVisible(), false);
      assert.deepEqual(uncaught, []);
    });
  }
}

test("adderscope.js, gone: nothing of the page runs, and it says that it is still starting; once it comes all works", async () => {
  const { page } = await on.blank();
  on.site.faults.gone.add("adderscope.js");
  await page.goto(`${on.site.url}#model=&view=addition`);
  const stuck = page.locator("#stuck");
  await stuck.filter({ visible: true, hasText: /^Still starting\. On a slow connection it takes a while/ }).waitFor();
  on.site.mend();
  await reloaded(page);
  assert.equal(await stuck.isVisible(), false);
});

test("a run that does not come is no fault of its address, which opens at that step once it does", async () => {
  const { page } = await on.blank();
  on.site.faults.gone.add("57p.history.input");
  await page.goto(`${on.site.url}#model=57p&view=panels&step=24000`);
  const said = page.locator("#error-text").filter({ hasText: /^The run of 57p\.history\.safetensors could not be loaded \(HTTP 404\)/ });
  await said.waitFor();
  assert.match(page.url(), /step=24000/);
  on.site.mend();
  await page.reload();
  await verified(page, FIRST);
  assert.match(plain((await page.locator("#film-step").textContent()) ?? ""), /^Step 24.000$/);
});
