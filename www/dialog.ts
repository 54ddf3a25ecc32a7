// A dialog: made when the page is, shown when it is wanted.

import { button, closesOnBackdrop, el } from "./dom.js";
import type { Scope } from "./scope.js";

export class Dialog {
  readonly element;
  readonly title;
  readonly sentence = el("p", { class: "sentence", "data-terms": true });
  readonly content = el("div");

  /** @param closed someone closed it, or asked for that */
  constructor(scope: Scope, name: string, closed: () => void) {
    const id = scope.id(`${name}-title`);
    this.title = el("h2", { id });
    const steps = el("span", { class: "steps" }, button("Close", closed));
    this.element = el(
      "dialog",
      { class: `large ${name}`, id: scope.id(name), "aria-labelledby": id },
      el(
        "div",
        { class: "frame" },
        el("header", {}, this.title, el("span", { class: "grow" }), steps),
        this.sentence,
        this.content,
        el("p", { class: "unseen", "aria-live": "polite" }),
      ),
    );
    this.element.addEventListener("close", () => {
      if (!this.element.open) closed(); // it may have been opened again meanwhile
    });
    closesOnBackdrop(this.element, closed);
    scope.root.append(this.element);
  }

  open() {
    if (!this.element.open) this.element.showModal();
  }

  close() {
    this.element.close();
  }
}
