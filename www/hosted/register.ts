// The hosted page's one script more: once all is drawn it asks for the service worker, which keeps the page for when there
// is no network.

import { trustedTypes } from "../trusted-types.js";

const WORKER = "sw.js";

addEventListener("load", () => {
  const policy = trustedTypes?.createPolicy("adderscope-hosted", { createScriptURL: () => WORKER });
  const address = policy?.createScriptURL(WORKER) ?? WORKER;
  // Where a browser keeps nothing, as in some private windows, the page goes on without.
  navigator.serviceWorker?.register(address, { updateViaCache: "none" }).catch(() => {});
});
