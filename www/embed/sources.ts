// Where the model of an embed comes from.

import { fetched } from "../errors.js";
import { decode, encode, linked } from "../state/address.js";
import { additionOf, shownModel, type State } from "../state/state.js";
import type { NamedBytes } from "../whole.js";
import { readable } from "./asked.js";
import { drawingOf } from "./drawing.js";
import type { Model } from "./model.js";
import type { Stills } from "./stills.js";
import { trusted } from "./trusted.js";

/** A model that comes with AdderScope, as models/gallery.json lists it. */
export interface Card {
  readonly name: string;
  readonly file: string;
  /** Pictures of it as it opens. */
  readonly stills?: Stills;
}

/** In the place of a name in a gallery: the model comes from elsewhere. */
const OWN = "own";

const isCard = (card: unknown): card is Card =>
  typeof card === "object" && card !== null && "name" in card && "file" in card && typeof card.file === "string";

/** Asked for once, whatever changes and however many elements there are. */
const galleries = new Map<string, Promise<readonly Card[]>>();

/** @param base where AdderScope is, or null where nobody said */
async function galleryAt(base: string | null): Promise<readonly Card[]> {
  if (base === null) {
    throw new Error(
      "AdderScope's own models are not in the package: give src, a state with weights=, or base, its address",
    );
  }
  const asked = galleries.get(base) ?? listed(base);
  galleries.set(base, asked);
  try {
    return await asked;
  } catch (error) {
    if (galleries.get(base) === asked) galleries.delete(base); // it is tried again
    throw error;
  }
}

async function listed(base: string): Promise<readonly Card[]> {
  const lost = (why: string) =>
    new Error(`AdderScope's own models could not be loaded from ${base.slice(0, 120)} (${why})`);
  const list: unknown = await (await fetched(new URL("models/gallery.json", base), lost)).json();
  return Array.isArray(list) ? list.filter(isCard) : [];
}

/**
 * The state that is asked for.
 * @param isOwn whether its model is another one than the state names
 * @param gallery what is known of the site's models, where the state needs none of them
 */
export async function decoded(
  address: string,
  { isOwn, base, gallery: before }: { isOwn: boolean; base: string | null; gallery: readonly Card[] },
) {
  const named = new URLSearchParams(address);
  const isElsewhere = isOwn || named.has("weights") || named.has("src");
  if (isOwn) for (const name of ["model", "weights", "src"]) named.delete(name);
  const gallery = isElsewhere ? before : await galleryAt(base);
  const names = isOwn ? [OWN] : gallery.map(({ name }) => name);
  const { state, complaints } = decode(readable(named), names);
  const own = isOwn ? { models: [{ bundled: OWN, files: "" }] } : {};
  return { state: { ...state, ...own }, complaints, gallery };
}

/** A picture; null where it does not come, which is no loss: what it is of comes too. */
export async function pictureAt(address: URL): Promise<Element | null> {
  try {
    const response = await fetch(address);
    if (!response.ok) return null;
    // Into the page rather than by an address: a policy for images has no say then.
    const text = await response.text();
    const written = trusted()?.createHTML(text) ?? text;
    const { documentElement } = new DOMParser().parseFromString(written, "image/svg+xml");
    return documentElement.localName === "svg" ? drawingOf(documentElement) : null;
  } catch {
    return null;
  }
}

async function file(address: URL, said: string): Promise<NamedBytes[]> {
  const lost = (why: string) => new Error(`${said.slice(0, 120)} could not be loaded (${why})`);
  const response = await fetched(address, lost);
  const name = decodeURIComponent(address.pathname.split("/").at(-1) ?? "") || "checkpoint";
  return [{ name, bytes: new Uint8Array(await response.arrayBuffer()) }];
}

/** The files of a state's model. */
export async function filesOf(
  state: State,
  { src, base, gallery }: { src: string | null; base: string | null; gallery: readonly Card[] },
): Promise<NamedBytes[]> {
  if (src !== null) return file(new URL(src, document.baseURI), src);
  const model = shownModel(state);
  if (model?.weights !== undefined) {
    return [{ name: "the link", bytes: new TextEncoder().encode(`weights=${model.weights}`) }];
  }
  if (model?.src !== undefined) return file(new URL(model.src, base ?? document.baseURI), model.src);
  const card = gallery.find(({ name }) => name === model?.bundled);
  if (!card || base === null) throw new Error("No model is named: give src, or a state with model= or weights= in it");
  return file(new URL(card.file, base), card.file);
}

/** The model in a link, made once for each step of it; null where it is too large for one. */
const links = new WeakMap<Model, { readonly step: number | null; readonly link: string | null }>();

function linkOf(model: Model): string | null {
  const { step } = model.summary();
  const before = links.get(model);
  if (before?.step === step) return before.link;
  let link: string | null = null;
  try {
    link = model.link();
  } catch {
    // The page has no other way to a model of so many numbers.
  }
  links.set(model, { step, link });
  return link;
}

/** What is shown, in an address for anybody: a model that only its page has is in it as weights; empty where those are too many. */
export function addressOf(shown: State, model: Model | null, gallery: readonly Card[]): string {
  const { a, b } = additionOf(shown);
  const state = { ...shown, a: String(a), b: String(b) };
  const { bundled, src } = shownModel(state) ?? {};
  if ((bundled !== OWN && src === undefined) || !model) {
    return encode(
      state,
      gallery.map(({ name }) => name),
    );
  }
  const link = linkOf(model);
  return link === null ? "" : encode({ ...linked(state, link.replace(/^weights=/, "")), step: null }, []);
}
