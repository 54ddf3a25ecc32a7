// The figure on the page: its cards, its large view, and its downloads.

import { Figure } from "./adderscope.js";
import type { Client } from "./channel/client.js";
import type { Drawn, LibraryCalls } from "./channel/protocol.js";
import type { Shares } from "./exact/course.js";
import { MAP, RULER } from "./map.js";
import { nameOf, render, save, type Format } from "./download.js";
import type { largeView } from "./large.js";
import { later } from "./later-load.js";
import type { Page, PanelText, Summary } from "./library-types.js";
import { layOut } from "./panels.js";
import type { Scope } from "./scope.js";
import { found } from "./state/actions.js";
import type { Field, State } from "./state/state.js";
import type { Store } from "./state/store.js";
import type { View } from "./view.js";

interface On {
  /** A place on a curve was pointed at; false where there is no run to move through. */
  pick: (at: number) => boolean;
  failed: (error: unknown) => void;
}

/** How the figure is seen, with the words of its panels. */
interface Seen {
  readonly panels: PanelText[];
  readonly view: View;
}

/** What of the state is drawn. */
const DRAWN: readonly Field[] = ["alignment", "theme"];

export class FigureView {
  readonly #scope;
  readonly #page;
  readonly #store;
  readonly #failed;
  readonly #showCards;
  readonly #on;
  /** Comes after the first view, or when a panel is wanted large before. */
  #showLarge: ReturnType<typeof largeView> | null = null;
  /** While it is on its way. */
  #coming: Promise<void> | null = null;
  #figure: Figure | null = null;
  #summary: Summary | null = null;
  #drawn: Drawn | null = null;
  /** The report that is drawn where something is switched off; null: the model's own. */
  #measured: Uint8Array | null = null;
  #ruler: Uint8Array | null = null;

