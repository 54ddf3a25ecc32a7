// The page as it is hosted: a second visit without a network, and versions that come whole or not at all.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { host } from "../../tools/hosted.ts";
import { hashed, unhashed } from "../../tools/names.ts";
import { dist, root } from "../../tools/paths.ts";
import { files } from "../../tools/serve.ts";
import { modelFile } from "./fixtures.js";
import { startBrowser, temporaryFolder } from "./harness.js";
import { decided, load, openWeights, verified } from "./person.js";

/** @typedef {import("playwright-core").Page} Page */

const folder = temporaryFolder();
const [first, second] = [join(folder, "first"), join(folder, "second")];
/** What the host has now; nothing while it cannot be reached. @type {string | null} */
let hosted = first;
/** @type {import("node:http").Server} */
let server;
let url = "";
/** @type {import("playwright-core").Browser} */
let browser;

/** Makes another version of the page: another first file, which names another module. @param {string} to */
async function anotherVersion(to) {
  const changed = `${to}-page`;
  cpSync(dist, changed, { recursive: true });
  const app = readdirSync(changed).find((file) => unhashed(file) === "app.js") ?? "";
  const script = `${readFileSync(join(changed, app), "utf8")}\n// another`;
  const renamed = hashed("app.js", script);
  writeFileSync(join(changed, renamed), script);
  rmSync(join(changed, app));
  const index = readFileSync(join(changed, "index.html"), "utf8").replaceAll(app, renamed);
  writeFileSync(join(changed, "index.html"), index.replace(/(data-version\s*>)[^<]*/, "$1AdderScope 99.0.0"));
  await host(changed, to);
}

before(async () => {
  await host(dist, first);
  await anotherVersion(second);
  server = createServer((request, response) => {
    if (hosted === null) request.socket.destroy();
    else files({ "/some/where/": hosted })(request, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  url = `http://127.0.0.1:${port}/some/where/`;
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  server.close();
});

/** A person who was not here before, with what went wrong on their pages. */
async function visitor() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  /** @type {string[]} */
  const problems = [];
  return {
    context,
    problems,
    /** @param {string} [hash] */
    async visit(hash = "") {
      const page = await context.newPage();
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) problems.push(message.text());
      });
      page.on("pageerror", ({ message }) => problems.push(message));
      await page.goto(`${url}${hash}`);
      await page.waitForSelector("[data-ready]");
      return page;
    },
  };
}

/** @param {Page} page */
const versionOf = (page) => page.locator("footer [data-version]").innerText();
const isSecond = /99\.0\.0/;
/** Names of what is kept. @param {Page} page */
const kept = (page) => page.evaluate(() => caches.keys());

/** Whether one version alone is kept, now or soon. @param {Page} page */
const isTidy = (page) =>
  page
    .waitForFunction(async () => (await caches.keys()).length === 1, null, { timeout: 10_000 })
    .then(() => true)
    .catch(() => false);

/** Waits until a version is kept, and answers. @param {Page} page */
const isKept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => true));

/** A person on the first version of the page, once it is kept. */
async function keeper() {
  hosted = first;
  const person = await visitor();
  const page = await person.visit();
  await verified(page, "57p.history.safetensors");
  await isKept(page);
  return { ...person, page };
}

/** Looks for a newer version, and tells what became of it. @param {Page} page */
const updated = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const newer = registration.installing ?? (await registration.update(), registration.installing);
    if (!newer) return registration.active?.state;
    return new Promise((resolve) => {
      const tell = () => ["activated", "redundant"].includes(newer.state) && resolve(newer.state);
      newer.addEventListener("statechange", tell);
      tell();
    });
  });

