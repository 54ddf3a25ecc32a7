// The main path of the page, as a person goes it, in any engine: what stands there is what the command line says, in each.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { historyPath } from "../browser/bundled.js";
import { cli, json, log, picture, pt, safetensors, variant } from "../browser/fixtures.js";
import { built, serve, temporaryFolder } from "../browser/harness.js";
import { native, short, untimed } from "../browser/trainer.js";
import * as panels from "./pictures.ts";
import { button, drop, onDisk, says, textOf, until, type Engine, type Sent, type Tab } from "./tab.ts";

const checkpoint = variant("two_heads_tied_values");
const opened = (tab: Tab, file: string) =>
  until(
    tab,
    (file) =>
      document.querySelector("#file")?.textContent === file &&
      /yes|no|unknown/.test(document.querySelector("[data-fact=qualified] dd")?.textContent ?? ""),
    file,
  );

/** What is said of the model, label by label. */
const facts = (tab: Tab) =>
  tab.ask(() =>
    [...document.querySelectorAll<HTMLElement>("#facts > div")].map((each) => [
      each.dataset.fact,
      each.querySelector("dd")?.textContent,
    ]),
  );

const isThere = (tab: Tab, selector: string) =>
  tab.ask((selector) => document.querySelector(selector)?.checkVisibility() ?? false, selector);

/** Writes into a field what is to stand there. */
async function fill(tab: Tab, selector: string, text: string): Promise<void> {
  await tab.click(selector);
  await tab.ask((selector) => document.querySelector<HTMLInputElement>(selector)?.select(), selector);
  await tab.press("Backspace", ...text);
  assert.equal(await tab.ask((way) => document.querySelector<HTMLInputElement>(way)?.value, selector), text);
}

