// A host that something is wrong with: files that are not there, or are cut off on the way; headers of its own.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { unhashed } from "../../tools/names.ts";
import { dist } from "../../tools/paths.ts";
import { files, typeOf } from "../../tools/serve.ts";

const PREFIX = "/some/where/";

export interface Faults {
  /** Names without hashes of files that are answered with 404. */
  gone: Set<string>;
  /** Of those that end in the middle. */
  cut: Set<string>;
  /** What is answered in the place of files. */
  instead: Map<string, Uint8Array>;
  /** What every answer has beside its own. */
  headers: Record<string, string>;
  /** Text and WebAssembly go out compressed, as most hosts send them. */
  isCompressed: boolean;
}

export interface Host {
  url: string;
  faults: Faults;
  /** All is as it should be again. */
  mend(): void;
  close(): void;
}

const faultless = (): Faults => ({ gone: new Set(), cut: new Set(), instead: new Map(), headers: {}, isCompressed: false });

export async function host(): Promise<Host> {
  const faults = faultless();
  const answer = files({ [PREFIX]: dist });
  const compressed = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = (request.url ?? "").replace(PREFIX, "").replace(/[?#].*/, "") || "index.html";
    const name = unhashed(path.split("/").at(-1) ?? "");
    const file = join(dist, path);
    for (const [header, value] of Object.entries(faults.headers)) response.setHeader(header, value);
    if (faults.gone.has(name)) {
      response.writeHead(404).end();
    } else if (faults.cut.has(name)) {
      const bytes = readFileSync(file);
      response.writeHead(200, { "content-type": typeOf(name), "content-length": bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    } else if (faults.instead.has(name)) {
      response.writeHead(200, { "content-type": typeOf(name) }).end(faults.instead.get(name));
    } else if (faults.isCompressed && /\.(html|css|js|wasm|svg)$/.test(name)) {
      const bytes = compressed.get(file) ?? gzipSync(readFileSync(file), { level: 9 });
      compressed.set(file, bytes);
      response.writeHead(200, {
        ...{ "content-type": typeOf(name), "content-encoding": "gzip" },
        ...{ "content-length": bytes.length, "cache-control": "no-cache" },
      });
      response.end(bytes);
    } else {
      answer(request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PREFIX}`,
    faults,
    mend: () => void Object.assign(faults, faultless()),
    close: () => server.close(),
  };
}
