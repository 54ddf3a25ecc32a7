// What went wrong, and what takes a while.

import { byId } from "./dom.js";
import { wordsOf } from "./errors.js";

/** What takes longer than this, in milliseconds, shows that it is at work. */
const PATIENCE = 1000;

/** @param {unknown} error */
export function fail(error) {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close(); // the message is behind it
  byId("error-text").textContent = wordsOf(error);
  byId("error").hidden = false;
}

/**
 * @template T
 * @param {string} text
 * @param {Promise<T>} work
 */
export async function withProgress(text, work) {
  const progress = byId("progress");
  const timer = setTimeout(() => {
    byId("progress-text").textContent = text;
    progress.hidden = false;
  }, PATIENCE);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    progress.hidden = true;
  }
}
