// What is chosen, and what is pointed at or pinned, is marked wherever it is drawn, over the drawings: none of them is
// drawn again.

/** Whether an item is meant. */
export type Test = (item: string) => boolean;

/** What is meant; null: nothing is. */
export interface Links {
  /** The chosen answer digit. */
  readonly chosen: Test | null;
  /** What is pointed at, anywhere, or pinned. */
  readonly pointed: Test | null;
}

/** What marks it. */
interface Linking {
  link(links: Links): void;
}

/** Hears of what a person does on a drawing. */
interface Hearing {
  /** The item under the pointer, or where the keyboard is; null: none is. */
  pointed(item: string | null): void;
  /** It is to stay marked, or no more. */
  pinned(item: string): void;
}

/** Whether an item is of an answer digit: of its row, of its column's places, or of additions by it. */
export function isOfDigit(item: string, digit: number): boolean {
  const [kind = "", which = ""] = item.split(":");
  const [first = ""] = which.split("/");
  if (kind === "key") return false; // it is of the place that its row reads
  return kind === "place" ? /^[XYZ]/.test(first) && first.slice(1) === String(digit) : first === `Z${digit}`;
}

export class Linked {
  /** There once the page looks into single numbers. */
  hearing: Hearing | null = null;
  readonly #all = new Set<Linking>();
  #links: Links = { chosen: null, pointed: null };
  #digit: number | null = null;

  /** Marks from now on, and at once, what is meant. */
  add(linking: Linking) {
    this.#all.add(linking);
    linking.link(this.#links);
  }

  /** @param digit an answer digit; null: none is chosen */
  choose(digit: number | null) {
    if (digit === this.#digit) return;
    this.#digit = digit;
    this.#link({ chosen: digit === null ? null : (item) => isOfDigit(item, digit) });
  }

  /** Marks what is pointed at. */
  point(pointed: Test | null) {
    if (pointed !== this.#links.pointed) this.#link({ pointed });
  }

  #link(links: Partial<Links>) {
    this.#links = { ...this.#links, ...links };
    for (const each of this.#all) each.link(this.#links);
  }
}
