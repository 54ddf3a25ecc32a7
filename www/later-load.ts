// The way to what no first view needs: its modules with its styles.

import { laterStyles } from "./resources.js";

/** All that is in later.ts. */
export async function later() {
  const [modules] = await Promise.all([import("./later.js"), laterStyles()]);
  return modules;
}
