// Where the page's files come from when it is one file: from blocks of it, each an element whose id is the file's name. A
// Worker is given those that it may ask for.

import { trustedTypes, type Policy } from "../trusted-types.js";
import { unpacked } from "./unpack.js";
import { workerScripts } from "./workers.js";

/** What each Worker may ask for. */
const OF_WORKER: Record<keyof typeof workerScripts, RegExp> = {
  "worker.js": /^(formats|explain)\.wasm$|^models\/(?!.*\.input$)/,
  "compare-worker.js": /^compare_\w+\.wasm$/,
  "exact-worker.js": /^exact_\w+\.wasm$/,
  "robust-worker.js": /^robust_\w+\.wasm$/,
  "trainer-worker.js": /^$/, // the page compiles its part for it
};

const NO_SIMD =
  "This file brings AdderScope for browsers with WebAssembly SIMD, which this one is without: open it in a recent browser, or the page from its web server";

/** Where a Worker finds its blocks, by name. */
const given = globalThis as { adderscopeBlocks?: Record<string, string> };

const isPage = "document" in globalThis;

/** The document before the page changed anything in it: what is saved begins as this one did. */
const asLoaded = isPage ? (document.documentElement.cloneNode(true) as Element) : null;
asLoaded?.querySelector("#adderscope-script")?.remove(); // what the first script unpacked

const blockOf = (file: string) =>
  isPage ? document.getElementById(file)?.textContent : given.adderscopeBlocks?.[file];

/** As that of www/resources.ts. */
// eslint-disable-next-line @typescript-eslint/require-await -- it throws as what is downloaded does
export async function resource(file: string, lost: (why: string) => Error): Promise<Response> {
  const block = blockOf(file);
  if (block) return unpacked(block);
  throw /_plain\.wasm$/.test(file) ? new Error(NO_SIMD) : lost("it is not in this file");
}

type Script = keyof typeof workerScripts;

/** Of scripts of Workers: each is made once. */
const addresses = new Map<Script, string>();

function made(script: Script) {
  const all = [...document.querySelectorAll("script[data-block]")];
  const blocks = all.filter(({ id }) => OF_WORKER[script].test(id)).map(({ id, textContent }) => [id, textContent]);
  const given = `self.adderscopeBlocks=${JSON.stringify(Object.fromEntries(blocks))};`;
  return URL.createObjectURL(new Blob([given, workerScripts[script]], { type: "text/javascript" }));
}

function addressOf(script: Script) {
  const address = addresses.get(script) ?? made(script);
  addresses.set(script, address);
  return address;
}

let policy: Pick<Policy, "createScriptURL"> | undefined;

/** A classic one: from a file on disk no browser runs modules of another address. Trusted Types: as in www/resources.ts. */
export function startWorker(script: Script) {
  policy ??= trustedTypes?.createPolicy("adderscope", {
    createScriptURL: (script: string) => addressOf(script as Script),
  });
  return new Worker(policy?.createScriptURL(script) ?? addressOf(script));
}

/** They are in the file's one style sheet. */
export const laterStyles = () => null;

export const isOneFile = true;

/** This file, as it was loaded. */
export const singlePage = () =>
  // eslint-disable-next-line no-restricted-properties -- read, and never written
  Promise.resolve(`<!doctype html>\n${asLoaded?.outerHTML ?? ""}\n`);
