// Switches for all parts of a model: the FFN and its hidden units, and below them all places that rows can look at, as on paper.

import { html, nothing, type TemplateResult } from "lit/html.js";
import type { Intervening, Part } from "../library-types.js";

const ROWS = ["X", "Y", "Z"] as const;
/** From the left, as on paper; the carry-out has no X and Y. */
const COLUMNS = Array.from({ length: 11 }, (_, at) => 10 - at);

/** The next switch of the grid that an arrow leads to. */
function beside(from: HTMLElement, key: string): HTMLElement | null {
  const cell = from.closest("td, th");
  const row = cell?.parentElement;
  if (!cell || !row) return null;
  const at = [...row.children].indexOf(cell);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  const cells = step
    ? [...row.children].slice(step < 0 ? 0 : at + 1, step < 0 ? at : undefined)
    : [...(row.closest("table")?.rows ?? [])].map((each) => each.cells[at]);
  const way = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const rows = [...(row.closest("table")?.rows ?? [])].indexOf(row as HTMLTableRowElement);
  const ahead = step ? cells : way < 0 ? cells.slice(0, rows) : cells.slice(rows + 1);
  const ordered = way < 0 ? ahead.reverse() : ahead;
  return ordered.map((each) => each?.querySelector("button")).find((each) => each instanceof HTMLElement) ?? null;
}

/** Arrows lead from switch to switch of the grid, which is one stop for Tab. */
function key(event: KeyboardEvent) {
  const from = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || from.tagName !== "BUTTON") return;
  if (!event.key.startsWith("Arrow")) return;
  const to = beside(from, event.key);
  event.preventDefault();
  event.stopPropagation();
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

/** @param toggle a part is to be switched off, or on again */
export function switches(
  { parts }: Intervening,
  digitAt: (name: string) => string | undefined,
  toggle: (text: string) => void,
): TemplateResult {
  const find = (text: string) => parts.find((part) => part.text === text);
  const button = (part: Part | undefined, shown: string, isTab: boolean) =>
    part
      ? html`<button
          type="button"
          class=${part.is_hidden ? "hidden" : nothing}
          tabindex=${isTab ? 0 : -1}
          aria-pressed=${part.is_off}
          aria-label=${part.kind === "place" ? `${part.name}: ${shown}` : part.name}
          title="${part.is_off ? "Switch on" : "Switch off"}: ${part.name}"
          data-part=${part.text}
          @click=${() => toggle(part.text)}
        >
          ${shown}
        </button>`
      : nothing;
  const unit = (part: Part | undefined) => button(part, part?.label ?? "", true);
  const place = (name: string) => button(find(`place:${name}`), digitAt(name) ?? "", false);
  return html`
    <div class="switches">
      ${parts.filter(({ kind }) => kind === "ffn").map(unit)} ${unit(find("group:PLUS"))} ${unit(find("group:EQUALS"))}
    </div>
    <table class="places" @keydown=${key}>
      <caption class="unseen">
        Attention to places, columns and rows of the sum; arrow keys lead from one to another
      </caption>
      <tr>
        <td></td>
        ${COLUMNS.map((column) => {
          const part = find(`column:${column}`);
          return part ? html`<th scope="col">${button(part, String(column), false)}</th>` : html`<td></td>`;
        })}
      </tr>
      ${ROWS.map(
        (row) =>
          html`<tr class=${row.toLowerCase()}>
            <th scope="row">${button(find(`group:${row}`), row, row === "X")}</th>
            ${COLUMNS.map((column) => html`<td>${place(`${row}${column}`)}</td>`)}
          </tr>`,
      )}
    </table>
  `;
}
