// A host that something is wrong with: files that are not there, or are cut off on the way; headers of its own.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { unhashed } from "../../tools/names.ts";
import { dist } from "../../tools/paths.ts";
import { files, typeOf } from "../../tools/serve.ts";
import { startBrowser } from "../browser/harness.js";

const PREFIX = "/some/where/";

export interface Faults {
  /** Names without hashes of files that are answered with 404. */
  gone: Set<string>;
  /** Of those that end in the middle. */
  cut: Set<string>;
  /** What is answered in the place of files. */
  instead: Map<string, Uint8Array>;
  /** What every answer has beside its own. */
  headers: Record<string, string>;
  /** Text and WebAssembly go out compressed, as most hosts send them. */
  isCompressed: boolean;
}

export interface Host {
  url: string;
  faults: Faults;
  /** All is as it should be again. */
  mend(): void;
  close(): void;
}

const faultless = (): Faults => ({ gone: new Set(), cut: new Set(), instead: new Map(), headers: {}, isCompressed: false });

async function host(): Promise<Host> {
  const faults = faultless();
  const answer = files({ [PREFIX]: dist });
  const compressed = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(PREFIX, "").replace(/[?#].*/, "") || "index.html";
    const name = unhashed(path.split("/").at(-1) ?? "");
    const file = join(dist, path);
    for (const [header, value] of Object.entries(faults.headers)) response.setHeader(header, value);
    if (faults.gone.has(name)) {
      response.writeHead(404).end();
    } else if (faults.cut.has(name)) {
      const bytes = readFileSync(file);
      response.writeHead(200, { "content-type": typeOf(name), "content-length": bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    } else if (faults.instead.has(name)) {
      response.writeHead(200, { "content-type": typeOf(name) }).end(faults.instead.get(name));
    } else if (faults.isCompressed && /\.(html|css|js|wasm|svg)$/.test(name)) {
      const bytes = compressed.get(file) ?? gzipSync(readFileSync(file), { level: 9 });
      compressed.set(file, bytes);
      response.writeHead(200, {
        ...{ "content-type": typeOf(name), "content-encoding": "gzip" },
        ...{ "content-length": bytes.length, "cache-control": "no-cache" },
      });
      response.end(bytes);
    } else {
      answer(request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    faults,
    mend: () => void Object.assign(faults, faultless()),
    close: () => server.close(),
  };
}

/** A browser and such a host for the tests of a file: with each test its pages go, and what was wrong is mended. */
export function onFaultyHost() {
  let there: { browser: Browser; site: Host } | undefined;
  const started = () => {
    if (!there) throw new Error("there is a browser once tests run");
    return there;
  };
  before(async () => {
    const [browser, site] = await Promise.all([startBrowser(), host()]);
    there = { browser, site };
  });
  after(async () => {
    await there?.browser.close();
    there?.site.close();
  });
  afterEach(async () => {
    const { browser, site } = started();
    site.mend();
    for (const context of browser.contexts()) await context.close();
  });
  return {
    get browser() {
      return started().browser;
    },
    get site() {
      return started().site;
    },
    /** A page where nothing is open yet, and what goes wrong in it unseen. */
    async blank(options: BrowserContextOptions = {}) {
      const page = await started().browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
      const uncaught: string[] = [];
      page.on("pageerror", ({ message }) => uncaught.push(message));
      return { page, uncaught };
    },
  };
}
