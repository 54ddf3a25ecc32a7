// Every term explains itself: the first of its kind in a part of the page is underlined, and says what it means when it
// is pointed at, focused or tapped. What has such words is marked by `data-terms`, and its text is set as a whole.

import type { Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { el } from "../dom.js";
import { Dialog } from "../dialog.js";
import type { Term } from "../library-types.js";
import type { Scope } from "../scope.js";
import { Finder } from "./find.js";

/** Texts that change while something is dragged are looked through when they rest, in milliseconds. */
const REST = 400;
/** Parts of the page in each of which a term is underlined once. */
const PARTS = "section, dialog, aside, footer, details, main";
/** Room between a word and its explanation, in CSS pixels. */
const GAP = 6;

export class Terms {
  readonly #scope;
  readonly #tip;
  readonly #list;
  #finder: Finder | null = null;
  #meanings = new Map<string, string>();
  #shown: HTMLElement | null = null;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Scope, client: Client<LibraryCalls>) {
    this.#scope = scope;
    this.#tip = el("div", {
      class: "meaning",
      id: scope.id("meaning"),
      role: "tooltip",
      popover: "manual",
      hidden: true,
    });
    scope.root.append(this.#tip);
    this.#list = new Dialog(scope, "terms", () => this.#list.close());
    this.#list.title.textContent = "Terms";
    scope.byId("terms-open").addEventListener("click", () => this.#list.open());
    this.#listen();
    client.call("terms", null).then(
      (terms) => this.#know(terms),
      () => {}, // the page is the same without
    );
  }

  /** What was explained may be gone. */
  hide() {
    this.#hide();
  }

  #know(terms: readonly Term[]) {
    this.#finder = new Finder(terms);
    this.#meanings = new Map(terms.map(({ name, meaning }) => [name, meaning]));
    const entries = [...terms]
      .sort((one, other) => one.name.localeCompare(other.name, "en"))
      .map(({ name, meaning }) => el("div", {}, el("dt", {}, name), el("dd", {}, meaning)));
    const region = { class: "scroll", tabindex: 0, role: "region", "aria-label": "Terms" };
    this.#list.content.replaceChildren(el("div", region, el("dl", { class: "glossary" }, ...entries)));
    this.#mark();
    const texts = new MutationObserver(() => {
      clearTimeout(this.#resting);
      this.#resting = setTimeout(() => this.#mark(), REST);
    });
    texts.observe(this.#scope.root, { childList: true, subtree: true });
    this.#scope.signal.addEventListener("abort", () => {
      texts.disconnect();
      clearTimeout(this.#resting);
    });
  }

  /** Underlines what is new. */
  #mark() {
    const finder = this.#finder;
    if (!finder) return;
    const known = new Map<Element, Set<string>>();
    for (const text of this.#scope.root.querySelectorAll("[data-terms]")) {
      const part = text.closest(PARTS) ?? this.#scope.root;
      const names = known.get(part) ?? new Set<string>();
      known.set(part, names);
      const before = [...text.querySelectorAll<HTMLElement>(".term")];
      if (before.length > 0) {
        for (const { dataset } of before) names.add(dataset.term ?? "");
      } else {
        for (const node of [...text.childNodes]) if (node instanceof Text) this.#markIn(node, finder, names);
      }
    }
  }

  #markIn(node: Text, finder: Finder, names: Set<string>) {
    const pieces = finder.pieces(node.data, names);
    if (!pieces.some(({ term }) => term)) return;
    node.replaceWith(
      ...pieces.map(({ text, term }) =>
        term ? el("button", { type: "button", class: "term", "data-term": term.name }, text) : text,
      ),
    );
  }

  #listen() {
    const { root } = this.#scope;
    const termOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>(".term") : null;
    const leave = ({ target }: Event) => {
      if (termOf(target) === this.#shown) this.#hide();
    };
    root.addEventListener("pointerover", ({ target, pointerType }) => {
      const term = termOf(target);
      if (term && pointerType === "mouse") this.#show(term);
    });
    root.addEventListener("pointerout", (event) => {
      if (event.pointerType === "mouse") leave(event);
    });
    root.addEventListener("focusin", ({ target }) => {
      const term = termOf(target);
      if (term) this.#show(term);
    });
    root.addEventListener("focusout", leave);
    root.addEventListener("click", ({ target }) => {
      const term = termOf(target);
      if (term) this.#show(term);
      else this.#hide();
    });
    this.#scope.on("keydown", (event) => {
      if (event.key !== "Escape" || !this.#shown) return;
      this.#hide();
      event.stopPropagation();
    });
    addEventListener("scroll", () => this.#hide(), { capture: true, passive: true, signal: this.#scope.signal });
  }

  #show(term: HTMLElement) {
    const meaning = this.#meanings.get(term.dataset.term ?? "");
    if (meaning === undefined) return;
    this.#hide();
    this.#shown = term;
    term.setAttribute("aria-describedby", this.#tip.id);
    this.#tip.textContent = meaning;
    // What is in a dialog is above all else: so is its explanation.
    (term.closest("dialog") ?? this.#scope.root).append(this.#tip);
    this.#tip.hidden = false;
    if ("popover" in this.#tip) this.#tip.showPopover();
    const { left, top, bottom } = term.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#tip;
    const x = Math.max(GAP, Math.min(left, document.documentElement.clientWidth - offsetWidth - GAP));
    const below = bottom + GAP;
    const y = below + offsetHeight > innerHeight ? top - offsetHeight - GAP : below;
    this.#tip.style.transform = `translate(${x}px, ${Math.max(GAP, y)}px)`;
  }

  #hide() {
    this.#shown?.removeAttribute("aria-describedby");
    this.#shown = null;
    this.#tip.hidden = true;
    if ("popover" in this.#tip && this.#tip.matches(":popover-open")) this.#tip.hidePopover();
  }
}
