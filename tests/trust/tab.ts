// A tab of any browser, as the tests of several engines use one: what all of them can do, and nothing else.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file, as a person has one or gets one. */
export interface Sent {
  name: string;
  bytes: Uint8Array | string;
}

/** What leads to an element: a CSS selector, or an XPath, which begins with two slashes. */
export type Way = string;

export interface Tab {
  /** Opens the page anew, at an address behind "#". */
  go(hash: string): Promise<void>;
  /** The answer of a function that runs in the page, and knows nothing but what it is asked. */
  ask<T, A = null>(question: (asked: A) => T | Promise<T>, asked?: A): Promise<T>;
  /** Clicks the first element that is to be seen there, with a pointer. */
  click(way: Way): Promise<void>;
  /** Presses keys on what has the focus: names as in `KeyboardEvent.key`, or text, letter by letter. */
  press(...keys: string[]): Promise<void>;
  /** Gives files to the page's file picker. */
  pick(way: Way, paths: string[]): Promise<void>;
  /** The file that the browser saves after a press of something. */
  saved(act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }>;
  /** What should not have happened since it was asked for last. */
  problems(): Promise<string[]>;
}

export interface Engine {
  /** With its version. */
  name: string;
  tab: Tab;
  close(): Promise<void>;
}

/** A function as the text of an expression. The loader of TypeScript names functions by a helper, which the page lacks. */
export const asked = (question: (asked: never) => unknown, given: unknown) =>
  `(() => { const __name = (each) => each; return (${String(question)})(${JSON.stringify(given ?? null)}); })()`;

const PATIENCE_MS = 90_000;
const LOOK_MS = 40;

/** Waits until the page's answer is neither false nor null, and returns it. */
export async function until<T, A>(
  tab: Pick<Tab, "ask">,
  question: (asked: A) => T | Promise<T>,
  given: A,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await tab.ask(question, given);
    if (answer !== null && answer !== undefined && answer !== false) return answer as Exclude<NonNullable<T>, false>;
    if (Date.now() > end) throw new Error(`it never came: ${String(question)} of ${JSON.stringify(given)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The text of an element, with plain spaces. */
export const textOf = (tab: Tab, selector: string): Promise<string> =>
  tab.ask((selector) => {
    const each = document.querySelector<HTMLElement>(selector);
    return (each?.innerText || each?.textContent || "").replaceAll(/[\u202f\u00a0]/g, " ").trim();
  }, selector);

/** Waits until the text of an element is as it should be, and returns it. */
export const says = (tab: Tab, selector: string, wanted: RegExp): Promise<string> =>
  until(
    tab,
    ({ selector, source, flags }) => {
      for (const each of document.querySelectorAll<HTMLElement>(selector)) {
        const text = (each.innerText || each.textContent || "").replaceAll(/[\u202f\u00a0]/g, " ").trim();
        if (new RegExp(source, flags).test(text)) return text;
      }
      return null;
    },
    { selector, source: wanted.source, flags: wanted.flags },
  );

/** A button by its words, within what has an id. */
export const button = (name: string, within = "adderscope"): Way =>
  `//*[@id="${within}"]//button[normalize-space(.)="${name}"]`;

/** Drops files on the page, as from a file manager. */
export const drop = (tab: Tab, ...files: Sent[]): Promise<void> =>
  tab.ask(
    (sent) => {
      const dataTransfer = new DataTransfer();
      for (const { name, base64 } of sent) {
        dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      }
      for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") })),
  );

/** Does something with files on this machine's disk, which are gone afterwards. */
export async function onDisk<T>(files: Sent[], use: (paths: string[]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "adderscope-"));
  try {
    const paths = files.map(({ name }) => join(folder, name));
    await Promise.all(files.map(({ bytes }, at) => writeFile(paths[at] ?? "", bytes)));
    return await use(paths);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
