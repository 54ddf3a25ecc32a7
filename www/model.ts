// The model that is open: what the state says of it is asked of the Worker, and what the Worker answers is shown.

import { Late, type Client } from "./channel/client.js";
import type { Changed, Files, LibraryCalls, Opened, Standing } from "./channel/protocol.js";
import { wordsOf } from "./errors.js";
import { grouped } from "./format.js";
import type { NamedBytes, Summary, Verdict } from "./library-types.js";
import type { ModelViews } from "./model-shown.js";
import type { Action } from "./state/actions.js";
import type { Kept, TabSession } from "./state/session.js";
import {
  UNTOUCHED,
  additionOf,
  isSame,
  isSameModel,
  scalesOf,
  shownModel,
  withChosen,
  type Field,
  type ModelRef,
  type State,
} from "./state/state.js";
import type { Store } from "./state/store.js";
import { Answering } from "./sum/answering.js";
import type { Shown as ShownRun } from "./training.js";

/** Whether a state is shown; "superseded": something else was wanted meanwhile. */
export type Outcome = "shown" | "failed" | "superseded";

/** What the page shows, as the Worker has it. */
interface Shown {
  readonly files: Files;
  /** The state that it was shown for. */
  state: State;
  standing: Standing;
  summary: Summary;
  verdict: Verdict | null;
}

/** What is shown is kept for a reload a moment later, in milliseconds: a person looks at it first. */
const IDLE = 300;

const standingOf = (state: State): Standing => ({ step: state.step, scales: scalesOf(state), edits: state.edits });
const nothingDone = standingOf({ ...UNTOUCHED } as State);

export class Model {
  readonly #store;
  readonly #session;
  readonly #filesOf;
  #views!: ModelViews;
  #client!: Client<LibraryCalls>;
  #answering!: Answering;
  #shown: Shown | null = null;
  /** The number of the state that is shown, which rises with each model, and of the newest that was asked for. */
  #epoch = 0;
  #asked = 0;
  /** How many models are on their way from the Worker. */
  #openings = 0;
  /** What a person wants to see: of what is still being loaded, the newest counts. */
  #wish = 0;
  #isBusy = false;
  /** Whether numbers are wanted with the next answer, because something else than the drawer changed them. */
  #wantsWeights = false;
  /** Whether the drawer has numbers of another snapshot. */
  #isStale = false;

  /** @param filesOf everything that opens a model; throws what a person reads */
  constructor(store: Store, session: TabSession, filesOf: (model: ModelRef) => Promise<Files>) {
    this.#store = store;
    this.#session = session;
    this.#filesOf = filesOf;
  }

  /** Asks this Worker, shows what it answers, and follows the state: before all else. */
  start(client: Client<LibraryCalls>, views: ModelViews, signal: AbortSignal) {
    this.#client = client;
    this.#views = views;
    this.#answering = new Answering(this.#store, client, views);
    const end = this.#store.subscribe((state, changed, action) => this.#follow(state, changed, action));
    signal.addEventListener("abort", end);
  }

  get epoch() {
    return this.#epoch;
  }

  get summary() {
    return this.#shown?.summary ?? null;
  }

