// The way to what no first view needs: its modules with its styles.

import { wordsOf } from "./errors.js";
import { laterStyles } from "./resources.js";

/** All that is in later.ts. A browser may ask for it once only. */
export async function later() {
  try {
    const [modules] = await Promise.all([import("./later.js"), laterStyles()]);
    return modules;
  } catch (error) {
    throw new Error(`A part of the page did not come (${wordsOf(error)}): check the connection and reload the page`, {
      cause: error,
    });
  }
}
