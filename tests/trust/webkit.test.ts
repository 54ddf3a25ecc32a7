// The main path in WebKit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../browser/harness.js";
import { mainPath } from "./path.ts";
import { listener, openWebKit } from "./webkit.ts";

mainPath(openWebKit, listener);

test("what goes wrong before the page's own scripts run is heard", async () => {
  const early = 'addEventListener("readystatechange", () => { throw new Error("early"); }, { once: true, capture: true });';
  const server = await serve(() => {}, `${listener} ${early}`);
  const { tab, close } = await openWebKit(server.url);
  try {
    await tab.go("#model=none");
    assert.deepEqual(await tab.problems(), ["uncaught: Error: early"]);
  } finally {
    await close();
    server.close();
  }
});
