// Makes a page ready to be hosted: node --import tsx tools/hosted.ts [FROM [TO]]
//
// A built page, or a site of someone's own, with a service worker, by which later visits need no network, a manifest and
// icons, by which it can be installed. All else is as it was.

import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { hashOf, hashed, unhashed } from "./names.ts";
import { dist, glue, root, target } from "./paths.ts";
import { Complaint, main, run } from "./run.ts";
import { whole } from "./script.ts";

/** Pixels of icons: what manifests are asked for, and Apple's. */
const SIZES = { manifest: [192, 512], apple: 180 };

const WORKER = "sw.js";
/** The script that asks for it, without the hash. */
const REGISTER = "register.js";
/** What the page's policy says of the manifest. */
const MANIFEST_POLICY = "manifest-src 'self'";

/** What a visit does not need: what only developers read, downloads, the package, and what is for other people's pages, pictures of models too. */
const LEFT_OUT =
  /\.map$|\.tar\.gz$|^adderscope\.html$|^licences\.txt$|^pkg\/|^(adder-scope|embed|whole)[-.]|^models\/(gallery\.json$|[^/]+\/stills-)/;
const isLeftOut = (file: string) => LEFT_OUT.test(file) || file === WORKER;

const before = (text: string, mark: string, added: string) => {
  if (!text.includes(mark)) throw new Complaint(`index.html has no ${mark}: is that a built page?`);
  return text.replace(mark, `${added}${mark}`);
};

/** Makes the icons, with a hash in their names, and returns these in the order of the sizes. */
async function icons(to: string, svg: string, sizes: number[]): Promise<string[]> {
  const folder = join(glue, "icons");
  await mkdir(folder, { recursive: true });
  const build = ["run", "--quiet", "--package", "adderscope-icons", "--profile", "bindgen", "--target-dir", target];
  await run("cargo", [...build, "--", svg, folder, ...sizes.map(String)]);
  const placed = sizes.map(async (size) => {
    const bytes = await readFile(join(folder, `${size}.png`));
    const file = hashed(`icon-${size}.png`, bytes);
    await writeFile(join(to, file), bytes);
    return file;
  });
  return Promise.all(placed);
}

/** Text of the page, as it is meant. */
const meant = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll("&amp;", "&");

function manifest(index: string, pngs: string[]): string {
  const icons = [
    { src: "icon.svg", sizes: "any", type: "image/svg+xml" },
    ...SIZES.manifest.map((size, at) => ({ src: pngs[at], sizes: `${size}x${size}`, type: "image/png" })),
  ];
  return JSON.stringify({
    name: meant(/<title>(.*?)<\/title>/.exec(index)?.[1] ?? "AdderScope"),
    short_name: "AdderScope",
    description: meant(/<meta name="description" content="(.*?)"/.exec(index)?.[1] ?? ""),
    id: "./",
    start_url: "./",
    scope: "./",
    display: "minimal-ui",
    icons,
  });
}

/** Every file of a folder, by its path from there, as addresses have it. */
async function listed(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => relative(folder, file).replaceAll(sep, "/")).sort();
}

/** What is kept, by its address, with its hash as the Fetch API takes it. The page itself is at the folder's. */
async function kept(folder: string): Promise<Record<string, string>> {
  const files = (await listed(folder)).filter((file) => !isLeftOut(file));
  const entries = files.map(async (file) => {
    const hash = createHash("sha256").update(await readFile(join(folder, file)));
    return [file === "index.html" ? "./" : encodeURI(file), `sha256-${hash.digest("base64")}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const isIn = (folder: string, other: string) => !/^\.\.(?:[/\\]|$)/.test(relative(resolve(other), resolve(folder)));

/** The page's first file as it is hosted, with what is added to it. */
function withLinks(index: string, manifestFile: string, appleIcon: string, registering: string): string {
  const links = [
    `<link rel="manifest" href="${manifestFile}" />`,
    `<link rel="apple-touch-icon" href="${appleIcon}" />`,
    `<script src="${registering}" async></script>`,
  ];
  const allowed = before(index, "; base-uri 'none'", `; ${MANIFEST_POLICY}`);
  return before(allowed, "</head>", `${links.join("\n")}\n`);
}

/** Whether a folder is not there, is empty, or is what this tool made. */
async function isReplaceable(folder: string): Promise<boolean> {
  const there = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    return null; // a file, or what may not be read
  });
  if (there === null || there.length === 0) return there !== null;
  const index = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  const scripts = [...index.matchAll(/<script src="([^"]+)" async>/g)].map(([, file = ""]) => unhashed(file));
  return index.includes(MANIFEST_POLICY) && scripts.includes(REGISTER);
}

/** The page's first file, where one can be made ready and the other be written. */
async function checked(from: string, to: string): Promise<string> {
  const index = await readFile(join(from, "index.html"), "utf8").catch(() => null);
  if (index === null) throw new Complaint(`${from} has no index.html: run ./build.sh first, or name a built page`);
  if (index.includes(MANIFEST_POLICY)) {
    throw new Complaint(`${from} is ready to be hosted already: name the page that it was made of`);
  }
  if (isIn(to, from) || isIn(from, to)) throw new Complaint(`${from} and ${to}: name a folder beside the page`);
  if (!(await isReplaceable(to))) {
    throw new Complaint(`${to} holds something else: name another folder, or empty it`);
  }
  return index;
}

/** Makes a folder of the page in `from`. Returns its version. */
async function fill(folder: string, from: string, index: string): Promise<string> {
  await cp(from, folder, { recursive: true });
  const pngs = await icons(folder, join(from, "icon.svg"), [...SIZES.manifest, SIZES.apple]);
  const register = await whole("hosted/register.ts");
  const registering = hashed(REGISTER, register);
  await writeFile(join(folder, registering), register);
  const listing = manifest(index, pngs);
  const manifestFile = hashed("manifest.webmanifest", listing);
  await writeFile(join(folder, manifestFile), listing);
  await writeFile(join(folder, "index.html"), withLinks(index, manifestFile, pngs.at(-1) ?? "", registering));
  const files = await kept(folder);
  const plain = await whole("hosted/worker.ts");
  const version = hashOf(plain, JSON.stringify(files));
  await writeFile(
    join(folder, WORKER),
    await whole("hosted/worker.ts", { "hosted/kept": { exports: { version, files } } }),
  );
  return version;
}

/** Makes `to` of the page in `from`: all of it, or it stays as it was. */
export async function host(from: string, to: string): Promise<void> {
  const index = await checked(from, to);
  const there = resolve(to);
  await mkdir(dirname(there), { recursive: true });
  const unfinished = await mkdtemp(`${there}.unfinished-`);
  try {
    const page = join(unfinished, "page"); // with the rights of any folder: the one around it is nobody else's
    const version = await fill(page, from, index);
    await rm(there, { recursive: true, force: true });
    await rename(page, there);
    console.log(`${to}: ready for any host, version ${version}`);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [from = dist, to = join(root, "hosted")] = process.argv.slice(2);
  await main(() => host(from, to));
}
