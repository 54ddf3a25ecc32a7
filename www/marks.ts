// What was drawn where, and which of it someone means.

import type { Mark } from "./library-types.js";

/** Half the width and half the height of a mark. */
export const halves = ({ r, w, h }: Mark): [number, number] => [(w ?? 2 * r) / 2, (h ?? 2 * r) / 2];

/** What a mark stands for. */
export const itemsOf = ({ item, also = [] }: Mark) => (item === undefined ? also : [item, ...also]);

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

/** A box on a drawing, by its edges. */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Marks that are no further apart than this, in CSS pixels, are outlined together. */
const TOGETHER = 3;

const touch = (one: Box, other: Box) =>
  one.left - other.right <= TOGETHER &&
  other.left - one.right <= TOGETHER &&
  one.top - other.bottom <= TOGETHER &&
  other.top - one.bottom <= TOGETHER;

const joined = (one: Box, other: Box): Box => ({
  left: Math.min(one.left, other.left),
  top: Math.min(one.top, other.top),
  right: Math.max(one.right, other.right),
  bottom: Math.max(one.bottom, other.bottom),
});

/** What outlines these marks: those that touch have one outline together. */
export function outlines(marks: readonly Mark[]): Box[] {
  const found: Box[] = [];
  for (const mark of marks) {
    const [w, h] = halves(mark);
    let box: Box = { left: mark.x - w, top: mark.y - h, right: mark.x + w, bottom: mark.y + h };
    for (let at = found.length - 1; at >= 0; at -= 1) {
      const other = found[at];
      if (!other || !touch(box, other)) continue;
      box = joined(box, other);
      found.splice(at, 1);
      at = found.length; // it may reach others now
    }
    found.push(box);
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
