// The additions that a model gets wrong, in a dialog.

import { button, closesOnBackdrop, el, tableOf } from "./dom.js";
import { grouped } from "./format.js";
import type { Failures } from "./library-types.js";
import type { Scope } from "./scope.js";
import { digitsOf } from "./wrong-digits.js";

/** What opens the list of wrong answers; null where there are none. */
export const wrongButton = (wrong: number, opened: () => void) =>
  wrong > 0 ? button(`${grouped(wrong)} wrong…`, opened, { class: "link" }) : null;

/** The dialog closes by its own button. */
export function wireFailures(scope: Scope) {
  const dialog = scope.byId("failures", HTMLDialogElement);
  scope.byId("failures-close").addEventListener("click", () => dialog.close());
  closesOnBackdrop(dialog, () => dialog.close());
}

export function showFailures(scope: Scope, { wrong, listed }: Failures) {
  const rows = listed.map(({ a, b, expected, got }) => [a, b, expected, got]);
  const table = tableOf(
    { columns: ["a", "b", "a + b", "the model says"], rows },
    "Additions that the model gets wrong",
  );
  for (const [at, row] of [...table.querySelectorAll("tbody tr")].entries()) markWrong(row, listed[at]?.expected ?? "");
  scope.byId("failures-title").textContent =
    listed.length < wrong
      ? `The first ${grouped(listed.length)} of ${grouped(wrong)} wrong additions`
      : `${grouped(wrong)} wrong additions`;
  scope.byId("failures-table").replaceChildren(table);
  scope.byId("failures", HTMLDialogElement).showModal();
}

/** Sets the digits of the answer, which is the last cell, that differ from the sum apart. */
function markWrong(row: Element, expected: string) {
  const cell = row.lastElementChild;
  const digits = digitsOf(cell?.textContent ?? "", expected);
  cell?.replaceChildren(...digits.map(({ text, isWrong }) => (isWrong ? el("b", {}, text) : text)));
}
