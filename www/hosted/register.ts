// The hosted page's one script more: once all is drawn it asks for the service worker, which keeps the page for when there
// is no network.

const FILE = "sw.js";

/** What TypeScript's types do not know yet, and older browsers are without. */
const { trustedTypes } = globalThis as {
  trustedTypes?: {
    createPolicy(name: string, rules: Policy): Policy;
  };
};

interface Policy {
  /** What a browser returns is no text, and stands for the address. */
  createScriptURL(file: string): string;
}

const policy = trustedTypes?.createPolicy("adderscope-hosted", { createScriptURL: () => FILE });

addEventListener("load", () => {
  // Where a browser keeps nothing, as in some private windows, the page goes on without.
  navigator.serviceWorker?.register(policy?.createScriptURL(FILE) ?? FILE, { updateViaCache: "none" }).catch(() => {});
});
