// Where the files of a model come from: the page's own folder, the address, or what this tab has.

import { check_size } from "./adderscope.js";
import type { Files, Source } from "./channel/protocol.js";
import { bytesOf, fetched } from "./errors.js";
import { download } from "./gallery.js";
import type { NamedBytes, Summary } from "./library-types.js";
import { isOneFile } from "./resources.js";
import type { TabSession } from "./state/session.js";
import type { ModelRef } from "./state/state.js";

/**
 * A file beside the page. Its address is from there, and nowhere else is anything asked for.
 * @param ready the library knows what is too large
 */
async function beside(src: string, ready: Promise<unknown>): Promise<NamedBytes> {
  if (isOneFile) throw new Error(`${src}: nothing is beside the page as one file. Open the file by hand`);
  const name = src.split("/").at(-1) ?? src;
  const lost = (why: string) =>
    new Error(`${src} could not be loaded from beside the page (${why}): put the file there, or open it by hand`);
  const response = await fetched(new URL(src.split("/").map(encodeURIComponent).join("/"), document.baseURI), lost);
  await ready;
  check_size(name, Number(response.headers.get("content-length") ?? 0)); // before all of it has come
  return { name, bytes: await bytesOf(response, lost) };
}

/** Everything that opens a model. Throws what a person reads. @param ready settles once the library is there */
export async function filesOf(
  { bundled, files, weights, src }: ModelRef,
  session: TabSession,
  ready: Promise<unknown>,
): Promise<Files> {
  const kept = files === "" ? null : session.files(files);
  const withKept = (own: Source): Files => ({ opensAt: null, groups: [[own], ...(kept?.groups ?? [])] });
  if (weights !== undefined) {
    return withKept({ name: "the link", bytes: new TextEncoder().encode(`weights=${weights}`) });
  }
  if (src !== undefined) return withKept(await beside(src, ready));
  if (bundled !== "") return withKept(await download(bundled));
  if (!kept) throw new Error(session.whyLost(files));
  return kept;
}

/**
 * The files that a model came with, so that the one called `wanted` is opened: all for the one that is, else all but other
 * models. Throws what a person reads.
 */
export function insteadOf(groups: Files["groups"] | undefined, summary: Summary | null, wanted: string): NamedBytes[] {
  const sources = (groups?.flat() ?? []).filter((source): source is NamedBytes => "bytes" in source);
  if (wanted === summary?.file) return sources;
  const models = new Set(summary?.aside.filter(({ opens }) => opens).map(({ file }) => file)).add(summary?.file ?? "");
  const group = sources.filter(({ name }) => name === wanted || !models.has(name));
  if (group.some(({ name }) => name === wanted)) return group;
  throw new Error(`${wanted} came within another file: unpack that, and open it alone`);
}
