// What an element cannot show as it was asked to, in lines: what of its layout, of its state, or all of it.

/** No more of it fits a line. */
const LONGEST = 300;

export type Of = "layout" | "state" | "model";

export class Problems {
  readonly #show;
  readonly #tell;
  readonly #said = new Map<Of, { readonly message: string; isTold: boolean }>();

  /** @param tell what is told to the element's page, once */
  constructor(show: (text: string) => void, tell: (message: string) => void) {
    this.#show = show;
    this.#tell = tell;
  }

  /** @param message empty where there is none any more; what else is wrong stays */
  set(of: Of, message: string) {
    const line = message.slice(0, LONGEST);
    if ((this.#said.get(of)?.message ?? "") === line) return;
    this.#said.set(of, { message: line, isTold: line === "" });
    const all = [...this.#said.values()].map((each) => each.message).filter((each) => each !== "");
    this.#show(all.join(". ").slice(0, LONGEST));
  }

  tell() {
    for (const each of this.#said.values()) {
      if (each.isTold) continue;
      each.isTold = true;
      this.#tell(each.message);
    }
  }
}
