// Where words that may need an explanation stand in a text.

import type { Term } from "../library-types.js";

/** A piece of a text: a word with what it means, or what is between. */
export interface Piece {
  readonly text: string;
  readonly term: Term | null;
}

/** How texts are searched for the forms of some terms: the longest first, and whole words only. */
export class Finder {
  readonly #terms: ReadonlyMap<string, Term>;
  readonly #pattern;

  constructor(terms: readonly Term[]) {
    this.#terms = new Map(terms.flatMap((term) => term.forms.map((form) => [form, term] as const)));
    const forms = [...this.#terms.keys()].sort((one, other) => other.length - one.length);
    const escaped = forms.map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
    this.#pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "gu");
  }

  /**
   * A text in pieces; each term is found once.
   * @param known names of terms that need no explanation any more; those that are found come to them
   */
  pieces(text: string, known: Set<string>): Piece[] {
    const pieces: Piece[] = [];
    let from = 0;
    for (const { 0: form, index } of text.matchAll(this.#pattern)) {
      const term = this.#terms.get(form);
      if (!term || known.has(term.name)) continue;
      known.add(term.name);
      if (index > from) pieces.push({ text: text.slice(from, index), term: null });
      pieces.push({ text: form, term });
      from = index + form.length;
    }
    if (from < text.length) pieces.push({ text: text.slice(from), term: null });
    return pieces;
  }
}