test("the second visit works with the host out of reach, with all that comes later", async () => {
  const { context, visit, problems, page: before } = await keeper();
  await before.close();
  hosted = null;
  const page = await visit("#model=67p&step=244000&a=50000000&b=60000000&digit=7");
  await verified(page, "67p.history.safetensors");
  assert.match(await decided(page), /99 989 999 990 000 000 000/, "the part that decides all additions");
  await load(page, modelFile("mine.json")); // the part that reads files
  await openWeights(page); // styles and modules that come later
  await page.goto(`${url}index.html?from=a-link#model=62p`);
  await verified(page, "62p.history.safetensors");
  const names = await page.evaluate(async () => {
    const [name = ""] = await caches.keys();
    return (await (await caches.open(name)).keys()).map(({ url }) => url);
  });
  assert.ok(names.length > 20);
  const unused = /_plain-|\.map$|\.tar\.gz$|adderscope\.html|\/pkg\/|adder-scope|\/embed|\/whole|\/stills-|sw\.js/;
  assert.deepEqual(
    names.filter((name) => unused.test(name)),
    [],
    "what no visit to the page needs is not downloaded",
  );
  assert.deepEqual(problems, []);
  await context.close();
});

test("an update comes whole: what is open goes on, a reload is all new, and nothing old is kept after", async () => {
  const { context, visit, problems, page } = await keeper();
  const old = await kept(page);
  hosted = second;
  assert.equal(await updated(page), "activated");
  assert.doesNotMatch(await versionOf(page), isSecond);
  await load(page, modelFile("mine.json")); // a part of the old version that was not there yet
  await page.goto(`${url}#model=57p`);
  await page.reload();
  await verified(page, "57p.history.safetensors");
  assert.match(await versionOf(page), isSecond);
  await page.close();
  hosted = null;
  let next = await visit("#model=57p");
  await verified(next, "57p.history.safetensors");
  assert.match(await versionOf(next), isSecond);
  // The page that was closed may have counted as open still, and then the visit after lets go of what is old.
  if (!(await isTidy(next))) {
    await next.close();
    next = await visit("#model=57p");
    assert.ok(await isTidy(next), `one version is kept, not ${(await kept(next)).join(", ")}`);
  }
  const [left = ""] = await kept(next);
  assert.ok(!old.includes(left));
  assert.deepEqual(problems, []);
  await context.close();
});

test("an update that comes in part, or with files of another version, leaves the old one whole", async () => {
  const { context, problems, page } = await keeper();
  const old = await kept(page);
  const [missing, mixed] = [join(folder, "missing"), join(folder, "mixed")];
  for (const half of [missing, mixed]) cpSync(second, half, { recursive: true });
  const app = readdirSync(missing).find((file) => unhashed(file) === "app.js") ?? "";
  renameSync(join(missing, app), join(missing, "elsewhere.js"));
  cpSync(join(first, "index.html"), join(mixed, "index.html"));
  for (const half of [missing, mixed]) {
    hosted = half;
    assert.equal(await updated(page), "redundant", half);
    assert.deepEqual(await kept(page), old);
    await page.reload();
    await verified(page, "57p.history.safetensors");
    assert.doesNotMatch(await versionOf(page), isSecond);
  }
  hosted = null;
  await page.reload();
  await verified(page, "57p.history.safetensors");
  assert.match(await decided(page), /100 000 000 000 000 000 000/);
  hosted = second;
  assert.equal(await updated(page), "activated", "and the next that is whole comes");
  assert.deepEqual(
    problems.filter((problem) => !/404|integrity|digest/i.test(problem)),
    [],
  );
  await context.close();
});

test("the page can be installed: the manifest, and icons of the sizes that it says", async () => {
  hosted = first;
  const { context, visit } = await visitor();
  const page = await visit("#model=57p");
  await isKept(page);
  const session = await context.newCDPSession(page);
  const { url: address, errors, data = "" } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const manifest = JSON.parse(data);
  assert.equal(manifest.name, "AdderScope");
  assert.equal(new URL(manifest.start_url, address).href, url);
  const sizes = await page.evaluate(
    ([icons, base]) =>
      Promise.all(
        icons.map(async (/** @type {{src: string, sizes: string}} */ { src, sizes }) => {
          const image = new Image();
          image.src = new URL(src, base).href;
          await image.decode();
          return sizes === "any" || `${image.naturalWidth}x${image.naturalHeight}` === sizes;
        }),
      ),
    /** @type {const} */ ([manifest.icons, address]),
  );
  assert.deepEqual(sizes, [true, true, true]);
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  const here = ["in-incognito"]; // as every page of this test is
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => !here.includes(errorId)),
    [],
  );
  await context.close();
});

