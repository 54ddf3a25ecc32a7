// A picture from a file, in SVG, for somebody's page: shapes and words, and nothing that acts or leads anywhere.

const SVG = "http://www.w3.org/2000/svg";
const ELEMENTS = "svg g rect circle ellipse line polyline polygon path text tspan title desc".split(" ");
const ATTRIBUTES =
  `width height viewBox role x y dx dy x1 y1 x2 y2 cx cy r rx ry points d transform opacity fill fill-opacity fill-rule
  stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin text-anchor dominant-baseline
  font-family font-size font-style font-weight`.split(/\s+/);

/** Only what is known is kept; a value that names an address is not. */
export function drawingOf(from: Element): SVGElement | null {
  if (from.namespaceURI !== SVG || !ELEMENTS.includes(from.localName)) return null;
  const kept = document.createElementNS<"svg">(SVG, from.localName as "svg");
  for (const { name, value } of from.attributes) {
    if (ATTRIBUTES.includes(name) && !/url\s*\(/i.test(value)) kept.setAttribute(name, value);
  }
  for (const child of from.childNodes) {
    const inner = child instanceof Element ? drawingOf(child) : child instanceof Text ? child.data : null;
    if (inner !== null) kept.append(inner);
  }
  return kept;
}
