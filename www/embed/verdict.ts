// The verdict on a model in a Worker of its own. It starts from a blob, so that it does wherever the element's script came from.

import type { Bounds, Edit } from "../whole.js";
import { POLICY, trusted } from "./trusted.js";
import { workerScript } from "./worker-script.js";

/** What the Worker is asked. */
export interface Asked {
  readonly module: WebAssembly.Module;
  readonly input: Uint8Array;
  readonly snapshot: number | undefined;
  readonly edits: Edit[];
  /** In milliseconds. */
  readonly within: number;
}

export interface Adderboard {
  readonly passed: number;
  readonly total: number;
  readonly qualified: boolean;
}

/** What it tells: the score once, bounds now and then, and with the map all that it knows; or why it knows nothing. */
export type Told =
  | { readonly adderboard: Adderboard | null; readonly bounds: Bounds | null; readonly map: Uint8Array | null }
  | { readonly failed: string };

/** What is known of a model. */
export interface Verdict {
  readonly adderboard: Adderboard | null;
  readonly exact: Bounds | null;
  /** Whether nothing more will come. */
  readonly decided: boolean;
}

/** As long as the page gives it by itself. */
const WITHIN = 5_000;

const FORBIDDEN =
  "This page's Content-Security-Policy does not allow the Worker that decides all additions: add blob: to its worker-src";

const UNTRUSTED = `This page's Content-Security-Policy does not allow the Worker that decides all additions: add ${POLICY} to its trusted-types`;

/** Starts deciding. Returns what ends it. */
export function decide(
  asked: Omit<Asked, "within">,
  tell: (verdict: Verdict, map: Uint8Array | null) => void,
  failed: (why: string) => void,
): () => void {
  const address = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
  let worker: Worker | null = null;
  const end = () => {
    worker?.terminate();
    worker = null;
    URL.revokeObjectURL(address);
  };
  const fail = (why: string) => {
    end();
    failed(why);
  };
  try {
    worker = new Worker(trusted()?.createScriptURL(address) ?? address);
  } catch (error) {
    // Where Trusted Types are demanded, text in place of one is of the wrong type.
    fail(error instanceof TypeError && "trustedTypes" in globalThis && !trusted() ? UNTRUSTED : FORBIDDEN);
    return end;
  }
  let known: Verdict = { adderboard: null, exact: null, decided: false };
  let hasSpoken = false;
  worker.onmessage = ({ data }: MessageEvent<Told>) => {
    hasSpoken = true;
    if ("failed" in data) return fail(`All additions could not be decided (${data.failed.slice(0, 200)})`);
    const { adderboard, bounds, map } = data;
    known = { adderboard: adderboard ?? known.adderboard, exact: bounds ?? known.exact, decided: map !== null };
    tell(known, map);
    if (map) end();
  };
  // Where a policy forbids it, some browsers throw and others say so here, without words.
  worker.onerror = ({ message }) => {
    fail(hasSpoken || message ? `The Worker that decides all additions failed (${message})` : FORBIDDEN);
  };
  worker.postMessage({ ...asked, within: WITHIN } satisfies Asked);
  return end;
}
