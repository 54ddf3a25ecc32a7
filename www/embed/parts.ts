// What is inside of an <adder-scope>: a still picture until it is live, then the addition, one view, and what is known of it.

import { el, setText } from "../dom.js";
import * as asked from "./asked.js";
import { ARITHMETIC, Sum, Values } from "./head.js";
import { styles } from "./styles.js";
import type { Seen } from "./views.js";

let sheet: CSSStyleSheet | undefined;

function sheetOf(): CSSStyleSheet {
  if (!sheet) {
    // No policy has anything to say on a sheet that a script makes.
    sheet = new CSSStyleSheet();
    const shapes = Object.entries(asked.SHAPES).map(
      ([view, shape]) => `:host([view="${view}"]) { ${asked.styleOf(shape)} }`,
    );
    sheet.replaceSync([`:host { ${asked.styleOf(asked.SHAPE)} }`, ...shapes, styles].join("\n"));
  }
  return sheet;
}

/** What is inside of the element. */
export class Parts {
  readonly root = el("div", { class: "adderscope" });
  readonly #still = el("div", { class: "still" });
  readonly #live = el("div", { class: "live", hidden: true });
  readonly #title = el("h2");
  readonly #place = el("div", { class: "place" });
  readonly #verdict = el("p", { class: "verdict", role: "status", title: ARITHMETIC });
  readonly #link = el("a", { target: "_blank", rel: "noopener" }, "Open in AdderScope");
  readonly #problem = el("p", { class: "problem", role: "alert", hidden: true });
  readonly #spoken = el("p", { class: "unseen", role: "status" });
  readonly #sum;
  readonly #values = new Values();

  constructor(on: { added: (a: string, b: string) => void; chosen: (digit: number | null) => void }) {
    this.#sum = new Sum(on);
    const keys = el("p", { id: "plot-keys", hidden: true }, "Arrow keys lead from value to value; Space chooses one.");
    this.#still.append(el("slot"));
    const foot = el("footer", {}, this.#verdict, el("span", {}, this.#values.element, this.#link));
    this.#live.append(this.#sum.form, this.#sum.digits, this.#title, this.#place, foot, keys, this.#spoken);
    this.root.append(this.#still, this.#live, this.#problem);
  }

  into(root: ShadowRoot) {
    root.adoptedStyleSheets = [sheetOf()];
    root.append(this.root);
  }

  layOut(view: string, theme: asked.ThemeAsked, hidden: ReadonlySet<asked.Part>, still: string | null) {
    const { dataset } = this.root;
    dataset.view = view;
    if (theme === "auto") delete dataset.theme;
    else dataset.theme = theme;
    this.#sum.form.hidden = !asked.isOfAddition(view);
    this.#sum.digits.hidden = !asked.isOfAddition(view) || hidden.has("digits");
    this.#verdict.hidden = hidden.has("verdict");
    const before = this.#still.querySelector("img");
    if (still === null || before?.getAttribute("src") === still) return;
    before?.remove();
    this.#still.prepend(el("img", { src: still, alt: "", loading: "lazy", decoding: "async" }));
  }

  /** While nothing else is there to be seen. */
  preview(picture: Element) {
    if (this.#still.querySelector("img, svg")) return;
    picture.setAttribute("role", "img");
    this.#still.prepend(picture);
  }

  show({ answered, looked }: Seen, isPinned: boolean, hidden: ReadonlySet<asked.Part>, link: string | null) {
    this.#still.hidden = true;
    this.#live.hidden = false;
    const { view } = this.root.dataset;
    this.#sum.show(answered, looked.digit, isPinned, hidden);
    this.#sum.digits.hidden = !asked.isOfAddition(view ?? "") || hidden.has("digits");
    this.#sum.form.hidden = !asked.isOfAddition(view ?? "");
    this.#link.hidden = link === null || hidden.has("link");
    if (link !== null) this.#link.href = link;
  }

  tell(words: Parameters<Values["show"]>[0], hidden: ReadonlySet<asked.Part>) {
    const { title, aside } = words;
    this.#title.replaceChildren(title, ...(aside === "" ? [] : [" ", el("small", {}, aside)]));
    this.#title.hidden = title === "";
    this.#values.show(words, hidden);
  }

  place(element: HTMLElement) {
    this.#place.replaceChildren(element);
  }

  judge(text: string) {
    setText(this.#verdict, text);
  }

  announce(text: string) {
    setText(this.#spoken, text);
  }

  complain(text: string) {
    setText(this.#problem, text);
    this.#problem.hidden = text === "";
  }
}
