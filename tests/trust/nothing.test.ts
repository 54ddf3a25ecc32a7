// Nothing in, nothing out: what the page may load and run, what it asks for after it has come, and that what comes from
// files and links is text.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { dist } from "../../tools/paths.ts";
import { namedInPolicy } from "../../tools/script.ts";
import { historyPath } from "../browser/bundled.js";
import { json, log, pt, safetensors, variant } from "../browser/fixtures.js";
import { launched } from "../browser/harness.js";
import { download, drop, errorText, load, openWeights, settled, weight } from "../browser/person.js";
import { finished, press, short, train } from "../browser/trainer.js";
import { ask } from "./playwright.ts";

const browser = launched();

test("the policy lets in the page's own files, and nothing else", () => {
  const index = readFileSync(join(dist, "index.html"), "utf8");
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(index) ?? [];
  const [, style = ""] = /<style>([^<]*)<\/style>/.exec(index) ?? [];
  assert.deepEqual(policy.split("; "), [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' ${namedInPolicy(style)}`,
    "img-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html adderscope adderscope-hosted",
  ]);
  assert.ok(index.indexOf("Content-Security-Policy") < index.search(/<(link|script|style)\b/), "before all else");
  assert.doesNotMatch(index, /\son\w+=|style=|<script(?![^>]*\bsrc=)/, "no code and no style in the page's text");
});

test("the browser keeps the policy: no markup, no strings as code, no pictures or requests from elsewhere", async () => {
  const { page } = await browser.open();
  const [refused, policies] = await ask(page, async () => {
    const heard: string[] = [];
    // The request is the last that is tried, and what is told of it comes last.
    const all = new Promise<void>((resolve) => {
      addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        heard.push(effectiveDirective);
        const pictures = heard.filter((each) => each === "img-src").length;
        if (pictures >= 2 && heard.includes("connect-src")) resolve();
      });
    });
    const body: Record<string, string> = document.body as never;
    const tries: Record<string, () => unknown> = {
      markup: () => (body["inner" + "HTML"] = "<b>x</b>"),
      worker: () => new Worker("x.js"),
      code: () => (globalThis as unknown as Record<string, (code: string) => unknown>)["ev" + "al"]?.("1"),
      policy: () =>
        (globalThis as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } })
          .trustedTypes.createPolicy("other", {}),
    };
    // Out of the debugger's hands, which may do all.
    await new Promise((resolve) => setTimeout(resolve));
    const found: string[] = [];
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        attempt();
      } catch {
        found.push(name);
      }
    }
    for (const src of ["data:image/gif;base64,R0lGODlhAQABAAAAACw=", URL.createObjectURL(new Blob())]) {
      await new Promise((resolve) => {
        const image = document.createElement("img");
        image.onerror = resolve;
        image.src = src;
      });
    }
    await fetch("https://example.invalid/").catch(() => found.push("request"));
    await all;
    return [found, heard] as const;
  });
  assert.deepEqual(refused, ["markup", "worker", "code", "policy", "request"]);
  assert.equal(policies.filter((each) => each === "img-src").length, 2);
  assert.ok(policies.includes("connect-src"));
});

