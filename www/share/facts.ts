// The facts of a model as other programs take them.

export interface Told {
  readonly label: string;
  readonly value: string;
}

/** What an element says, without buttons that lead on; the narrow spaces between digits stay. */
function wordsIn(element: Element | null): string {
  const copy = element?.cloneNode(true);
  if (!(copy instanceof Element)) return "";
  for (const leads of copy.querySelectorAll("button:not(.term)")) leads.remove();
  return copy.textContent.replace(/[ \t\n\r]+/g, " ").trim();
}

/** As they stand on the page. */
export function factsOn(root: HTMLElement): Told[] {
  return [...root.querySelectorAll("[data-fact]")].map((fact) => ({
    label: wordsIn(fact.querySelector("dt")),
    value: wordsIn(fact.querySelector("dd")),
  }));
}

/** What LaTeX takes for something else. */
const SPECIAL: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "\u202f": "\\,",
  "−": "$-$",
  "×": "$\\times$",
  "≤": "$\\leq$",
  "≥": "$\\geq$",
  "…": "\\ldots{}",
};

/** Digits that are written above the line. */
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

const escaped = (text: string) =>
  text
    .replace(/[&%$#_{}]/g, "\\$&")
    .replace(/\\(?![&%$#_{}])|[~^\u202f−×≤≥…]/g, (found) => SPECIAL[found] ?? found)
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (digits) => `$^{${[...digits].map((digit) => RAISED.indexOf(digit)).join("")}}$`);

/** A table for LaTeX, without packages. */
export function latex(facts: readonly Told[], caption: string) {
  const rows = facts.map(({ label, value }) => `  ${escaped(label)} & ${escaped(value)} \\\\`);
  return `% ${caption}\n\\begin{tabular}{lr}\n  \\hline\n${rows.join("\n")}\n  \\hline\n\\end{tabular}\n`;
}

/** A negative number, which begins as a formula does. */
const NEGATIVE = /^-[\d.]+(e-?\d+)?( ?%)?$/;

function cell(text: string) {
  // What a file calls its numbers is nothing for a spreadsheet to compute.
  const safe = /^[=+@-]/.test(text) && !NEGATIVE.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The same as CSV; numbers as programs read them, without narrow spaces between their digits and with the minus of a keyboard. */
export function csv(facts: readonly Told[]) {
  const rows = facts.map(({ label, value }) =>
    [label, value.replaceAll("\u202f", "").replaceAll("−", "-")].map(cell).join(","),
  );
  return `${["fact,value", ...rows].join("\n")}\n`;
}
