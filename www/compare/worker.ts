// The Worker that compares, for those who need one of their own.

import type { CompareCalls } from "../channel/protocol.js";
import { workerClient } from "../workers.js";

/** One question to the Worker takes seconds of a model that is wrong in many ways. In milliseconds. */
const PATIENCE = 120_000;

export const comparer = () =>
  workerClient<CompareCalls>("compare-worker.js", { name: "The worker that compares", patience: PATIENCE });
