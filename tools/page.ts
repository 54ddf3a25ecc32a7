// index.html, filled: with the names of the files that it asks for, and with what the library alone knows and the bar
// shows, which keeps its size while the library is on its way.

import { copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Bundle } from "./bundle.ts";
import { adderscope, type Adderscope } from "./library.ts";
import { dist, glue, root, source } from "./paths.ts";
import { sourceLink, sourceOf } from "./source.ts";
import { versionAndCommit } from "./version.ts";

const safe = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Every module is asked for at once, and not when another that imports it has come; what asks for the library, first. */
function modules({ library, app, imported }: Bundle): string {
  const preloads = [library, ...imported, app].map((file) => `<link rel="modulepreload" href="${file}" />`);
  return [
    `<script type="module" src="${library}" async></script>`,
    ...preloads,
    `<script type="module" src="${app}"></script>`,
  ].join("\n    ");
}

/** As BibTeX has it. The year is that of the licence. */
function citation(version: string, licence: string) {
  const [year = "", authors = ""] = /Copyright \(c\) (\d+) (.*)/.exec(licence)?.slice(1) ?? [];
  return [
    "@software{adderscope,",
    `author = {{${authors}}},`,
    "title = {AdderScope: how some sixty numbers add, and on which additions they are right},",
    `version = {${version}},`,
    `year = {${year}}`,
    "}",
  ].join("\n");
}

function fillings(
  bundle: Bundle,
  library: Adderscope,
  licence: string,
  source: ReturnType<typeof sourceOf>,
): Record<string, string> {
  const {
    alignments,
    gallery: [first],
  } = library.page();
  const { version, commit } = versionAndCommit();
  const choices = alignments.map(
    ({ key, label }) => `<label><input type="radio" name="alignment" value="${safe(key)}" />${safe(label)}</label>`,
  );
  return {
    styles: `<link rel="stylesheet" href="${bundle.styles}" />`,
    modules: modules(bundle),
    alignments: choices.join(""),
    // As it is told once the model is there, which is named after it.
    count: safe(first?.name.replace(/\D/g, "") ?? ""),
    file: safe(basename(first?.file ?? "")),
    source: sourceLink(source, safe(commit)),
    version: safe(`${version} (${commit})`),
    citation: safe(citation(`${version}, ${commit}`, licence)),
  };
}

/** The page's colours are the figures' colours: the library defines them, once. */
export async function writeColours(): Promise<void> {
  await writeFile(join(glue, "theme.css"), (await adderscope("simd")).theme_css());
}

/** Puts index.html and what it shows into dist/. */
export async function writePage(bundle: Bundle): Promise<void> {
  const archive = sourceOf(root);
  if (archive) await writeFile(join(dist, archive.file), archive.bytes);
  const filled = fillings(bundle, await adderscope("simd"), await readFile(join(root, "LICENSE"), "utf8"), archive);
  const page = await readFile(join(source, "index.html"), "utf8");
  const text = page.replace(/<!-- filled: (\w+) -->/g, (_, name: string) => {
    const filling = filled[name];
    if (filling === undefined) throw new Error(`index.html: nothing is known of ${name}`);
    return filling;
  });
  await writeFile(join(dist, "index.html"), text.replace(/^ +/gm, "")); // no line of a <pre> begins with a space
  await copyFile(join(source, "icon.svg"), join(dist, "icon.svg"));
}
