// Another model beside the one that is open: a bundled one, the file's own numbers, a step of the run, or another file.

import { Late, type Client } from "../channel/client.js";
import type { Compared, ComparedFor, LibraryCalls, Other } from "../channel/protocol.js";
import { button, el, setText } from "../dom.js";
import { wordsOf } from "../errors.js";
import { Dialog } from "../dialog.js";
import { dropped, read } from "../files.js";
import { grouped } from "../format.js";
import { downloadWhole, names } from "../gallery.js";
import type { Evaluation, NamedBytes, Summary } from "../library-types.js";
import type { Outcome } from "../model.js";
import type { Scope } from "../scope.js";
import { found } from "../state/actions.js";
import { additionOf, shownModel, type Field } from "../state/state.js";
import type { Store } from "../state/store.js";
import { FilmRow } from "./film-row.js";
import { Many } from "./many.js";
import { Pictures } from "./pictures.js";
import { Several } from "./several.js";
import { comparer } from "./worker.js";
import { factsTable, kindsOf, settingsOf, suiteOf, weightsOf } from "./tables.js";

/** How long, in milliseconds, all additions may be decided for. */
const WITHIN = 5000;

/** In the state: the file's own numbers. */
const FILE = "file";
/** In the chooser alone: a file that was brought, which no address names. */
const BROUGHT = "brought";

/** A call that was given up: nothing is to be told of it. */
const isOver = (error: unknown) =>
  error instanceof Late || (error instanceof DOMException && error.name === "AbortError");

interface On {
  /** The files with which one is opened that came with the model and was left aside. */
  aside: (file: string) => Promise<NamedBytes[]>;
  /** Files are to be opened. */
  bring: (files: Promise<NamedBytes[]>) => Promise<Outcome>;
  failed: (error: unknown) => void;
}

