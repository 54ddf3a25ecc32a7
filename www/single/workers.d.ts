// The scripts of the page's Workers, whole: the build writes them into the page as one file.

import type { workerFiles } from "../built.js";

export const workerScripts: Record<keyof typeof workerFiles, string>;
