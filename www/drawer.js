// The drawers at the window's side: one is open at a time.

import { byId } from "./dom.js";
import { drawn } from "./plot.js";

/** How much of a drawing is enough to follow it, and how far it stays from what covers the page, in CSS pixels. */
const [ENOUGH, ROOM] = [0.6, 16];

/** What a drawer changes is seen: where no panel is in sight, the page moves to the first. @param {HTMLElement} drawer */
export async function bringPanels(drawer) {
  await drawn(); // beside the drawer they have other widths
  if (drawer.hidden) return;
  const boxOf = (/** @type {Element} */ element) => element.getBoundingClientRect();
  const [beside, film] = [boxOf(drawer).left > 0, byId("film")];
  const above = Math.max(0, boxOf(byId("bar")).bottom);
  const below = Math.min(beside ? innerHeight : boxOf(drawer).top, film.hidden ? innerHeight : boxOf(film).top);
  const drawings = [...document.querySelectorAll("[data-panel] canvas")].map(boxOf).filter(({ height }) => height > 0);
  const isSeen = (/** @type {DOMRect} */ { top, bottom, height }) => Math.min(bottom, below) - Math.max(top, above) > ENOUGH * height;
  const [first] = drawings;
  if (!first || drawings.some(isSeen)) return;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  scrollBy({ top: Math.min(first.bottom + ROOM - below, first.top - ROOM - above), behavior });
}

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
    byId(`${name}-title`).focus({ preventScroll: true });
  };
  opener.addEventListener("click", () => (drawer.hidden ? open() : close()));
  byId(`${name}-close`).addEventListener("click", close);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], .menu[open]")) close();
  });
  return open;
}
