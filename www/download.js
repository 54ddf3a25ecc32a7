// Files out: a drawing as PNG or SVG, its values as CSV, the model in another format.

import { el } from "./dom.js";

/** @typedef {import("./panels.js").View} View */

/** A panel on its own, in CSS pixels; the PNG has twice as many. */
const PANEL_WIDTH = 720;
const SCALE = 2;

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser reads it after the click
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
const png = (canvas) =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not write the PNG"))));
  });

/**
 * One panel, or the whole figure for null.
 * @param {View} view
 * @param {string | null} panel
 * @param {"png" | "svg" | "csv"} format
 * @returns {Promise<Blob>}
 */
export async function render({ figure, alignment, theme }, panel, format) {
  if (format === "csv") return new Blob([figure.csv(panel ?? "", alignment)], { type: "text/csv" });
  // The whole figure has a size of its own.
  const height = panel === null ? 0 : figure.titled_aspect(panel, PANEL_WIDTH, alignment);
  const options = { width: PANEL_WIDTH, height, theme, alignment, title: true, scale: SCALE };
  if (format === "svg") return new Blob([figure.svg(panel, { ...options, scale: 1 })], { type: "image/svg+xml" });
  const canvas = el("canvas");
  if (panel === null) figure.draw_figure(canvas, options);
  else figure.draw(panel, canvas, options);
  return png(canvas);
}

/**
 * "62p.pt", "attention", "script" → "62p-attention-script"
 * @param {string} file
 * @param {...string} parts
 */
export const nameOf = (file, ...parts) =>
  [file.replace(/(\.history)?\.[^.]+$/, "").replace(/[^\w.-]+/g, "-").replace(/-+$/, ""), ...parts].join("-");
