// The form of a training run, made from the trainer's own table of settings.

import { fresh_seed } from "./adderscope.js";
import { button, el, setText } from "./dom.js";
import { ARITHMETIC, POWER } from "./exact/words.js";
import { capitalised } from "./format.js";
import type { TrainerLibrary, TrainingField } from "./library-types.js";
import type { Scope } from "./scope.js";
import { seedsOf, shortSeed } from "./settings-checks.js";

/** Settings as text, by name. */
export type Texts = Record<string, string>;
type Control = HTMLInputElement | HTMLSelectElement;

/** What everyone chooses, and what it is called where the others have half a sentence. */
const MAIN: Record<string, string> = { arch: "Architecture", seed: "Training seed", steps: "Steps" };

/** What else is to be said of a setting, and its choices in words. */
const MORE: Record<string, { title: string; words: Record<string, string> }> = {
  until: {
    title: `The first evaluation whose model is right on all ${POWER} additions ends it. ${ARITHMETIC}`,
    words: { steps: "its steps", proven: "proven in exact arithmetic" },
  },
};

/** What a person fills in. */
function controlOf({ name, kind, first: value, choices }: TrainingField, id: string) {
  if (kind === "choice") {
    const { title = null, words = {} } = MORE[name] ?? {};
    const option = (each: string) => el("option", { value: each, selected: each === value }, words[each] ?? each);
    return el("select", { id, title }, ...choices.map(option));
  }
  if (kind === "switch") return el("input", { id, type: "checkbox", checked: value === "true" });
  const digits = kind === "number" ? "decimal" : null;
  return el("input", { id, type: "text", value, inputmode: digits, autocomplete: "off", spellcheck: "false" });
}

const faultOf = (id: string) => el("p", { class: "fault", id: `${id}-fault`, role: "alert", hidden: true });

