// A block of the page as one file: gzipped, in base64.

/** What a block holds. */
export function unpacked(block: string): Response {
  const letters = atob(block);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at);
  // Not by a Blob: from a file on disk WebKit's Workers cannot read one.
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  Promise.all([writer.write(bytes), writer.close()]).catch(() => {}); // told by who reads
  return new Response(readable);
}
