// The views of an embed: each draws one thing of what is shown.

import { Drawings } from "../drawings.js";
import { el, tableOf } from "../dom.js";
import { fixed } from "../format.js";
import { Linked } from "../linked.js";
import { MAP, RULER } from "../map.js";
import { Plot, type Around, type Content } from "../plot.js";
import { largest } from "../steps/words.js";
import type { Answered, Mark, PanelText, Steps, Table } from "../whole.js";
import { OWN_VIEWS } from "./asked.js";
import { Model } from "./model.js";
import type { Looked } from "./panel.js";

/** What is to be seen. */
export interface Seen {
  readonly model: Model;
  readonly answered: Answered;
  /** With the addition and the digit. */
  readonly looked: Required<Looked>;
  readonly theme: "light" | "dark";
  /** Why there is no verdict on all additions; empty where there is one, or will be. */
  readonly why: string;
}

/** What a view says beside its picture. */
export interface Words {
  readonly title: string;
  readonly aside: string;
  readonly sentence: string;
  readonly table: Pick<Table, "columns" | "rows"> | null;
}

export interface View {
  readonly element: HTMLElement;
  show(seen: Seen): Words;
  /** Gives back what it holds. */
  end(): void;
}

interface On {
  /** A mark was chosen, by a click or by Space. */
  selected: (mark: Pick<Mark, "item" | "label" | "value">) => void;
  announce: (text: string) => void;
  failed: (why: string) => void;
}

/** No drawing is lower than this, in CSS pixels; what has no room for it is scrolled. Lanes of the ruler must be told apart. */
const LEAST = 140;
const LEAST_RULER = 220;
/** Places that have a row of their own. */
const SOURCES = 8;

/** A panel on a canvas, with its values under the pointer and by keyboard. */
export class PanelView implements View {
  readonly element = el("div", { class: "body" });
  readonly #key;
  readonly #end = new AbortController();
  readonly #plot;
  readonly #note = el("p", { class: "note", hidden: true });