  constructor(scope: Scope, page: Page, store: Store, { pick, failed }: On) {
    this.#scope = scope;
    this.#page = page;
    this.#store = store;
    this.#failed = failed;
    const open = (panel: string) => store.dispatch({ type: "panel", panel });
    const saveDrawing = (panel: string | null, format: Format) => void this.#save(panel, format);
    this.#on = {
      open,
      pick,
      choose: (item: string) => this.#choose(item),
      stop: (item: string) => this.#stop(item),
      show: (a: number, b: number) => store.dispatch(found(a, b)),
      closed: () => open(""),
      save: saveDrawing,
      failed,
    };
    this.#showCards = layOut(scope, page, this.#on);
    scope.dark.addEventListener("change", () => this.draw(), { signal: scope.signal });
    scope.signal.addEventListener("abort", () => this.clear());
    for (const format of ["png", "svg"] as const) {
      scope.byId(`figure-${format}`).addEventListener("click", () => saveDrawing(null, format));
    }
  }

  /** What of the state is another. */
  follow(state: State, changed: ReadonlySet<Field>) {
    if (DRAWN.some((field) => changed.has(field))) return this.draw();
    const now = changed.has("panel") || changed.has("selection") ? this.view() : null;
    if (now) this.#enlarge(now, state, false);
  }

  /** Another model takes the place of the one before. */
  become(summary: Summary, drawn: Drawn) {
    const { report, unedited, scales, extremes } = drawn;
    const figure = new Figure(report);
    figure.set_ghost(unedited ?? undefined);
    if (extremes) figure.set_extremes(extremes);
    figure.set_scales(scales);
    if (this.#ruler) figure.set_ruler(this.#ruler); // until that of this model comes
    this.clear();
    this.#figure = figure;
    this.#summary = summary;
    this.#drawn = drawn;
    this.draw();
  }

  /**
   * The same model with other numbers: what changes is drawn at once, without waiting for a frame. With something switched
   * off what was measured so is awaited, but for other scales: that is measured already.
   */
  renew(summary: Summary, drawn: Drawn) {
    if (!this.#figure) return;
    const isRescaled = drawn.scales !== this.#drawn?.scales;
    this.#summary = summary;
    this.#drawn = drawn;
    if (drawn.extremes) this.#figure.set_extremes(drawn.extremes);
    this.#figure.set_ghost(drawn.unedited ?? undefined);
    if (!this.#measured || isRescaled) this.#replace();
  }

  /** The report of the model with something switched off; null: panels are of the whole model. */
  showMeasured(measured: Uint8Array | null) {
    if (!measured && !this.#measured) return;
    this.#measured = measured;
    this.#replace();
  }

  #replace() {
    if (!this.#figure || !this.#drawn) return;
    const { report, scales } = this.#drawn;
    this.draw(new Set(this.#figure.replace(this.#measured ?? report, this.#store.state.alignment, scales)));
    this.#scope.drawings.now();
  }

  /** What is known of all additions along the run: panel 12 has it beside the samples. */
  showExact({ steps, atLeast, atMost }: Shares) {
    this.#figure?.set_exact(steps, atLeast, atMost);
    this.#drawOnly("trajectory");
  }

  /** What is known of all additions, case by case, with this switched off: panel 13 is drawn of it. */
  showMap(map: Uint8Array | null, off: string) {
    this.#figure?.set_map(map ?? undefined, off);
    this.#drawOnly(MAP, RULER); // this shows where all additions stop
  }

  /** The ruler of the chosen answer digit; null: it has none. */
  showRuler(ruler: Uint8Array | null) {
    this.#ruler = ruler;
    this.#figure?.set_ruler(ruler ?? undefined);
    this.#drawOnly(RULER);
  }

  clear() {
    this.#figure?.free();
    this.#figure = null;
    this.#summary = null;
    this.#measured = null;
  }

  /** @param changed panels; without them all are drawn */
  draw(changed?: Set<string>) {
    const now = this.view();
    if (!now) return;
    const { state } = this.#store;
    const { alignment: key } = state;
    this.#showCards(now.panels, now.view, changed);
    this.#enlarge(now, state, true);
    const note = this.#scope.byId("alignment-note");
    note.textContent = this.#page.alignments.find((each) => each.key === key)?.sentence ?? "";
    note.classList.toggle("script", key === "script");
  }

  /** Panels that show something else, of the same model. */
  #drawOnly(...panels: string[]) {
    const now = this.view();
    if (!now) return;
    const { state } = this.#store;
    this.#showCards(now.panels, now.view, new Set(panels));
    if (panels.includes(state.panel)) this.#enlarge(now, state, true);
  }

  /** Shows the panel that is wanted large, or none. */
  #enlarge({ panels, view }: Seen, state: State, redraw: boolean) {
    if (this.#showLarge) this.#showLarge(panels, state, view, redraw);
    else if (state.panel !== "" && !this.#coming) this.#coming = this.#comesLarge();
  }

  /** What shows a panel large has come. */
  fill(large: typeof largeView) {
    if (this.#showLarge) return;
    this.#showLarge = large(this.#scope, this.#on);
    const { state } = this.#store;
    const now = state.panel === "" ? null : this.view();
    if (now) this.#enlarge(now, state, true);
  }

  async #comesLarge() {
    try {
      this.fill((await later()).largeView);
    } catch (error) {
      this.#failed(error);
      this.#on.closed(); // it is asked for again with the next panel
    } finally {
      this.#coming = null;
    }
  }

  /** Someone points at what is more than a value: whether it is. */
  #choose(item: string) {
    if (!this.#figure?.case_text(item)) return false;
    this.#store.dispatch({ type: "select", item, panel: MAP });
    return true;
  }

  /** A stop on the ruler is pointed at: an addition of its case is shown, where one is wrong that. */
  #stop(item: string) {
    const { wrong, example } = this.#figure?.case_text(item) ?? {};
    const pair = wrong ?? example;
    const digit = /^case:Z(\d+)/.exec(item)?.[1];
    if (!pair || digit === undefined) return false;
    this.#store.dispatch(found(...pair));
    this.#store.dispatch({ type: "digit", digit: Number(digit) });
    return true;
  }

  /** The buttons that save the model as a file. */
  wireExports(client: Client<LibraryCalls>) {
    for (const format of ["safetensors", "json"] as const) {
      this.#scope.byId(`model-${format}`).addEventListener("click", () => void this.saveModel(client, format));
    }
  }

  /** Saves the model as a file. */
  async saveModel(client: Client<LibraryCalls>, format: "safetensors" | "json") {
    const name = `${this.named()}.${format}`;
    try {
      save(new Blob([await client.call("export", format)]), name);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** How it is seen, with the words of its panels. */
  view(): Seen | null {
    if (!this.#figure) return null;
    const { alignment } = this.#store.state;
    const view = { figure: this.#figure, alignment, theme: this.#scope.theme() };
    return { panels: this.#figure.panels(alignment), view };
  }

  /** The name of a download: of the step of a run; and no file of an edited model passes for the original. */
  named(...parts: string[]) {
    if (!this.#summary) return nameOf("model", ...parts);
    const { file, snapshot, step, edited } = this.#summary;
    const marks = [...(snapshot === null ? [] : [`step-${step}`]), ...(edited > 0 ? ["edited"] : [])];
    return nameOf(file, ...marks, ...parts);
  }

  /** The name of a picture: of one panel, or of the whole figure for null. */
  pictureName(panel: string | null, format: Format) {
    const script = this.#store.state.alignment === "script" ? ["script"] : [];
    return `${this.named(panel ?? "figure", ...script)}.${format}`;
  }

  /** One panel, or the whole figure for null. */
  async #save(panel: string | null, format: Format) {
    const now = this.view();
    if (!now) return;
    const name = this.pictureName(panel, format);
    try {
      save(await render(now.view, panel, format), name);
    } catch (error) {
      this.#failed(error);
    }
  }
}
