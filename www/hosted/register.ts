// The hosted page's one script more: once all is drawn it asks for the service worker, which keeps the page for when there
// is no network.

addEventListener("load", () => {
  // Where a browser keeps nothing, as in some private windows, the page goes on without.
  navigator.serviceWorker?.register("sw.js", { updateViaCache: "none" }).catch(() => {});
});
