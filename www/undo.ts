// Edits are taken back and made again: by Ctrl+Z and Ctrl+Shift+Z or Ctrl+Y, and by two buttons in the Weights drawer.

import { button } from "./dom.js";
import type { Scope } from "./scope.js";
import type { Store } from "./state/store.js";

/** What takes back its own typing. */
const TYPED = "input[type=text], input:not([type]), textarea, select, [contenteditable]";

/** Wires both. */
export function wireUndo(scope: Scope, store: Store) {
  const act = (type: "undo" | "redo") => {
    const before = store.state.edits.length;
    store.dispatch({ type });
    const { edits } = store.state;
    const done = type === "undo" ? "Taken back" : "Made again";
    if (edits.length !== before || edits.length > 0) scope.announce(`${done}: ${edits.length} numbers are edited`);
  };
  const undo = button("↶", () => act("undo"), { class: "step", "aria-label": "Undo", title: "Undo (Ctrl+Z)" });
  const redo = button("↷", () => act("redo"), { class: "step", "aria-label": "Redo", title: "Redo (Ctrl+Shift+Z)" });
  scope.byId("weights-reset").before(undo, redo);
  const show = () => {
    const { past, future } = store.state.history;
    const focused = [undo, redo].find((each) => each === document.activeElement);
    undo.disabled = past.length === 0;
    redo.disabled = future.length === 0;
    // A button that is disabled loses the focus: to the other, which is not.
    if (focused?.disabled) (focused === undo ? redo : undo).focus();
  };
  show();
  const end = store.subscribe((_, changed) => {
    if (changed.has("history")) show();
  });
  scope.signal.addEventListener("abort", end);
  scope.on("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, target, defaultPrevented } = event;
    if (!(ctrlKey || metaKey) || altKey || defaultPrevented) return;
    const isRedo = (key.toLowerCase() === "z" && shiftKey) || (key === "y" && !shiftKey);
    if (!isRedo && !(key === "z" && !shiftKey)) return;
    if (target instanceof Element && target.closest(TYPED)?.closest("#" + scope.id("weights-list")) === null) return;
    if (scope.root.querySelector("dialog[open]")) return;
    event.preventDefault();
    act(isRedo ? "redo" : "undo");
  });
}