  constructor(key: string, on: On) {
    this.#key = key;
    const linked = new Linked();
    const { signal } = this.#end;
    const around: Around = {
      announce: on.announce,
      drawings: new Drawings(signal),
      id: (name) => name,
      linked,
      signal,
    };
    const tell = (item: string) => {
      const mark = this.#marks().find((each) => each.item === item);
      on.selected({ item, label: mark?.label ?? "", value: mark?.value ?? "" });
    };
    const chosen = (item: string) => {
      tell(item);
      return true;
    };
    linked.hearing = { pointed: () => {}, pinned: tell };
    const fit = (wanted: number) => this.#fit(wanted);
    this.#plot = new Plot(around, { failed: on.failed, chosen, fit });
    around.drawings.add(this.#plot, this.element); // it may become higher, and no wider
    this.element.append(this.#plot.element, this.#note);
  }

  /** The map is of no use in less than it wants. */
  #fit(wanted: number) {
    const least = this.#key === MAP ? wanted : this.#key === RULER ? LEAST_RULER : LEAST;
    const { classList, clientHeight } = this.element;
    classList.toggle("scrolled", least > clientHeight);
    return Math.max(Math.floor(least), clientHeight);
  }

  /** Of what was drawn last. */
  #marks: () => Mark[] = () => [];

  show({ model, looked, theme, why }: Seen): Words {
    const panel = model.known(this.#key, looked);
    // Others draw of the model too, at any time: all that is drawn here is made ready for it.
    const figure: Content["figure"] = {
      aspect: (...asked) => panel.prepared().aspect(...asked),
      draw: (...asked) => panel.prepared().draw(...asked),
      marks: (...asked) => panel.prepared().marks(...asked),
    };
    const words: PanelText | null = panel.words();
    const [title, sentence] = [words?.title ?? "", words?.sentence ?? ""];
    const note = this.#key === MAP && words?.note && why !== "" ? why : (words?.note ?? null);
    this.#note.textContent = note;
    this.#note.hidden = note === null;
    this.#plot.element.hidden = note !== null;
    const width = () => Math.floor(this.#plot.element.clientWidth);
    this.#marks = () => {
      const height = this.#fit(figure.aspect(this.#key, width()));
      return panel.marks({ width: width(), height, theme });
    };
    const name = `${title}. ${sentence}`;
    this.#plot.show(note === null ? { figure, panel: this.#key, alignment: looked.alignment, theme, name } : null);
    return {
      title,
      aside: words?.aside ?? "",
      sentence: note ?? sentence,
      table: words?.has_table ? panel.table() : null,
    };
  }

  end() {
    this.#end.abort();
  }
}

/** The twelve panels, as one picture. */
export class WholeView implements View {
  readonly #canvas = el("canvas", { role: "img" });
  readonly element = el("div", { class: "body whole" }, this.#canvas);

  show({ model, looked, theme }: Seen): Words {
    const panel = model.panel("figure", looked);
    panel.draw(this.#canvas, { theme });
    const { name, facts } = model.summary();
    const sentence = `The twelve panels of a model of ${name}.`;
    this.#canvas.setAttribute("aria-label", sentence);
    const rows = facts.map(({ label, value }) => [label, value]);
    return { title: name, aside: "", sentence, table: { columns: ["fact", "value"], rows } };
  }

  end() {}
}

/** The addition alone: its answer is above. */
export class SumView implements View {
  readonly element = el("div", { class: "body none" });

  show({ answered }: Seen): Words {
    const rows = answered.places.map(({ digit, x, y, carry, right, said, lead }) =>
      [`Z${digit}`, x, y, carry, right, said, lead === null ? null : fixed(lead, 3)].map((each) => String(each ?? "")),
    );
    const columns = ["digit", "X", "Y", "carry", "right", "said", "lead"];
    return { title: "", aside: "", sentence: "", table: { columns, rows } };
  }

  end() {}
}

const three = (value: number) => fixed(value, 3);

function tables({ sources, units, tokens, total, along }: Steps): [string, Pick<Table, "columns" | "rows">][] {
  const { shown, rest } = largest(sources, SOURCES);
  const row = ({ name, token, weight, value, product }: (typeof shown)[number]) => [
    `${name} = ${token}`,
    three(weight.value),
    three(value),
    three(product),
  ];
  const whole = along === "number" ? "s, their sum" : "how far, their sum";
  const looks = [...shown.map(row), ["all others", "", "", three(rest)], [whole, "", "", three(total)]];
  const hidden = units.map(({ before, after }, at) => [String(at), three(before.value), three(after.value)]);
  const said = tokens.map(({ token, logit, probability }) => [String(token), three(logit.value), three(probability)]);
  return [
    ["What its row looks at", { columns: ["place", "weight", "value", "product"], rows: looks }],
    ["Hidden units", { columns: ["unit", "before GELU", "after GELU"], rows: hidden }],
    ["Logits", { columns: ["token", "logit", "probability"], rows: said }],
  ];
}

/** How one digit comes about. */
export class StepsView implements View {
  readonly element = el("div", { class: "body steps", tabindex: 0, role: "group", "aria-label": "Steps" });

  show({ model, looked: { a, b, digit, off } }: Seen): Words {
    const steps = model.steps(a, b, digit, off);
    const title = `Z${digit}, step by step`;
    if (!steps) {
      const note = "A number of this pass is not finite: there are no steps.";
      this.element.replaceChildren(el("p", { class: "note" }, note));
      return { title, aside: "", sentence: note, table: null };
    }
    const { before, said, right } = steps;
    const after = before === null ? "After EQUALS" : `After Z${digit - 1} = ${before}`;
    const sentence = `${after} it says ${said}, ${said === right ? "which is right" : `but ${right} is right`}.`;
    const parts = tables(steps).map(([name, table]) => el("section", {}, el("h3", {}, name), tableOf(table, name)));
    this.element.replaceChildren(...parts);
    return { title, aside: "", sentence, table: null };
  }

  end() {}
}

/** The view of this name. */
export function viewFor(name: string, on: On): View {
  if (name === "sum") return new SumView();
  if (name === "steps") return new StepsView();
  if (name === "figure") return new WholeView();
  const { keys } = Model.panels();
  if (!keys.includes(name)) {
    throw new Error(`There is no view “${name.slice(0, 40)}”: there are ${[...OWN_VIEWS, "map", ...keys].join(", ")}`);
  }
  return new PanelView(name, on);
}
