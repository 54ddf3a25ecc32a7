// What is pointed at is marked everywhere, as long as it is; a click pins it, Escape lets go. On drawings the marks are laid
// over them; what stands on the page as text is marked itself.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { button, el, setText } from "../dom.js";
import type { Test } from "../linked.js";
import type { Scope } from "../scope.js";
import { additionOf, type Field } from "../state/state.js";
import type { Store } from "../state/store.js";
import { areLinked, entersText, kindsOf, marksOf, type Marks } from "./aspects.js";

/** How long, in milliseconds, a number is pointed at before it is asked what is made of it. */
const REST = 60;

/** All that stands for something. */
const MARKED = "[data-item], [data-made-of]";
/** What a click on it is for, where that is something else. */
const OWN_CLICK = "dialog.arithmetic, .paper, .drawer input[type=text], .drawer .reset, .drawer header";

/** Numbers that are made of others, and that others are made of. */
interface Made {
  /** Of a stored number: what it enters, in a sentence. */
  readonly enters: string;
  readonly marks: Marks;
}

const NOTHING: Made = { enters: "", marks: new Set() };

/** What of the state makes it other numbers, or other words. */
const OTHER: readonly Field[] = ["models", "step", "edits", "a", "b", "digit"];

export class Linking {
  readonly #scope;
  readonly #store;
  readonly #client;
  readonly #digit;
  readonly #chip = el("p", { class: "pinned", hidden: true });
  readonly #name = el("span", { class: "name" });
  readonly #enters = el("p", { class: "enters" });
  /** What is pointed at now. */
  #preview: string | null = null;
  /** What the chip names. */
  #pinned = "";
  /** What is marked, by a preview or a pin. */
  #shown: string | null = null;
  /** What is known of numbers, by their items. */
  readonly #made = new Map<string, Made>();
  #frame = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;

