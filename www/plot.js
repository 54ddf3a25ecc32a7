// One canvas with what makes it more than a picture: exact values under the pointer and by keyboard.

import { announce, el } from "./dom.js";
import { wordsOf } from "./errors.js";

/** @typedef {import("./adderscope.js").Figure} Figure */
/** @typedef {import("./adderscope.js").Mark} Mark */
/** @typedef {import("./adderscope.js").DrawOptions} DrawOptions */
/** @typedef {{figure: Figure, panel: string, alignment: string, theme: "light" | "dark", name: string}} Content */

/** How far from a mark, in CSS pixels, a pointer still means it. */
const REACH = { mouse: 14, touch: 28 };
/** Room between a mark and its ring, and between the ring and the tooltip. */
const GAP = 3;

/** @type {Set<Plot>} */
const due = new Set();

/** How long, in milliseconds, one frame may draw: the page must scroll and answer meanwhile. */
const FRAME_BUDGET = 12;

/** The frame that draws what is due, once it is asked for. */
let frame = 0;

function drawDue() {
  cancelAnimationFrame(frame); // it is done early, or was this one
  frame = 0;
  const start = performance.now();
  for (const plot of due) {
    due.delete(plot);
    plot.draw();
    if (performance.now() - start > FRAME_BUDGET) break;
  }
  if (due.size > 0) frame = requestAnimationFrame(drawDue);
  else performance.mark("drawn"); // seen in the browser's profiler, and measured by the tests
}

/** Draws once, however many reasons there are to, the first on the page first. @param {Plot} plot */
function drawSoon(plot) {
  if (frame === 0) frame = requestAnimationFrame(drawDue);
  due.add(plot);
}

/** Draws what is due without waiting for the frame that will show it: someone drags, and every millisecond counts. */
export function drawNow() {
  if (frame !== 0) drawDue();
}

/** Settles when all drawings have the sizes that the page has for them now. */
export async function drawn() {
  const nextFrame = () => new Promise(requestAnimationFrame);
  await nextFrame();
  await nextFrame(); // sizes are told at the end of a frame
  while (frame !== 0) await nextFrame();
}

/** All plots; they live as long as the page. @type {Plot[]} */
const plots = [];
const drawAll = () => plots.forEach(drawSoon);
addEventListener("resize", drawAll);

/** A window moved to a screen of another density is not resized. */
function watchDensity() {
  const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const change = () => {
    drawAll();
    watchDensity();
  };
  density.addEventListener("change", change, { once: true });
}
watchDensity();

/** Half the width and half the height of a mark. @param {Mark} mark */
const halves = ({ r, w, h }) => [(w ?? 2 * r) / 2, (h ?? 2 * r) / 2];

/**
 * How far a point is from a mark's edge; 0 on the mark.
 * @param {Mark} mark
 * @param {number} x
 * @param {number} y
 */
function distance(mark, x, y) {
  const dx = Math.abs(x - mark.x);
  const dy = Math.abs(y - mark.y);
  if (mark.w === undefined) return Math.max(0, Math.hypot(dx, dy) - mark.r);
  const [w = 0, h = 0] = halves(mark);
  return Math.hypot(Math.max(0, dx - w), Math.max(0, dy - h));
}

export class Plot {
  canvas = el("canvas", { role: "img", tabindex: 0, "aria-describedby": "plot-keys" });
  #ring = el("div", { class: "ring", hidden: true });
  #tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  element = el("div", { class: "plot" }, this.canvas, this.#ring, this.#tip);
  /** @type {Content | null} */
  #content = null;
  /** What was drawn, and its marks from when they are first asked for. @type {{content: Content, options: DrawOptions, marks?: Mark[]} | null} */
  #shown = null;
  #active = -1;
  #drawn = "";
  #failed;
  #picked;
  #fit;

