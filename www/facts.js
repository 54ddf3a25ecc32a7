// What was loaded: the facts row, its notes, where the numbers are, and the AdderBoard suite's verdict.

import { byId, button, el, grouped, tableOf } from "./dom.js";

/** @typedef {import("./adderscope.js").Fact} Fact */
/** @typedef {import("./adderscope.js").Summary} Summary */
/** @typedef {import("./adderscope.js").Score} Score */
/** @typedef {import("./adderscope.js").Failures} Failures */

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
function showName({ name, file, format, edited }) {
  byId("model").textContent = name;
  byId("file").textContent = file;
  byId("heading").textContent = `${name}, from ${file} (${format})`;
  const title = `${file}${edited > 0 ? " (edited)" : ""} · AdderScope`;
  if (document.title !== title) document.title = title;
}

/** What an edit changes of it; everything stays in its place. @param {Summary} summary */
export function showEdited(summary) {
  showName(summary);
  replaceFacts(summary.facts);
}

/** @param {Summary} summary */
export function showSummary(summary) {
  const { facts, notes, breakdown } = summary;
  showName(summary);
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
    const made = factOf({ ...fact, label: label ?? old?.querySelector("dt")?.textContent ?? "" });
    // What a drag leaves as it is, the browser need not lay out again.
    if (old && !old.isEqualNode(made)) old.replaceWith(made);
  }
}

/**
 * Milliseconds as people read them.
 * @param {number} milliseconds
 */
export const duration = (milliseconds) =>
  `${milliseconds < 10 ? milliseconds.toFixed(1) : grouped(Math.round(milliseconds))} ms`;

/**
 * Rounded down: 98.997 % is not 99 %.
 * @param {number} share
 */
export const percentOf = (share) => `${(Math.floor(share * 10000) / 100).toFixed(2)} %`;

/**
 * @param {Score} score
 * @param {() => Promise<Failures>} failures
 */
export function showVerified({ total, passed, accuracy, qualified, milliseconds }, failures) {
  replaceFacts([
    {
      key: "adderboard",
      label: `${boardLabel}, run here in ${duration(milliseconds)}`,
      value: grouped(passed),
      note: `of ${grouped(total)}`,
    },
    {
      key: "qualified",
      value: qualified ? "yes" : "no",
      note: percentOf(accuracy),
      tone: qualified ? "good" : "bad",
    },
  ]);
  const open = wrongButton(total - passed, async () => showFailures(await failures()));
  if (open) document.querySelector('[data-fact="adderboard"] dd')?.append(open);
}

/**
 * What opens the list of wrong answers; null where there are none.
 * @param {number} wrong
 * @param {() => void} opened
 */
export const wrongButton = (wrong, opened) =>
  wrong > 0 ? button(`${grouped(wrong)} wrong…`, opened, { class: "link" }) : null;

/** @param {string} message */
export function showNotVerified(message) {
  replaceFacts([
    { key: "adderboard", value: "not run" },
    { key: "qualified", value: "unknown", note: message },
  ]);
}

/** @param {Failures} failures */
export function showFailures({ wrong, listed }) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("failures"));
  const rows = listed.map(({ a, b, expected, got }) => [a, b, expected, got]);
  const table = tableOf({ columns: ["a", "b", "a + b", "the model says"], rows }, "Additions that the model gets wrong");
  for (const [at, row] of [...table.querySelectorAll("tbody tr")].entries()) markWrong(row, listed[at]?.expected ?? "");
  byId("failures-title").textContent =
    listed.length < wrong
      ? `The first ${grouped(listed.length)} of ${grouped(wrong)} wrong additions`
      : `${grouped(wrong)} wrong additions`;
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
