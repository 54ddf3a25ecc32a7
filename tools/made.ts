// What the page's modules import that nobody wrote, for esbuild.

import { existsSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type * as esbuild from "esbuild";
import { glue, source } from "./paths.ts";

/** In the place of a module: another file, one that is imported where it stands, or one that holds these things. */
export type Instead = { path: string; external?: boolean } | { exports: Record<string, unknown> };

/**
 * What is imported from www/ and is not there was made by the build.
 * @param instead what comes in the place of modules, by their names from www/ without an ending
 */
export const made = (instead: Record<string, Instead>): esbuild.Plugin => ({
  name: "made",
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.(js|ts|css)$/ }, ({ path, resolveDir }) => {
      const wanted = resolve(resolveDir, path);
      const name = relative(source, wanted);
      const module = name.replace(/\.[jt]s$/, "");
      const other = instead[module];
      if (other) return "path" in other ? other : { path: module, namespace: "made" };
      if (name.includes(sep)) return undefined;
      const isWritten = existsSync(wanted) || existsSync(wanted.replace(/\.js$/, ".ts"));
      return isWritten ? undefined : { path: join(glue, name) };
    });
    build.onLoad({ filter: /./, namespace: "made" }, ({ path }) => {
      const other = instead[path];
      const exports = Object.entries(other && "exports" in other ? other.exports : {});
      return {
        contents: exports.map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`).join("\n"),
      };
    });
  },
});
