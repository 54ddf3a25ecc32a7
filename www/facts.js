// What was loaded: the facts row, its notes, where the numbers are, and the AdderBoard suite's verdict.

import { byId, button, el, grouped, tableOf } from "./dom.js";

/** @typedef {import("./adderscope.js").Fact} Fact */
/** @typedef {import("./adderscope.js").Summary} Summary */
/** @typedef {import("./adderscope.js").Verification} Verification */

/** A table of more rows is slow to lay out and no one reads it. */
const MOST_FAILURES = 1000;

/**
 * @param {Fact} fact
 * @param {...(Node | string)} more
 */
const factOf = ({ key, label, value, note, tone }, ...more) =>
  el(
    "div",
    { "data-fact": key },
    el("dt", {}, label),
    el("dd", { class: tone ?? null }, value, note ? el("small", {}, ` ${note}`) : null, ...more),
  );

/** One square for every learned number, tensor by tensor. @param {Summary["breakdown"]} breakdown */
function squares(breakdown) {
  return breakdown.map(({ name, count }) =>
    el(
      "li",
      {},
      el("span", { class: "squares", "aria-hidden": "true" }, ...Array.from({ length: count }, () => el("i"))),
      el("span", { class: "name" }, name),
      el("span", { class: "count" }, String(count)),
    ),
  );
}

/** @param {Summary} summary */
export function showSummary({ name, file, format, facts, notes, breakdown }) {
  byId("model").textContent = name;
  byId("file").textContent = file;
  byId("heading").textContent = `${name}, from ${file} (${format})`;
  document.title = `${file} · AdderScope`;
  byId("facts").replaceChildren(...facts.map((fact) => factOf(fact)));
  byId("notes").replaceChildren(...notes.map((note) => el("li", {}, note)));
  const total = breakdown.reduce((sum, { count }) => sum + count, 0);
  byId("numbers-summary").textContent = `Where the ${grouped(total)} learned numbers are`;
  byId("numbers").replaceChildren(...squares(breakdown));
  byId("numbers-details").hidden = breakdown.length === 0;
}

const boardLabel = "AdderBoard suite";

/**
 * Keeps the place of the verdict while the Worker is at it.
 * @param {number} qualifying the share that must be right
 */
export function showVerifying(qualifying) {
  byId("facts").append(
    factOf({ key: "adderboard", label: boardLabel, value: "…" }),
    factOf({ key: "qualified", label: `qualifies at ${qualifying * 100} %`, value: "…" }),
  );
}

/**
 * A label that is left out stays as it is.
 * @param {(Omit<Fact, "label"> & {label?: string})[]} facts
 */
function replaceFacts(facts) {
  for (const { label, ...fact } of facts) {
    const old = document.querySelector(`[data-fact="${fact.key}"]`);
    old?.replaceWith(factOf({ ...fact, label: label ?? old.querySelector("dt")?.textContent ?? "" }));
  }
}

/** @param {Verification} result */
export function showVerified({ total, passed, accuracy, qualified, milliseconds, failures }) {
  const ran = milliseconds < 10 ? milliseconds.toFixed(1) : grouped(Math.round(milliseconds));
  // Rounded down: 98.997 % is not 99 %.
  const percent = (Math.floor(accuracy * 10000) / 100).toFixed(2);
  replaceFacts([
    {
      key: "adderboard",
      label: `${boardLabel}, run here in ${ran} ms`,
      value: grouped(passed),
      note: `of ${grouped(total)}`,
    },
    {
      key: "qualified",
      value: qualified ? "yes" : "no",
      note: `${percent} %`,
      tone: qualified ? "good" : "bad",
    },
  ]);
  if (failures.length === 0) return;
  const open = button(`${grouped(total - passed)} wrong…`, () => showFailures(failures), { class: "link" });
  document.querySelector('[data-fact="adderboard"] dd')?.append(open);
}

/** @param {string} message */
export function showNotVerified(message) {
  replaceFacts([
    { key: "adderboard", value: "not run" },
    { key: "qualified", value: "unknown", note: message },
  ]);
}

/** @param {Verification["failures"]} failures */
function showFailures(failures) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("failures"));
  const shown = failures.slice(0, MOST_FAILURES);
  const rows = shown.map(({ a, b, expected, got }) => [a, b, expected, got]);
  const table = tableOf({ columns: ["a", "b", "a + b", "the model says"], rows }, "Additions that the model gets wrong");
  for (const [at, row] of [...table.querySelectorAll("tbody tr")].entries()) markWrong(row, shown[at]?.expected ?? "");
  byId("failures-title").textContent =
    shown.length < failures.length
      ? `The first ${grouped(shown.length)} of ${grouped(failures.length)} wrong additions`
      : `${grouped(failures.length)} wrong additions`;
  byId("failures-table").replaceChildren(table);
  dialog.showModal();
}

/**
 * Sets the digits of the answer (last cell) that differ from the sum apart. A digit that the answer lacks is a 0.
 * @param {Element} row
 * @param {string} expected
 */
function markWrong(row, expected) {
  const cell = row.lastElementChild;
  const digits = (/** @type {string} */ text) => text.replace(/\D/g, "");
  const got = grouped(digits(cell?.textContent ?? "").padStart(digits(expected).length, "0"));
  const right = expected.padStart(got.length);
  const isWrong = (/** @type {string} */ digit, /** @type {number} */ at) => digit !== right[at] && /\d/.test(digit);
  cell?.replaceChildren(...[...got].map((digit, at) => (isWrong(digit, at) ? el("b", {}, digit) : digit)));
}

/** Dialogs close by their own button. */
export function wireFailures() {
  const dialog = /** @type {HTMLDialogElement} */ (byId("failures"));
  byId("failures-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
}
