// What is drawn on canvases: all of it, and of that what is due, a frame's worth at a time.

/** What draws itself, where something has changed. */
export interface Drawing {
  draw(): void;
}

/** How long, in milliseconds, one frame may draw: the page must scroll and answer meanwhile. */
const FRAME_BUDGET = 12;

export class Drawings {
  /** They live as long as this does. */
  #all: Drawing[] = [];
  #due = new Set<Drawing>();
  /** The frame that draws what is due, once it is asked for. */
  #frame = 0;
  #signal;

  /** @param signal aborted when nothing is to be drawn any more */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
    addEventListener("resize", () => this.all(), { signal });
    this.#watchDensity();
    signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.#frame);
      this.#due.clear();
    });
  }

  /** Draws it whenever the window has another size or density, and whenever its element has another size. */
  add(drawing: Drawing, element: Element) {
    this.#all.push(drawing);
    const sizes = new ResizeObserver(() => this.soon(drawing));
    sizes.observe(element);
    this.#signal.addEventListener("abort", () => sizes.disconnect());
  }

  /** Draws once, however many reasons there are to, what is first on the page first. */
  soon(drawing: Drawing) {
    if (this.#signal.aborted) return;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#drawDue());
    this.#due.add(drawing);
  }

  /** Draws what is due without waiting for the frame that will show it: someone drags, and every millisecond counts. */
  now() {
    if (this.#frame !== 0) this.#drawDue();
  }

  /** Settles when all drawings have the sizes that the page has for them now. */
  async settled() {
    const nextFrame = () => new Promise(requestAnimationFrame);
    await nextFrame();
    await nextFrame(); // sizes are told at the end of a frame
    while (this.#frame !== 0 && !this.#signal.aborted) await nextFrame();
  }

  #drawDue() {
    cancelAnimationFrame(this.#frame); // it is done early, or was this one
    this.#frame = 0;
    const start = performance.now();
    for (const drawing of this.#due) {
      this.#due.delete(drawing);
      drawing.draw();
      if (performance.now() - start > FRAME_BUDGET) break;
    }
    if (this.#due.size > 0) this.#frame = requestAnimationFrame(() => this.#drawDue());
    else performance.mark("drawn"); // seen in the browser's profiler, and measured by the tests
  }

  /** What is drawn may have another size, all of it. */
  all() {
    for (const drawing of this.#all) this.soon(drawing);
  }

  /** A window moved to a screen of another density is not resized. */
  #watchDensity() {
    const density = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const change = () => {
      this.all();
      this.#watchDensity();
    };
    density.addEventListener("change", change, { once: true, signal: this.#signal });
  }
}