test("what is no built page, or would be written over, is refused", async () => {
  await assert.rejects(host(folder, join(folder, "x")), /has no index\.html: run \.\/build\.sh first/);
  await assert.rejects(host(first, join(folder, "x")), /is ready to be hosted already/);
  await assert.rejects(host(dist, join(dist, "x")), /name a folder beside the page/);
  await assert.rejects(host(dist, join(dist, "..")), /name a folder beside the page/);
  const full = join(folder, "second-page");
  await assert.rejects(host(dist, full), /holds something else: name another folder, or empty it/);
  assert.ok(readdirSync(full).length > 0);
  const other = join(folder, "other"); // someone's own page, which has a service worker too
  mkdirSync(other);
  for (const file of ["index.html", "sw.js"]) writeFileSync(join(other, file), "mine");
  await assert.rejects(host(dist, other), /holds something else: name another folder, or empty it/);
  assert.deepEqual(readdirSync(other).sort(), ["index.html", "sw.js"]);
  await assert.rejects(host(dist, join(other, "sw.js")), /holds something else: name another folder, or empty it/);
  assert.equal(readFileSync(join(other, "sw.js"), "utf8"), "mine", "nor is a file");
});

test("what fails leaves what is there as it was, and the next run makes it anew", async () => {
  const [page, to] = [join(folder, "failing-page"), join(folder, "made", "failing")];
  cpSync(dist, page, { recursive: true });
  await host(page, to);
  const [made, version] = [readdirSync(to).sort(), readFileSync(join(to, "sw.js"), "utf8")];
  const icon = readFileSync(join(page, "icon.svg"));
  writeFileSync(join(page, "icon.svg"), "no picture");
  await assert.rejects(host(page, to));
  assert.deepEqual(readdirSync(to).sort(), made);
  assert.equal(readFileSync(join(to, "sw.js"), "utf8"), version);
  assert.deepEqual(readdirSync(join(folder, "made")), ["failing"], "and nothing beside it");
  writeFileSync(join(page, "icon.svg"), icon);
  await host(page, to);
  assert.deepEqual(readdirSync(to).sort(), made);
});

/** What a workflow has `build.sh` do. @param {string} name */
function workflow(name) {
  const text = readFileSync(join(root, ".github/workflows", name), "utf8");
  return { text, commands: [...text.matchAll(/run: \.\/build\.sh (\w+)$/gm)].map(([, command]) => command ?? "") };
}

test("the workflows run commands that are there, after the tests, and put up what these make", () => {
  const script = readFileSync(join(root, "build.sh"), "utf8");
  for (const name of readdirSync(join(root, ".github/workflows"))) {
    for (const command of workflow(name).commands) assert.match(script, new RegExp(`^  ${command}\\)`, "m"), name);
  }
  const pages = workflow("pages.yml");
  assert.deepEqual(pages.commands, ["test", "trust", "hosted"], "what is put up was tested before");
  assert.match(pages.text, /upload-pages-artifact@v\d+\n\s+with:\n\s+path: hosted\n/);
  const release = workflow("release.yml");
  assert.deepEqual(release.commands, ["test", "trust", "hosted", "python"]);
  const [, engine = ""] = /missing\+=\((firefox[\w-]*)\)/.exec(script) ?? [];
  assert.equal(engine, "firefox-esr");
  for (const { text } of [pages, release]) {
    assert.match(text, /^ {4}container: debian:/m, "other systems have no such package");
  }
  for (const made of ["adderscope-site.tar.gz", "adderscope-*.tgz", "target/package/*.crate", "target/wheels/*.whl"]) {
    assert.ok(release.text.includes(`            ${made}\n`), made);
  }
  assert.match(release.text, /^ {4}if: inputs\.publish && github\.ref_type == 'tag'$/m, "no branch is published");
});
