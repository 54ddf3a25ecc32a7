// Checkpoints and other files, made here: each format, and each way to be broken.

import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import { bundled } from "./bundled.js";
import { root } from "./harness.js";

/** @typedef {{step: number, config: Record<string, any>, metrics: Record<string, any>, model_state_dict: Record<string, any>}} Checkpoint */
/** @typedef {{name: string, shape: number[], data: Float32Array}} Tensor */

const variants = join(root, "tests/golden/variants");
export const variantNames = readdirSync(variants).map((file) => file.replace(/\.json$/, ""));

/** @param {string} name @returns {Checkpoint} */
export const variant = (name) => JSON.parse(readFileSync(join(variants, `${name}.json`), "utf8")).checkpoint;

/** A run's log. */
export const log = [2000, 4000, 6000]
  .map((step, at) => JSON.stringify({ step, loss: 2 - at, val_exact: at * 0.25, val_tok_acc: 0.5 + at * 0.125 }))
  .join("\n");
export const logFile = { name: "log.jsonl", bytes: log };

/** @param {any} value @returns {number[]} */
const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);

/** @param {Checkpoint} checkpoint @returns {Tensor[]} */
const tensors = ({ model_state_dict }) =>
  Object.entries(model_state_dict).map(([name, value]) => ({
    name,
    shape: shapeOf(value),
    data: Float32Array.from([value].flat(Infinity)),
  }));

/** @param {Checkpoint} checkpoint */
export const json = (checkpoint) => JSON.stringify(checkpoint);

/** A variant as a file. */
export const modelFile = (name = "model.json", of = "learned_spiral_74p") => ({ name, bytes: json(variant(of)) });

/** @param {Checkpoint} checkpoint */
export function safetensors(checkpoint) {
  const { config, step, metrics } = checkpoint;
  /** @type {Record<string, unknown>} */
  const header = {
    __metadata__: { config: JSON.stringify(config), step: JSON.stringify(step), metrics: JSON.stringify(metrics) },
  };
  let end = 0;
  const all = tensors(checkpoint);
  for (const { name, shape, data } of all) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, (end += data.byteLength)] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...all.map(({ data }) => Buffer.from(data.buffer))]);
}

/** @param {string} letter @param {number} value */
function int32(letter, value) {
  const bytes = Buffer.alloc(5, letter);
  bytes.writeInt32LE(value, 1);
  return bytes;
}

/**
 * A value as Python 2's pickle protocol writes it; functions write themselves.
 * @param {any} value
 * @returns {Buffer}
 */
function pickled(value) {
  const each = (/** @type {any[]} */ values) => Buffer.concat(values.map(pickled));
  if (typeof value === "function") return value();
  if (value === null) return Buffer.from("N");
  if (typeof value === "boolean") return Buffer.from([value ? 0x88 : 0x89]);
  if (Number.isInteger(value)) return int32("J", value);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(9, "G");
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === "string") return Buffer.concat([int32("X", Buffer.byteLength(value)), Buffer.from(value)]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from("]("), each(value), Buffer.from("e")]);
  return Buffer.concat([Buffer.from("}("), each(Object.entries(value).flat()), Buffer.from("u")]);
}

/** @param {number[]} values */
const tuple = (values) => Buffer.concat([Buffer.from("("), ...values.map(pickled), Buffer.from("t")]);

/** @param {Tensor} tensor @param {number} index of its storage */
const torchTensor =
  ({ shape, data }, index) =>
  () => {
    const strides = shape.map((_, at) => shape.slice(at + 1).reduce((product, size) => product * size, 1));
    return Buffer.concat([
      Buffer.from("ctorch._utils\n_rebuild_tensor_v2\n(("),
      pickled("storage"),
      Buffer.from("ctorch\nFloatStorage\n"),
      ...[String(index), "cpu", data.length].map(pickled),
      Buffer.from("tQ"),
      pickled(0),
      tuple(shape),
      tuple(strides),
      pickled(false),
      Buffer.from("ccollections\nOrderedDict\n)RtR"),
    ]);
  };