/** The same for a form's settings, many at once. */
const fillSettings = (tab: Tab, settings: Record<string, string>) =>
  tab.ask((settings) => {
    for (const [name, value] of Object.entries(settings)) {
      const field = document.querySelector<HTMLInputElement>(`#train-${name}`);
      if (field === null) throw new Error(`there is no field for ${name}`);
      if (field.type === "checkbox") field.checked = value === "true";
      else field.value = value;
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
  }, settings);

const step = (tab: Tab) =>
  until(
    tab,
    () =>
      document.querySelector("#film[aria-busy=false]") &&
      document.querySelector("#film-step")?.textContent.replace(/\D/g, ""),
    null,
  );

/**
 * The page in one engine, and a test for each part of the path.
 * @param first a script that the page has before all of its own
 */
export function mainPath(open: (url: string) => Promise<Engine>, first?: string): void {
  let [engine, server]: [Engine | null, Awaited<ReturnType<typeof serve>> | null] = [null, null];
  const files: string[] = [];
  const folder = temporaryFolder();
  before(async () => {
    server = await serve((file) => files.push(file), first);
    engine = await open(server.url);
  });
  after(async () => {
    await engine?.close();
    server?.close();
  });
  const part = (name: string, walk: (tab: Tab) => Promise<void>) =>
    test(name, async () => {
      if (!engine) throw new Error("there is no browser");
      await walk(engine.tab);
      assert.deepEqual(await engine.tab.problems(), [], engine.name);
    });

  part("it opens with a model, an addition that it answers, and the verdict on all of them", async (tab) => {
    await tab.go("#model=&view=addition");
    console.log(engine?.name);
    await opened(tab, "57p.history.safetensors");
    assert.equal(await textOf(tab, "#sum-said"), "Right: 5 859 874 481.");
    const [, all] = /Right on ([\d ]+) of/.exec(await says(tab, "#exact", /proven, in exact arithmetic/)) ?? [];
    assert.equal(all, "100 000 000 000 000 000 000");
    const wasm = files.filter((each) => each.startsWith("adderscope") && each.endsWith(".wasm"));
    const wanted = engine?.name.includes("without SIMD") ? "adderscope_plain.wasm" : "adderscope_simd.wasm";
    assert.deepEqual(new Set(wasm), new Set([built(wanted)]), "the build for this machine");
  });

  part("each format is dropped, and gives the same model; one is picked", async (tab) => {
    await tab.go("#model=none&view=panels");
    const seen: unknown[] = [];
    for (const file of [
      { name: "a.json", bytes: json(checkpoint) },
      { name: "b.safetensors", bytes: safetensors(checkpoint) },
      { name: "c.pt", bytes: pt(checkpoint) },
    ]) {
      await drop(tab, file);
      await opened(tab, file.name);
      seen.push(await facts(tab));
    }
    await onDisk([{ name: "picked.pt", bytes: pt(checkpoint) }], async (paths) => {
      await tab.pick("#picker", paths);
      await opened(tab, "picked.pt");
    });
    seen.push(await facts(tab));
    for (const each of seen) assert.deepEqual(each, seen[0]);
    await drop(tab, { name: "run.jsonl", bytes: log });
    await until(tab, () => document.querySelector("[data-panel=trajectory] canvas")?.checkVisibility(), null);
    await drop(tab, { name: "57p.history.safetensors", bytes: readFileSync(historyPath("57p")) });
    await opened(tab, "57p.history.safetensors");
    assert.ok(await isThere(tab, "#film"));
  });

  part("twelve panels have ink where their values are, in both themes", async (tab) => {
    for (const theme of ["light", "dark"]) {
      await tab.go("#model=62p&view=panels");
      await opened(tab, "62p.history.safetensors");
      await tab.click(`#theme label:has([value=${theme}])`);
      const keys = await panels.keys(tab);
      assert.equal(keys.length, 12);
      for (const key of keys) await panels.hasMarks(tab, key, theme);
    }
    await tab.click("#theme label:has([value=system])");
  });

  part("an addition is typed, answered, and placed on the ruler, whose stops lead to others", async (tab) => {
    await tab.go("#model=62p&view=addition");
    await opened(tab, "62p.history.safetensors");
    await tab.click("#sum-a");
    await tab.ask(() => document.querySelector<HTMLInputElement>("#sum-a")?.select());
    await tab.press("5", "7", "+", "6", "8");
    await until(tab, () => location.hash.includes("a=57&b=68"), null);
    const told = (await cli("addition", historyPath("62p"), "57", "68")) as {
      answer: number;
      places: { said: number; right: number }[];
    };
    await until(
      tab,
      (wanted) =>
        Number(document.querySelector<HTMLElement>("#paper .answer")?.innerText.replace(/\D/g, "")) === wanted,
      told.answer,
    );
    await tab.click('#paper .answer [data-digit="1"]');
    await until(tab, () => location.hash.includes("digit=1"), null);
    await says(tab, "#steps", /GELU/);
    const before = await tab.ask(() => location.href);
    const words = await panels.stop(tab, "ruler", /stop/i);
    assert.match(words, /stop/i);
    await tab.press("Enter");
    const next = await until(tab, (before) => location.href !== before && location.hash, before);
    const state = new URLSearchParams(next.slice(1));
    const other = (await cli("addition", historyPath("62p"), state.get("a") ?? "", state.get("b") ?? "")) as typeof told;
    await says(tab, '#paper .answer [data-digit="1"]', new RegExp(String(other.places[1]?.said)));
  });

  part("a link shows the same", async (tab) => {
    await tab.go("#model=none&a=57&b=68&digit=1&view=addition");
    await drop(tab, { name: "mine.json", bytes: json(variant("learned_spiral_74p")) });
    await opened(tab, "mine.json");
    const sum = await textOf(tab, "#paper");
    await tab.click("#share-open");
    const link = await until(
      tab,
      () => [...document.querySelectorAll<HTMLInputElement>("dialog[open] input")].find(({ value }) => value.includes("#weights="))?.value,
      null,
    );
    await tab.go(link.slice(link.indexOf("#")));
    await opened(tab, "mine.json");
    assert.equal(await textOf(tab, "#paper"), sum);
  });

  part("a weight is moved, the score follows, and what is saved is what is shown", async (tab) => {
    await tab.go("#model=57p&view=panels");
    await opened(tab, "57p.history.safetensors");
    await tab.click("#weights-open");
    await says(tab, "#weights-score", /10 010/);
    const slider = '[data-tensor="fc1.weight"] input[type=range]';
    await until(tab, (slider) => document.querySelector(slider)?.checkVisibility(), slider);
    await tab.ask((slider) => document.querySelector<HTMLInputElement>(slider)?.focus(), slider);
    await tab.press("PageUp", "PageUp", "PageUp");
    await says(tab, "#model", /1 edited/);
    await until(tab, () => document.querySelector("#weights-verdict[aria-busy=false]") !== null, null);
    const score = Number((await textOf(tab, "#weights-score")).replace(/\D/g, ""));
    const saved = await tab.saved(async () => {
      await tab.click("#downloads summary");
      await tab.click("#model-json");
    });
    assert.match(saved.name, /^57p-step-\d+-edited\.json$/);
    const path = join(folder, saved.name);
    writeFileSync(path, saved.bytes);
    assert.equal(score, ((await cli("verify", path)) as { passed: number }).passed);
    await tab.click("#weights-reset");
    await says(tab, "#weights-score", /10 010/);
  });

  part("the film of a run is moved by keys, plays and pauses", async (tab) => {
    await tab.go("#model=57p&view=panels");
    await opened(tab, "57p.history.safetensors");
    await tab.ask(() => document.querySelector<HTMLElement>("#film-slider")?.focus());
    await tab.press("Home");
    assert.equal(await step(tab), "0");
    await tab.press("ArrowRight");
    assert.equal(await step(tab), "2000");
    await tab.click("#film-play");
    await says(tab, "#film-play", /Pause/);
    await until(tab, () => Number(document.querySelector("#film-step")?.textContent.replace(/\D/g, "")) > 4000, null);
    await tab.click("#film-play");
    await says(tab, "#film-play", /Play/);
    assert.ok(Number(await step(tab)) > 4000);
  });

  part("AdderBoard is asked again, and says what the command line says", async (tab) => {
    await tab.go("#model=62p&view=panels");
    await opened(tab, "62p.history.safetensors");
    // What comes above until then would move all of this away from under the pointer.
    await says(tab, "#exact", /said to be/);
    await tab.click("#board summary");
    await fill(tab, "#board-seed", "7");
    await fill(tab, "#board-pairs", "2000");
    await tab.click("#board-run");
    const told = (await cli("verify", historyPath("62p"), "--seed", "7", "--pairs", "2000")) as { passed: number };
    const said = await says(tab, "#board-result", /Seed 7: [\d ]+ of 2 010 right/);
    assert.equal(Number(/Seed 7: ([\d ]+) of/.exec(said)?.[1]?.replace(/ /g, "")), told.passed);
  });

  part("a training run comes to its end, with the numbers of the command line to the last bit", async (tab) => {
    const settings = { arch: "57p", ...short };
    const wanted = await native(folder, settings);
    await tab.go("#model=none&view=panels");
    await tab.click("#train-open");
    await until(tab, () => document.querySelector("#train-settings")?.checkVisibility(), null);
    await fillSettings(tab, settings);
    await tab.click("#train-start");
    await says(tab, "#train-where", /^Finished at step 240 of 240/);
    const file = async (name: string) => tab.saved(() => tab.click(button(name, "train")));
    assert.ok((await file("Last model")).bytes.equals(await wanted("last.safetensors")));
    assert.deepEqual(untimed((await file("Log")).bytes), untimed(await wanted("log.jsonl")));
  });

  part("a model that is wrong on some is counted, and leads to one of them", async (tab) => {
    await tab.go("#model=67p&step=244000&view=addition");
    await opened(tab, "67p.history.safetensors");
    await says(tab, "#exact", /wrong on 10 000 010 000 000 000/);
    await tab.click('//*[@id="exact"]//button[contains(., "said to be")]');
    await says(tab, "#sum-said", /^Wrong in one digit: Z7 should be 1/);
    assert.match(await textOf(tab, "#sum-line"), /^50 000 000 \+ 60 000 000 = 120 000 000 ✗/);
  });

  part("pictures, drawings and tables are saved", async (tab) => {
    await tab.go("#model=62p&view=panels");
    await opened(tab, "62p.history.safetensors");
    const asked = async (id: string) =>
      tab.saved(async () => {
        await tab.click("#downloads summary");
        await tab.click(`#${id}`);
      });
    const png = await asked("figure-png");
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    const svg = (await asked("figure-svg")).bytes.toString();
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    assert.deepEqual([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)], [2 * Number(width), 2 * Number(height)]);
    const csv = await tab.saved(() =>
      tab.click('//*[@data-panel="error_rate"]//footer//button[contains(., "CSV")]'),
    );
    assert.equal(csv.bytes.toString().trim().split("\n").length, 12, "a header and eleven digits");
    const model = await asked("model-safetensors");
    const path = join(folder, model.name);
    writeFileSync(path, model.bytes);
    const told = (await cli("verify", path)) as { passed: number };
    const nodes = await tab.ask(() =>
      [...(document.querySelector("[data-fact=adderboard] dd")?.childNodes ?? [])].flatMap((each) =>
        each.nodeType === Node.TEXT_NODE ? [each.textContent ?? ""] : [],
      ),
    );
    assert.equal(Number(nodes[0]?.replace(/\D/g, "")), told.passed);
  });

  part("what cannot be opened is refused in words, and the last good model stays", async (tab) => {
    await tab.go("#model=62p&view=panels");
    await opened(tab, "62p.history.safetensors");
    const before = await facts(tab);
    const bad: [Sent, RegExp][] = [
      [{ name: "photo.png", bytes: picture }, /^photo\.png: this is not a MicroAdder checkpoint; it looks like a PNG image/],
      [{ name: "empty.pt", bytes: "" }, /^empty\.pt: the file is empty/],
      [{ name: "half.pt", bytes: pt(checkpoint).subarray(0, 900) }, /^half\.pt: the file is cut short/],
    ];
    for (const [file, words] of bad) {
      await drop(tab, file);
      const said = await says(tab, "#error-text", words);
      assert.ok(said.length <= 300, said);
      assert.equal(await textOf(tab, "#file"), "62p.history.safetensors");
      assert.deepEqual(await facts(tab), before);
    }
    await tab.click("#error-close");
    assert.equal(await isThere(tab, "#error"), false);
  });
}
