// Small controls: the menu of downloads, and buttons that copy.

import { announce, byId } from "./dom.js";

/** A menu closes when its work is done, by Escape, and when the focus or a click goes elsewhere. */
export function wireMenu() {
  const menu = /** @type {HTMLDetailsElement} */ (byId("downloads"));
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
  addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) close();
  });
  for (const choice of menu.querySelectorAll("button")) choice.addEventListener("click", close);
}

export function wireCopyButtons() {
  for (const copy of document.querySelectorAll("button[data-copy]")) {
    const code = copy.parentElement?.querySelector("code")?.textContent ?? "";
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code);
      copy.textContent = "Copied";
      announce("Copied");
    });
    if (copy instanceof HTMLElement) copy.hidden = !navigator.clipboard;
  }
}
