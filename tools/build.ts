// Builds dist/, the site: node --import tsx tools/build.ts [--simd-only]
//
// With --simd-only there is no library for browsers without SIMD: for a look at the page, a third sooner.

import { mkdir, rm } from "node:fs/promises";
import { bundle } from "./bundle.ts";
import { placeEmbed } from "./embed.ts";
import { writeLicences } from "./licences.ts";
import { placeModels } from "./models.ts";
import { placePackage } from "./package.ts";
import { writeColours, writePage } from "./page.ts";
import { dist, root } from "./paths.ts";
import { main } from "./run.ts";
import { writeSingle } from "./single.ts";
import { checkSizes } from "./sizes.ts";
import { sourceOf } from "./source.ts";
import { buildParts } from "./wasm.ts";

await main(async () => {
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const wasm = await buildParts(process.argv.includes("--simd-only"));
  const models = await placeModels();
  await writeColours();
  const files = await bundle(wasm);
  const archive = sourceOf(root);
  await writePage(files, archive);
  await writeLicences();
  await writeSingle(models, archive);
  await placePackage();
  const embed = await placeEmbed(models);
  await checkSizes(files, models, embed);
});