/** @param {[name: string, data: Buffer][]} entries stored, not compressed */
function zip(entries) {
  /** @type {Buffer[]} */
  const files = [];
  /** @type {Buffer[]} */
  const directory = [];
  let at = 0;
  for (const [name, data] of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const file = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), data]);
    directory.push(Buffer.from("PK\x01\x02\0\0"), fields, place, Buffer.from(name));
    files.push(file);
    at += file.length;
  }
  const size = Buffer.concat(directory).length;
  const end = Buffer.alloc(22);
  end.set(Buffer.from("PK\x05\x06"));
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, ...directory, end]);
}

/** What torch.save writes around a pickle. @param {Buffer} pickle @param {Tensor[]} [all] */
const torchFile = (pickle, all = []) =>
  zip([
    ["best/data.pkl", Buffer.concat([Buffer.from([0x80, 2]), pickle, Buffer.from(".")])],
    ["best/byteorder", Buffer.from("little")],
    ...all.map(({ data }, index) => /** @type {[string, Buffer]} */ ([`best/data/${index}`, Buffer.from(data.buffer)])),
    ["best/version", Buffer.from("3\n")],
  ]);

/** @param {Checkpoint} checkpoint */
export function pt(checkpoint) {
  const all = tensors(checkpoint);
  const model_state_dict = Object.fromEntries(all.map((tensor, index) => [tensor.name, torchTensor(tensor, index)]));
  return torchFile(pickled({ ...checkpoint, model_state_dict }), all);
}

const best = bundled("62p");
/** A model that adds well, so that its score has far to fall, and not always, so that there is something to list. */
export const good = { name: "62p.pt", bytes: pt(best.checkpoint) };
/** Its run's log. */
export const goodLog = { name: "62p.log.jsonl", bytes: best.log };

/** A .pt whose pickle would have Python run a program. */
export const dangerous = () =>
  torchFile(Buffer.concat([Buffer.from("cos\nsystem\n("), pickled("echo gotcha"), Buffer.from("tR")]));

/** A picture of one pixel. */
export const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/**
 * The checkpoint with one tensor made otherwise; undefined takes it out.
 * @param {Checkpoint} checkpoint
 * @param {string} name
 * @param {(value: any) => any} change
 * @returns {Checkpoint}
 */
export const changed = (checkpoint, name, change) => ({
  ...checkpoint,
  model_state_dict: { ...checkpoint.model_state_dict, [name]: change(checkpoint.model_state_dict[name]) },
});

export const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug/adderscope");

/**
 * What the command line prints; `verify` exits with 1 where a model does not qualify.
 * @param {...string} words
 * @returns {Promise<string>}
 */
export async function run(...words) {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run cargo build`);
  const { stdout } = await promisify(execFile)(binary, words, { maxBuffer: 1 << 28 }).catch((error) => {
    if (error.code === 1) return error;
    throw error;
  });
  return stdout;
}

/**
 * The same as data.
 * @param {...string} words
 * @returns {Promise<any>}
 */
export const cli = async (...words) => JSON.parse(await run(...words, "--json"));

/**
 * The history of a short run, trained here: seven snapshots, steps 0 to 300.
 * @param {string} arch
 * @returns {Promise<Uint8Array>}
 */
export async function trained(arch) {
  const folder = await mkdtemp(join(tmpdir(), "adderscope-run-"));
  try {
    const length = ["--steps", "300", "--eval-every", "50", "--warmup", "100", "--lr", "0.05"];
    await run(
      "train",
      "--arch",
      arch,
      ...length,
      "--batch",
      "32",
      "--eval-examples",
      "200",
      "--out",
      join(folder, "run"),
    );
    return await readFile(join(folder, "run", "history.safetensors"));
  } finally {
    await rm(folder, { recursive: true });
  }
}
