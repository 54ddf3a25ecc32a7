// The second addition, from which ways are taken: typed as the first is.

import type { Addition } from "../channel/protocol.js";
import { el, setText } from "../dom.js";
import type { Scope } from "../scope.js";
import { Field } from "../sum/field.js";
import { read } from "../sum/read.js";

const NAMES = ["a", "b"] as const;
type Name = (typeof NAMES)[number];

export class Second {
  readonly element;
  readonly #fields;
  readonly #fault = el("p", { class: "fault", role: "alert", hidden: true });
  readonly #chosen;
  #now: Addition = { a: 0, b: 0 };

  /** @param chosen it is another addition */
  constructor(scope: Scope, chosen: (second: Addition) => void) {
    this.#chosen = chosen;
    const [a, b] = NAMES.map((name) => this.#field(scope, name));
    this.#fields = { a: a as Field, b: b as Field };
    const label = (text: string) => el("span", { class: "label", "aria-hidden": "true" }, text);
    this.element = el(
      "div",
      { class: "second" },
      el("div", { class: "paper" }, label("X"), this.#fields.a.element, label("Y +"), this.#fields.b.element),
      this.#fault,
    );
  }

  show(second: Addition) {
    this.#now = second;
    for (const name of NAMES) this.#fields[name].show(String(second[name]));
  }

  #field(scope: Scope, name: Name) {
    const other = name === "a" ? "b" : "a";
    return new Field(scope, `patch-${name}`, `Second addition, ${name === "a" ? "X" : "Y"}`, {
      changed: (value) => this.#change({ ...this.#now, [name]: Number(value) }),
      pasted: (text) => this.#paste(name, text),
      refused: (why) => this.#refuse(why),
      left: (way, at) => {
        if ((way === 1) === (name === "a")) this.#fields[other].focus(at);
      },
      done: () => this.#fields[other].focus(),
    });
  }

  #change(second: Addition) {
    this.#refuse("");
    this.#now = second;
    this.#chosen(second);
  }

  #paste(name: Name, text: string) {
    const found = read(text);
    if (found?.kind === "number") this.#change({ ...this.#now, [name]: Number(found.value) });
    else if (found?.kind === "sum") this.#change({ a: Number(found.a), b: Number(found.b) });
    else this.#refuse(found?.why ?? "What was pasted is no number");
  }

  #refuse(why: string) {
    setText(this.#fault, why);
    this.#fault.hidden = why === "";
  }
}