test("after it has come, the page asks for files of its own folder alone, and sends nothing", async () => {
  const context = await browser.open({ own: true }, "#model=none&view=panels");
  const { page, url, problems } = context;
  const all: { url: string; method: string; body: string | null }[] = [];
  page.context().on("request", (request) =>
    all.push({ url: request.url(), method: request.method(), body: request.postData() }),
  );
  const mine = variant("learned_spiral_74p");
  await load(page, { name: "mine.pt", bytes: pt(mine) }, { name: "log.jsonl", bytes: log });
  await openWeights(page);
  await weight(page, "fc1.weight").slider.press("PageUp");
  await download(page, "JSON");
  await page.keyboard.press("Escape");
  await page.locator("#share-open").click();
  await page.getByRole("textbox", { name: "The link" }).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  for (const view of ["overview", "map", "addition", "panels"]) {
    await page.locator(`#views [data-to=${view}]`).click();
    await page.locator(`#views [data-to=${view}][aria-current]`).waitFor();
    await settled(page);
  }
  await train(page, { arch: "57p", ...short });
  await finished(page);
  await load(page, { name: "57p.history.safetensors", bytes: readFileSync(historyPath("57p")) });
  await settled(page);
  const folder = new URL(".", url).href;
  for (const each of all.filter(({ url }) => !url.startsWith("blob:"))) {
    assert.ok(each.url.startsWith(folder), each.url);
    assert.doesNotMatch(each.url, /[?]/, "no word of what is open goes out in an address");
    assert.deepEqual([each.method, each.body], ["GET", null], each.url);
  }
  // All parts are here: from now on it works without any request.
  const before = all.length;
  await load(page, { name: "again.safetensors", bytes: safetensors(mine) });
  await openWeights(page);
  await weight(page, "fc1.weight").slider.press("PageUp");
  await download(page, "safetensors");
  await page.locator("#train-open").click();
  await press(page, "Train another…");
  await train(page, { arch: "57p", ...short });
  await finished(page);
  await settled(page);
  // The browser itself looks at the icon again when the address changes.
  const more = all.slice(before).filter(({ url }) => !url.startsWith("blob:") && !url.endsWith("/icon.svg"));
  assert.deepEqual(more, []);
  const kept = await ask(page, async () => ({
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    local: Object.keys(localStorage),
  }));
  assert.deepEqual(kept, { cookies: "", databases: 0, caches: 0, local: [] }, "nothing of it is kept");
  assert.deepEqual(problems, []);
});

/** Markup that would be seen, and would run, if it were taken for what it is. */
const MARKUP = '<img src=x onerror="globalThis.ran=1"><b class=injected>x</b>';

/** Whether markup became elements, or code ran. */
const injected = (page: Page) =>
  ask(page, () => ({
    elements: document.querySelectorAll("img, .injected, [onerror]").length,
    ran: "ran" in globalThis,
  }));

test("markup in names of files, tensors, configurations, logs and links is text", async () => {
  const { page, problems, url } = await browser.open();
  const model = variant("learned_spiral_74p");
  const clean = { elements: 0, ran: false };
  // A name that opens, with markup in what is said of the file: tensors, configuration, step's neighbours.
  const odd = {
    ...model,
    [MARKUP]: MARKUP,
    config: { ...model.config, [MARKUP]: MARKUP, note: MARKUP },
    metrics: { ...model.metrics, [MARKUP]: MARKUP },
    model_state_dict: { ...model.model_state_dict, [`ema.${MARKUP}`]: [0.5] },
  };
  for (const [what, file] of Object.entries({
    name: { name: `${MARKUP}.json`, bytes: json(model) },
    inside: { name: "inside.json", bytes: json(odd) },
    unread: { name: "unread.json", bytes: json({ ...model, config: { ...model.config, norm_mode: MARKUP } }) },
    shape: {
      name: "shape.json",
      bytes: json({ ...model, model_state_dict: { ...model.model_state_dict, [MARKUP]: [[1]] } }),
    },
    tensors: { name: "tensors.json", bytes: JSON.stringify({ [MARKUP]: [[1, 2]] }) },
  })) {
    await drop(page, [file]);
    await page.waitForFunction(
      (name) =>
        document.querySelector("#file")?.textContent === name ||
        document.querySelector("#error:not([hidden]) #error-text")?.textContent?.startsWith(name),
      file.name,
    );
    await settled(page);
    assert.deepEqual(await injected(page), clean, what);
  }
  await load(page, { name: "good.json", bytes: json(model) });
  const line = JSON.stringify({ step: 1, val_exact: 0.5, val_tok_acc: 0.5, [MARKUP]: MARKUP });
  await drop(page, [{ name: `${MARKUP}.jsonl`, bytes: `${line}\n${MARKUP}\n${line.replace("1", "2")}` }]);
  await page.locator("[data-panel=trajectory] canvas").waitFor();
  await settled(page);
  assert.deepEqual(await injected(page), clean, "a log");
  for (const name of ["model", "view", "digit", "selection", "edits", "weights", "panel", "step"]) {
    await page.goto("about:blank");
    await page.goto(`${url}#model=62p&${name}=${encodeURIComponent(MARKUP)}`);
    await page.waitForSelector("[data-ready]");
    if (await page.locator("#error").isVisible()) assert.ok((await errorText(page)).length <= 300);
    await settled(page);
    assert.deepEqual(await injected(page), clean, `${name} of a link`);
  }
  assert.deepEqual(
    problems.filter((each) => !each.includes("about:blank")),
    [],
  );
});
