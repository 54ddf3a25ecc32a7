// The reader's theme, kept across visits where the browser keeps anything.

import { THEMES, type ThemeChoice } from "./state.js";

/** What is used of localStorage. */
type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const KEY = "adderscope theme";

/** @param storage gives it, or throws: a browser can be told to keep nothing */
export function keptTheme(storage: () => Kept): ThemeChoice {
  try {
    return THEMES.find((each) => each === storage().getItem(KEY)) ?? "system";
  } catch {
    return "system";
  }
}

export function keepTheme(storage: () => Kept, theme: ThemeChoice) {
  try {
    if (theme === "system") storage().removeItem(KEY);
    else storage().setItem(KEY, theme);
  } catch {
    // then it is the next visit's to choose again
  }
}
