// Files out: a drawing as PNG or SVG, its values as CSV, the model in another format.

import { el } from "./dom.js";
import type { View } from "./view.js";

export type Format = "png" | "svg" | "csv";

/** A panel on its own: its width in CSS pixels, and how many pixels a PNG has for one; `bare`: on nothing. */
const LOOK = { width: 720, scale: 2, title: true, bare: false };

export function save(blob: Blob, name: string) {
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // the browser reads it after the click
}

const png = (canvas: HTMLCanvasElement) =>
  new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not write the PNG"))));
  });

/** One panel, or the whole figure for null. */
export async function render({ figure, alignment, theme }: View, panel: string | null, format: Format, look = LOOK) {
  if (format === "csv") return new Blob([figure.csv(panel ?? "", alignment)], { type: "text/csv" });
  // The whole figure has a size of its own.
  const { width, title } = look;
  const aspect = (key: string) => (title ? figure.titled_aspect(key, width, alignment) : figure.aspect(key, width));
  const options = { ...look, height: panel === null ? 0 : aspect(panel), theme, alignment };
  if (format === "svg") return new Blob([figure.svg(panel, { ...options, scale: 1 })], { type: "image/svg+xml" });
  const canvas = el("canvas");
  if (panel === null) figure.draw_figure(canvas, options);
  else figure.draw(panel, canvas, options);
  return png(canvas);
}

/** "62p.pt", "attention", "script" → "62p-attention-script" */
export const nameOf = (file: string, ...parts: string[]) =>
  [
    file
      .replace(/(\.history)?\.[^.]+$/, "")
      .replace(/[^\w.-]+/g, "-")
      .replace(/-+$/, ""),
    ...parts,
  ].join("-");
