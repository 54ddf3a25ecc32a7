// The drawers at the window's side: one is open at a time.

import type { Scope } from "./scope.js";
import type { Tool } from "./state/state.js";

/** How much of a drawing is enough to follow it, and how far it stays from what covers the page, in CSS pixels. */
const [ENOUGH, ROOM] = [0.6, 16];

/** What a drawer changes is seen: where no panel is in sight, the page moves to the first. */
export async function bringPanels(scope: Scope, drawer: HTMLElement) {
  await scope.drawings.settled(); // beside the drawer they have other widths
  if (drawer.hidden) return;
  const boxOf = (element: Element) => element.getBoundingClientRect();
  const [beside, film] = [boxOf(drawer).left > 0, scope.byId("film")];
  const above = Math.max(0, boxOf(scope.byId("bar")).bottom);
  const below = Math.min(beside ? innerHeight : boxOf(drawer).top, film.hidden ? innerHeight : boxOf(film).top);
  const drawings = [...scope.root.querySelectorAll("[data-panel] canvas")]
    .map(boxOf)
    .filter(({ height }) => height > 0);
  const isSeen = ({ top, bottom, height }: DOMRect) => Math.min(bottom, below) - Math.max(top, above) > ENOUGH * height;
  const [first] = drawings;
  if (!first || drawings.some(isSeen)) return;
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  scrollBy({ top: Math.min(first.bottom + ROOM - below, first.top - ROOM - above), behavior });
}

/** A drawer as the state has it, with its Close and Escape: they tell what is wanted, as its opener does. */
export interface Drawer {
  show(isOpen: boolean): void;
}

interface On {
  /** This drawer is wanted open, or closed. */
  wanted: (isOpen: boolean) => void;
  /** It is open now. */
  opened: () => void;
}

/** Wires the drawer #NAME. Opening moves the focus to its title, closing brings it back. */
export function wireDrawer(scope: Scope, name: Tool, on: On): Drawer {
  const [drawer, opener] = [scope.byId(name), scope.byId(`${name}-open`)];
  const isOpen = () => scope.root.dataset.drawer === name;
  const close = () => {
    if (isOpen()) on.wanted(false);
  };
  scope.byId(`${name}-close`).addEventListener("click", close);
  scope.on("keydown", ({ key, defaultPrevented }) => {
    if (key === "Escape" && !defaultPrevented && !scope.root.querySelector("dialog[open], .menu[open]")) close();
  });
  return {
    show(opens) {
      if (isOpen() === opens) return;
      const hadFocus = drawer.contains(document.activeElement) || document.activeElement === document.body;
      drawer.hidden = !opens;
      opener.setAttribute("aria-expanded", String(opens));
      // What the page leaves room for.
      if (opens) scope.root.dataset.drawer = name;
      else delete scope.root.dataset.drawer;
      if (opens) {
        on.opened();
        scope.byId(`${name}-title`).focus({ preventScroll: true });
      } else if (hadFocus) {
        opener.focus();
      }
    },
  };
}
