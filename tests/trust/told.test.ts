// A screen reader's way through one addition, as one-addition.md has it, in the accessibility trees of Chromium and Firefox.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { launched, root, serve } from "../browser/harness.js";
import { decided, settled, verified } from "../browser/person.js";
import { openMarionette } from "./marionette.ts";
import { until } from "./tab.ts";

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

/** Who goes it. */
interface Reader {
  press(...keys: string[]): Promise<void>;
  /** What stands where it is spoken from. */
  spoken(): Promise<string>;
  /** Where the focus is. */
  focused(): Promise<{ role: string; name: string }>;
}

/** Goes the way, and asks at each step where the focus is. */
async function go(reader: Reader): Promise<void> {
  assert.ok(way.length > 20);
  for (const { press, role, name, spoken } of way) {
    await reader.press(...(/^\d+$/.test(press) ? press : [press]));
    const end = Date.now() + 20_000;
    for (;;) {
      const here = await reader.focused();
      const said = plain(await reader.spoken());
      if (here.role === role && plain(here.name) === name && (spoken === "" || said === spoken)) break;
      const found = `${here.role} “${plain(here.name)}”, “${said}”`;
      assert.ok(Date.now() < end, `after ${press}: ${found}, and not ${role} “${name}”, “${spoken}”`);
      await new Promise((resolve) => setTimeout(resolve, 40));
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
  await settled(page);
  await go({
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key);
    },
    spoken: async () => (await page.locator("#spoken").textContent()) ?? "",
    async focused() {
      const { result } = await session.send("Runtime.evaluate", { expression: "document.activeElement" });
      const { objectId = "" } = result;
      const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId, fetchRelatives: false });
      const [node] = nodes;
      return { role: String(node?.role?.value ?? ""), name: String(node?.name?.value ?? "") };
    },
  });
  assert.deepEqual(problems, []);
});

test("in Firefox's accessibility tree", async (t) => {
  const server = await serve();
  t.after(() => server.close());
  const page = await openMarionette(server.url + HASH);
  t.after(() => page.close());
  const text = (selector: string) => page.ask((selector) => document.querySelector(selector)?.textContent ?? "", selector);
  await until(page, () => /proven/.test(document.querySelector("#exact")?.textContent ?? ""), null);
  assert.equal(await text("#file"), "57p.history.safetensors");
  await go({ ...page, spoken: () => text("#spoken") });
});
