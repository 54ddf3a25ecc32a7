// The drawers at the window's side: one is open at a time.

import { byId } from "./dom.js";

/** Closes the drawer that was opened last, if it is still open. */
let closeOther = () => {};

/**
 * Wires the drawer #NAME with its opener, its Close and Escape. Opening moves the focus to its title, closing brings it back.
 * @param {"train" | "weights"} name
 * @param {() => void} [opens] called when it opens
 * @returns {() => void} opens it, if it is closed
 */
export function wireDrawer(name, opens = () => {}) {
  const [drawer, opener] = [byId(name), byId(`${name}-open`)];
  const show = (/** @type {boolean} */ open) => {
    drawer.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    // What the page leaves room for.
    if (open) document.body.dataset.drawer = name;
    else delete document.body.dataset.drawer;
  };
  const close = () => {
    if (drawer.hidden) return;
    const hadFocus = drawer.contains(document.activeElement) || document.activeElement === document.body;
    show(false);
    if (hadFocus) opener.focus();
  };
  const open = () => {
    if (!drawer.hidden) return;
    closeOther();
    closeOther = close;
    show(true);
    opens();
    byId(`${name}-title`).focus();
  };
  opener.addEventListener("click", () => (drawer.hidden ? open() : close()));
  byId(`${name}-close`).addEventListener("click", close);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], .menu[open]")) close();
  });
  return open;
}
