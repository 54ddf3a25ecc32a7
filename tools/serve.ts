// Serves dist/ on this machine: node --import tsx tools/serve.ts PORT

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { getSystemErrorMap } from "node:util";
import { unhashed } from "./names.ts";
import { dist } from "./paths.ts";
import { Complaint, main } from "./run.ts";

const MAX_PORT = 65535;
const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** What a file is sent as. */
export const typeOf = (file: string) => TYPES[extname(file)] ?? "application/octet-stream";

/** Which file of a folder an address names, below a path; null where it would be outside. */
function fileAt(folder: string, prefix: string, url = "/"): string | null {
  const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  if (!path.startsWith(prefix)) return null;
  const file = normalize(join(folder, path.slice(prefix.length) || "index.html"));
  return file.startsWith(folder + sep) ? file : null;
}

/** Answers with the files of folders, each below a path that ends with a slash. */
export const files =
  (folders: Record<string, string>): RequestListener =>
  (request, response) => {
    const answer = async () => {
      for (const [prefix, folder] of Object.entries(folders)) {
        const file = fileAt(folder, prefix, request.url);
        const there = file === null ? null : await stat(file).catch(() => null);
        if (file === null || !there?.isFile()) continue;
        response.writeHead(200, {
          "content-type": typeOf(file),
          "content-length": there.size,
          // What was built anew is what a reload shows: under another name, where there is a hash in it.
          "cache-control": unhashed(file) === file ? "no-cache" : "public, max-age=31536000, immutable",
          "access-control-allow-origin": "*", // other people's pages embed it
        });
        createReadStream(file)
          .on("error", () => response.destroy()) // it was there a moment ago: another build began
          .pipe(response);
        return;
      }
      response.writeHead(404).end();
    };
    answer().catch(() => response.writeHead(400).end()); // an address that is none
  };

/** Serves until it is ended. */
function serve(port: number): Promise<void> {
  if (port > MAX_PORT) throw new Complaint(`port ${port} cannot be used (they end at ${MAX_PORT})`);
  const server = createServer(files({ "/": dist }));
  return new Promise((_, reject) => {
    server.on("error", ({ errno = 0, message }: NodeJS.ErrnoException) => {
      const [, why = message] = getSystemErrorMap().get(errno) ?? [];
      reject(new Complaint(`port ${port} cannot be used (${why}): try ./build.sh serve ${port + 1}`));
    });
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const at = typeof address === "object" && address ? address.port : port;
      console.log(`\nAdderScope is at http://127.0.0.1:${at}/  (Ctrl+C ends it)`);
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.on("SIGINT", () => process.exit(0));
  await main(() => serve(Number(process.argv[2] ?? 8000)));
}