export class CompareView {
  readonly #scope;
  readonly #store;
  readonly #client;
  readonly #dialog;
  readonly #pictures;
  readonly #choice = el("select", { "aria-label": "The model to compare with" });
  readonly #told = el("p", { class: "note", role: "status" });
  readonly #facts = el("div");
  readonly #rest = el("div");
  readonly #picker = el("input", { type: "file", multiple: true, hidden: true });
  #summary: Summary | null = null;
  #steps: readonly Evaluation[] = [];
  #brought: { readonly name: string; readonly input: Uint8Array } | null = null;
  readonly #film;
  readonly #many;
  readonly #several;
  #running: AbortController | null = null;
  /** The Worker that holds both. */
  #worker: ReturnType<typeof comparer> | null = null;
  /** What is asked of it. */
  #asked: AbortController | null = null;
  /** The step of A that is wanted next; asked for once more, it is another wish. */
  #wanted: { readonly step: number } | null = null;
  /** Whether the Worker has both models, or will have when it comes to what it is asked next. */
  #isSent = false;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, on: On) {
    this.#scope = scope;
    this.#store = store;
    this.#client = client;
    this.#dialog = new Dialog(scope, "compare", () => this.#closed());
    this.#dialog.title.textContent = "Two models side by side";
    this.#pictures = new Pictures(scope, {
      chosen: (sides) => store.dispatch({ type: "sides", sides }),
      failed: (message) => on.failed(new Error(message)),
    });
    const instead = (file: string) => {
      this.#closed();
      void on.bring(on.aside(file));
    };
    this.#many = new Many(client, { aside: on.aside, instead });
    this.#several = new Several(client, {
      aside: on.aside,
      bring: (files) => {
        store.dispatch({ type: "view", view: "panels" });
        return on.bring(files);
      },
      told: (words) => scope.announce(words),
      closed: () => scope.byId("main").focus(),
    });
    scope.byId("first").after(this.#several.element);
    this.#film = new FilmRow(scope, {
      moved: (step, by) => store.dispatch({ type: "step", step, by }),
      paused: () => this.#moveTo(store.state.step), // what played was not decided
    });
    this.#choice.addEventListener("change", () => this.#chosen(this.#choice.value));
    this.#picker.addEventListener("change", () => {
      const files = [...(this.#picker.files ?? [])];
      this.#picker.value = ""; // the same file can be picked again
      if (files.length > 0) this.take(read(files));
    });
    const pick = button("A file…", () => this.#picker.click());
    this.#dialog.content.className = "scroll compare-content";
    this.#dialog.content.append(
      el("p", { class: "buttons" }, el("label", {}, "B is ", this.#choice), pick, this.#picker),
      this.#film.element,
      this.#told,
      this.#facts,
      this.#rest,
      this.#pictures.element,
      this.#many.element,
    );
    this.#acceptDrop();
    const end = store.subscribe((state, changed, action) => {
      if (action.type === "joined") this.#several.joined(action.model.files);
      if (changed.has("compare")) this.#follow();
      else if (this.isOpen) this.#changed(changed);
      if (changed.has("models") && state.compare === "") this.#dialog.close();
      if (changed.has("models") && state.models.length === 0) this.#several.of(null, null);
    });
    scope.signal.addEventListener("abort", () => {
      end();
      this.#stop();
    });
  }

  /** What is dropped on the button is compared; anywhere else it is opened. */
  #acceptDrop() {
    const { signal } = this.#scope;
    const words = this.#scope.byId("veil").querySelector("strong");
    const open = this.#scope.byId("compare-open");
    const say = (text: string) => void (words && setText(words, text));
    open.addEventListener("dragover", () => say("Drop to compare"), { signal });
    open.addEventListener("dragleave", () => say("Drop to open"), { signal });
    const drop = (event: DragEvent) => {
      say("Drop to open");
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault(); // so that it is opened by nobody else
      this.take(dropped(event.dataTransfer).then(read));
    };
    open.addEventListener("drop", drop, { signal });
  }

  get isOpen() {
    return this.#dialog.element.open;
  }

  /** The model that is open, scored: the comparison of an address has its turn. */
  scored(summary: Summary, steps: readonly Evaluation[]) {
    this.#summary = summary;
    this.#steps = steps;
    this.#many.of(summary);
    this.#several.of(summary, shownModel(this.#store.state));
    if (this.#store.state.compare !== "" && !this.isOpen) this.#follow();
  }

  /** Someone wants to compare: with the file's own numbers where some are edited, else with another bundled model. */
  open() {
    const own = shownModel(this.#store.state)?.bundled;
    const isEdited = (this.#summary?.edited ?? 0) > 0;
    this.#chosen(isEdited ? FILE : (names.find((name) => name !== own) ?? FILE));
  }

  /** Compares with what files hold. */
  take(files: Promise<readonly NamedBytes[]>) {
    void this.#with(async () => {
      const group = await files;
      const input = await this.#client.call("read", group);
      const name = group.map((file) => file.name).join(", ");
      this.#brought = { name, input };
      return { input, snapshot: undefined, step: null };
    });
  }

  #changed(changed: ReadonlySet<Field>) {
    if (changed.has("step")) this.#moveTo(this.#store.state.step);
    if (changed.has("theme") || changed.has("alignment") || changed.has("sides")) this.#draw();
  }

  #chosen(compare: string) {
    if (compare === BROUGHT) return;
    this.#brought = null;
    if (compare === this.#store.state.compare) this.#follow();
    else this.#store.dispatch({ type: "compare", compare });
  }

  #closed() {
    this.#stop();
    this.#film.stop();
    this.#many.element.open = false;
    this.#brought = null;
    this.#pictures.clear();
    this.#facts.replaceChildren();
    this.#rest.replaceChildren();
    if (this.#store.state.compare !== "") this.#store.dispatch({ type: "compare", compare: "" });
    else this.#dialog.close();
  }

  /** What the state asks for. */
  #follow() {
    const { compare } = this.#store.state;
    if (compare === "") {
      if (!this.#brought) this.#dialog.close();
    } else if (this.#summary) {
      void this.#with(() => this.#other(compare));
    }
  }

  async #other(compare: string): Promise<Other> {
    const held = await this.#client.call("held", null);
    if (compare === FILE) return { input: held.input, snapshot: held.snapshot, step: null };
    const [name = "", written] = compare.split(":");
    const step = written === undefined || !/^\d{1,15}$/.test(written) ? null : Number(written);
    const input = name === "" ? held.input : await downloadWhole(name);
    return { input, snapshot: undefined, step };
  }

  #stop() {
    this.#running?.abort();
    this.#running = this.#asked = this.#worker = this.#wanted = null;
    this.#isSent = false;
  }

  /** What is asked beside what is always told. */
  #for(within: number): ComparedFor {
    const { state } = this.#store;
    return { within, addition: additionOf(state), digit: state.digit };
  }

  /** A is to stand at another step; B stays where it is. */
  #moveTo(step: number | null) {
    this.#film.show(this.#steps, step, this.#summary?.snapshot ?? null);
    if (step === null || !this.#isSent || !this.#running) return;
    this.#asked?.abort(); // what is decided is of the step before
    const isIdle = this.#wanted === null;
    this.#wanted = { step };
    if (isIdle) void this.#moving(this.#running);
  }

  /** One step after the other: of those that are wanted meanwhile the newest. */
  async #moving(mine: AbortController) {
    const isMine = () => this.#running === mine;
    while (isMine() && this.#wanted !== null && this.#worker) {
      const wanted = this.#wanted;
      const within = this.#film.isPlaying ? 0 : WITHIN;
      this.#asked = new AbortController();
      const { signal } = this.#asked;
      try {
        const progress = (compared: Compared) => void (isMine() && this.#begin(compared));
        const asked = { ...wanted, ...this.#for(within) };
        // What is not decided is told even where the next step is wanted already: a film shows what it can.
        const options = within > 0 ? { progress, signal } : { progress };
        const compared = await this.#worker.call("goTo", asked, options);
        if (!isMine()) return;
        if (within === 0 || !signal.aborted) await this.#end(compared);
      } catch (error) {
        if (isMine() && !isOver(error)) setText(this.#told, wordsOf(error));
      }
      if (isMine() && this.#wanted === wanted) this.#wanted = null;
    }
  }

  async #with(other: () => Promise<Other>) {
    this.#stop();
    const mine = new AbortController();
    this.#running = mine;
    const worker = (this.#worker = comparer());
    this.#film.show(this.#steps, this.#store.state.step, this.#summary?.snapshot ?? null);
    mine.signal.addEventListener("abort", () => worker.close());
    const isMine = () => this.#running === mine;
    setText(this.#told, "Comparing…");
    this.#choose();
    this.#dialog.open();
    try {
      const b = await other();
      const { step } = this.#store.state;
      const a = await this.#client.call("held", null);
      if (!isMine()) return;
      this.#choose();
      const progress = (compared: Compared) => {
        if (isMine()) this.#begin(compared);
      };
      const { signal } = (this.#asked = new AbortController());
      const comparing = worker.call("compare", { a, b, ...this.#for(WITHIN) }, { progress, signal });
      this.#isSent = true;
      // A can have been moved while it was read.
      if (this.#store.state.step !== step) this.#moveTo(this.#store.state.step);
      const compared = await comparing;
      if (isMine() && !signal.aborted) await this.#end(compared);
    } catch (error) {
      if (isMine() && !isOver(error)) setText(this.#told, wordsOf(error));
    }
  }

  /** All that can be chosen, and what is. */
  #choose() {
    const { compare, models } = this.#store.state;
    const own = shownModel({ models })?.bundled ?? "";
    const option = (value: string, text: string) =>
      el("option", { value, selected: value === (this.#brought ? BROUGHT : compare) }, text);
    const known = new Set([...names, FILE, ...this.#steps.map(({ step }) => `:${step}`)]);
    const steps = this.#steps.map(({ step }) => option(`:${step}`, `step ${grouped(step)}`));
    this.#choice.replaceChildren(
      ...names.map((name) => option(name, name === own ? `${name}, as it opens` : name)),
      option(FILE, "the file’s own numbers, without edits"),
      ...(steps.length > 0 ? [el("optgroup", { label: "of this run" }, ...steps)] : []),
      ...(compare !== "" && !known.has(compare) ? [option(compare, compare)] : []),
      ...(this.#brought ? [option(BROUGHT, this.#brought.name)] : []),
    );
  }

  #begin(compared: Compared) {
    setText(this.#told, compared.told ? "Mapping all additions…" : "Deciding all additions…");
    void this.#show(compared);
  }

  async #end(compared: Compared) {
    setText(this.#told, "");
    await this.#show(compared);
    if (compared.told) this.#scope.announce("Both models are compared");
  }

  async #show(compared: Compared) {
    const { names: called } = compared;
    setText(this.#dialog.sentence, `A is ${called[0]}. B is ${called[1]}.`);
    this.#tell(compared);
    const mine = this.#running;
    try {
      await this.#pictures.take(compared);
      if (this.#running === mine) this.#draw();
    } catch (error) {
      setText(this.#told, wordsOf(error));
    }
  }

  #draw() {
    const { sides, alignment } = this.#store.state;
    this.#pictures.draw(sides, alignment, this.#scope.theme());
  }

  #tell({ sides, told }: Compared) {
    const show = (a: number, b: number) => {
      this.#closed();
      this.#store.dispatch(found(a, b));
    };
    this.#facts.replaceChildren(factsTable(sides, told), ...(told ? [kindsOf(told, show)] : []));
    this.#rest.replaceChildren(suiteOf(sides, show), settingsOf(sides), weightsOf(sides));
  }
}
