// The bundled models: the build writes bundled.js from the library's list and the files themselves.

import type { Bundled as Listed } from "./adderscope.js";
import type { Bounds } from "./exact.js";

export interface Bundled extends Listed {
  /** What the file holds, for `Session.open`: so that the page opens with no part of the library that reads files. */
  input: string;
  /** The same with the numbers of the snapshot that it opens with alone; a site of someone's own has no such file. */
  opening?: string;
  /** Of the snapshot that it opens with, on AdderBoard's own suite; not there where the file was not. */
  score?: { passed: number; total: number };
  /** The same over all additions, in exact arithmetic. */
  exact?: Bounds;
}

/** The page opens with the first. */
export const bundled: Bundled[];
