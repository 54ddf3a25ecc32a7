// One AdderScope on a page: everything that its views find or share is found and shared here.

import { Drawings } from "./drawings.js";
import { wordsOf } from "./errors.js";
import { Linked } from "./linked.js";
import type { Theme } from "./library-types.js";

/** What refers to other elements by their ids, and what ties radio buttons together. */
const REFERENCES = ["for", "aria-controls", "aria-describedby", "aria-labelledby", "aria-owns", "name"];

/**
 * The markup of another AdderScope: a copy with ids of its own, and references to them.
 * @param template the root of one that was not filled yet
 */
export function instantiate(template: HTMLElement, suffix: string): HTMLElement {
  const copy = template.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error("The markup of an AdderScope is an element of HTML");
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    if (element.id) element.id += suffix;
    for (const name of REFERENCES) {
      const ids = element.getAttribute(name);
      if (ids) {
        element.setAttribute(
          name,
          ids
            .split(/\s+/)
            .map((id) => id + suffix)
            .join(" "),
        );
      }
    }
    const href = element.getAttribute("href");
    if (href?.startsWith("#")) element.setAttribute("href", href + suffix);
  }
  return copy;
}

export class Scope {
  readonly root: HTMLElement;
  readonly drawings: Drawings;
  readonly linked = new Linked();
  /** What the system prefers. */
  readonly dark = matchMedia("(prefers-color-scheme: dark)");
  #suffix;
  #theme = "system";
  #end = new AbortController();

  /**
   * @param suffix of all ids: "" for the AdderScope whose page it is, what `instantiate` was given for another one
   */
  constructor(root: HTMLElement, suffix = "") {
    this.root = root;
    this.#suffix = suffix;
    this.drawings = new Drawings(this.signal);
  }

  /** Whether the page is its own: its title, its keys, what is dropped or pasted anywhere on it. */
  get isMain() {
    return this.#suffix === "";
  }

  /** Aborted when this AdderScope is taken down: every listener outside of its root hangs on it. */
  get signal() {
    return this.#end.signal;
  }

  /** Listens for keys, drops and pastes: anywhere where the page is its own, else inside its root. */
  on<Type extends keyof HTMLElementEventMap>(type: Type, listener: (event: HTMLElementEventMap[Type]) => void) {
    const target: EventTarget = this.isMain ? window : this.root;
    target.addEventListener(type, listener as (event: Event) => void, { signal: this.signal });
  }

  /** Takes it down. What it computed with is its owner's to end. */
  end() {
    this.#end.abort();
  }

  /** Whether something is inside its root. */
  holds(target: EventTarget | null) {
    return target instanceof Node && this.root.contains(target);
  }

  /** Files and choices can come: what leads nowhere without the library is shown. */
  ready() {
    this.root.dataset.ready = "";
  }

  /** Names the page, where it is its own. */
  title(text: string) {
    if (this.isMain && document.title !== text) document.title = text;
  }

  /** The id that an element of this name has here. */
  id(name: string) {
    return name + this.#suffix;
  }

  /** The element of this name, which is in the markup. */
  byId(name: string): HTMLElement;
  byId<Type extends HTMLElement>(name: string, type: new () => Type): Type;
  byId(name: string, type: new () => HTMLElement = HTMLElement) {
    const found = this.root.querySelector(`#${CSS.escape(this.id(name))}`);
    if (!(found instanceof type)) throw new Error(`The markup has no #${name} that is a ${type.name}`);
    return found;
  }

  /** Has a screen reader say this when it is done with what it is saying. */
  announce(text: string) {
    // What is behind an open dialog is not read out: each dialog has a voice of its own.
    const voice = this.root.querySelector("dialog[open] [aria-live]") ?? this.byId("spoken");
    voice.textContent = text;
  }

  /** Says what went wrong. */
  fail(error: unknown) {
    for (const dialog of this.root.querySelectorAll("dialog")) dialog.close(); // the message is behind it
    this.byId("error-text").textContent = wordsOf(error);
    this.byId("error").hidden = false;
    this.byId("stuck").hidden = true; // it is said why
  }

  theme(): Theme {
    if (this.#theme === "light" || this.#theme === "dark") return this.#theme;
    return this.dark.matches ? "dark" : "light";
  }

  /** @param chosen "light", "dark", or "system" for what the system prefers */
  showTheme(chosen: string) {
    this.#theme = chosen;
    const roots = this.isMain ? [this.root, document.documentElement] : [this.root];
    for (const { dataset } of roots) {
      if (chosen === "system") delete dataset.theme;
      else dataset.theme = chosen;
    }
  }
}
