// Elements without markup strings: whatever comes from a file reaches the page as text.

import { readsAsNumber, shortened } from "./format.js";
import type { Table } from "./library-types.js";

type Attributes = Record<string, string | number | boolean | null>;

/** An element with attributes and children; strings become text. A null or false attribute is left out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Text that is there already stays: another would be laid out again. */
export function setText(element: Element, text: string | null) {
  if (element.textContent !== (text ?? "")) element.textContent = text;
}

export function button(text: string, onclick: () => void, attributes: Attributes = {}) {
  const made = el("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", onclick);
  return made;
}

/** A part under a heading of its own. */
export const section = (title: string, ...content: (Node | string | null)[]) =>
  el("section", {}, el("h3", {}, title), ...content);

/**
 * A table of strings; cells that read as numbers are set at the right.
 * @param caption read out, not shown
 * @param isShort whether numbers are shortened, for little room; their titles have all of them
 */
export function tableOf(
  { columns, rows, items }: Pick<Table, "columns" | "rows"> & Partial<Table>,
  caption: string,
  isShort = false,
) {
  const numeric = columns.map((_, at) => rows.every((row) => readsAsNumber(row[at] ?? "")));
  const cell = (tag: "td" | "th", text: string, at: number, item: string | null = null) => {
    const shown = isShort ? shortened(text) : text;
    const title = shown === text ? null : text;
    return el(
      tag,
      { class: numeric[at] ? "number" : null, scope: tag === "th" ? "col" : null, title, "data-item": item },
      shown,
    );
  };
  return el(
    "table",
    {},
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, ...columns.map((name, at) => cell(name ? "th" : "td", name, at)))),
    el(
      "tbody",
      {},
      ...rows.map((row, of) => el("tr", {}, ...row.map((text, at) => cell("td", text, at, items?.[of]?.[at])))),
    ),
  );
}

/** A dialog closes by a click beside it, on its backdrop. */
export function closesOnBackdrop(dialog: HTMLDialogElement, close: () => void) {
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) close();
  });
}
