// Another model beside the one that is open: a bundled one, the file's own numbers, a step of the run, or another file.

import { Late, type Client } from "../channel/client.js";
import type { Compared, CompareCalls, LibraryCalls, Other } from "../channel/protocol.js";
import { button, el, setText } from "../dom.js";
import { wordsOf } from "../errors.js";
import { Dialog } from "../dialog.js";
import { read } from "../files.js";
import { grouped } from "../format.js";
import { download, names } from "../gallery.js";
import type { Evaluation, NamedBytes, Summary } from "../library-types.js";
import type { Scope } from "../scope.js";
import { found } from "../state/actions.js";
import { shownModel } from "../state/state.js";
import type { Store } from "../state/store.js";
import { workerClient } from "../workers.js";
import { Pictures } from "./pictures.js";
import { factsTable, kindsOf, settingsOf, suiteOf, weightsOf } from "./tables.js";

/** How long, in milliseconds, all additions may be decided for. */
const WITHIN = 5000;
/** One question to the Worker takes seconds of a model that is wrong in many ways. */
const PATIENCE = 120_000;

/** In the state: the file's own numbers. */
const FILE = "file";
/** In the chooser alone: a file that was brought, which no address names. */
const BROUGHT = "brought";

const fresh = () =>
  workerClient<CompareCalls>("compare-worker.js", { name: "The worker that compares", patience: PATIENCE });

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
  #running: AbortController | null = null;

  constructor(scope: Scope, store: Store, client: Client<LibraryCalls>, failed: (error: unknown) => void) {
    this.#scope = scope;
    this.#store = store;
    this.#client = client;
    this.#dialog = new Dialog(scope, "compare", () => this.#closed());
    this.#dialog.title.textContent = "Two models side by side";
    this.#pictures = new Pictures(scope, (message) => failed(new Error(message)));
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
      this.#told,
      this.#facts,
      this.#rest,
      this.#pictures.element,
    );
    const end = store.subscribe((state, changed) => {
      if (changed.has("compare")) this.#follow();
      else if (this.isOpen && (changed.has("theme") || changed.has("alignment"))) this.#draw();
      if (changed.has("models") && state.compare === "") this.#dialog.close();
    });
    scope.signal.addEventListener("abort", () => {
      end();
      this.#stop();
    });
  }

  get isOpen() {
    return this.#dialog.element.open;
  }

  /** The model that is open, scored: the comparison of an address has its turn. */
  scored(summary: Summary, steps: readonly Evaluation[]) {
    this.#summary = summary;
    this.#steps = steps;
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

  #chosen(compare: string) {
    if (compare === BROUGHT) return;
    this.#brought = null;
    if (compare === this.#store.state.compare) this.#follow();
    else this.#store.dispatch({ type: "compare", compare });
  }

  #closed() {
    this.#stop();
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
    const input = name === "" ? held.input : (await download(name)).input;
    return { input, snapshot: undefined, step };
  }

  #stop() {
    this.#running?.abort();
    this.#running = null;
  }

  async #with(other: () => Promise<Other>) {
    this.#stop();
    const mine = new AbortController();
    this.#running = mine;
    const worker = fresh();
    mine.signal.addEventListener("abort", () => worker.close());
    const isMine = () => this.#running === mine;
    setText(this.#told, "Comparing…");
    this.#choose();
    this.#dialog.open();
    try {
      const b = await other();
      const a = await this.#client.call("held", null);
      if (!isMine()) return;
      this.#choose();
      const progress = (compared: Compared) => {
        if (isMine()) this.#begin(compared);
      };
      const compared = await worker.call("compare", { a, b, within: WITHIN }, { progress });
      if (!isMine()) return;
      setText(this.#told, "");
      this.#tell(compared);
      this.#scope.announce("Both models are compared");
    } catch (error) {
      if (isMine() && !(error instanceof Late)) setText(this.#told, wordsOf(error));
    } finally {
      worker.close();
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
    const { names: called } = compared;
    setText(this.#dialog.sentence, `A is ${called[0]}. B is ${called[1]}.`);
    setText(this.#told, "Deciding all additions…");
    this.#pictures.take(compared);
    this.#tell(compared);
    this.#draw();
  }

  #draw() {
    this.#pictures.draw(this.#store.state.alignment, this.#scope.theme());
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
