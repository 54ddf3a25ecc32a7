// Where the page's files come from: the folder of its modules. In the page as one file single/resources.ts is in the
// place of this module.

import { styleFiles, workerFiles } from "./built.js";
import { el } from "./dom.js";
import { fetched } from "./errors.js";
import { trustedTypes, type Policy } from "./trusted-types.js";

/**
 * A file of the page.
 * @param file as built.ts or bundled.js name it
 * @param lost makes what is thrown where it does not come
 */
export const resource = (file: string, lost: (why: string) => Error) => fetched(new URL(file, import.meta.url), lost);

const addressOf = (file: string) => new URL(file, import.meta.url).href;
let policy: Pick<Policy, "createScriptURL"> | undefined;

/**
 * Starts a Worker of the page. Where a browser has Trusted Types this is the one place where an address becomes code: that
 * of a file which the build named.
 */
export function startWorker(script: keyof typeof workerFiles) {
  policy ??= trustedTypes?.createPolicy("adderscope", { createScriptURL: addressOf });
  const file = workerFiles[script];
  return new Worker(policy?.createScriptURL(file) ?? addressOf(file), { type: "module" });
}

/**
 * Settles once the styles are there that no first view needs, or cannot be had: without them all is of use, if not as it
 * should look.
 */
export function laterStyles(): Promise<unknown> | null {
  const { href } = new URL(styleFiles["later.css"], import.meta.url);
  const there = [...document.head.querySelectorAll("link")].find((each) => each.href === href);
  if (there?.sheet) return null;
  const link = there ?? el("link", { rel: "stylesheet", href });
  const settled = new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      link.remove(); // it is asked for again
      resolve(null);
    });
  });
  if (!there) document.head.append(link);
  return settled;
}

/** Whether the page is one file, which has none beside it. */
export const isOneFile: boolean = false;

/** The page as one file, as it was built. */
export async function singlePage(): Promise<string> {
  const lost = (why: string) => new Error(`The page as one file could not be loaded (${why}). Try again`);
  return (await resource("adderscope.html", lost)).text();
}
