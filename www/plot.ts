// One canvas with what makes it more than a picture: exact values under the pointer and by keyboard.

import { el } from "./dom.js";
import { wordsOf } from "./errors.js";
import type { Alignment, DrawOptions, Figure, Mark, Theme } from "./library-types.js";
import { halves, itemsOf, lineAt, markAt, moved, outlines } from "./marks.js";
import type { Links, Test } from "./linked.js";
import type { Scope } from "./scope.js";

export interface Content {
  figure: Pick<Figure, "aspect" | "draw" | "marks">;
  panel: string;
  alignment: Alignment;
  theme: Theme;
  name: string;
}

interface On {
  failed: (message: string) => void;
  /** By a click or Enter. */
  opened?: () => void;
  /** What a mark stands for; false: nothing more is to be said of it. */
  chosen?: (item: string) => boolean;
  /** A point of a line, by its place on the horizontal axis; false: it opens. */
  picked?: (at: number) => boolean;
  /** All of it is of the chosen digit: what is of that is not marked. */
  isOne?: boolean;
  /** The height to draw at, for what the panel wants. */
  fit?: (wanted: number, width: number) => number;
}

/** What a drawing needs of the page, or of the embed, that it is in. */
export type Around = Pick<Scope, "announce" | "drawings" | "id" | "linked" | "signal">;

/** How far from a mark, in CSS pixels, a pointer still means it. */
const REACH = { mouse: 14, touch: 28 };
/** How long, in milliseconds, a drawing rests before what is chosen is marked on it again: its marks take a while. */
const REST = 120;
/** Room between a mark and its ring, and between the ring and the tooltip. */
const GAP = 3;

