// The source of the very page that is built, as an archive beside it: there is no public address that a link could name.

import { execFileSync } from "node:child_process";
import { hashOf } from "./names.ts";

/** An archive of what is checked out. */
export interface Source {
  /** Its file's name. */
  file: string;
  bytes: Uint8Array;
  /** Whether the page was built of more than that: of changes that are not committed. */
  isChanged: boolean;
}

/** No archive of a repository like this one is near it. In bytes. */
const MOST = 64 * 1024 * 1024;

/** The archive of the repository in a folder; null outside of git. */
export function sourceOf(folder: string): Source | null {
  const git = (...words: string[]) =>
    execFileSync("git", words, { cwd: folder, maxBuffer: MOST, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const bytes = new Uint8Array(git("archive", "--format=tar.gz", "--prefix=adderscope/", "HEAD"));
    const isChanged = git("status", "--porcelain", "--untracked-files=no").length > 0;
    return { file: `adderscope-source-${hashOf(bytes)}.tar.gz`, bytes, isChanged };
  } catch {
    return null;
  }
}

/** 1 333 017 → "1.3 MB". */
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const NO_SOURCE = "<span>Built outside of git: this page brings no archive of its source.</span>";

/** Of which commit it is. */
const commitOf = ({ isChanged }: Source, commit: string) =>
  `${commit}${isChanged ? ", without what was changed since" : ""}`;

/** What the footer says of it. */
export function sourceLink(source: Source | null, commit: string): string {
  if (!source) return NO_SOURCE;
  const size = megabytes(source.bytes.length);
  return `<a href="${source.file}" download>Source of this page (${commitOf(source, commit)}; tar.gz, ${size})</a>`;
}

/** What that of the page as one file says, in which it is not. */
export function sourceElsewhere(source: Source | null, commit: string): string {
  if (!source) return NO_SOURCE;
  const where = "which was built beside this file and is not in it";
  return `<span>Source of this page (${commitOf(source, commit)}): ${source.file}, ${where}.</span>`;
}
