// For a paper: a picture as wide as its column, on nothing if wanted, and the facts for its tables.

import { button, el } from "../dom.js";
import { render, save, type Format } from "../download.js";
import type { FigureView } from "../figure-view.js";
import type { Scope } from "../scope.js";
import { csv, factsOn, latex } from "./facts.js";

/** Widths in CSS pixels, of which 96 are an inch; of the figure of twelve panels none: it has one of its own. */
const WIDTHS = [
  ["one column (3.5 in)", 336],
  ["two columns (7.16 in)", 687],
  ["a page of the web (720 px)", 720],
] as const;

/** Pixels of a PNG per CSS pixel. */
const SCALES = [2, 1, 3, 4, 6] as const;

const choice = (name: string, options: readonly (readonly [string, string])[]) =>
  el("select", { "aria-label": name }, ...options.map(([value, words]) => el("option", { value }, words)));

function tick(words: string, isOn: boolean) {
  const box = el("input", { type: "checkbox", checked: isOn });
  return { box, label: el("label", {}, box, ` ${words}`) };
}

interface On {
  readonly figure: Pick<FigureView, "view" | "named" | "pictureName">;
  failed: (error: unknown) => void;
}

/** What saves them. */
export function paper(scope: Scope, { figure, failed }: On): HTMLElement | null {
  const now = figure.view();
  if (!now) return null;
  const panels = now.panels.map(({ key, title }) => [key, title] as const);
  const what = choice("Picture", [["", "All twelve panels"], ...panels]);
  const width = choice(
    "Width",
    WIDTHS.map(([words, pixels]) => [String(pixels), words]),
  );
  const scale = choice(
    "Scale of the PNG",
    SCALES.map((times) => [String(times), `${times}×`]),
  );
  const titled = tick("with title and sentence", true);
  const bare = tick("transparent", false);
  const follow = () => {
    width.disabled = titled.box.disabled = what.value === "";
  };
  what.addEventListener("change", follow);
  follow();
  const picture = async (format: Format) => {
    const view = figure.view()?.view;
    if (!view) return;
    const key = what.value === "" ? null : what.value;
    const look = {
      width: Number(width.value),
      scale: Number(scale.value),
      title: titled.box.checked,
      bare: bare.box.checked,
    };
    try {
      // Paper is white.
      save(await render({ ...view, theme: "light" }, key, format, look), figure.pictureName(key, format));
    } catch (error) {
      failed(error);
    }
  };
  const facts = (format: string, text: string) => save(new Blob([text]), `${figure.named("facts")}.${format}`);
  const told = () => factsOn(scope.root);
  return el(
    "section",
    { class: "for-paper" },
    el("h3", {}, "For a paper"),
    el("p", { class: "row" }, what, width, scale),
    el("p", { class: "row" }, titled.label, bare.label),
    el(
      "p",
      { class: "row" },
      button("SVG", () => void picture("svg"), { "aria-label": "SVG of the picture" }),
      button("PNG", () => void picture("png"), { "aria-label": "PNG of the picture" }),
      button("Facts as LaTeX", () => facts("tex", latex(told(), `${figure.named()}, by AdderScope`))),
      button("Facts as CSV", () => facts("csv", csv(told()))),
    ),
  );
}
