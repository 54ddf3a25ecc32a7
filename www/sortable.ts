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

/** Makes the names in the head of `table` sort its rows; they stay in their order until someone asks. */
export function sortable(table: HTMLTableElement) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const [column, head] of heads.entries()) {
    const sort = () => {
      const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const body = table.tBodies[0];
      const rows = [...(body?.rows ?? [])].map((row) => ({ row, key: keyOf(textOf(row.cells[column])) }));
      rows.sort((one, other) => compared(one.key, other.key, way));
      body?.append(...rows.map(({ row }) => row));
    };
    head.replaceChildren(button(head.textContent, sort, { class: "sorts" }));
  }
}
