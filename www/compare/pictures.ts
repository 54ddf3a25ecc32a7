// The panels of two models: both together, or one of them on axes that hold both.

import type { Compared } from "../channel/protocol.js";
import { el } from "../dom.js";
import { nameOf } from "../download.js";
import type { Alignment, Pair, Theme } from "../library-types.js";
import { RULER } from "../map.js";
import type { Scope } from "../scope.js";
import { SIDES, type SidesChoice } from "../state/state.js";
import { pairPart } from "./pair.js";
import { Picture } from "./picture.js";

const NAMES: Record<SidesChoice, string> = { both: "Both", a: "A", b: "B" };

export class Pictures {
  readonly element;
  readonly #scope;
  readonly #failed;
  readonly #choices;
  readonly #list = el("div");
  readonly #pictures = new Map<string, Picture>();
  #pair: Pair | null = null;
  #name = "";

  /** @param on.chosen someone wants to see both, or one of them */
  constructor(scope: Scope, on: { chosen: (sides: SidesChoice) => void; failed: (message: string) => void }) {
    this.#scope = scope;
    this.#failed = on.failed;
    const group = scope.id("compare-sides");
    this.#choices = SIDES.map((value) => el("input", { type: "radio", name: group, value }));
    const labels = this.#choices.map((input, at) => el("label", {}, input, NAMES[SIDES[at] ?? "both"]));
    const choice = el("fieldset", { class: "choice" }, el("legend", { class: "unseen" }, "Panels show"), ...labels);
    choice.addEventListener("change", () => {
      const chosen = SIDES.find((_, at) => this.#choices[at]?.checked);
      if (chosen) on.chosen(chosen);
    });
    const note = "On common axes: A’s marks are filled and B’s outlined; of maps there is also the difference.";
    this.element = el(
      "section",
      { class: "compare-panels" },
      el("div", { class: "panels-head" }, el("h3", {}, "Panels"), choice),
      el("p", { class: "note" }, note),
      this.#list,
    );
  }

  /** Takes what is known of both. */
  async take({ reports: [a, b], rulers, maps, names }: Compared) {
    const { Pair } = await pairPart();
    this.#free();
    this.#pair = new Pair(a, b);
    this.#pair.set_rulers(...rulers);
    if (maps) this.#pair.set_maps(...maps);
    this.#name = names.map((name) => nameOf(name.split(",")[0] ?? "")).join("-and-");
  }

  draw(sides: SidesChoice, alignment: Alignment, theme: Theme) {
    for (const input of this.#choices) input.checked = input.value === sides;
    const pair = this.#pair;
    if (!pair) return;
    const texts = pair.panels(alignment, sides);
    // Beside the difference of two maps each stands with what is said of it alone.
    const alone = sides === "both" ? { a: pair.panels(alignment, "a"), b: pair.panels(alignment, "b") } : null;
    const said = (key: string, of: SidesChoice) => {
      const all = of === "both" ? texts : (alone?.[of] ?? texts);
      return all.find((text) => text.key === key)?.sentence ?? "";
    };
    const look = { pair, sides, alignment, theme, said, name: this.#name };
    // The ruler says most, and stands first.
    const rulers = texts.filter(({ key }) => key === RULER);
    for (const text of [...rulers, ...texts.filter(({ key }) => key !== RULER)]) {
      this.#pictureOf(text.key).show(text, look);
    }
  }

  #pictureOf(key: string) {
    const known = this.#pictures.get(key);
    if (known) return known;
    const made = new Picture(this.#scope, this.#failed);
    this.#pictures.set(key, made);
    this.#list.append(made.element);
    return made;
  }

  clear() {
    this.#free();
  }

  #free() {
    for (const picture of this.#pictures.values()) picture.clear();
    this.#pair?.free();
    this.#pair = null;
  }
}
