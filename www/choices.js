// The choices at the top: which alignment, which theme.

import { byId } from "./dom.js";
import { setState, state } from "./state.js";

/** What the system prefers. */
export const dark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {"light" | "dark"} */
export function theme() {
  const chosen = state().theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return dark.matches ? "dark" : "light";
}

/** Radio buttons write the state; the state, however it changed, writes the radio buttons. */
export function wireChoices() {
  for (const field of /** @type {const} */ (["alignment", "theme"])) {
    const group = byId(field);
    group.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) setState({ [field]: target.value });
    });
  }
}

export function showChoices() {
  for (const field of /** @type {const} */ (["alignment", "theme"])) {
    for (const input of byId(field).querySelectorAll("input")) input.checked = input.value === state()[field];
  }
  const { theme: chosen } = state();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
