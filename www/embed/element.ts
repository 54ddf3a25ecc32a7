// <adder-scope>: one view of one model on anybody's page. What it shows is drawn by the library in the page's thread, some
// milliseconds' work; all additions are decided in a Worker.

import { wordsOf } from "../errors.js";
import { MAP } from "../map.js";
import { INITIAL, additionOf, isSame, scalesOf, shownModel, type State } from "../state/state.js";
import { lookedAt } from "../sum/words.js";
import type { NamedBytes } from "../whole.js";
import * as asked from "./asked.js";
import type { AdderScopeEvents } from "./events.js";
import { Attributes, OBSERVED } from "./attributes.js";
import { verdictText } from "./head.js";
import { Known } from "./known.js";
import { load, type Wasm } from "./load.js";
import { Model } from "./model.js";
import { Parts } from "./parts.js";
import { addressOf, decoded, filesOf, pictureAt, type Card } from "./sources.js";
import { Problems } from "./problems.js";
import { still } from "./stills.js";
import type { Verdict } from "./verdict.js";
import { viewFor, type Seen, type View } from "./views.js";

export type { AdderScopeEvents } from "./events.js";

let wasm: Wasm | undefined;

/** What a model was opened from. */
interface Opened {
  readonly from: unknown;
  readonly files: readonly NamedBytes[];
}

const SWITCHED_OFF = "All additions are decided of the whole model: here something of it is switched off";

type Own = Partial<Pick<State, "a" | "b" | "digit">>;

export class AdderScope extends Attributes {
  static readonly observedAttributes = OBSERVED;

