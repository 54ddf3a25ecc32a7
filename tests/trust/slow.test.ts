// On a slow machine the page stays in hand while it opens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { launched } from "../browser/harness.js";
import { decided, settled, verified } from "../browser/person.js";
import { Trace } from "../browser/trace.js";

const browser = launched();
/** How many times slower than this machine, and what a task may take then, in milliseconds. */
const [SLOWER, LONGEST] = [6, 300];

test(`with the processor slowed ${SLOWER} times no task takes over ${LONGEST} ms while the page opens`, async () => {
  const worst: number[] = [];
  // Other programs take their part of the machine: the best of three counts.
  while (worst.length < 3 && !worst.some((each) => each <= LONGEST)) {
    const { page, url, problems } = await browser.open({ own: true }, "#model=none");
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    const trace = await Trace.of(page, async () => {
      await page.goto("about:blank");
      await page.goto(`${url}#model=&view=addition`);
      await verified(page, "57p.history.safetensors");
      await decided(page, /proven/);
      await settled(page);
    });
    worst.push(trace.longest);
    assert.deepEqual(
      problems.filter((each) => !each.endsWith("about:blank")),
      [],
    );
  }
  const told = worst.map((each) => `${Math.round(each)} ms`).join(", ");
  console.log(`longest task, slowed ${SLOWER} times: ${told}`);
  assert.ok(Math.min(...worst) <= LONGEST, told);
});
