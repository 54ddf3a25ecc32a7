// Elements without markup strings: whatever comes from a file reaches the page as text.

/**
 * The element with this id; it is in index.html.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/**
 * An element with attributes and children; strings become text. A null or false attribute is left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * Text that is there already stays: another would be laid out again.
 * @param {HTMLElement} element
 * @param {string | null} text
 */
export function setText(element, text) {
  if (element.textContent !== (text ?? "")) element.textContent = text;
}

/**
 * @param {string} text
 * @param {() => void} onclick
 * @param {Record<string, string | number | boolean | null>} [attributes]
 */
export function button(text, onclick, attributes = {}) {
  const made = el("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", onclick);
  return made;
}

/**
 * A table of strings; cells that read as numbers are set at the right.
 * @param {import("./adderscope.js").Table} table
 * @param {string} caption read out, not shown
 */
export function tableOf({ columns, rows }, caption) {
  const numeric = columns.map((_, at) => rows.every((row) => /^[-+−–]?[\d.,\s]*(e[-+]?\d+)?( ?%|°)?$/.test(row[at] ?? "")));
  const cell = (/** @type {"td" | "th"} */ tag, /** @type {string} */ text, /** @type {number} */ at) =>
    el(tag, { class: numeric[at] ? "number" : null, scope: tag === "th" ? "col" : null }, text);
  return el(
    "table",
    {},
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, ...columns.map((name, at) => cell("th", name, at)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((text, at) => cell("td", text, at))))),
  );
}

/**
 * 10010 → "10 010", with a space that does not break.
 * @param {number | string} value
 */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * Has a screen reader say this when it is done with what it is saying.
 * @param {string} text
 */
export function announce(text) {
  // What is behind an open dialog is not read out: each dialog has a voice of its own.
  const voice = document.querySelector("dialog[open] [aria-live]") ?? byId("spoken");
  voice.textContent = text;
}
