// Where everything is.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
/** The page as it is written. */
export const source = join(root, "www");
/** What is made on the way. */
export const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
/**
 * What the page's modules import that nobody wrote: the library's WebAssembly with its JavaScript and its types, and what
 * it knows. Always here: tsconfig.json lays it over www/.
 */
export const glue = join(root, "target", "glue");
/** The site. */
export const dist = join(root, "dist");
/** The page as one file: without a hash in its name, because people keep it and send it on. */
export const single = join(dist, "adderscope.html");
/** The library as a package. */
export const pkg = join(dist, "pkg");
