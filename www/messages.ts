// What takes a while.

import type { Scope } from "./scope.js";

/** What takes longer than this, in milliseconds, shows that it is at work. */
const PATIENCE = 1000;

export async function withProgress<T>(scope: Scope, text: string, work: Promise<T>) {
  const progress = scope.byId("progress");
  const timer = setTimeout(() => {
    scope.byId("progress-text").textContent = text;
    progress.hidden = false;
  }, PATIENCE);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    progress.hidden = true;
  }
}
