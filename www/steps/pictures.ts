// Small pictures of one digit's steps. The library's renderer is for panels; these are a line or a bar each.

import { svg } from "lit/html.js";
import type { StepUnit } from "../library-types.js";

/** A bar's box, in its own units. */
const BAR = { width: 100, height: 10 };

/**
 * A bar to the right or the left of zero.
 * @param reach the furthest of all bars beside it, to the left and to the right
 * @param kind of its colour
 */
export function bar(value: number, reach: { least: number; most: number }, kind: string) {
  const { least, most } = { least: Math.min(0, reach.least), most: Math.max(0, reach.most) };
  const at = (of: number) => ((of - least) / (most - least || 1)) * BAR.width;
  const [from, to] = [at(Math.min(0, value)), at(Math.max(0, value))];
  return svg`<svg class="beam" viewBox="0 0 ${BAR.width} ${BAR.height}" preserveAspectRatio="none" aria-hidden="true">
    <rect class=${kind} x=${from} y="0" width=${Math.max(to - from, value === 0 ? 0 : 0.4)} height=${BAR.height}></rect>
    <line class="zero" x1=${at(0)} x2=${at(0)} y1="0" y2=${BAR.height}></line>
  </svg>`;
}

const CURVE = { width: 240, height: 72, margin: 4 };

/**
 * A hidden unit along the ruler: before GELU, after it, and where this addition stops.
 * @param stop from 0, the ruler's left end, to 1
 */
export function curve({ curve_before: before, curve_after: after }: StepUnit, stop: number) {
  const { width, height, margin } = CURVE;
  const all = [0, ...after];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  // Far below zero GELU is nothing: what it passes on has the room, and as much below.
  const low = Math.min(least, Math.max(Math.min(...before), -0.6 * (most - least || 1)));
  const y = (value: number) => margin + ((most - value) / (most - low || 1)) * (height - 2 * margin);
  const clipped = (value: number) => Math.min(height + margin, Math.max(-margin, y(value)));
  const path = (values: readonly number[]) =>
    values
      .map(
        (value, i) =>
          `${i === 0 ? "M" : "L"}${((i / (values.length - 1)) * width).toFixed(1)} ${clipped(value).toFixed(1)}`,
      )
      .join("");
  const x = Math.min(1, Math.max(0, stop)) * width;
  return svg`<svg class="curve" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
    <line class="axis" x1="0" x2=${width} y1=${y(0)} y2=${y(0)}></line>
    <path class="before" d=${path(before)}></path>
    <path class="after" d=${path(after)}></path>
    <line class="stop" x1=${x} x2=${x} y1="0" y2=${height}></line>
  </svg>`;
}
