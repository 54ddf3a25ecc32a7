// The views of one model and one addition, a click or a key apart. Weights and training, drawers beside any of them, are
// opened from the same row.

import type { Scope } from "./scope.js";
import { VIEWS, type State, type View } from "./state/state.js";
import type { Store } from "./state/store.js";

/** What has digits for itself. */
const TYPED = "textarea, select, [contenteditable], input:not([type=range], [type=radio], [type=checkbox])";

/** Shows the view that the state has, and wires the row that changes it. */
export function wireViews(scope: Scope, store: Store) {
  const row = scope.byId("views");
  const buttons = [...row.querySelectorAll("button")];
  for (const each of buttons) {
    const view = VIEWS.find((name) => name === each.dataset.to);
    if (view) each.addEventListener("click", () => store.dispatch({ type: "view", view }));
  }
  scope.on("keydown", (event) => {
    const each = buttons[Number(event.key) - 1];
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    const isTyped = event.target instanceof Element && event.target.closest(TYPED);
    if (!each || each.hidden || isModified || isTyped || event.defaultPrevented) return;
    if (scope.root.querySelector("dialog[open]")) return;
    event.preventDefault();
    each.click();
  });
  const show = (view: View) => {
    scope.root.dataset.view = view;
    for (const each of buttons) {
      if (each.dataset.to === view) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    scope.drawings.all(); // what was out of sight, or has another size
  };
  scope.root.toggleAttribute("data-page", scope.isMain); // what has the window to itself
  show(store.state.view);
  const end = store.subscribe(({ view }: State, changed) => {
    if (!changed.has("view")) return;
    show(view);
    if (scope.isMain) scrollTo(0, 0);
  });
  scope.signal.addEventListener("abort", end);
  keepHeight(scope);
}

/** What stands below the bar must know how high that is, whatever its lines wrap to. */
function keepHeight(scope: Scope) {
  const [bar, sections] = [scope.byId("bar"), scope.byId("sections")];
  const sizes = new ResizeObserver(() => scope.root.style.setProperty("--bar", `${bar.offsetHeight}px`));
  sizes.observe(bar);
  const heights = new ResizeObserver(() => {
    if (scope.root.dataset.view === "overview") scope.drawings.all();
  });
  heights.observe(sections);
  scope.signal.addEventListener("abort", () => {
    sizes.disconnect();
    heights.disconnect();
  });
}
