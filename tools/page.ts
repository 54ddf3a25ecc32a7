// index.html, filled: with the names of the files that it asks for, and with what the library alone knows and the bar
// shows, which keeps its size while the library is on its way.

import { copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Bundle } from "./bundle.ts";
import { adderscope, type Adderscope } from "./library.ts";
import { dist, glue, root, source } from "./paths.ts";
import { namedInPolicy, whole } from "./script.ts";
import { type Source, sourceLink } from "./source.ts";
import { versionAndCommit } from "./version.ts";

const safe = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** What differs between the page of the site and the page as one file. */
export interface Place {
  /** What the page may load and run, as a Content-Security-Policy. */
  policy: string[];
  /** Its icon's address. */
  icon: string;
  /** Styles and scripts. */
  head: string[];
  /** What comes after all else. */
  end: string[];
  /** What is read where it does not start. */
  stuck: string;
  /** Where its source is, for this commit. */
  source: (commit: string) => string;
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

function fillings(place: Place, library: Adderscope, licence: string): Record<string, string> {
  const {
    alignments,
    gallery: [first],
  } = library.page();
  const { version, commit } = versionAndCommit();
  const choices = alignments.map(
    ({ key, label }) => `<label><input type="radio" name="alignment" value="${safe(key)}" />${safe(label)}</label>`,
  );
  const policy = place.policy.join("; ");
  return {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    head: [`<link rel="icon" href="${place.icon}" type="image/svg+xml" />`, ...place.head].join("\n"),
    end: place.end.join("\n"),
    stuck: safe(place.stuck),
    alignments: choices.join(""),
    // As it is told once the model is there, which is named after it.
    count: safe(first?.name.replace(/\D/g, "") ?? ""),
    file: safe(basename(first?.file ?? "")),
    source: place.source(safe(commit)),
    version: safe(`${version} (${commit})`),
    citation: safe(citation(`${version}, ${commit}`, licence)),
  };
}

/** The page's colours are the figures' colours: the library defines them, once. */
export async function writeColours(): Promise<void> {
  await writeFile(join(glue, "theme.css"), (await adderscope("simd")).theme_css());
}

/** index.html as it is for a place. */
export async function filledPage(place: Place): Promise<string> {
  const filled = fillings(place, await adderscope("simd"), await readFile(join(root, "LICENSE"), "utf8"));
  const page = (await readFile(join(source, "index.html"), "utf8")).replace(/^ +/gm, ""); // no line of a <pre> begins with a space
  return page.replace(/<!-- filled: (\w+) -->/g, (_, name: string) => {
    const filling = filled[name];
    if (filling === undefined) throw new Error(`index.html: nothing is known of ${name}`);
    return filling;
  });
}

/** Every module is asked for at once, and not when another that imports it has come; what asks for the library, first. */
const modules = ({ library, app, imported }: Bundle) => [
  `<script type="module" src="${library}" async></script>`,
  ...[library, ...imported, app].map((file) => `<link rel="modulepreload" href="${file}" />`),
  `<script type="module" src="${app}"></script>`,
];

/** Puts index.html and what it shows into dist/. */
export async function writePage(bundle: Bundle, archive: Source | null): Promise<void> {
  if (archive) await writeFile(join(dist, archive.file), archive.bytes);
  // In the page: as a file it would be one more thing to wait for before anything is seen.
  const style = await whole("page.css");
  const page = await filledPage({
    policy: [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      `style-src 'self' ${namedInPolicy(style)}`,
      "img-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      // Of lit's templates, of the Workers' addresses, and of a hosted page's service worker.
      "trusted-types lit-html adderscope adderscope-hosted",
    ],
    icon: "icon.svg",
    head: [...modules(bundle), `<style>${style}</style>`],
    end: [],
    stuck:
      "Still starting. On a slow connection it takes a while: some 350 KB have to come. It cannot start from a file " +
      "on disk, nor where a browser blocks modules or WebAssembly: open it from a web server, in a recent browser. " +
      "The page as one file, adderscope.html, starts from disk.",
    source: (commit) => `${sourceLink(archive, commit)}\n<a href="licences.txt">Licences</a>`,
  });
  await writeFile(join(dist, "index.html"), page);
  await copyFile(join(source, "icon.svg"), join(dist, "icon.svg"));
}
