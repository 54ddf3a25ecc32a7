// The page as one file, from disk and without a server: all that the page does, no request, a policy of hashes; and the view
// that someone saves as one.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { single } from "../../tools/paths.ts";
import { historyPath } from "./bundled.js";
import { modelFile } from "./fixtures.js";
import { launched, startBrowser, temporaryFolder } from "./harness.js";
import {
  card,
  choose,
  decided,
  download,
  errorText,
  load,
  panelKeys,
  plain,
  saved,
  settled,
  verified,
} from "./person.js";
import { finished, short, train } from "./trainer.js";

/** @typedef {import("playwright-core").Page} Page */

const hosted = launched();
const folder = temporaryFolder();

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/**
 * Opens a file from disk.
 * @param {string} [hash]
 * @param {string} [file]
 * @param {(page: Page) => Promise<unknown>} [prepare]
 */
async function opened(hash = "", file = single, prepare = async () => {}) {
  for (const context of browser.contexts()) await context.close();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const address = pathToFileURL(file).href;
  /** Errors and warnings, refusals by the policy among them, and requests for anything but the file itself. @type {string[]} */
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", ({ message }) => problems.push(message));
  page.on("request", (request) => {
    const url = request.url().replace(/#.*/, "");
    if (url !== address && !/^(blob:null\/|data:)/.test(url)) problems.push(`asked for ${url}`);
  });
  await prepare(page);
  await page.goto(address + hash);
  return { page, problems };
}

/** How many drawings of the twelve panels have more than one colour. @param {Page} page */
const drawn = (page) =>
  page.locator("#sections canvas").evaluateAll(
    (all) =>
      all.filter((each) => {
        const canvas = /** @type {HTMLCanvasElement} */ (each);
        if (canvas.width === 0 || canvas.offsetWidth === 0) return false;
        const pixels = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return new Set(new Uint32Array(Uint8ClampedArray.from(pixels).buffer)).size > 2;
      }).length,
  );

test("from disk it opens, decides, explains a digit, draws the panels, and follows links", async () => {
  const { page, problems } = await opened();
  await verified(page, "57p.history.safetensors");
  assert.match(await decided(page), /right on all\s+proven in exact arithmetic/);
  await page.locator('#paper .answer [data-digit="7"]').click();
  await page.waitForFunction(() => location.hash.includes("digit=7"));
  await card(page, "ruler").getByText(/Z7/).first().waitFor();
  await page.locator("#steps").getByRole("heading", { name: "Z7, step by step" }).waitFor();
  await page.getByRole("button", { name: "Twelve panels" }).click();
  await settled(page);
  assert.equal((await panelKeys(page)).length, 12);
  assert.equal(await drawn(page), 12);
  // A link that its own page leads to, and one that someone wrote.
  await page.getByRole("button", { name: "The addition" }).click();
  await page.locator("#exhibit a").click();
  await verified(page, "67p.history.safetensors");
  assert.match(plain(await page.locator("#sum-said").innerText()), /Z7 should be 1; 110 000 000 is right/);
  assert.match(await decided(page, /wrong/), /10 000 010 000 000 000/);
  const linked = await opened("#model=62p&a=57&b=68&digit=1&view=panels");
  await verified(linked.page, "62p.history.safetensors");
  assert.match(plain(await linked.page.locator("#sum-line").innerText()), /57 \+ 68 = 125/);
  assert.match(linked.page.url(), /#model=62p&a=57&b=68&digit=1&view=panels$/);
  const beside = await opened("#src=mine.pt");
  assert.match(
    await errorText(beside.page),
    /mine\.pt: nothing is beside the page as one file\. Open the file by hand/,
  );
  await verified(beside.page, "57p.history.safetensors");
  await beside.page.getByRole("button", { name: "Share", exact: true }).click();
  const cited = beside.page.getByRole("region", { name: "Words to cite it by" });
  assert.match(await cited.innerText(), /shown by AdderScope: #model=57p&a=\d+&b=\d+/, "no path on a disk");
  assert.equal(await beside.page.locator(".qr").count(), 0);
  assert.deepEqual([...problems, ...linked.problems, ...beside.problems], []);
});

test("from disk it opens files, and saves what it has", async () => {
  const { page, problems } = await opened();
  await verified(page, "57p.history.safetensors");
  const { name, bytes } = await download(page, "safetensors");
  assert.match(name, /^57p.*\.safetensors$/);
  assert.equal((await download(page, "SVG")).bytes.subarray(0, 5).toString(), "<svg ");
  const picker = page.waitForEvent("filechooser");
  await page.locator("#bar-open").click();
  await (await picker).setFiles(historyPath("62p"));
  await verified(page, "62p.history.safetensors");
  await load(page, { name: "again.safetensors", bytes });
  assert.match(await page.locator("[data-fact=adderboard] dd").innerText(), /^10.010 of 10.010/);
  await load(page, modelFile("dropped.json"));
  assert.match(await decided(page), /in exact arithmetic/);
  await choose(page, "67p");
  await verified(page, "67p.history.safetensors");
  assert.deepEqual(problems, []);
});

test("from disk it trains, and says how firm a model is", async () => {
  const { page, problems } = await opened();
  await verified(page, "57p.history.safetensors");
  await page.getByRole("button", { name: "Weights", exact: true }).click();
  const firm = page.locator("#firm");
  await firm.locator("summary").first().click();
  await firm.getByRole("button", { name: "Fewest decimals" }).click();
  await firm.getByText(/stays right on all additions, proven in exact arithmetic/).waitFor();
  await train(page, short);
  await finished(page);
  await page.locator("#file").filter({ hasNotText: "57p" }).waitFor({ state: "attached" });
  assert.deepEqual(problems, []);
});

test("its policy lets through its own scripts and styles by their hashes, WebAssembly, its Workers, and nothing else; no text becomes code or markup", async () => {
  const text = await readFile(single, "utf8");
  const [, policy = ""] = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? [];
  const shape = policy.replaceAll(/'sha256-[\w+/=]{44}'/g, "HASH");
  assert.equal(
    shape,
    "default-src 'none'; script-src HASH HASH 'wasm-unsafe-eval'; style-src HASH; img-src data:; worker-src blob:; " +
      "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; " +
      "trusted-types lit-html adderscope adderscope-start",
  );
  assert.ok(text.indexOf("<meta http-equiv") < text.search(/<script|<style|<link/), "it comes before what it is about");
  const [, start = ""] = /<script>([^]*?)<\/script>/.exec(text) ?? [];
  assert.ok(policy.includes(createHash("sha256").update(start).digest("base64")));
  const { page, problems } = await opened();
  await verified(page);
  assert.deepEqual(problems, []);
  const done = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.append("window.ran = true");
    document.head.append(script);
    // Out of the debugger's hands, which may do all.
    await new Promise((resolve) => setTimeout(resolve));
    /** Whether it is refused. @param {() => unknown} attempt */
    const refused = (attempt) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    };
    const policies = /** @type {any} */ (window).trustedTypes;
    const body = /** @type {any} */ (document.body);
    const text = {
      markup: refused(() => (body["inner" + "HTML"] = "<b>x</b>")),
      script: refused(() => (document.createElement("script").text = "")),
      worker: refused(() => new Worker(URL.createObjectURL(new Blob([])))),
      policy: refused(() => policies.createPolicy("other", {})),
    };
    const { href } = location;
    const asked = await fetch(href).then(
      () => true,
      () => false,
    );
    return { ran: "ran" in window, asked, ...text };
  });
  const refused = { markup: true, script: true, worker: true, policy: true };
  assert.deepEqual(done, { ran: false, asked: false, ...refused });
  assert.ok(
    problems.some((each) => /requires 'TrustedScript' assignment/.test(each)),
    problems.join("\n"),
  );
});

