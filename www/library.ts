// The library: the part that the page needs, and the one that trains. They are code and hold no model: every AdderScope
// of a page shares them, as it shares this module.

import { compile, onDemand } from "./part.js";

/** The part that the page needs: index.html runs this module first, so it is on its way before the rest of the page. */
export const library = compile("adderscope");
library.catch(() => {}); // told by who waits for it

export const loadTrainer = onDemand("trainer", () => import("./trainer.js"));
