// One addition, as the model answers it: the right answer beside its own, place by place, and by how much the right digit
// leads.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { button, closesOnBackdrop, el } from "../dom.js";
import { grouped } from "../format.js";
import type { AdditionTrace } from "../library-types.js";
import type { Scope } from "../scope.js";
import { places, type Place } from "./answer.js";
import { leadText, sum } from "./words.js";

interface Addition {
  readonly a: number;
  readonly b: number;
}

interface On {
  closed: () => void;
  failed: (error: unknown) => void;
}

/** What the model says of it, in a sentence. */
export function verdictOf({ a, b, answer, correct }: Pick<AdditionTrace, "a" | "b" | "answer" | "correct">) {
  if (correct) return `The model says ${grouped(answer)}, which is right.`;
  return `The model says ${grouped(answer)}, and ${grouped(a + b)} is right.`;
}

/** A digit of the model's answer: what is wrong bears a sign that is not its colour alone. */
function said({ said, isRight }: Place) {
  if (isRight) return el("td", {}, String(said), el("small", { "aria-label": "right" }, "✓"));
  return el("td", { class: "wrong" }, el("b", {}, String(said)), el("small", { "aria-label": "wrong" }, "✗"));
}

function table(all: readonly Place[], caption: string) {
  const row = (name: string, cells: (place: Place) => Node) =>
    el("tr", {}, el("th", { scope: "row" }, name), ...all.map(cells));
  const text = (of: (place: Place) => string) => (place: Place) => el("td", {}, of(place));
  return el(
    "table",
    { class: "places" },
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, el("td"), ...all.map(({ name }) => el("th", { scope: "col" }, name)))),
    el(
      "tbody",
      {},
      row(
        "a",
        text(({ a }) => a),
      ),
      row(
        "b",
        text(({ b }) => b),
      ),
      row(
        "a + b",
        text(({ right }) => String(right)),
      ),
      row("the model says", said),
      row(
        "lead of the right digit",
        text(({ lead }) => leadText(lead)),
      ),
    ),
  );
}

export class AdditionView {
  readonly #client;
  readonly #on;
  readonly #dialog;
  readonly #title;
  readonly #sentence = el("p", { class: "sentence" });
  readonly #table;
  #shown: Addition | null = null;

  constructor(scope: Scope, client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#on = on;
    const id = scope.id("addition-title");
    this.#title = el("h2", { id });
    this.#table = el("div", {
      class: "scroll",
      tabindex: 0,
      role: "region",
      "aria-label": "The answer, place by place",
    });
    const close = () => on.closed();
    const note = "The lead is the right digit’s logit less the largest other one, with the right digits before it.";
    this.#dialog = el(
      "dialog",
      { class: "large addition", id: scope.id("addition"), "aria-labelledby": id },
      el(
        "div",
        { class: "frame" },
        el(
          "header",
          {},
          this.#title,
          el("span", { class: "grow" }),
          el("span", { class: "steps" }, button("Close", close)),
        ),
        this.#sentence,
        this.#table,
        el("p", { class: "aside" }, note),
        el("p", { class: "unseen", "aria-live": "polite" }),
      ),
    );
    this.#dialog.addEventListener("close", () => {
      if (!this.#dialog.open) close(); // it may have been opened again meanwhile
    });
    closesOnBackdrop(this.#dialog, close);
    scope.root.append(this.#dialog);
  }

  /** Shows an addition, or none. */
  show(addition: Addition | null) {
    this.#shown = addition;
    if (!addition) return this.#dialog.close();
    void this.#look(addition);
  }

  /** The model is another one: what is shown is asked again. */
  renew() {
    if (this.#shown) void this.#look(this.#shown);
  }

  async #look(addition: Addition) {
    try {
      const trace = await this.#client.call("trace", addition);
      if (this.#shown !== addition) return;
      const words = verdictOf(trace);
      this.#title.textContent = sum(trace);
      this.#sentence.textContent = words;
      this.#table.replaceChildren(table(places(trace), `${sum(trace)}. ${words}`));
      if (!this.#dialog.open) this.#dialog.showModal();
    } catch (error) {
      if (error instanceof Late || this.#shown !== addition) return;
      this.#on.closed();
      this.#on.failed(error);
    }
  }
}
