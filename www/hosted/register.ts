// The hosted page's one script more: once all is drawn it asks for the service worker, which keeps the page for when there
// is no network.

const WORKER = "sw.js";

/** As in resources.ts: where a browser has Trusted Types, this address is the one that may be asked for here. */
const { trustedTypes } = globalThis as {
  trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(asked: string): string };
  };
};

addEventListener("load", () => {
  const policy = trustedTypes?.createPolicy("adderscope-hosted", { createScriptURL: () => WORKER });
  const address = policy?.createScriptURL(WORKER) ?? WORKER;
  // Where a browser keeps nothing, as in some private windows, the page goes on without.
  navigator.serviceWorker?.register(address, { updateViaCache: "none" }).catch(() => {});
});
