// The folder beside the repository, with published checkpoints and their logs. It need not be there: what is tested
// with them is what is known of them alone, and everything else with the bundled models.
//
// A file that reads it imports this, by which `./build.sh test-alone` finds it.

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./harness.js";

/** Where to look, seen from the repository; empty, there is nothing. */
const place = process.env.ADDERSCOPE_SHARED ?? "../shared";
const checkpoints = place === "" ? null : join(resolve(root, place), "checkpoints");

/**
 * The path of a published file, where it is there.
 * @param {string} name
 */
export function publishedPath(name) {
  const path = checkpoints === null ? "" : join(checkpoints, name);
  return existsSync(path) ? path : null;
}

/**
 * A published checkpoint or log, where it is there.
 * @param {string} name
 * @returns {{name: string, bytes: Uint8Array} | null}
 */
export function published(name) {
  const path = publishedPath(name);
  return path === null ? null : { name, bytes: readFileSync(path) };
}

const why =
  checkpoints === null ? "ADDERSCOPE_SHARED is empty" : `there are no published checkpoints in ${checkpoints}`;
/** For a test's `skip`: why, or false. */
export const unpublished = publishedPath("62p.pt") === null ? why : false;