  /** What brings a Worker to where this one stands. */
  get kept() {
    if (!this.#shown) return null;
    const { files, standing } = this.#shown;
    return { ...files, standing, addition: additionOf(this.#store.state) };
  }

  /** The file that the model was read from, where this tab has it. */
  get file(): NamedBytes | null {
    const { files, summary } = this.#shown ?? {};
    const found = files?.groups.flat().find(({ name }) => name === summary?.file);
    return found && "bytes" in found ? found : null;
  }

  /**
   * Brings the page to a state.
   * @param coming the files of its model, where they are on their way already
   */
  async show(target: State, how: "apply" | "restore", coming?: Promise<Files>): Promise<Outcome> {
    const wish = ++this.#wish;
    const [model, then] = [shownModel(target), this.#store.state];
    try {
      if (!model) this.#close({ type: how, state: target });
      else if (this.#shown && this.#openings === 0 && isSameModel(model, shownModel(this.#store.state))) {
        this.#store.dispatch({ type: how, state: target });
      } else {
        const files = await this.#views.during("Loading…", coming ?? this.#filesOf(model));
        if (wish !== this.#wish) return "superseded";
        await this.#open(files, standingOf(target), { type: how, state: target }, { then });
      }
      return "shown";
    } catch (error) {
      if (wish !== this.#wish) return "superseded";
      this.#failed(error);
      return error instanceof Late ? "superseded" : "failed";
    }
  }

  /** Opens a bundled model, as it comes. */
  choose(bundled: string) {
    const { state } = this.#store;
    return this.show({ ...state, ...UNTOUCHED, models: [{ bundled, files: "" }] }, "restore");
  }

  /** Opens what a person brought. */
  async bring(files: Promise<NamedBytes[]>): Promise<Outcome> {
    const wish = ++this.#wish;
    try {
      const group = await files;
      if (wish !== this.#wish) return "superseded";
      await this.#openFiles({ groups: [group], opensAt: null }, this.#session.freshKey());
      return "shown";
    } catch (error) {
      if (wish !== this.#wish) return "superseded";
      this.#failed(error);
      return "failed";
    }
  }

  /** A snapshot of a run that is trained here, or its history; whether it is shown now. What a person opens comes first. */
  async showRun({ key, files: group, opensAt, isLive }: ShownRun): Promise<boolean> {
    if (this.#openings > 0) return false;
    await this.#openFiles({ groups: [group], opensAt }, key, { isRun: true, isLive });
    return true;
  }

  /** Nothing moves any more: the drawer gets the numbers of the snapshot that is shown. */
  async rested() {
    if (!this.#isStale) return;
    this.#isStale = false;
    try {
      const weights = await this.#client.call("weights", null);
      if (!isSame(standingOf(this.#store.state), this.#shown?.standing)) {
        this.#isStale = this.#wantsWeights = true; // they come after what was done meanwhile
        return;
      }
      this.#views.weights(weights, this.#shown?.verdict ?? null);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Nothing is open any more, and nothing that is on its way will be. */
  #close(action: Action) {
    this.#epoch = ++this.#asked;
    this.#shown = null;
    this.#answering.forget();
    this.#views.closed(); // what is drawn goes before the state tells anyone to draw it
    this.#store.dispatch(action);
  }

  #failed(error: unknown) {
    this.#views.failed(error);
    if (this.#shown) this.#views.still();
    else this.#views.closed();
  }

  /** Opens files, which this tab then has under this key. */
  #openFiles(files: Kept, key: string, how = {}) {
    const opened = () => this.#session.putFiles(key, files);
    return this.#open(files, nothingDone, { type: "opened", model: { bundled: "", files: key } }, { ...how, opened });
  }

  /**
   * @param action what the state becomes by it, where it is another model
   * @param how.opened called before it does
   */
  async #open(
    files: Files,
    standing: Standing,
    action: Action,
    { isRun = false, isLive = false, then = this.#store.state, opened: accept = () => {} } = {},
  ) {
    const epoch = ++this.#asked;
    this.#openings += 1;
    const addition = additionOf(action.type === "apply" ? action.state : this.#store.state);
    const opening = this.#client.call("open", { ...files, standing, addition }, { epoch });
    // At once, so that the score is of this model whatever else is opened; what of it fails is told below.
    const verifying = isRun ? this.#client.call("verify", null, { epoch }) : null;
    verifying?.catch(() => {});
    let opened;
    try {
      opened = await (isRun ? opening : this.#views.during("Reading and analysing…", opening));
    } finally {
      this.#openings -= 1;
    }
    this.#epoch = epoch;
    if (opened.isOther) accept();
    const before = this.#shown;
    const isSnapshot = action.type === "opened" && isSameModel(action.model, shownModel(this.#store.state));
    this.#become(opened, files, standing, isSnapshot ? null : action, then);
    if (isSnapshot) this.#views.renewed(opened);
    else this.#views.opened(opened, { isRun });
    this.#answering.told(opened.answered);
    if (before && before.summary.edited > 0 && opened.isOther && !isSnapshot) {
      this.#lost(isRun ? "Showing" : "Opening", opened.summary.file, before);
    }
    if (opened.refused) this.#views.failed(new Error(opened.refused));
    // What was edited meanwhile is on its way to the model, and the drawer has the numbers without it.
    if (isSnapshot && !isSame(standingOf(this.#store.state), this.#shown?.standing)) this.#wantsWeights = true;
    void this.#catchUp();
    await this.#verify(
      verifying ?? this.#views.during("Running the AdderBoard suite…", this.#client.call("verify", null)),
    );
    if (!isLive) this.#keep();
  }

  /** The state is of what was opened, and so is what is shown. */
  #become(opened: Opened, files: Files, standing: Standing, action: Action | null, then: State) {
    const { summary, refused, isOther } = opened;
    if (!isOther) return this.#join(opened, files);
    const step = standing.step === null || summary.snapshot === null ? null : summary.step;
    const stands = refused ? nothingDone : { ...standing, step };
    const shown: Shown = { files, summary, standing: stands, state: this.#store.state, verdict: null };
    this.#shown = shown;
    this.#isStale = false;
    if (action?.type === "apply" || action?.type === "restore") {
      const { type, state: target } = action;
      const views = type === "apply" ? withChosen(target, then, this.#store.state) : this.#store.state;
      this.#store.dispatch({
        type,
        state: {
          ...views,
          models: target.models,
          interventions: target.interventions,
          scales: refused ? "auto" : target.scales,
          step: stands.step,
          edits: stands.edits,
          history: refused ? UNTOUCHED.history : target.history,
        },
      });
    } else if (action) {
      this.#store.dispatch(action);
    }
    // Without what was done meanwhile, which the model does not have yet.
    shown.state = action ? this.#store.state : { ...this.#store.state, ...UNTOUCHED };
    if (action) shown.standing = standingOf(shown.state);
  }

  /** More files of the model that is shown, such as its log. */
  #join({ summary }: Opened, { groups }: Files) {
    const { state } = this.#store;
    const model = shownModel(state);
    if (!this.#shown || !model) throw new Error("Nothing is open that these files belong to");
    const kept = model.files === "" ? null : this.#session.files(model.files);
    const key = this.#session.freshKey();
    this.#session.putFiles(key, {
      groups: [...(kept?.groups ?? []), ...groups] as NamedBytes[][],
      opensAt: kept?.opensAt ?? null,
    });
    const { files } = this.#shown;
    this.#shown = { ...this.#shown, summary, files: { ...files, groups: [...files.groups, ...groups] } };
    this.#store.dispatch({ type: "joined", model: { ...model, files: key } });
    this.#shown.state = { ...this.#shown.state, models: this.#store.state.models };
  }

  async #verify(verifying: Promise<Verdict>) {
    const { files } = this.#shown ?? {};
    try {
      const verdict = await verifying;
      if (!this.#shown || files !== this.#shown.files) return;
      this.#shown.verdict = verdict;
      this.#views.verified(verdict);
    } catch (error) {
      if (!(error instanceof Late)) this.#views.notVerified(wordsOf(error));
    }
  }

  /** What is shown survives a reload. */
  #keep() {
    const key = shownModel(this.#store.state)?.files;
    if (key) setTimeout(() => this.#session.save(key), IDLE);
  }

  #lost(what: string, of: string, { summary, state: { models, step, scales, edits, interventions } }: Shown) {
    const bringBack = () => {
      void this.show({ ...this.#store.state, models, step, scales, edits, interventions }, "restore");
    };
    this.#views.lost(`${what} ${of}`, summary, bringBack);
  }

  #follow(state: State, changed: ReadonlySet<Field>, action: Action) {
    if (changed.has("models") || !this.#shown) return;
    if (changed.has("a") || changed.has("b") || changed.has("interventions")) this.#answering.follow();
    if (isSame(standingOf(state), this.#shown.standing)) return;
    // Changed elsewhere than in their rows.
    if (/^(apply|restore|undo|redo)$/.test(action.type)) this.#wantsWeights = true;
    void this.#catchUp();
  }

  /** Asks for what the state has, one thing at a time: of what changes meanwhile, the newest. */
  async #catchUp() {
    const isBehind = () => this.#shown && !isSame(standingOf(this.#store.state), this.#shown.standing);
    if (this.#isBusy || !isBehind()) return;
    this.#isBusy = true;
    this.#views.busy(true);
    await Promise.resolve(); // what changes in one go, such as a reset of all, goes out in one go
    try {
      while (isBehind()) await this.#apply();
    } finally {
      this.#isBusy = false;
      this.#views.busy(false);
    }
    if (!this.#wantsWeights) return;
    this.#wantsWeights = false;
    await this.rested();
  }

  async #apply() {
    const { state } = this.#store;
    const [standing, before] = [standingOf(state), this.#shown];
    const isEdited = standing.step === before?.standing.step && !isSame(standing.edits, before.standing.edits);
    if (isEdited) performance.mark("edit"); // seen in the browser's profiler, and measured by the tests
    const weights = this.#wantsWeights;
    this.#wantsWeights = false;
    try {
      const asked = { standing, addition: additionOf(state), weights };
      const changed = await this.#client.call("apply", asked, { priority: "urgent" });
      const isElsewhere = changed.moved || standing.step !== before?.standing.step;
      this.#accept(changed, state, { isEdited, isElsewhere });
      // The drawer goes on from what was edited since.
      if (weights && !isSame(standingOf(this.#store.state), standing)) this.#wantsWeights = true;
      const { edited } = changed.summary;
      const lost = isElsewhere && before && before.summary.edited > edited && before.files === this.#shown?.files;
      if (lost && !weights) this.#lost("Moving to", `step ${grouped(changed.summary.step ?? 0)}`, before);
    } catch (error) {
      if (error instanceof Late) {
        this.#wantsWeights ||= weights;
        return;
      }
      await this.#takeBack(error);
    }
  }

  #accept(changed: Changed, state: State, { isEdited, isElsewhere }: { isEdited: boolean; isElsewhere: boolean }) {
    if (!this.#shown) return;
    const { summary, verdict, weights } = changed;
    this.#shown = { ...this.#shown, summary, verdict, state, standing: standingOf(state) };
    this.#isStale = weights ? false : this.#isStale || isElsewhere;
    this.#views.changed(changed, isEdited);
    this.#answering.told(changed.answered);
  }

  /** What was not taken is in the state no more, and in no field. */
  async #takeBack(error: unknown) {
    this.#views.failed(error);
    if (!this.#shown) return;
    const { step, scales, edits } = this.#shown.state;
    this.#store.dispatch({ type: "apply", state: { ...this.#store.state, step, scales, edits } });
    this.#isStale = true;
    await this.rested();
  }
}