  /** Settles when it is drawn, or cannot be. */
  readonly ready: Promise<void>;
  #isReady: () => void = () => {};
  #address = "";
  #files: readonly NamedBytes[] | null = null;
  /** What was set, or changed by the reader, since the state was named: it stays where that is read again. */
  #own: Own = {};
  #state: State = INITIAL;
  #model: Model | null = null;
  /** What the model is of: the same is not opened again. */
  #opened: Opened | null = null;
  #gallery: readonly Card[] = [];
  #turn = 0;
  #isVisible = false;
  #isDue = false;
  #view: { readonly name: string; readonly view: View } | null = null;
  #observer: IntersectionObserver | null = null;
  #end = new AbortController();
  readonly #parts = new Parts({
    added: (a, b) => this.#change({ a, b }),
    chosen: (digit) => this.#change({ digit }),
  });
  readonly #known = new Known({
    told: (verdict, isMapped) => {
      if (isMapped) this.#show();
      else this.#judge();
      this.#tell("verdict", verdict);
    },
    failed: (message) => {
      this.#show();
      this.#tell("problem", { message });
    },
  });
  readonly #problems = new Problems(
    (text) => this.#parts.complain(text),
    (message) => this.#tell("problem", { message }),
  );

  constructor() {
    super();
    this.ready = new Promise((resolve) => (this.#isReady = resolve));
    const root = this.attachShadow({ mode: "open" });
    this.#parts.into(root);
  }

  connectedCallback() {
    this.upgrade(["a", "b", "base", "digit", "files", "hide", "src", "state", "theme", "view"]);
    this.#end = new AbortController();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#show(), { signal: this.#end.signal });
    this.#layOut();
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (this.#isVisible || !entries.some(({ isIntersecting }) => isIntersecting)) return;
        this.#isVisible = true;
        this.#observer?.disconnect();
        this.#soon();
      },
      { rootMargin: "200px" },
    );
    if (this.#isVisible) this.#soon();
    else this.#observer.observe(this);
  }

  disconnectedCallback() {
    this.#observer?.disconnect();
    this.#end.abort();
    this.#known.end();
    this.#view?.view.end();
    this.#view = null;
    this.#turn += 1;
    this.#model?.free();
    this.#model = this.#opened = null;
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null) {
    if (before === value) return;
    if (name === "state") {
      this.#address = value ?? "";
      this.#own = {};
    }
    this.#layOut();
    this.#soon();
  }

  /** What is shown, as in an address of AdderScope after its "#". */
  get state(): string {
    return this.#model ? this.#stateText() : this.#address;
  }
  set state(address: string) {
    this.#address = address.replace(/^[^#]*#/, "");
    this.#own = {};
    this.#soon();
  }

  /** Files that the model is opened from, in place of what `src` and `state` name. */
  get files(): readonly NamedBytes[] | null {
    return this.#files;
  }
  set files(files: readonly NamedBytes[] | null) {
    this.#files = files;
    this.#soon();
  }

  get a(): number {
    return additionOf({ ...this.#state, ...this.#own }).a;
  }
  set a(a: number | string) {
    this.#set({ a: String(a), b: String(this.b) });
  }

  get b(): number {
    return additionOf({ ...this.#state, ...this.#own }).b;
  }
  set b(b: number | string) {
    this.#set({ a: String(this.a), b: String(b) });
  }

  /** The answer digit, 0 for the ones; null: a wrong one, or the one that leads by least. */
  get digit(): number | null {
    return this.#own.digit ?? this.#state.digit;
  }
  set digit(digit: number | null) {
    this.#set({ digit });
  }

  /** The model that is shown, as `open` of the package gives it; null where none is. */
  get model(): Model | null {
    return this.#model;
  }

  /** What is known of all additions. */
  get verdict(): Verdict | null {
    return this.#known.of(this.#model).verdict;
  }

  /** The view as a still picture, where it is one. */
  svg(): string {
    const seen = this.#seen();
    if (!seen) return "";
    const key = asked.isOfAddition(this.view) ? asked.DEFAULT_VIEW : this.view;
    if (key === MAP && !this.verdict?.decided) return ""; // it will be there
    return seen.model.panel(key, seen.looked).svg({ theme: seen.theme });
  }

  #set(own: Own) {
    this.#own = { ...this.#own, ...own };
    if (!this.#model) return;
    this.#state = { ...this.#state, ...own };
    this.#show();
  }

  /** By the reader. */
  #change(own: Own) {
    const before = this.#state;
    this.#own = { ...this.#own, ...own };
    this.#state = { ...before, ...own };
    if (isSame(before, this.#state)) return;
    this.#show();
    const seen = this.#seen();
    if (!seen) return;
    const { a, b, digit } = seen.looked;
    const { step } = seen.model.summary();
    this.#tell("state", { state: this.#stateText(), a, b, digit, step });
  }

  #tell<Name extends keyof AdderScopeEvents>(name: Name, detail: AdderScopeEvents[Name]["detail"]) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** All that was set in one go is taken at once. */
  #soon() {
    if (!this.#isVisible || !this.isConnected || this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected) void this.#run();
    });
  }

  async #run() {
    const turn = (this.#turn += 1);
    try {
      const loading = load(wasm);
      loading.catch(() => {}); // it is awaited below
      const isOwn = this.#files !== null || this.src !== null;
      const read = await decoded(this.#address, { isOwn, base: this.base, gallery: this.#gallery });
      if (turn !== this.#turn) return;
      const state = { ...read.state, ...this.#own };
      this.#gallery = read.gallery;
      this.#problems.set("state", read.complaints.join(". "));
      this.#problems.set("model", "");
      this.#problems.tell();
      void this.#preview(state, turn);
      await loading;
      const opened = await this.#open(state);
      if (turn !== this.#turn) return;
      this.#become(state, opened);
    } catch (error) {
      if (turn === this.#turn) this.#fail(wordsOf(error));
    } finally {
      if (turn === this.#turn) this.#isReady();
    }
  }

  /** A picture of a model as it opens, while the library is on its way. */
  async #preview(state: State, turn: number) {
    const card = this.#gallery.find(({ name }) => name === shownModel(state)?.bundled);
    const { view, base } = this;
    // An addition is seen in views of one alone.
    const { a, b, digit } = asked.isOfAddition(view) ? INITIAL : state;
    const isAsOpened = isSame(state, { ...INITIAL, models: state.models, theme: state.theme, a, b, digit });
    const isToBeSeen = !this.#model && this.childElementCount === 0 && !this.hasAttribute("still");
    if (!card?.stills?.views.includes(view) || !isAsOpened || !isToBeSeen || base === null) return;
    const picture = await pictureAt(new URL(card.stills.folder + still(view, this.#theme), base));
    if (picture && turn === this.#turn && !this.#model) this.#parts.preview(picture);
  }

  async #open(state: State): Promise<Opened> {
    const { src, base } = this;
    const from = this.#files ?? src ?? shownModel(state);
    if (this.#opened && isSame(this.#opened.from, from)) return this.#opened;
    return { from, files: this.#files ?? (await filesOf(state, { src, base, gallery: this.#gallery })) };
  }

  /** Shows another state, of the same model or of another one. */
  #become(state: State, opened: Opened) {
    const { step, edits } = this.#state;
    const isSameModel =
      this.#opened === opened && this.#model !== null && isSame([step, edits], [state.step, state.edits]);
    if (!isSameModel) {
      const model = new Model(opened.files);
      try {
        if (state.step !== null && model.snapshots().length > 0) model.show(state.step);
        if (state.edits.length > 0) model.edit(state.edits);
      } catch (error) {
        model.free();
        throw error;
      }
      this.#model?.free();
      this.#model = model;
    }
    [this.#opened, this.#state] = [opened, state];
    this.#show();
  }

  /** Begins where the verdict is to be seen, and has not begun. */
  #decide(model: Model) {
    const isWanted = !this.#hidden.has("verdict") || this.view === MAP;
    if (isWanted && this.#state.interventions.length === 0) this.#known.decide(model);
  }

  #judge() {
    const { verdict, why } = this.#known.of(this.#model);
    const isOfIt = this.#state.interventions.length === 0;
    this.#parts.judge(isOfIt && verdict ? verdictText(verdict) : why);
  }

  get #hidden() {
    return asked.hiddenBy(this.hide).hidden;
  }

  #seen(): Seen | null {
    const [model, state] = [this.#model, this.#state];
    if (!model) return null;
    const { a, b } = additionOf(state);
    const off = state.interventions;
    const answered = model.answer(a, b, off);
    const digit = lookedAt(answered, state.digit);
    const looked = { a, b, digit, alignment: state.alignment, scales: scalesOf(state), off };
    const why = off.length > 0 ? SWITCHED_OFF : this.#known.of(model).why;
    return { model, answered, looked, theme: this.#theme, why };
  }

  get #theme() {
    const { theme } = this;
    if (theme !== "auto") return theme;
    return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }

  /** What of the layout is known before anything is loaded. */
  #layOut() {
    const { hidden, unknown } = asked.hiddenBy(this.hide);
    this.#parts.layOut(this.view, this.theme, hidden, this.getAttribute("still"));
    const names = unknown.join(" ").slice(0, 60);
    this.#problems.set("layout", names === "" ? "" : `Nothing is called “${names}” that could be hidden`);
  }

  #show() {
    if (!this.isConnected) return;
    try {
      const seen = this.#seen();
      if (!seen) return;
      const view = this.#viewNow();
      this.#parts.show(seen, this.#state.digit !== null, this.#hidden, this.#link());
      this.#parts.tell(view.show(seen), this.#hidden);
      this.#judge();
      this.#decide(seen.model);
    } catch (error) {
      this.#fail(wordsOf(error));
    }
  }

  #viewNow(): View {
    const name = this.view;
    if (this.#view?.name === name) return this.#view.view;
    const view = viewFor(name, {
      selected: ({ item = "", label, value }) => this.#tell("select", { item, label, value }),
      announce: (text) => this.#parts.announce(text),
      failed: (why) => this.#fail(why),
    });
    this.#view?.view.end();
    this.#view = { name, view };
    this.#parts.place(view.element);
    return view;
  }

  #fail(message: string) {
    this.#problems.set("model", message);
    this.#problems.tell();
  }

  #stateText(): string {
    return addressOf(this.#state, this.#model, this.#gallery);
  }

  #link(): string | null {
    const { base } = this;
    const state = this.#stateText();
    return base === null || state === "" ? null : `${base}index.html#${state}`;
  }
}

/** What is the name of the element. */
export const NAME = "adder-scope";

/**
 * Defines the element, once.
 * @param from where the library's WebAssembly is, if it is not where the module looks for it
 */
export function define({ wasm: from }: { readonly wasm?: Wasm } = {}): void {
  if (from !== undefined) wasm = from;
  if (!("customElements" in globalThis) || customElements.get(NAME)) return;
  customElements.define(NAME, AdderScope);
}

declare global {
  interface HTMLElementTagNameMap {
    "adder-scope": AdderScope;
  }
}
