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

export function wireCopyButtons(scope: Scope) {
  for (const copy of scope.root.querySelectorAll<HTMLElement>("button[data-copy]")) {
    const code = copy.parentElement?.querySelector("code")?.textContent ?? "";
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code);
      copy.textContent = "Copied";
      scope.announce("Copied");
    });
    copy.hidden = !navigator.clipboard;
  }
}
