// One addition, as the model answers it: the right answer beside its own, place by place, and by how much the right digit
// leads.

import { Late, type Client } from "../channel/client.js";
import type { LibraryCalls } from "../channel/protocol.js";
import { el } from "../dom.js";
import { grouped } from "../format.js";
import type { AdditionTrace } from "../library-types.js";
import type { Scope } from "../scope.js";
import { places, type Place } from "./answer.js";
import { Dialog } from "./dialog.js";
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

const digit = (text: string) => el("td", { class: "digit" }, text);

/** A digit of the model's answer: what is wrong bears a sign that is not its colour alone. */
function said({ said, isRight }: Place) {
  const sign = el("small", { role: "img", "aria-label": isRight ? "right" : "wrong" }, isRight ? "✓" : "✗");
  return el(
    "td",
    { class: isRight ? "digit" : "digit wrong" },
    isRight ? String(said) : el("b", {}, String(said)),
    sign,
  );
}

/** Each by its name, with a short one. */
const LINES: readonly (readonly [string, string, (place: Place) => HTMLElement])[] = [
  ["a", "a", ({ a }) => digit(a)],
  ["b", "b", ({ b }) => digit(b)],
  ["a + b", "a + b", ({ right }) => digit(String(right))],
  ["the model says", "said", said],
  ["lead of the right digit", "lead", ({ lead }) => el("td", {}, leadText(lead))],
];

/** As a sum is written or, where that has no room, a place a line. */
function table(all: readonly Place[], caption: string, isNarrow: boolean) {
  const lines = LINES.map(([name, short]) => (isNarrow ? short : name));
  const names = all.map(({ name }) => name);
  const [columns, rows] = isNarrow ? [lines, names] : [names, lines];
  const cellsOf = (at: number) =>
    isNarrow
      ? LINES.flatMap(([, , cell]) => all.slice(at, at + 1).map(cell))
      : all.map((place) => LINES[at]?.[2](place) ?? el("td"));
  const head = columns.map((name) => el("th", { scope: "col" }, name));
  const body = rows.map((name, at) => el("tr", {}, el("th", { scope: "row" }, name), ...cellsOf(at)));
  return el(
    "table",
    { class: "places" },
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, el("td"), ...head)),
    el("tbody", {}, ...body),
  );
}

/** Too narrow for eleven places beside each other. */
const NARROW = "(max-width: 699px)";

const NOTE = "The lead is the right digit’s logit less the largest other one, with the right digits before it.";

export class AdditionView {
  readonly #client;
  readonly #on;
  readonly #dialog;
  #shown: Addition | null = null;

  constructor(scope: Scope, client: Client<LibraryCalls>, on: On) {
    this.#client = client;
    this.#on = on;
    this.#dialog = new Dialog(scope, "addition", on.closed);
  }

  /** Shows an addition, or none. */
  show(addition: Addition | null) {
    this.#shown = addition;
    if (addition) void this.#look(addition);
    else this.#dialog.close();
  }

  /** The model is another one: what is shown is asked again. */
  renew() {
    if (this.#shown) void this.#look(this.#shown);
  }

  async #look(addition: Addition) {
    try {
      const trace = await this.#client.call("trace", addition);
      if (this.#shown !== addition) return;
      const { title, sentence, content } = this.#dialog;
      title.textContent = sum(trace);
      sentence.textContent = verdictOf(trace);
      const region = { class: "scroll", tabindex: 0, role: "region", "aria-label": "The answer, place by place" };
      const caption = `${sum(trace)}. ${verdictOf(trace)}`;
      const values = table(places(trace), caption, matchMedia(NARROW).matches);
      content.replaceChildren(el("div", region, values), el("p", { class: "aside" }, NOTE));
      this.#dialog.open();
    } catch (error) {
      if (error instanceof Late || this.#shown !== addition) return;
      this.#on.closed();
      this.#on.failed(error);
    }
  }
}
