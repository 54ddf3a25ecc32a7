// The models that come with the page: their runs, and files as a person has them, of the best snapshot.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./harness.js";

/** @typedef {import("./fixtures.js").Checkpoint} Checkpoint */
/** @typedef {{step: number, val_exact: number, val_tok_acc: number}} Evaluation */

export const bundledNames = /** @type {const} */ (["62p", "57p", "67p"]);

/** Where a bundled model's history is. @param {string} name */
export const historyPath = (name) => join(root, `www/models/${name}/${name}.history.safetensors`);

/** A history's header, the evaluations in it, and the bytes of its tensors. @param {Uint8Array} history */
function parts(history) {
  const bytes = Buffer.from(history);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.subarray(8, end).toString());
  /** @type {Evaluation[]} */
  const log = JSON.parse(metadata.log);
  return { metadata, tensors, log, data: bytes.subarray(end) };
}

/**
 * Which snapshot of a history has the most additions right; of equals the most tokens, then the latest.
 * @param {Uint8Array} history
 * @returns {number}
 */
export function bestOf(history) {
  const { log } = parts(history);
  const rises = (/** @type {number} */ best, /** @type {number} */ at) => {
    const [a, b] = [log[best], log[at]];
    if (!a || !b) return best;
    return b.val_exact > a.val_exact || (b.val_exact === a.val_exact && b.val_tok_acc >= a.val_tok_acc) ? at : best;
  };
  return [...log.keys()].reduce(rises);
}

/** Numbers as nested lists; of no dimension, the number. @param {number[]} values @param {number[]} shape @returns {any} */
function nested(values, [length, ...inner]) {
  if (length === undefined) return values[0];
  const size = values.length / length;
  return Array.from({ length }, (_, at) => nested(values.slice(at * size, (at + 1) * size), inner));
}

/**
 * A snapshot of a history as a checkpoint.
 * @param {Uint8Array} history
 * @param {number} at
 * @returns {Checkpoint}
 */
export function snapshot(history, at) {
  const { metadata, tensors, log, data } = parts(history);
  const evaluation = log[at];
  if (!evaluation) throw new Error(`the history has no snapshot ${at}`);
  /** @type {Record<string, any>} */
  const model_state_dict = {};
  for (const [name, { shape, data_offsets }] of Object.entries(tensors)) {
    const [count, ...inner] = shape;
    const [begin, end] = data_offsets;
    const size = (end - begin) / count;
    const values = Array.from({ length: size / 4 }, (_, each) => data.readFloatLE(begin + at * size + 4 * each));
    model_state_dict[name] = nested(values, inner);
  }
  return {
    step: evaluation.step,
    config: JSON.parse(metadata.config),
    metrics: { exact_match: evaluation.val_exact, token_accuracy: evaluation.val_tok_acc },
    model_state_dict,
  };
}

/** The best snapshot of a bundled model, and its run's log. @param {string} name */
export function bundled(name) {
  const history = readFileSync(historyPath(name));
  const log = parts(history)
    .log.map((line) => JSON.stringify(line))
    .join("\n");
  return { history, checkpoint: snapshot(history, bestOf(history)), log };
}
