// The facts of a model as other programs take them.

export interface Told {
  readonly label: string;
  readonly value: string;
}

/** As they stand on the page. */
export function factsOn(root: HTMLElement): Told[] {
  const text = (element: Element | null | undefined) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
  return [...root.querySelectorAll("[data-fact]")].map((fact) => ({
    label: text(fact.querySelector("dt")),
    value: text(fact.querySelector("dd")),
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

const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The same as CSV; numbers without the narrow spaces between their digits. */
export function csv(facts: readonly Told[]) {
  const rows = facts.map(({ label, value }) => [label, value.replaceAll("\u202f", "")].map(cell).join(","));
  return `${["fact,value", ...rows].join("\n")}\n`;
}
