// What other people's pages take of AdderScope: dist/adder-scope.js, the element, and dist/embed.html, a page with one.

import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import type { Bundled } from "../www/bundled.js";
import { FIGURE, still } from "../www/embed/stills.ts";
import type { Card } from "../www/embed/sources.js";
import { MAP, RULER } from "../www/map.ts";
import { type Instead, made } from "./made.ts";
import { hashOf, hashed } from "./names.ts";
import { WHOLE } from "./parts.ts";
import { dist, glue, pkg, root, source } from "./paths.ts";

const THEMES = ["light", "dark"] as const;

const here = (file: string): Instead => ({ path: join(source, "embed", file) });

/** Bundles modules of www/embed/, and says what they were made of; what is made for them stands in its place. */
export async function bundled(
  entryPoints: Record<string, string>,
  instead: Record<string, Instead>,
  more: esbuild.BuildOptions = {},
): Promise<{ files: esbuild.OutputFile[]; sources: string[] }> {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.entries(entryPoints).map(([out, file]) => ({ in: `./www/embed/${file}`, out })),
    outdir: dist,
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    logLevel: "warning",
    plugins: [made(instead)],
    ...more,
  });
  return { files: outputFiles ?? [], sources: Object.keys(metafile?.inputs ?? {}) };
}

/** The library's JavaScript without what keeps classes in a bundle that uses none of them. */
const slim: esbuild.Plugin = {
  name: "slim",
  setup(build) {
    build.onLoad({ filter: /[\\/]glue[\\/]whole\.js$/ }, async ({ path }) => {
      const contents = (await readFile(path, "utf8")).replace(/^if \(Symbol\.dispose\) .*$/gm, "");
      return { contents, loader: "js" };
    });
  },
};

async function text(file: string, { plugins = [], ...more }: esbuild.BuildOptions = {}): Promise<string> {
  const { files } = await bundled({ made: file }, {}, { ...more, plugins: [made({}), ...plugins] });
  const [output] = files;
  if (!output) throw new Error(`esbuild made nothing of www/embed/${file}`);
  return output.text;
}

/** What every bundle of the element has in it: its styles, and its Worker as one classic script. */
export async function madeOfElement(): Promise<Record<string, Instead>> {
  const [styles, workerScript] = await Promise.all([
    text("element.css"),
    text("verdict-worker.ts", { format: "iife", plugins: [slim] }),
  ]);
  return {
    "embed/styles": { exports: { styles: styles.trim() } },
    "embed/worker-script": { exports: { workerScript } },
  };
}

/** A picture has the size that the element gives its view, in CSS pixels; others the one that suits them. */
const WIDTH = 640;
const HEIGHTS: Readonly<Record<string, number | undefined>> = { [RULER]: 300, [MAP]: undefined, [FIGURE]: undefined };
const HEIGHT = 400;

type Package = typeof import("../www/embed/index.js");

/**
 * Puts pictures of all views of a model as it opens, but for those that are no picture, beside its file. They are asked for
 * one at a time, each some KB when packed: the map, the largest, 21.
 */
async function stillsOf({ name, file }: Bundled, { open, Model }: Package): Promise<Card["stills"]> {
  const model = await open(await readFile(join(dist, file)), name);
  const isDrawn = (view: string) => (model.panel(view).words()?.note ?? null) === null;
  const views = [...Model.panels().keys, FIGURE].filter(isDrawn);
  const pictures = views.flatMap((view) =>
    THEMES.map((theme) => {
      const height = view in HEIGHTS ? HEIGHTS[view] : HEIGHT;
      const look = { width: WIDTH, title: false, theme, ...(height === undefined ? {} : { height }) };
      return { place: still(view, theme), svg: model.panel(view).svg(look) };
    }),
  );
  // The folder's hash is that of the model: pictures change with what draws them too.
  const folder = `${dirname(file)}/stills-${hashOf(...pictures.map(({ svg }) => svg))}/`;
  await mkdir(join(dist, folder), { recursive: true });
  for (const { place, svg } of pictures) await writeFile(join(dist, folder, place), svg);
  return { folder, views };
}

/** The models by name, for the element; those of a site of someone's own stand in their place. */
async function galleryOf(models: Bundled[]): Promise<string> {
  const library = (await import(pathToFileURL(join(pkg, "index.js")).href)) as Package;
  const cards = models.filter(({ score }) => score); // without a score the file was not there
  const listed = cards.map(async (model) => {
    const { name, title, file } = model;
    return { name, title, file, stills: await stillsOf(model, library) };
  });
  return JSON.stringify(await Promise.all(listed));
}

async function page(script: string): Promise<string> {
  const style = (await text("page.css")).trim();
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'sha256-${hash}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const filled: Record<string, string> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    head: [
      '<link rel="icon" href="icon.svg" type="image/svg+xml" />',
      `<style>${style}</style>`,
      `<script type="module" src="${script}"></script>`,
      '<script type="module" src="adder-scope.js"></script>',
    ].join("\n    "),
  };
  const written = await readFile(join(source, "embed/embed.html"), "utf8");
  return written.replace(/<!-- filled: (\w+) -->/g, (_, name: string) => filled[name] ?? "");
}

/** Puts them into dist/, once the package is there. Returns the names of what is loaded. */
export async function placeEmbed(models: Bundled[]): Promise<string[]> {
  const wasm = await readFile(join(glue, WHOLE));
  const file = hashed(WHOLE, wasm);
  const { files: elements } = await bundled(
    { "adder-scope": "site.ts" },
    {
      ...(await madeOfElement()),
      "embed/wasm": here("site-wasm.ts"),
      "embed/base": here("site-base.ts"),
      "embed/site-file": { exports: { file } },
    },
  );
  const pageScript = await text("page.ts");
  const script = hashed("embed.js", pageScript);
  const files: Record<string, Uint8Array | string> = {
    [file]: wasm,
    "adder-scope.js": elements[0]?.text ?? "",
    [script]: pageScript,
    "embed.html": await page(script),
    "models/gallery.json": `${await galleryOf(models)}\n`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dist, name), content);
  return [file, "adder-scope.js", script];
}