  /**
   * @param {object} on
   * @param {(message: string) => void} on.failed
   * @param {() => void} [on.opened] by a click or Enter
   * @param {(at: number) => boolean} [on.picked] a point of a line, by its place on the horizontal axis; false: it opens
   * @param {(wanted: number, width: number) => number} [on.fit] the height to draw at, for what the panel wants
   */
  constructor({ failed, opened, picked, fit }) {
    this.#failed = failed;
    this.#picked = picked ?? (() => false);
    this.#fit = fit ?? ((wanted) => wanted);
    plots.push(this);
    new ResizeObserver(() => drawSoon(this)).observe(this.element);
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => this.#point(event));
    canvas.addEventListener("pointerdown", (event) => this.#point(event));
    canvas.addEventListener("pointerleave", () => this.#activate(-1));
    canvas.addEventListener("blur", () => this.#activate(-1));
    canvas.addEventListener("keydown", (event) => this.#key(event, opened));
    if (opened) canvas.addEventListener("click", ({ offsetX }) => this.#pick(this.#lineAt(offsetX)) || opened());
  }

  /** @param {Content | null} content null: nothing to draw */
  show(content) {
    this.#content = content;
    this.#drawn = "";
    this.#shown = null;
    this.#activate(-1);
    if (!content) return;
    this.canvas.setAttribute("aria-label", content.name);
    drawSoon(this);
  }

  /** Draws again where the size or the pixel ratio has changed. */
  draw() {
    const width = Math.floor(this.element.clientWidth);
    const scale = devicePixelRatio;
    if (!this.#content || width === 0) return;
    const { figure, panel, alignment, theme } = this.#content;
    try {
      const height = Math.round(this.#fit(figure.aspect(panel, width), width));
      const drawn = `${width} ${height} ${scale}`;
      if (drawn === this.#drawn) return;
      this.#drawn = drawn;
      this.#activate(-1);
      this.#resize(width, height);
      const options = { width, height, scale, theme, alignment, title: false };
      figure.draw(panel, this.canvas, options);
      this.#shown = { content: this.#content, options };
    } catch (error) {
      this.#shown = null;
      this.#failed(`Panel “${panel}” could not be drawn: ${wordsOf(error)}`);
    }
  }

  /**
   * A size that is set, even to what it was, is laid out again before the next plot can ask for its own.
   * @param {number} width
   * @param {number} height
   */
  #resize(width, height) {
    const { style } = this.canvas;
    if (style.width !== `${width}px`) style.width = `${width}px`;
    if (style.height !== `${height}px`) style.height = `${height}px`;
  }

  /** What was drawn where: asked for when someone points, not at every frame. */
  get #marks() {
    if (!this.#shown) return [];
    const { content, options } = this.#shown;
    this.#shown.marks ??= content.figure.marks(content.panel, options);
    return this.#shown.marks;
  }

  /** @param {PointerEvent} event */
  #point({ offsetX, offsetY, pointerType }) {
    let nearest = pointerType === "touch" ? REACH.touch : REACH.mouse;
    let active = -1;
    for (const [at, mark] of this.#marks.entries()) {
      const away = distance(mark, offsetX, offsetY);
      // Where marks overlap, the one drawn last is on top.
      if (away < nearest || (away === 0 && nearest === 0)) [nearest, active] = [away, at];
    }
    this.#activate(active);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {(() => void)} [opened]
   */
  #key(event, opened) {
    const last = this.#marks.length - 1;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowRight: () => (this.#active >= last ? 0 : this.#active + 1),
      ArrowLeft: () => (this.#active <= 0 ? last : this.#active - 1),
      ArrowUp: () => this.#toward(-1),
      ArrowDown: () => this.#toward(1),
      Home: () => 0,
      End: () => last,
    };
    const move = moves[event.key];
    if (move && last >= 0) {
      this.#activate(move());
      const mark = this.#marks[this.#active];
      if (mark) announce(`${mark.label}: ${mark.value}`);
    } else if (event.key === "Escape" && this.#active >= 0) {
      this.#activate(-1);
    } else if (event.key === "Enter" && opened) {
      if (!this.#pick(this.#marks[this.#active])) opened();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** The point of a line nearest to `x`, however far below or above. @param {number} x */
  #lineAt(x) {
    const points = this.#marks.filter(({ at }) => at !== undefined);
    const away = points.map((point) => Math.abs(point.x - x));
    return points[away.indexOf(Math.min(...away))];
  }

  /** @param {Mark | undefined} mark */
  #pick(mark) {
    return mark?.at !== undefined && this.#picked(mark.at);
  }

  /** The nearest mark above (-1) or below (1) the active one. @param {-1 | 1} way */
  #toward(way) {
    const from = this.#marks[this.#active];
    if (!from) return 0;
    let found = this.#active;
    let best = Infinity;
    for (const [at, { x, y }] of this.#marks.entries()) {
      const down = (y - from.y) * way;
      const cost = down + 3 * Math.abs(x - from.x);
      if (down > 1 && cost < best) [best, found] = [cost, at];
    }
    return found;
  }

  /** @param {number} active the index of a mark; -1 for none */
  #activate(active) {
    if (active < 0 && this.#active < 0) return;
    this.#active = active;
    const mark = active < 0 ? undefined : this.#marks[active];
    this.#ring.hidden = this.#tip.hidden = !mark;
    if (!mark) return;
    const [w = 0, h = 0] = halves(mark).map((half) => half + GAP);
    this.#ring.classList.toggle("box", mark.w !== undefined);
    Object.assign(this.#ring.style, {
      width: `${2 * w}px`,
      height: `${2 * h}px`,
      transform: `translate(${mark.x - w}px, ${mark.y - h}px)`,
    });
    this.#tip.replaceChildren(el("span", {}, mark.label), el("strong", {}, mark.value));
    const { offsetWidth, offsetHeight } = this.#tip;
    const left = Math.max(0, Math.min(mark.x - offsetWidth / 2, this.element.clientWidth - offsetWidth));
    const above = mark.y - h - GAP - offsetHeight;
    this.#tip.style.transform = `translate(${left}px, ${above >= -offsetHeight ? above : mark.y + h + GAP}px)`;
  }
}
