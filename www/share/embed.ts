// What is seen on another page: a frame of embed.html, or the element.

import { SHAPE, SHAPES, attributesOf, styleOf } from "../embed/asked.js";

const SIGNS: Readonly<Record<string, string>> = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };

/** As an attribute's value. */
const quoted = (text: string) => text.replace(/[&"<>]/g, (sign) => SIGNS[sign] ?? "");

export interface Lines {
  readonly frame: string;
  readonly element: string;
}

/**
 * The lines that another page needs.
 * @param link to what is seen
 * @param name what the frame is called for those who do not see it
 */
export function embedLines(link: string, name: string): Lines {
  const [page = "", hash = ""] = link.split("#", 2);
  const { state, view } = attributesOf(hash);
  const at = (file: string) => quoted(new URL(file, page).href);
  const size = 'width="640" height="480" loading="lazy"';
  return {
    frame: `<iframe src="${at("embed.html")}#${quoted(`${state}&view=${view}`)}" title="${quoted(name)}" ${size}></iframe>`,
    element: [
      `<script type="module" src="${at("adder-scope.js")}"></script>`,
      `<adder-scope state="${quoted(state)}" view="${quoted(view)}" style="${styleOf(SHAPES[view] ?? SHAPE)}"></adder-scope>`,
    ].join("\n"),
  };
}
