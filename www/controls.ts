// Small controls: the menu of downloads, and buttons that copy.

import type { Scope } from "./scope.js";

/** The menus of the bar. */
export function wireMenus(scope: Scope) {
  for (const menu of scope.root.querySelectorAll<HTMLDetailsElement>("details.menu")) wireMenu(scope, menu);
}

/** A menu closes when its work is done, by Escape, and when the focus or a click goes elsewhere. */
function wireMenu(scope: Scope, menu: HTMLDetailsElement) {
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary")?.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  const elsewhere = ({ target }: Event) => {
    if (target instanceof Node && !menu.contains(target)) close();
  };
  addEventListener("pointerdown", elsewhere, { signal: scope.signal });
  for (const choice of menu.querySelectorAll("button")) choice.addEventListener("click", close);
}

/** How long, in milliseconds, a button says that it has copied. */
const SAID = 2000;

/** A button copies a text; where the browser lets no page do so it is hidden. Its name stays what it does. */
export function copies(scope: Scope, copy: HTMLElement, text: string) {
  const words = copy.textContent;
  let timer: ReturnType<typeof setTimeout> | undefined;
  copy.setAttribute("aria-label", words);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      return scope.fail(error);
    }
    copy.textContent = "Copied";
    scope.announce("Copied");
    clearTimeout(timer);
    timer = setTimeout(() => (copy.textContent = words), SAID);
  });
  copy.hidden = !("clipboard" in navigator);
}

/** Those beside code. */
export function wireCopyButtons(scope: Scope) {
  for (const copy of scope.root.querySelectorAll<HTMLElement>("button[data-copy]")) {
    copies(scope, copy, copy.parentElement?.querySelector("code")?.textContent ?? "");
  }
}
