// A screen reader's way through one addition, as one-addition.md has it: in Chromium's accessibility tree, and by roles and
// names in Firefox.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { launched, root, serve } from "../browser/harness.js";
import { decided, settled, verified } from "../browser/person.js";
import { launchFirefox } from "./playwright.ts";

interface Step {
  press: string;
  role: string;
  name: string;
  spoken: string;
}

const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, " ").trim();

/** The way that is written down. */
const way: Step[] = readFileSync(join(root, "tests/trust/one-addition.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !/^\| (press|---)/.test(line))
  .map((line) => {
    const [, press = "", role = "", name = "", spoken = ""] = line.split("|").map((each) => each.trim());
    return { press, role, name, spoken };
  });

/** Goes the way, and asks at each step where the focus is. */
async function go(page: Page, told: (page: Page) => Promise<{ role: string; name: string }>): Promise<void> {
  assert.ok(way.length > 20);
  await settled(page);
  for (const { press, role, name, spoken } of way) {
    if (/^\d+$/.test(press)) await page.keyboard.type(press);
    else await page.keyboard.press(press);
    const end = Date.now() + 20_000;
    for (;;) {
      const here = await told(page);
      const said = plain((await page.locator("#spoken").textContent()) ?? "");
      if (here.role === role && plain(here.name) === name && (spoken === "" || said === spoken)) break;
      const found = `${here.role} “${plain(here.name)}”, “${said}”`;
      assert.ok(Date.now() < end, `after ${press}: ${found}, and not ${role} “${name}”, “${spoken}”`);
      await settled(page);
    }
  }
}

const browser = launched();
const HASH = "#model=57p&view=addition";

test("in Chromium's accessibility tree", async () => {
  const { page, problems } = await browser.open({ own: true }, HASH);
  await verified(page, "57p.history.safetensors");
  await decided(page, /proven/);
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  await go(page, async () => {
    const { result } = await session.send("Runtime.evaluate", { expression: "document.activeElement" });
    const { objectId = "" } = result;
    const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId, fetchRelatives: false });
    const [node] = nodes;
    return { role: String(node?.role?.value ?? ""), name: String(node?.name?.value ?? "") };
  });
  assert.deepEqual(problems, []);
});

let firefox: Awaited<ReturnType<typeof launchFirefox>>;
let server: Awaited<ReturnType<typeof serve>>;
before(async () => {
  [firefox, server] = await Promise.all([launchFirefox(), serve()]);
});
after(async () => {
  await firefox.close();
  server.close();
});

test("by roles and names in Firefox", async () => {
  const page = (await firefox.newPage({ viewport: { width: 1280, height: 900 } })) as unknown as Page;
  await page.goto(server.url + HASH);
  await page.waitForSelector("[data-ready]");
  await verified(page, "57p.history.safetensors");
  await decided(page, /proven/);
  await go(page, async () => {
    const snapshot = await page.locator(":focus").first().ariaSnapshot();
    const [, role = "", name = ""] = /^- ['"]?(\w+)(?: "((?:[^"\\]|\\.)*)")?/.exec(snapshot) ?? [];
    return { role, name };
  });
});