function showFault(fault: HTMLElement, controls: Control[], message: string) {
  fault.textContent = message;
  fault.hidden = message === "";
  for (const control of controls) {
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

class SettingsForm {
  #scope;
  #library;
  #fields;
  #chances;
  /** How often an architecture's seeds learn to add. */
  #chance = el("p", { class: "chance", id: "train-chance" });
  /** By the name of a setting, and `seeds` for the two ends of a lottery. */
  #rows = new Map<string, { element: HTMLElement; controls: Control[]; fault: HTMLElement }>();

  constructor(scope: Scope, library: TrainerLibrary) {
    this.#scope = scope;
    this.#library = library;
    this.#fields = library.training_fields();
    this.#chances = library.training_chances();
    for (const field of this.#fields) {
      scope.byId(MAIN[field.name] ? "train-main" : "train-rest").append(this.#rowOf(field));
    }
    this.#rows.get("seed")?.element.after(this.#seedsRow());
    scope.byId("train-main").append(this.#chance);
    for (const event of ["input", "change"]) {
      scope.byId("train-settings").addEventListener(event, () => this.#showChance());
    }
    this.#showChance();
    const dice = button("Random", () => this.#freshSeed(), { "aria-label": "Random seed" });
    this.#rows.get("seed")?.controls[0]?.after(dice);
    scope.byId("train-kind").addEventListener("change", () => this.#showKind());
  }

  /** One list of settings for each run, or null where something does not serve: that is said. */
  read(): Texts[] | null {
    const texts = this.#texts();
    for (const { fault, controls } of this.#rows.values()) showFault(fault, controls, "");
    const general = this.#scope.byId("train-fault");
    showFault(general, [], "");
    if (this.#isLottery) texts["seed"] = "0"; // the field is not shown
    const faults = this.#library.check_settings(texts);
    const seeds = this.#isLottery ? this.#seeds() : [texts["seed"] ?? ""];
    if (typeof seeds === "string") faults.push({ name: "seeds", message: seeds });
    for (const { name, message } of faults) {
      const { fault, controls } = this.#rows.get(name) ?? { fault: general, controls: [] };
      showFault(fault, controls, message);
    }
    if (typeof seeds !== "string" && faults.length === 0) {
      return seeds.map((each) => ({ ...texts, seed: String(each) }));
    }
    const first = this.#scope.byId("train-form").querySelector<HTMLElement>("[aria-invalid]");
    const folded = first?.closest("details");
    if (folded) folded.open = true;
    first?.focus();
    return null;
  }

  get #isLottery() {
    return this.#scope.byId("train-kind").querySelector<HTMLInputElement>("input[value=lottery]")?.checked ?? false;
  }

  #texts() {
    const texts: Texts = {};
    for (const { name } of this.#fields) {
      const control = this.#rows.get(name)?.controls[0];
      if (!control) continue;
      const isSwitch = control instanceof HTMLInputElement && control.type === "checkbox";
      texts[name] = isSwitch ? String(control.checked) : control.value;
    }
    return texts;
  }

  #seeds() {
    const [first = "", last = ""] = this.#rows.get("seeds")?.controls.map(({ value }) => value) ?? [];
    return seedsOf(first, last, (text) => this.#library.check_settings({ seed: text }).length === 0);
  }

  #freshSeed() {
    const row = this.#rows.get("seed");
    const control = row?.controls[0];
    if (!row || !control) return;
    control.value = shortSeed(fresh_seed());
    this.#showChance();
    showFault(row.fault, row.controls, "");
  }

  /** What the form begins with ends well for sure; of all else, how often. */
  #showChance() {
    const texts = this.#texts();
    const isFirst = !this.#isLottery && this.#fields.every(({ name, first }) => texts[name]?.trim() === first);
    const found = this.#chances.find(({ arch }) => arch === texts["arch"]);
    const sure = isFirst
      ? `As they stand, these settings end with a model that is right on all ${POWER} additions, proven in exact arithmetic. `
      : "";
    setText(
      this.#chance,
      sure + (found?.sentence ?? "Nobody has counted how many seeds of this architecture learn to add."),
    );
  }

  #showKind() {
    this.#rows.get("seed")?.element.toggleAttribute("hidden", this.#isLottery);
    this.#rows.get("seeds")?.element.toggleAttribute("hidden", !this.#isLottery);
    this.#scope.byId("train-start").textContent = this.#isLottery ? "Train them all" : "Train";
  }

  #rowOf(field: TrainingField) {
    const { name, kind, about } = field;
    const id = this.#scope.id(`train-${name}`);
    const [control, fault] = [controlOf(field, id), faultOf(id)];
    control.setAttribute("aria-describedby", fault.id);
    const main = MAIN[name];
    const label = main ? [main] : [capitalised(about), " ", el("code", {}, name)];
    const element = el(
      "div",
      { class: "field", "data-field": name, "data-kind": kind },
      el("label", { for: id }, ...label),
      control,
      fault,
    );
    this.#rows.set(name, { element, controls: [control], fault });
    return element;
  }

  /** A row for the first and the last seed of a lottery. */
  #seedsRow() {
    const fault = faultOf(this.#scope.id("train-seeds"));
    const end = (name: string, value: string, label: string) => {
      const about = { "aria-label": label, "aria-describedby": fault.id };
      return el("input", {
        id: this.#scope.id(name),
        type: "text",
        value,
        inputmode: "numeric",
        autocomplete: "off",
        ...about,
      });
    };
    const [first, last] = [end("train-first", "0", "First seed"), end("train-last", "7", "Last seed")];
    const label = el("label", { for: first.id }, "Seeds");
    const element = el(
      "div",
      { class: "field seeds", "data-field": "seeds", hidden: true },
      label,
      el("span", {}, first, " to ", last),
      fault,
    );
    this.#rows.set("seeds", { element, controls: [first, last], fault });
    return element;
  }
}

/** Builds the form; what it returns reads it: one list of settings for each run, or null where something does not serve. */
export function settingsForm(scope: Scope, library: TrainerLibrary) {
  const form = new SettingsForm(scope, library);
  return () => form.read();
}
