// Files out: a drawing as PNG or SVG, its values as CSV, the model in another format.

import { el } from "./dom.js";
import type { DrawOptions } from "./library-types.js";
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

/** A drawing that can be a file. */
export interface Drawable {
  /** The height, in CSS pixels, that suits this width. */
  height(width: number, titled: boolean): number;
  csv(): string;
  svg(options: DrawOptions): string;
  draw(canvas: HTMLCanvasElement, options: DrawOptions): void;
}

/** A drawing, or its values, as a file has it. */
export async function fileOf(
  drawable: Drawable,
  { alignment, theme }: Omit<View, "figure">,
  format: Format,
  look = LOOK,
) {
  if (format === "csv") return new Blob([drawable.csv()], { type: "text/csv" });
  const options = { ...look, height: drawable.height(look.width, look.title), theme, alignment };
  if (format === "svg") return new Blob([drawable.svg({ ...options, scale: 1 })], { type: "image/svg+xml" });
  const canvas = el("canvas");
  drawable.draw(canvas, options);
  return png(canvas);
}

/** One panel, or the whole figure for null. */
export function render(view: View, panel: string | null, format: Format, look = LOOK) {
  const { figure, alignment } = view;
  const drawable: Drawable =
    panel === null
      ? {
          height: () => 0, // it has a size of its own
          csv: () => figure.csv("", alignment),
          svg: (options) => figure.svg(null, options),
          draw: (canvas, options) => figure.draw_figure(canvas, options),
        }
      : {
          height: (width, titled) =>
            titled ? figure.titled_aspect(panel, width, alignment) : figure.aspect(panel, width),
          csv: () => figure.csv(panel, alignment),
          svg: (options) => figure.svg(panel, options),
          draw: (canvas, options) => figure.draw(panel, canvas, options),
        };
  return fileOf(drawable, view, format, look);
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
