// A block of the page as one file: gzipped, as letters.

import { unlettered } from "./letters.js";

/** What a block holds. */
export function unpacked(block: string): Response {
  const bytes = unlettered(block);
  // Not by a Blob: from a file on disk WebKit's Workers cannot read one.
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  Promise.all([writer.write(bytes), writer.close()]).catch(() => {}); // told by who reads
  return new Response(readable);
}
