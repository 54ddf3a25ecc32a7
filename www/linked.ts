// What is chosen is marked wherever it is drawn, over the drawings: choosing draws none of them again.

/** What marks what is chosen. */
interface Linking {
  link(isChosen: ((item: string) => boolean) | null): void;
}

/** Whether an item is of an answer digit: of its row, of its column's places, or of additions by it. */
export function isOfDigit(item: string, digit: number): boolean {
  const [kind = "", which = ""] = item.split(":");
  const [first = ""] = which.split("/");
  return kind === "place" ? /^[XYZ]/.test(first) && first.slice(1) === String(digit) : first === `Z${digit}`;
}

export class Linked {
  readonly #all = new Set<Linking>();
  #isChosen: ((item: string) => boolean) | null = null;
  #digit: number | null = null;

  /** Marks from now on, and at once, what is chosen. */
  add(linking: Linking) {
    this.#all.add(linking);
    linking.link(this.#isChosen);
  }

  /** @param digit an answer digit; null: none is chosen */
  choose(digit: number | null) {
    if (digit === this.#digit) return;
    this.#digit = digit;
    this.#isChosen = digit === null ? null : (item) => isOfDigit(item, digit);
    for (const each of this.#all) each.link(this.#isChosen);
  }
}
