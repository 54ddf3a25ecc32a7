// One panel at a time, as large as the window allows, with its values as a table.

import { button, byId, el, tableOf } from "./dom.js";
import { downloads, offer } from "./panels.js";
import { Plot } from "./plot.js";

/** @typedef {import("./adderscope.js").Panel} Panel */
/** @typedef {import("./panels.js").View} View */
/** @typedef {import("./panels.js").Format} Format */

/**
 * As high as the window allows, within reason.
 * @param {number} wanted
 * @param {number} width
 */
const fit = (wanted, width) => Math.min(Math.max(wanted, width * 0.62), Math.max(240, innerHeight - 220));

/**
 * Wires the dialog and returns what shows a panel in it, or closes it.
 * @param {{open: (key: string) => void, closed: () => void, save: (key: string, format: Format) => void, failed: (message: string) => void}} on
 * @returns {(panels: Panel[], key: string, view: View) => void} an unknown key closes
 */
export function largeView(on) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("large"));
  const parts = { title: byId("large-title"), aside: byId("large-aside"), sentence: byId("large-sentence") };
  const plot = new Plot({ failed: on.failed, fit });
  const empty = el("p", { class: "empty", hidden: true });
  byId("large-plot").append(plot.element, empty);
  let shown = { key: "", title: "", previous: "", next: "" };

  byId("large-steps").append(
    button("←", () => on.open(shown.previous), { "aria-label": "Previous panel", title: "Previous panel" }),
    button("→", () => on.open(shown.next), { "aria-label": "Next panel", title: "Next panel" }),
    button("Close", () => on.closed()),
  );
  const formats = downloads(
    (format) => on.save(shown.key, format),
    () => shown.title,
  );
  byId("large-downloads").append(...formats);
  // Escape closes it by itself, and the event comes a moment later; where we close, the address goes first.
  dialog.addEventListener("close", on.closed);
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) on.closed(); // the backdrop
  });

  return (panels, key, view) => {
    const at = panels.findIndex((panel) => panel.key === key);
    const panel = panels[at];
    if (!panel) return dialog.close();
    const beside = (/** @type {number} */ step) => panels.at((at + step) % panels.length)?.key ?? key;
    const turned = shown.key !== key;
    shown = { key, title: panel.title, previous: beside(-1), next: beside(1) };
    parts.title.textContent = panel.title;
    parts.aside.textContent = panel.aside;
    parts.sentence.textContent = panel.sentence;
    empty.textContent = panel.note;
    empty.hidden = panel.note === null;
    plot.element.hidden = panel.note !== null;
    const table = byId("large-table");
    table.replaceChildren(tableOf(view.figure.table(key, view.alignment), `The values of “${panel.title}”`));
    table.hidden = !panel.has_table;
    offer(formats, panel.note, panel.has_table);
    if (!dialog.open) {
      dialog.showModal();
      if (panel.note === null) plot.canvas.focus();
    }
    if (turned) table.scrollTo(0, 0);
    plot.show(panel.note === null ? { ...view, panel: key, name: `${panel.title}. ${panel.sentence}` } : null);
  };
}
