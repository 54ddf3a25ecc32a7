// A table that is sorted by a click on a column's name: once up, once more down.

import { button } from "./dom.js";

/** A cell's text as what it is sorted by: whole numbers of any size as texts of digits, what is no number after all numbers. */
export function keyOf(cell: string) {
  const text = cell.trim();
  const written = text.replace(/[\s\u202f%]/g, "").replace("−", "-");
  const number = written === "" ? NaN : Number(written);
  // In words, too, numbers are compared as such: "wrong on 9 000" comes before "wrong on 10 000".
  const words = text.replace(/(\d)[\s\u202f](?=\d)/g, "$1");
  return { text, words, digits: /^\d+$/.test(written) ? written.replace(/^0+(?=\d)/, "") : null, number };
}

type Key = ReturnType<typeof keyOf>;

const textOf = (cell: HTMLTableCellElement | undefined) => cell?.dataset.value ?? cell?.textContent ?? "";

/** What is empty comes last, whichever way. */
export function compared(one: Key, other: Key, way: number) {
  const [a, b] = [Number.isNaN(one.number), Number.isNaN(other.number)];
  if ((one.text === "" || one.text === "–") !== (other.text === "" || other.text === "–")) {
    return one.text === "" || one.text === "–" ? 1 : -1;
  }
  if (a || b) {
    return a && b ? way * one.words.localeCompare(other.words, "en", { numeric: true }) : Number(a) - Number(b);
  }
  if (one.digits !== null && other.digits !== null && one.digits.length === other.digits.length) {
    return way * (one.digits < other.digits ? -1 : Number(one.digits > other.digits));
  }
  return way * (one.number - other.number);
}

/**
 * Makes the names in the head of `table` sort its rows; they stay in their order until someone asks.
 * @returns sorts by the column with this name; up: 1, down: -1
 */
export function sortable(table: HTMLTableElement) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const sort = (name: string, way: number) => {
    const column = heads.findIndex((head) => head.textContent === name);
    if (column < 0) return;
    for (const each of heads) each.removeAttribute("aria-sort");
    heads[column]?.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...(body?.rows ?? [])].map((row) => ({ row, key: keyOf(textOf(row.cells[column])) }));
    rows.sort((one, other) => compared(one.key, other.key, way));
    body?.append(...rows.map(({ row }) => row));
  };
  for (const head of heads) {
    const name = head.textContent;
    const turned = () => sort(name, head.getAttribute("aria-sort") === "ascending" ? -1 : 1);
    head.replaceChildren(button(name, turned, { class: "sorts" }));
  }
  return sort;
}