export class Plot {
  readonly canvas;
  readonly element;
  readonly #scope: Around;
  #on;
  #ring = el("div", { class: "ring", hidden: true });
  #tip = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  #content: Content | null = null;
  /** What was drawn, and its marks from when they are first asked for. */
  #shown: { content: Content; options: DrawOptions; marks?: Mark[] } | null = null;
  #active = -1;
  /** Which it was before the pointer came down. */
  #before = -1;
  #drawn = "";
  /** What is meant elsewhere, and where that is here: what is chosen, and over it what is pointed at. */
  #links: Links = { chosen: null, pointed: null };
  #chosen = el("div", { class: "links", "aria-hidden": "true" });
  #pointed = el("div", { class: "links pointed", "aria-hidden": "true" });
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(scope: Around, on: On) {
    this.#scope = scope;
    this.#on = on;
    const canvas = el("canvas", {
      // Its arrow keys lead from value to value, and each is spoken: a screen reader hands them on.
      role: "application",
      "aria-roledescription": "chart",
      tabindex: 0,
      "aria-describedby": scope.id("plot-keys"),
    });
    this.canvas = canvas;
    this.element = el("div", { class: "plot" }, canvas, this.#chosen, this.#pointed, this.#ring, this.#tip);
    scope.drawings.add(this, this.element);
    scope.linked.add(this);
    scope.signal.addEventListener("abort", () => clearTimeout(this.#resting));
    canvas.addEventListener("pointermove", (event) => this.#point(event));
    canvas.addEventListener("pointerdown", (event) => {
      this.#before = this.#active;
      this.#point(event);
    });
    canvas.addEventListener("pointerleave", ({ pointerType }) => {
      if (pointerType !== "touch") this.#activate(-1); // a finger that was lifted has left its value to be read
    });
    canvas.addEventListener("blur", () => this.#activate(-1));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("click", (event) => {
      const at = this.#markAt(event);
      // A finger has nothing to point with: the first tap shows a value, which stays; one more on it opens the panel.
      if (event.pointerType === "touch" && (at < 0 || at !== this.#before)) return;
      this.#press(this.#marks[at], lineAt(this.#marks, event.offsetX), event.pointerType !== "touch");
    });
  }

  /** @param content null: nothing to draw */
  show(content: Content | null) {
    this.#content = content;
    this.#drawn = "";
    this.#shown = null;
    this.#activate(-1);
    if (!content) return;
    this.canvas.setAttribute("aria-label", content.name);
    this.#scope.drawings.soon(this);
  }

  /** Draws again where the size or the pixel ratio has changed. */
  draw() {
    const width = Math.floor(this.element.clientWidth);
    const scale = devicePixelRatio;
    if (!this.#content || width === 0) return;
    const { figure, panel, alignment, theme } = this.#content;
    try {
      const wanted = figure.aspect(panel, width);
      const height = Math.round(this.#on.fit?.(wanted, width) ?? wanted);
      const drawn = `${width} ${height} ${scale}`;
      if (drawn === this.#drawn) return;
      this.#drawn = drawn;
      this.#activate(-1);
      this.#resize(width, height);
      const options = { width, height, scale, theme, alignment, title: false };
      figure.draw(panel, this.canvas, options);
      this.#shown = { content: this.#content, options };
      this.#linkSoon();
    } catch (error) {
      this.#shown = null;
      this.#on.failed(`Panel “${panel}” could not be drawn: ${wordsOf(error)}`);
    }
  }

  /** Marks what is meant, without drawing. */
  link(links: Links) {
    const before = this.#links;
    this.#links = links;
    if (links.chosen !== before.chosen) this.#outline(this.#chosen, this.#on.isOne ? null : links.chosen);
    if (links.pointed !== before.pointed) this.#outline(this.#pointed, links.pointed);
  }

  #linkSoon() {
    clearTimeout(this.#resting);
    const { chosen, pointed } = this.#links;
    if (!chosen && !pointed) return;
    this.#resting = setTimeout(() => {
      this.#outline(this.#chosen, this.#on.isOne ? null : chosen);
      this.#outline(this.#pointed, this.#links.pointed);
    }, REST);
  }

  #outline(place: HTMLElement, isMeant: Test | null) {
    if (!isMeant && !place.hasChildNodes()) return;
    const isSeen = isMeant && this.#shown && this.element.clientWidth > 0;
    const meant = isSeen ? this.#marks.filter((mark) => itemsOf(mark).some(isMeant)) : [];
    const boxes = outlines(meant).map(({ left, top, right, bottom }) => {
      const box = el("i");
      Object.assign(box.style, {
        width: `${right - left + 2 * GAP}px`,
        height: `${bottom - top + 2 * GAP}px`,
        transform: `translate(${left - GAP}px, ${top - GAP}px)`,
      });
      return box;
    });
    place.replaceChildren(...boxes);
  }

  /** A size that is set, even to what it was, is laid out again before the next plot can ask for its own. */
  #resize(width: number, height: number) {
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

  #markAt({ offsetX, offsetY, pointerType }: PointerEvent) {
    const reach = pointerType === "touch" ? REACH.touch : REACH.mouse;
    return markAt(this.#marks, offsetX, offsetY, reach);
  }

  #point(event: PointerEvent) {
    this.#activate(this.#markAt(event));
  }

  #key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = this.#marks.length > 0 ? moved(this.#marks, this.#active, event.key) : undefined;
    if (to !== undefined) {
      this.#activate(to);
      const mark = this.#marks[to];
      if (mark) this.#scope.announce(`${mark.label}: ${mark.value}`);
    } else if (event.key === "Escape" && this.#active >= 0) {
      this.#activate(-1);
    } else if (event.key === " " && this.#active >= 0) {
      this.#pin(this.#marks[this.#active]);
    } else if (event.key === "Enter" && (this.#on.opened ?? this.#on.chosen)) {
      const mark = this.#marks[this.#active];
      this.#press(mark, mark, false);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * @param point the nearest of a line
   * @param pins whether what leads nowhere else is pinned
   */
  #press(mark: Mark | undefined, point: Mark | undefined, pins: boolean) {
    if (mark?.item !== undefined && this.#on.chosen?.(mark.item)) return;
    const isPicked = point?.at !== undefined && this.#on.picked?.(point.at);
    if (!isPicked && !(pins && this.#pin(mark))) this.#on.opened?.();
  }

  /** What a mark stands for stays marked; whether there is such a thing. */
  #pin(mark: Mark | undefined) {
    const { hearing } = this.#scope.linked;
    if (mark?.item === undefined || !this.#on.chosen || !hearing) return false;
    hearing.pinned(mark.item);
    return true;
  }

  /** @param active the index of a mark; -1 for none */
  #activate(active: number) {
    if (active < 0 && this.#active < 0) return;
    this.#active = active;
    const mark = active < 0 ? undefined : this.#marks[active];
    this.#scope.linked.hearing?.pointed(mark?.item ?? null);
    this.#ring.hidden = this.#tip.hidden = !mark;
    if (!mark) return;
    const [half, high] = halves(mark);
    const [w, h] = [half + GAP, high + GAP];
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
