// The choices at the top: which alignment, which theme.

import type { Scope } from "./scope.js";

const FIELDS = ["alignment", "theme"] as const;
export type Choice = (typeof FIELDS)[number];

/** Radio buttons tell what was chosen; what is then shown writes the radio buttons. */
export function wireChoices(scope: Scope, on: { chosen: (field: Choice, value: string) => void }) {
  for (const field of FIELDS) {
    scope.byId(field).addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) on.chosen(field, target.value);
    });
  }
}

export function showChoices(scope: Scope, choices: Record<Choice, string>) {
  for (const field of FIELDS) {
    for (const input of scope.byId(field).querySelectorAll("input")) input.checked = input.value === choices[field];
  }
  scope.showTheme(choices.theme);
}
