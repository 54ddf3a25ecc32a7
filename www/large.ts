// One panel at a time, as large as the window allows, with its values as a table.

import { caseDetails } from "./case.js";
import { button, closesOnBackdrop, el, tableOf } from "./dom.js";
import type { Format } from "./download.js";
import { grouped } from "./format.js";
import type { PanelText, Table } from "./library-types.js";
import { MAP } from "./map.js";
import { downloads, offer } from "./panels.js";
import { Plot } from "./plot.js";
import type { Scope } from "./scope.js";
import type { State } from "./state/state.js";
import type { View } from "./view.js";

/** Rows of a table that are shown at first: more take a while to lay out. */
const ROWS = 400;
/** Where a chart as wide as the window is no larger than its card: there it is wider, and scrolled. */
const NARROW = "(max-width: 699px)";

/** As high as the window allows, within reason. */
const fit = (wanted: number, width: number) =>
  Math.min(Math.max(wanted, width * 0.62), Math.max(240, innerHeight - 220));

interface On {
  open: (key: string) => void;
  closed: () => void;
  /** What a mark stands for is wanted; false where there is nothing more to say of it. */
  choose: (item: string) => boolean;
  /** An addition is to be looked at. */
  show: (a: number, b: number) => void;
  save: (key: string, format: Format) => void;
  failed: (message: string) => void;
}

/** A table in `place`: all of a long one when it is wanted. */
function fill(place: HTMLElement, { columns, rows, items }: Table, caption: string) {
  const isShort = matchMedia(NARROW).matches;
  const table = tableOf({ columns, rows: rows.slice(0, ROWS), items }, caption, isShort);
  const all = button(`All ${grouped(rows.length)} rows`, () => {
    place.replaceChildren(tableOf({ columns, rows, items }, caption, isShort));
    place.focus();
  });
  place.replaceChildren(table, ...(rows.length > ROWS ? [all] : []));
}

/** Wires the dialog and returns what shows a panel in it, or closes it: an unknown key does. */
export function largeView(scope: Scope, on: On) {
  const dialog = scope.byId("large", HTMLDialogElement);
  const parts = {
    title: scope.byId("large-title"),
    aside: scope.byId("large-aside"),
    sentence: scope.byId("large-sentence"),
  };
  const table = scope.byId("large-table");
  let shown = { key: "", title: "", previous: "", next: "" };
  // The cells of a map need their room, and the dialog can be scrolled.
  const high = (wanted: number, width: number) => Math.max(fit(wanted, width), shown.key === MAP ? wanted : 0);
  const plot = new Plot(scope, { failed: on.failed, fit: high, chosen: on.choose });
  const empty = el("p", { class: "empty", hidden: true });
  const details = el("div", { class: "case" });
  scope.byId("large-plot").append(el("div", { class: "scroller" }, plot.element), empty, details);

  scope.byId("large-steps").append(
    button("←", () => on.open(shown.previous), { "aria-label": "Previous panel", title: "Previous panel" }),
    button("→", () => on.open(shown.next), { "aria-label": "Next panel", title: "Next panel" }),
    button("Close", () => on.closed()),
  );
  const formats = downloads(
    (format) => on.save(shown.key, format),
    () => shown.title,
  );
  scope.byId("large-downloads").append(...formats);
  // Escape closes it by itself, and the event comes a moment later; where we close, the address goes first.
  dialog.addEventListener("close", () => {
    if (!dialog.open) on.closed(); // it may have been opened again meanwhile
  });
  closesOnBackdrop(dialog, on.closed);

  const explain = (item: string, { figure }: View) => {
    const text = item === "" ? undefined : figure.case_text(item);
    const isNew = text && details.firstChild?.textContent !== text.name;
    details.replaceChildren(...(text ? caseDetails(text, on.show) : []));
    if (isNew && dialog.open) scope.announce(`${text.name}. ${text.sentence}`);
  };

  /** @param redraw whether what it shows has changed, though it is the same panel */
  return (panels: PanelText[], { panel: key, selection }: State, view: View, redraw: boolean) => {
    const at = panels.findIndex((panel) => panel.key === key);
    const panel = panels[at];
    if (!panel) return dialog.close();
    const beside = (step: number) => panels.at((at + step) % panels.length)?.key ?? key;
    const turned = shown.key !== key;
    explain(selection, view);
    if (!turned && !redraw && dialog.open) return;
    shown = { key, title: panel.title, previous: beside(-1), next: beside(1) };
    parts.title.textContent = panel.title;
    parts.aside.textContent = panel.aside;
    parts.sentence.textContent = panel.sentence;
    empty.textContent = panel.note;
    empty.hidden = panel.note === null;
    plot.element.hidden = panel.note !== null;
    fill(table, view.figure.table(key, view.alignment), `The values of “${panel.title}”`);
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
