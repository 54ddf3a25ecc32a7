// The form of a training run, made from the trainer's own table of settings.

import { fresh_seed } from "./adderscope.js";
import { button, byId, el } from "./dom.js";

/** @typedef {import("./library.js").TrainerLibrary} TrainerLibrary */
/** @typedef {import("./trainer.js").TrainingField} TrainingField */
/** @typedef {Record<string, string>} Texts settings as text, by name */

/** What everyone chooses, and what it is called where the others have half a sentence. @type {Record<string, string>} */
const MAIN = { arch: "Architecture", seed: "Training seed", steps: "Steps" };
/** More seeds than this at a time are hard to tell apart. */
const MOST_SEEDS = 32;
/** A fresh seed is short enough to be told to someone. */
const FRESH_SEEDS = 100_000n;

const input = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));
const upper = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What a person fills in. @param {TrainingField} field @param {string} id */
function controlOf({ kind, default: value, choices }, id) {
  if (kind === "choice") return el("select", { id }, ...choices.map((each) => el("option", { selected: each === value }, each)));
  if (kind === "switch") return el("input", { id, type: "checkbox", checked: value === "true" });
  const digits = kind === "number" ? "decimal" : null;
  return el("input", { id, type: "text", value, inputmode: digits, autocomplete: "off", spellcheck: "false" });
}

/** @param {TrainingField} field */
function rowOf(field) {
  const id = `train-${field.name}`;
  const control = controlOf(field, id);
  control.setAttribute("aria-describedby", `${id}-fault`);
  const main = MAIN[field.name];
  const label = main ? [main] : [upper(field.about), " ", el("code", {}, field.name)];
  return el(
    "div",
    { class: "field", "data-field": field.name, "data-kind": field.kind },
    el("label", { for: id }, ...label),
    control,
    el("p", { class: "fault", id: `${id}-fault`, role: "alert", hidden: true }),
  );
}

/** A row for the first and the last seed of a lottery. */
function seedsRow() {
  const end = (/** @type {string} */ id, /** @type {string} */ value, /** @type {string} */ name) =>
    el("input", { id, type: "text", value, inputmode: "numeric", autocomplete: "off", "aria-label": name, "aria-describedby": "train-seeds-fault" });
  return el(
    "div",
    { class: "field seeds", "data-field": "seeds", hidden: true },
    el("label", { for: "train-first" }, "Seeds"),
    el("span", {}, end("train-first", "0", "First seed"), " to ", end("train-last", "7", "Last seed")),
    el("p", { class: "fault", id: "train-seeds-fault", role: "alert", hidden: true }),
  );
}

/** @param {string} name of a setting, or `seeds` @param {string} message empty: it serves */
function showFault(name, message) {
  const fault = document.getElementById(`train-${name}-fault`) ?? byId("train-fault");
  fault.textContent = message;
  fault.hidden = message === "";
  const fields = name === "seeds" ? [input("train-first"), input("train-last")] : [document.getElementById(`train-${name}`)];
  for (const field of fields) {
    if (message) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
}

/** The seeds of a lottery, or what is wrong with them. @param {TrainerLibrary} library @returns {number[] | string} */
function seedsGiven({ check_settings }) {
  const [first = NaN, last = NaN] = ["train-first", "train-last"].map((id) => {
    const text = input(id).value.trim();
    return check_settings({ seed: text }).length === 0 ? Number(text) : NaN;
  });
  if (Number.isNaN(first) || Number.isNaN(last)) return "seeds are whole numbers from 0, like 0 to 7";
  if (last < first) return `the last seed, ${last}, is before the first, ${first}`;
  if (last - first >= MOST_SEEDS) return `${last - first + 1} seeds are more than ${MOST_SEEDS} at a time`;
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

const isLottery = () => /** @type {HTMLInputElement} */ (document.querySelector("#train-kind input[value=lottery]")).checked;

/**
 * Builds the form and returns what reads it: one list of settings for each run, or null where something does not serve.
 * @param {TrainerLibrary} library
 * @returns {() => Texts[] | null}
 */
export function settingsForm(library) {
  const fields = library.training_fields();
  for (const field of fields) byId(MAIN[field.name] ? "train-main" : "train-rest").append(rowOf(field));
  const seed = document.querySelector('[data-field="seed"]');
  const dice = button("Random", () => {
    input("train-seed").value = String(BigInt(fresh_seed()) % FRESH_SEEDS);
    showFault("seed", "");
  }, { "aria-label": "Random seed" });
  input("train-seed").after(dice);
  seed?.after(seedsRow());
  byId("train-kind").addEventListener("change", () => {
    for (const [name, shown] of /** @type {const} */ ([["seed", !isLottery()], ["seeds", isLottery()]])) {
      document.querySelector(`[data-field="${name}"]`)?.toggleAttribute("hidden", !shown);
    }
    byId("train-start").textContent = isLottery() ? "Train them all" : "Train";
  });
  return () => read(library, fields);
}

/** @param {TrainerLibrary} library @param {TrainingField[]} fields */
function read(library, fields) {
  /** @type {Texts} */
  const texts = {};
  for (const { name, kind } of fields) {
    const control = input(`train-${name}`);
    texts[name] = kind === "switch" ? String(control.checked) : control.value;
    showFault(name, "");
  }
  showFault("seeds", "");
  showFault("", "");
  if (isLottery()) texts["seed"] = "0"; // the field is not shown
  const faults = library.check_settings(texts);
  const seeds = isLottery() ? seedsGiven(library) : [texts["seed"] ?? ""];
  if (typeof seeds === "string") faults.push({ name: "seeds", message: seeds });
  for (const { name, message } of faults) showFault(name, message);
  if (typeof seeds === "string" || faults.length > 0) {
    const first = /** @type {HTMLElement | null} */ (document.querySelector("#train-form [aria-invalid]"));
    const folded = first?.closest("details");
    if (folded) folded.open = true;
    first?.focus();
    return null;
  }
  return seeds.map((each) => ({ ...texts, seed: String(each) }));
}
