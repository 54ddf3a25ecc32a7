// What draws two models in the same panels: it comes with the first comparison.

import { onDemand } from "../part.js";

export const pairPart = onDemand("compare", () => import("../compare.js"));
