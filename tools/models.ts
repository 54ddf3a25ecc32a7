// The bundled models: the library's list, with the score that each file turns out to have, and its verdict over all
// additions.

import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Bundled } from "../www/bundled.js";
import { adderscope, exact, formats } from "./library.ts";
import { hashOf } from "./names.ts";
import { dist, glue, source } from "./paths.ts";

/** How long, in milliseconds, a bundled model may take to be decided. */
const WITHIN = 20_000;
/** Intervals between two looks at the clock. */
const EVALUATIONS = 10_000;

/** How many of all additions it gets right, as far as that is decided in time. */
async function decided(held: Uint8Array): Promise<NonNullable<Bundled["exact"]>> {
  const { Deciding } = await exact("simd");
  const deciding = new Deciding(held, undefined, []);
  const start = performance.now();
  while (!deciding.step(EVALUATIONS) && performance.now() - start < WITHIN);
  return deciding.bounds();
}

/**
 * Puts a model's file into dist/, and beside it what it holds, as the page takes it: a visitor who opens no file needs
 * nothing that reads one. The hash is in the folder's name: people read the files' own.
 */
async function placed(model: Omit<Bundled, "input">): Promise<Bundled> {
  const input = model.file.replace(/\.safetensors$/, ".input");
  const bytes = await readFile(join(source, model.file)).catch(() => null);
  if (!bytes) {
    console.error(`build.sh: www/${model.file} is missing: the page will say that it could not be loaded`);
    return { ...model, input };
  }
  const [library, { read_files, read_opening }] = await Promise.all([adderscope("simd"), formats()]);
  const files = [{ name: basename(model.file), bytes }];
  const [held, opening] = [read_files(files), read_opening(files)];
  const session = new library.Session();
  session.open(held);
  const { passed, total } = session.verify().score;
  const folder = `models/${model.name}-${hashOf(bytes, held, opening)}`;
  await mkdir(join(dist, folder), { recursive: true });
  const there = {
    file: `${folder}/${basename(model.file)}`,
    input: `${folder}/${basename(input)}`,
    opening: `${folder}/${basename(input, ".input")}.opening`,
  };
  await copyFile(join(source, model.file), join(dist, there.file));
  await writeFile(join(dist, there.input), held);
  await writeFile(join(dist, there.opening), opening);
  return { ...model, ...there, score: { passed, total }, exact: await decided(held) };
}

/** Puts all of them into dist/, and their list into a module, so that the page asks for the first at once. */
export async function placeModels(): Promise<Bundled[]> {
  const { gallery } = (await adderscope("simd")).page();
  const bundled: Bundled[] = [];
  for (const model of gallery) bundled.push(await placed(model));
  await writeFile(join(glue, "bundled.js"), `export const bundled = ${JSON.stringify(bundled)};\n`);
  return bundled;
}