  /** @param digit the answer digit that is looked at */
  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, digit: () => number) {
    this.#scope = scope;
    this.#store = store;
    this.#client = client;
    this.#digit = digit;
    this.#chip.append(
      "Pinned: ",
      this.#name,
      button("✕", () => this.#pin(""), { "aria-label": "Let go" }),
    );
    scope.root.append(this.#chip);
    scope.byId("weights").append(this.#enters);
    this.#nameSum();
    scope.linked.hearing = {
      pointed: (item) => this.#point(item),
      pinned: (item) => this.#toggle(item),
    };
    this.#listen();
    const end = store.subscribe((_, changed) => {
      if (OTHER.some((field) => changed.has(field))) this.#made.clear();
      if (changed.has("selection")) this.#soon();
      else if (OTHER.some((field) => changed.has(field)) || changed.has("panel")) this.again();
    });
    scope.signal.addEventListener("abort", () => {
      end();
      clearTimeout(this.#resting);
      cancelAnimationFrame(this.#frame);
    });
    this.#soon();
  }

  /** What stands on the page may be something else now. */
  again() {
    if (this.#shown !== null) this.#soon(true);
  }

  /** The sum's digits stand for places and rows. */
  #nameSum() {
    const paper = this.#scope.byId("paper");
    for (const [i, number] of [...paper.querySelectorAll(".summand")].entries()) {
      const cells = [...number.querySelectorAll("span")];
      for (const [at, cell] of cells.entries()) cell.dataset.item = `place:${"XY".charAt(i)}${cells.length - 1 - at}`;
    }
    for (const each of paper.querySelectorAll<HTMLElement>("[data-digit]")) {
      each.dataset.item = `row:Z${each.dataset.digit}`;
    }
  }

  #listen() {
    const { root, signal } = this.#scope;
    root.addEventListener("pointerover", (event) => this.#over(event), { signal });
    root.addEventListener("pointermove", (event) => this.#over(event), { signal, passive: true });
    root.addEventListener("pointerleave", () => this.#point(null), { signal });
    root.addEventListener("focusin", ({ target }) => this.#point(itemAt(target)), { signal });
    root.addEventListener("focusout", () => this.#point(null), { signal });
    root.addEventListener("click", ({ target }) => this.#click(target), { signal });
  }

  #over({ type, target, offsetX }: PointerEvent) {
    if (!(target instanceof Element)) return;
    // On a drawing its marks are pointed at.
    if (type === "pointermove" && target instanceof HTMLCanvasElement) return;
    const digits = target.closest<HTMLElement>(".paper .summand");
    if (digits) {
      const cells = digits.querySelectorAll("span");
      const at = Math.floor((offsetX / digits.clientWidth) * cells.length);
      this.#point(cells[at]?.dataset.item ?? null);
    } else if (type === "pointerover") {
      this.#point(itemAt(target));
    }
  }

  #click(target: EventTarget | null) {
    if (!(target instanceof Element) || target.closest(OWN_CLICK)) return;
    const item = itemAt(target);
    if (item === null) return;
    if (item.startsWith("weight:")) {
      this.#pin(item);
    } // its slider may be clicked again and again
    else this.#toggle(item);
  }

  #toggle(item: string) {
    this.#pin(this.#store.state.selection === item ? "" : item);
  }

  #pin(item: string) {
    if (item === this.#store.state.selection) return;
    this.#store.dispatch({ type: "pin", item });
    if (item === "") this.#scope.announce("Nothing is pinned");
  }

  /** The chip names what is pinned, in words. */
  async #nameChip(item: string) {
    if (item === this.#pinned) return;
    this.#pinned = item;
    this.#chip.hidden = true;
    if (item === "") return;
    let name = item;
    try {
      [name = item] = await this.#client.call("named", { items: [item] });
    } catch (error) {
      if (error instanceof Late && this.#pinned === item) this.#pinned = ""; // the model that comes names it
      if (error instanceof Late) return;
    }
    if (this.#pinned !== item) return;
    setText(this.#name, name);
    this.#chip.hidden = false;
    this.#scope.announce(`${name} is pinned; Escape lets go`);
  }

  #point(item: string | null) {
    if (item === this.#preview) return;
    this.#preview = item;
    this.#soon();
  }

  /** Marks once a frame, however often the pointer moves. */
  #soon(isOther = false) {
    if (isOther) this.#shown = null;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#show();
    });
  }

  #show() {
    const { selection } = this.#store.state;
    void this.#nameChip(selection);
    const item = this.#preview ?? (selection || null);
    if (item === this.#shown) return;
    this.#shown = item;
    clearTimeout(this.#resting);
    if (item !== null && !this.#made.has(item)) {
      this.#resting = setTimeout(() => void this.#ask(item), REST);
    }
    this.#mark(item);
  }

  #mark(item: string | null) {
    const { enters, marks } = (item === null ? undefined : this.#made.get(item)) ?? NOTHING;
    const test: Test | null = item === null ? null : (other) => areLinked(item, other) || marks.has(other);
    this.#scope.linked.point(test);
    const { root } = this.#scope;
    for (const each of root.querySelectorAll<HTMLElement>(MARKED)) {
      const items = [each.dataset.item ?? [], each.dataset.madeOf?.split(" ") ?? []].flat();
      each.classList.toggle("linked", test !== null && items.some(test));
    }
    setText(this.#enters, enters);
  }

  /** What is made of a stored number, and which stored numbers another is made of. */
  async #ask(item: string) {
    const addition = additionOf(this.#store.state);
    const isStored = item.startsWith("weight:");
    try {
      let found: Made;
      if (isStored) {
        const enters = await this.#client.call("entered", { item, ...addition }, { priority: "background" });
        found = { enters: await this.#sentence(item, enters), marks: marksOf(enters) };
      } else {
        const { terms, scale } = await this.#client.call("explain", { item, ...addition }, { priority: "background" });
        const items = [...terms.flatMap(({ factors }) => factors), ...scale].map(({ item }) => item ?? "");
        found = { enters: "", marks: new Set(items.filter((each) => each.startsWith("weight:"))) };
      }
      this.#made.set(item, found);
    } catch (error) {
      if (error instanceof Late) return;
      this.#made.set(item, NOTHING); // a place, a case: no number
    }
    if (this.#shown === item) this.#mark(item);
  }

  /** What a stored number enters, in words. */
  async #sentence(item: string, enters: readonly string[]) {
    if (enters.length === 0) return "";
    const kinds = kindsOf(enters, this.#digit());
    const items = [item, ...kinds.map(({ item }) => item)];
    const [own = item, ...names] = await this.#client.call("named", { items }, { priority: "background" });
    return entersText(
      own,
      kinds.map(({ item, more }, i) => ({ name: names[i] ?? item, more })),
    );
  }
}

const itemAt = (target: EventTarget | null) =>
  (target instanceof Element ? target.closest<HTMLElement>("[data-item]") : null)?.dataset.item ?? null;
