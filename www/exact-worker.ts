// Deciding all additions, away from the page and from the Worker that its panels wait for.

import type { ExactCalls } from "./channel/protocol.js";
import { serve } from "./channel/server.js";
import { decider } from "./exact/deciding.js";
import init, { Deciding } from "./exact.js";
import { compile } from "./part.js";

const ready = compile("exact").then((module) => init({ module_or_path: module }));
ready.catch(() => {}); // told by the calls, which wait for it

const decide = decider({ Deciding });

serve<ExactCalls>(self, {
  async decide(asked, job) {
    await ready;
    return decide(asked, job);
  },
});
