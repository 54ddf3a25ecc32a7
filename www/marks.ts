// What was drawn where, and which of it someone means.

import type { Mark } from "./library-types.js";

/** Half the width and half the height of a mark. */
export const halves = ({ r, w, h }: Mark): [number, number] => [(w ?? 2 * r) / 2, (h ?? 2 * r) / 2];

/** How far a point is from a mark's edge; 0 on the mark. */
export function distance(mark: Mark, x: number, y: number) {
  const dx = Math.abs(x - mark.x);
  const dy = Math.abs(y - mark.y);
  if (mark.w === undefined) return Math.max(0, Math.hypot(dx, dy) - mark.r);
  const [w, h] = halves(mark);
  return Math.hypot(Math.max(0, dx - w), Math.max(0, dy - h));
}

/** The index of the mark at a point, or within reach of it; -1 for none. */
export function markAt(marks: readonly Mark[], x: number, y: number, reach: number) {
  let [nearest, found] = [reach, -1];
  for (const [at, mark] of marks.entries()) {
    const away = distance(mark, x, y);
    // Where marks overlap, the one drawn last is on top.
    if (away < nearest || (away === 0 && nearest === 0)) [nearest, found] = [away, at];
  }
  return found;
}

/** The point of a line nearest to `x`, however far below or above. */
export function lineAt(marks: readonly Mark[], x: number) {
  const points = marks.filter(({ at }) => at !== undefined);
  const away = points.map((point) => Math.abs(point.x - x));
  return points[away.indexOf(Math.min(...away))];
}

/** The index of the nearest mark above (-1) or below (1) the active one. */
function toward(marks: readonly Mark[], active: number, way: -1 | 1) {
  const from = marks[active];
  if (!from) return 0;
  let [found, best] = [active, Infinity];
  for (const [at, { x, y }] of marks.entries()) {
    const down = (y - from.y) * way;
    const cost = down + 3 * Math.abs(x - from.x);
    if (down > 1 && cost < best) [best, found] = [cost, at];
  }
  return found;
}

/** Where a key leads from the active mark; undefined for another key. */
export function moved(marks: readonly Mark[], active: number, key: string) {
  const last = marks.length - 1;
  switch (key) {
    case "ArrowRight":
      return active >= last ? 0 : active + 1;
    case "ArrowLeft":
      return active <= 0 ? last : active - 1;
    case "ArrowUp":
      return toward(marks, active, -1);
    case "ArrowDown":
      return toward(marks, active, 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}
