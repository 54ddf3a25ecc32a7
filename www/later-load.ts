// The way to what no first view needs: its modules with its styles.

import { styleFiles } from "./built.js";
import { el } from "./dom.js";

/** Settles once the styles are there, or cannot be had: without them all is of use, if not as it should look. */
function styles(): Promise<unknown> | null {
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

/** All that is in later.ts. */
export async function later() {
  const [modules] = await Promise.all([import("./later.js"), styles()]);
  return modules;
}
