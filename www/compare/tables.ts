// Two models side by side as tables: facts, settings, weights, and which additions which of them answers right.

import { button, el, section, tableOf } from "../dom.js";
import { counted, grouped } from "../format.js";
import type { Answers, ComparisonTold, KindOf, SideBySide, TensorPair } from "../library-types.js";
import { sumText } from "../sum/words.js";
import { COLUMNS, change, countOf, factsOf, saidOf, sentence } from "./words.js";

type Show = (a: number, b: number) => void;

/** Of AdderBoard's differences, so many are listed. */
const LISTED = 20;

const region = (name: string, table: Node) =>
  el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, table);

export const factsTable = (sides: SideBySide, told: ComparisonTold | null) => {
  const table = tableOf({ columns: COLUMNS, rows: factsOf(sides, told) }, "Facts of both");
  return el("div", { class: "compare-facts" }, region("Facts", table));
};

/** An addition, a click away. */
function example(answers: Answers | null | undefined, show: Show) {
  if (!answers) return null;
  const { a, b } = answers;
  const way = button(sumText(answers), () => show(a, b), { class: "link" });
  return el("span", { class: "example" }, way, `: ${saidOf(answers)}`);
}

function kindOf(kind: KindOf, show: Show) {
  const rules = kind.rules.map((rule) => {
    const shown = example(rule.example, show);
    const where = rule.digit === null ? rule.text : `where ${rule.text}`;
    return el("li", {}, `${where}: ${grouped(rule.count)}`, shown ? ", as " : "", shown);
  });
  const shown = example(kind.example, show);
  return el(
    "div",
    { "data-kind": kind.who },
    el("dt", {}, kind.title),
    el("dd", {}, el("strong", { class: "number" }, countOf(kind)), shown ? " " : "", shown),
    rules.length > 0 ? el("dd", {}, el("ul", {}, ...rules)) : null,
  );
}

/** Which additions which model answers right. */
export const kindsOf = (told: ComparisonTold, show: Show) =>
  section(
    "Where they differ",
    el("p", { class: "note" }, sentence(told)),
    el("dl", {}, ...told.comparison.kinds.map((kind) => kindOf(kind, show))),
  );

/** AdderBoard's suite. */
export function suiteOf({ suite: { total, differences } }: SideBySide, show: Show) {
  if (differences.length === 0) {
    return el("p", {}, `Of AdderBoard’s ${grouped(total)} both answer the same ones right.`);
  }
  const list = differences.slice(0, LISTED).map((answers) => el("li", {}, example(answers, show)));
  const more = differences.length > LISTED ? `, the first ${LISTED} of them` : "";
  const title = `AdderBoard: ${counted(differences.length, "addition")} that one alone answers right${more}`;
  return el("details", {}, el("summary", {}, title), el("ul", {}, ...list));
}

/** Settings of the architecture that are not the same. */
export function settingsOf({ settings }: SideBySide) {
  if (settings.length === 0) return el("p", {}, "The architecture is the same.");
  const rows = settings.map(({ name, a, b }) => [name, a, b]);
  return region("Settings", tableOf({ columns: ["setting", "A", "B"], rows }, "Settings that differ"));
}

function rowsOf({ name, numbers, apart }: TensorPair) {
  if (apart !== null) return [[name, "", apart, "", "", ""]];
  return numbers.map(({ subscript, place, a, b, delta }) => [
    `${name}${subscript}`,
    place,
    "",
    String(Math.fround(a)),
    String(Math.fround(b)),
    change(delta),
  ]);
}

/** Every number of both. */
export function weightsOf({ tensors }: SideBySide) {
  const rows = tensors
    .flatMap(rowsOf)
    .map(([name = "", place = "", apart = "", a = "", b = "", delta = ""]) =>
      apart === "" ? [name, place, a, b, delta] : [name, apart, "–", "–", "–"],
    );
  const differ = tensors.flatMap(({ numbers }) => numbers).filter(({ delta }) => delta !== 0).length;
  const table = tableOf({ columns: ["number", "place", "A", "B", "Δ = B − A"], rows }, "Weights of both", true);
  return el(
    "details",
    { class: "compare-weights" },
    el("summary", {}, `Weights: ${counted(differ, "number")} ${differ === 1 ? "differs" : "differ"}`),
    region("Weights", table),
  );
}
