// Drawings, read by their pixels and by the keyboard: where a value is said to be, there is ink.

import assert from "node:assert/strict";
import { until, type Tab } from "./tab.ts";

/** The panels of the page, in order. */
export const keys = (tab: Tab): Promise<string[]> =>
  tab.ask(() =>
    [...document.querySelectorAll<HTMLElement>("#sections [data-panel]:not([data-panel=all_additions])")].map(
      (card) => card.dataset.panel ?? "",
    ),
  );

/** In the page: what a panel's canvas holds, and at the mark that has the keyboard; null before it is drawn. */
function look(key: string) {
  const card = document.querySelector<HTMLElement>(`[data-panel="${key}"]`);
  const canvas = card?.querySelector("canvas");
  const ring = card?.querySelector(".ring")?.getBoundingClientRect();
  if (!canvas || !ring || canvas.width < 2) return null;
  // A copy is read: of the page's own canvas a browser would complain that it is read so often.
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const context = copy.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(canvas, 0, 0);
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  const colour = (data: Uint8ClampedArray, at: number) => data.slice(4 * at, 4 * at + 4).join();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const ground = colour(data, 0);
  const all = new Set<string>();
  let ink = 0;
  for (let at = 0; at < data.length / 4; at += 1) {
    const each = colour(data, at);
    if (each !== ground) ink += 1;
    all.add(each);
  }
  const near = Math.max(3, Math.min(ring.width, ring.height) / 2) * scale;
  const x = (ring.x + ring.width / 2 - box.x) * scale - near;
  const y = (ring.y + ring.height / 2 - box.y) * scale - near;
  const mark = context.getImageData(x, y, 2 * near, 2 * near).data;
  let marked = 0;
  for (let at = 0; at < mark.length / 4; at += 1) if (colour(mark, at) !== ground) marked += 1;
  return { ink: (4 * ink) / data.length, colours: all.size, marked, said: card?.querySelector(".tip")?.textContent ?? "" };
}

/** Asserts that a panel is drawn: some of it, in several colours, and at its last value. */
export async function hasMarks(tab: Tab, key: string, theme: string): Promise<void> {
  const canvas = `[data-panel="${key}"] canvas`;
  await until(tab, (canvas) => (document.querySelector<HTMLCanvasElement>(canvas)?.width ?? 0) > 1, canvas);
  await tab.ask((canvas) => {
    const each = document.querySelector<HTMLElement>(canvas);
    each?.scrollIntoView({ block: "center", behavior: "instant" });
    each?.focus();
  }, canvas);
  // What is drawn again lets go of its value: verdicts that come are drawn on a run's curve.
  let seen = null;
  for (const end = Date.now() + 30_000; !/\d/.test(seen?.said ?? ""); ) {
    assert.ok(Date.now() < end, `${key}, ${theme}: no value is told`);
    await tab.press("End");
    seen = await tab.ask(look, key);
  }
  assert.ok(seen);
  const what = `${key}, ${theme}: ${JSON.stringify(seen)}`;
  assert.ok(seen.ink > 0.005 && seen.ink < 0.995, what);
  assert.ok(seen.colours > 3, what);
  assert.ok(seen.marked > 0, what);
}

/** Goes from value to value of a panel, by the keyboard, until what is said of one is as wanted. */
export async function stop(tab: Tab, key: string, wanted: RegExp): Promise<string> {
  const card = `[data-panel="${key}"]`;
  await until(tab, (card) => (document.querySelector<HTMLCanvasElement>(`${card} canvas`)?.width ?? 0) > 1, card);
  await tab.ask((card) => document.querySelector<HTMLElement>(`${card} canvas`)?.focus(), card);
  let words = "";
  for (let presses = 0; !wanted.test(words); presses += 1) {
    assert.ok(presses < 1500, `nothing there is ${wanted}: ${words}`);
    await tab.press("ArrowRight");
    words = await tab.ask((card) => document.querySelector(`${card} .tip`)?.textContent ?? "", card);
  }
  return words;
}
