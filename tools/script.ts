// One file of www/ with all that it imports, as one script or sheet.

import { createHash } from "node:crypto";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { type Instead, made } from "./made.ts";
import { dist, root } from "./paths.ts";

/** @param file in www/ */
export async function whole(file: string, instead: Record<string, Instead> = {}): Promise<string> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`./${join("www", file)}`],
    outdir: dist,
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2023",
    logLevel: "warning",
    plugins: [made(instead)],
  });
  const [output] = outputFiles;
  if (!output || outputFiles.length > 1) throw new Error(`esbuild did not make one file of ${file}`);
  return output.text;
}

/** As a policy names a script of the page that may run, or a style. */
export const namedInPolicy = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
