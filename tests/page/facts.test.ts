// The facts of a model, as LaTeX and CSV take them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { csv, latex } from "../../www/share/facts.js";

const facts = [
  { label: "learned parameters", value: "62" },
  { label: "right on all 10²⁰ additions, in exact arithmetic", value: "99\u202f999 of 10²⁰" },
  { label: 'exact_match, "stored" & 100 %', value: "−0.5 \\ {x}" },
  { label: "=HYPERLINK(A1)", value: "−12.5 %" },
];

test("LaTeX takes them as they are", () => {
  assert.equal(
    latex(facts, "62p"),
    [
      "% 62p",
      "\\begin{tabular}{lr}",
      "  \\hline",
      "  learned parameters & 62 \\\\",
      "  right on all 10$^{20}$ additions, in exact arithmetic & 99\\,999 of 10$^{20}$ \\\\",
      '  exact\\_match, "stored" \\& 100 \\% & $-$0.5 \\textbackslash{} \\{x\\} \\\\',
      "  =HYPERLINK(A1) & $-$12.5 \\% \\\\",
      "  \\hline",
      "\\end{tabular}",
      "",
    ].join("\n"),
  );
});

test("CSV has numbers as programs read them, quotes what needs it, and no formula", () => {
  assert.equal(
    csv(facts),
    [
      "fact,value",
      "learned parameters,62",
      '"right on all 10²⁰ additions, in exact arithmetic",99999 of 10²⁰',
      `"exact_match, ""stored"" & 100 %",'-0.5 \\ {x}`,
      "'=HYPERLINK(A1),-12.5 %",
      "",
    ].join("\n"),
  );
});