test("a script that its markup brings is refused by its hash: Trusted Types are not asked", async () => {
  const brought = join(folder, "brought.html");
  const text = await readFile(single, "utf8");
  await writeFile(brought, text.replace("</body>", "<script>window.ran = true</script>$&"));
  const { page, problems } = await opened("", brought);
  await verified(page);
  assert.equal(await page.evaluate(() => "ran" in window), false);
  assert.ok(
    problems.some((each) => /inline script/.test(each) && /script-src/.test(each)),
    problems.join("\n"),
  );
});

test("without SIMD it says so, in one line", async () => {
  const { page } = await opened("", single, (page) =>
    page.addInitScript(() => Object.assign(WebAssembly, { validate: () => false })),
  );
  assert.match(await errorText(page), /^This file brings AdderScope for browsers with WebAssembly SIMD[^\n]{1,240}$/);
});

test("where it does not unpack it says so", async () => {
  const text = await readFile(single, "utf8");
  const damaged = join(folder, "damaged.html");
  await writeFile(damaged, text.replace(/(id="app\.js" data-block>.{1000})[^]{40}/, "$1"));
  const { page } = await opened("", damaged);
  await page
    .locator("#stuck")
    .filter({
      hasText: /^This file does not unpack \([^\n]{1,200}\): save it again, or open it in a recent browser\.$/,
    })
    .waitFor();
});

/** Saves what is seen as one file, and returns where it is. @param {Page} page @param {string} name */
async function kept(page, name) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share what you see" });
  const file = await saved(page, () => dialog.getByRole("button", { name: "Download HTML" }).click());
  assert.match(file.name, /^[\w.-]+-adderscope\.html$/);
  await page.keyboard.press("Escape");
  const path = join(folder, name);
  await writeFile(path, file.bytes);
  return { path, text: file.bytes.toString() };
}

/** All but the block with the state. @param {string} page */
const rest = (page) => page.replace(/(id="adderscope-state">)[^<]*/, "$1").trim();

test("a view is saved as one file, by the page and by that file again, and opens as it was", async () => {
  const state =
    "#model=67p&step=244000&edits=fc1.weight~0:0.5&a=50000000&b=60000000&digit=7&alignment=script&view=panels";
  const { page } = await hosted.open({}, state);
  await verified(page, "67p.history.safetensors");
  const first = await kept(page, "first.html");
  assert.equal(rest(first.text), rest(await readFile(single, "utf8")), "nothing differs but the state");
  const again = await opened("", first.path);
  await verified(again.page, "67p.history.safetensors");
  assert.equal(new URL(again.page.url()).hash, state);
  assert.match(plain(await again.page.locator("#model").innerText()), /1 edited/);
  // What a link says comes first.
  const other = await opened("#model=62p", first.path);
  await verified(other.page, "62p.history.safetensors");
  await load(other.page, modelFile("mine.json"));
  const second = await kept(other.page, "second.html");
  assert.match(second.text, /id="adderscope-state">\{"address":"weights=[\w-]+[^"]*"\}</);
  const last = await opened("", second.path);
  await verified(last.page, "mine.json");
  await last.page.reload();
  await verified(last.page, "mine.json");
  assert.deepEqual([...again.problems, ...other.problems, ...last.problems], []);
});

test("a state that someone wrote by hand and that cannot be read is complained of, and the page opens as ever", async () => {
  const text = await readFile(single, "utf8");
  const written = join(folder, "written.html");
  await writeFile(written, text.replace('{"address":""}', '{"address":"#model=99p"}'));
  const { page } = await opened("", written);
  assert.match(await errorText(page), /No bundled model is called “99p”/);
  await verified(page, "57p.history.safetensors");
});
