// The hosted page's service worker: it keeps a version of the page, whole, and answers from that, so that the next visit needs
// no network.
//
// No visitor ever sees half of two versions. A version is kept in a cache of its own, and counts once all its files are
// there, each with the hash that it was built with. What is kept under a name without a hash is answered from the newest
// version alone; what has a hash in its name is the same in all of them, so a page that was open before goes on as it was.

import { hasSimd } from "../simd.js";
import { files, version } from "./kept.js";

// TypeScript has types for pages or for Workers, and this project is checked as pages.
interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Scope {
  readonly registration: {
    readonly scope: string;
    readonly installing: unknown;
    readonly waiting: unknown;
    readonly active: { readonly state: string } | null;
  };
  /** This worker; not every browser tells. */
  readonly serviceWorker?: unknown;
  readonly clients: {
    claim(): Promise<void>;
    /** Windows, if nothing else is asked for. */
    matchAll(options: { includeUncontrolled: boolean }): Promise<readonly unknown[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Asked) => void): void;
}
const worker = self as unknown as Scope;

const { scope } = worker.registration;
/** One host may have several such pages, and all share its caches. */
const OURS = `adderscope ${scope} `;
const own = OURS + version;

const addressOf = (file: string) => new URL(file, scope).href;
const isHashed = (file: string) => /-[A-Z2-7]{8}[./]/.test(file);
/** Of what comes in two builds, only that for this browser. */
const isOfUse = (file: string) => !file.includes(hasSimd() ? "_plain-" : "_simd-");

/** A file, from an older version where that has the same. */
async function fetched(file: string, integrity: string): Promise<Response> {
  const address = addressOf(file);
  const there = isHashed(file) ? await caches.match(address) : undefined;
  if (there) return there;
  // Not before what the page itself is waiting for.
  const cache = isHashed(file) ? "default" : "no-cache";
  const response = await fetch(address, { integrity, cache, priority: "low" });
  if (!response.ok) throw new Error(`${address}: HTTP ${response.status}`);
  // A page that is opened may not be answered with something that came from elsewhere.
  return response.redirected ? new Response(response.body, { headers: response.headers }) : response;
}

/** Keeps all, or nothing. */
async function keep(): Promise<void> {
  const cache = await caches.open(own);
  try {
    const kept = Object.entries(files).filter(([file]) => isOfUse(file));
    await Promise.all(kept.map(async ([file, hash]) => cache.put(addressOf(file), await fetched(file, hash))));
  } catch (error) {
    await caches.delete(own);
    throw error;
  }
}

/** Whether this worker is the newest, with none on its way: then whatever else is kept is older. */
function isNewest(): boolean {
  const { installing, waiting, active } = worker.registration;
  const isActive = active?.state === "activated" && (worker.serviceWorker ?? active) === active;
  return isActive && !installing && !waiting;
}

/** Lets go of older versions, once no window is open that may want something of them. */
async function tidy(): Promise<void> {
  const windows = await worker.clients.matchAll({ includeUncontrolled: true });
  if (windows.length > 0) return;
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== own);
  if (!isNewest()) return; // one of them may be a newer version
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Answers from what is kept; what is not kept, from the network. */
async function answer(request: Request): Promise<Response> {
  const address = new URL(request.url);
  address.search = "";
  address.hash = "";
  if (address.href === addressOf("index.html")) address.href = scope;
  const cache = await caches.open(own);
  const kept = (await cache.match(address.href)) ?? (isHashed(address.pathname) && (await caches.match(address.href)));
  return kept || fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  if (request.mode === "navigate") event.waitUntil(tidy());
  event.respondWith(answer(request));
});
