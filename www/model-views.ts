// All that tells of the model that is open: facts, panels, numbers, the bar of its run.

import type { Client } from "./channel/client.js";
import type { Changed, LibraryCalls, Opened } from "./channel/protocol.js";
import { Facts } from "./facts.js";
import type { FigureView } from "./figure-view.js";
import type { Film } from "./film.js";
import { wordsOf } from "./errors.js";
import { later } from "./later-load.js";
import { mark, showModel, title } from "./gallery.js";
import type { Answered, Evaluation, NamedBytes, Page, Summary, Verdict, Weights } from "./library-types.js";
import { withProgress } from "./messages.js";
import type { Outcome } from "./model.js";
import type { ModelViews } from "./model-shown.js";
import { wireNotice } from "./notice.js";
import type { Ruler } from "./ruler.js";
import type { Scope } from "./scope.js";
import { found } from "./state/actions.js";
import { shownModel } from "./state/state.js";
import type { Store } from "./state/store.js";
import type { Sum } from "./sum/sum.js";
import { lookedAt } from "./sum/words.js";
import type { WeightsLater } from "./weights-later.js";

interface Parts {
  readonly page: Page;
  readonly store: Store;
  readonly client: Client<LibraryCalls>;
  readonly figure: FigureView;
  readonly sum: Sum;
  readonly ruler: Ruler;
  readonly film: Film;
  readonly weights: WeightsLater;
  /** With which files one is opened that came with the model and was left aside. */
  aside: (file: string) => Promise<NamedBytes[]>;
  /** Files are wanted instead. */
  bring: (files: Promise<NamedBytes[]>) => Promise<Outcome>;
  failed: (error: unknown) => void;
}

type Later = typeof import("./later.js");

export class Views implements ModelViews {
  readonly #scope;
  readonly #parts;
  readonly #facts;
  readonly #notice;
  /** These come after the first view. */
  #board: ReturnType<Later["boardAgain"]> | null = null;
  #exact: InstanceType<Later["Exactness"]> | null = null;
  #firm: InstanceType<Later["Firmness"]> | null = null;
  #wrong: InstanceType<Later["WrongView"]> | null = null;
  #terms: InstanceType<Later["Terms"]> | null = null;
  #stepwise: InstanceType<Later["StepsView"]> | null = null;
  #patch: InstanceType<Later["PatchView"]> | null = null;
  #measuring: InstanceType<Later["Measuring"]> | null = null;
  #linking: InstanceType<Later["Linking"]> | null = null;
  #share: InstanceType<Later["ShareView"]> | null = null;
  #compare: InstanceType<Later["CompareView"]> | null = null;
  #answered: Answered | null = null;
  #summary: Summary | null = null;
  /** Of its run; empty without one. */
  #steps: Evaluation[] = [];
  /** Whether it is a run's that is trained here, and goes on. */
  #isLive = false;

  constructor(scope: Scope, parts: Parts) {
    this.#scope = scope;
    this.#parts = parts;
    this.#notice = wireNotice(scope);
    const wrong = () => void this.#comes().then(() => this.#wrong?.open());
    this.#facts = new Facts(scope, {
      wrong,
      instead: (file) => void parts.bring(parts.aside(file)),
      compare: (file) => this.compareWith(parts.aside(file)),
    });
    scope.byId("wrong-open").addEventListener("click", wrong);
    scope.byId("share-open").addEventListener("click", () => void this.#shared());
    scope.byId("compare-open").addEventListener("click", () => void this.#comes().then(() => this.#compare?.open()));
    scope.byId("board").addEventListener("toggle", () => void this.#comes());
  }

  async #shared() {
    const shared = this.#make().then(() => this.#share?.open());
    await withProgress(this.#scope, "Making the link…", shared).catch(this.#parts.failed);
  }

  /** What comes after the first view is there, or why it is not is said. */
  async #comes() {
    try {
      await this.#make();
    } catch (error) {
      this.#scope.byId("exact").textContent = wordsOf(error); // asked for again with the next model, or edit
    }
  }

  async #make() {
    const { client, page, store, sum, figure, weights, failed } = this.#parts;
    const all = await later();
    const { boardAgain, CompareView, Exactness, Firmness, Linking, Measuring, PatchView, ShareView, StepsView } = all;
    const { largeView, Terms, WeightRows, wireUndo, WrongView } = all;
    weights.fill(WeightRows);
    figure.fill(largeView);
    this.#board ??= boardAgain(this.#scope, page.suite, {
      run: (asked, { signal, progress }) => client.call("board", asked, { priority: "background", signal, progress }),
      wrong: (failures) => this.#wrong?.list(failures),
      failed,
    });
    this.#exact ??= new Exactness(this.#scope, store, client, {
      curve: (shares) => figure.showExact(shares),
      map: (map, off) => figure.showMap(map, off),
      known: (report) => {
        sum.know(report);
        this.#wrong?.know(report);
      },
      failed,
    });
    this.#firm ??= new Firmness(this.#scope, store, client, weights);
    if (!this.#stepwise) {
      const shown = () => this.#linking?.again();
      this.#stepwise = new StepsView(this.#scope, store, client, {
        looked: (steps) => sum.look(steps),
        shown,
        failed,
      });
      this.#stepwise.answered(this.#answered);
      this.#patch = new PatchView(this.#scope, store, client, failed);
      this.#patch.answered(this.#answered);
    }
    if (!this.#linking) wireUndo(this.#scope, store);
    this.#linking ??= new Linking(this.#scope, store, client, () => this.#digit);
    if (!this.#measuring) {
      const show = (measured: Uint8Array | null) => figure.showMeasured(measured);
      this.#measuring = new Measuring(store, client, { show, failed });
      this.#measuring.follow();
    }
    this.#share ??= new ShareView(this.#scope, store, client, { summary: () => this.#summary, figure, failed });
    this.#compare ??= new CompareView(this.#scope, store, client, this.#parts);
    this.#terms ??= new Terms(this.#scope, client);
    this.#wrong ??= new WrongView(this.#scope, client, {
      show: (a, b) => store.dispatch(found(a, b)),
    });
  }

  /** The model is scored: all additions have their turn. */
  async #decide() {
    await this.#comes();
    if (!this.#summary) return;
    this.#exact?.decide(this.#summary, this.#steps, this.#isLive);
    this.#compare?.scored(this.#summary, this.#steps);
  }

  opened(opened: Opened, { isRun }: { isRun: boolean }) {
    const { summary, weights, steps } = opened;
    this.#summary = summary;
    this.#steps = steps;
    this.#isLive = isRun && summary.snapshot === null;
    this.#exact?.forget();
    this.#terms?.hide();
    this.#firm?.forget();
    this.#parts.sum.know(null);
    this.#notice.hide();
    showModel(this.#scope, true);
    mark(this.#scope, this.#bundled);
    this.#facts.showSummary(summary);
    this.#parts.sum.entitle(summary);
    this.#scope.byId("film-train").hidden = !summary.can_go_on;
    this.#facts.showVerifying(this.#parts.page.suite.qualifying_accuracy);
    this.#showNumbers(weights);
    if (isRun && summary.snapshot === null) this.#parts.film.wait();
    else this.#parts.film.open(steps, this.#parts.store.state, summary.snapshot ?? 0);
    this.#parts.figure.become(summary, opened);
    this.#measuring?.renew();
    if (isRun) return;
    this.#scope.announce(`${summary.file} is open: ${summary.name}`);
    const isOwn = this.#bundled === "";
    if (!isOwn || document.activeElement !== document.body) return;
    const heading = this.#parts.store.state.view === "addition" ? "sum-title" : "heading";
    this.#scope.byId(heading).focus({ preventScroll: true });
  }

  renewed(opened: Opened) {
    const { summary, weights, steps } = opened;
    this.#summary = summary;
    this.#steps = steps;
    this.#isLive = summary.snapshot === null;
    this.#firm?.forget();
    this.#facts.showEdited(summary);
    this.#showNumbers(weights);
    if (summary.snapshot !== null) this.#parts.film.open(steps, this.#parts.store.state, summary.snapshot);
    this.#parts.figure.become(summary, opened);
    this.#measuring?.renew();
  }

  changed(changed: Changed, isEdited: boolean) {
    const { summary, verdict, weights } = changed;
    // Other scales are no other model.
    const isOther = isEdited || changed.moved || summary.edited !== this.#summary?.edited;
    this.#summary = summary;
    this.#facts.showEdited(summary);
    this.#scored(verdict);
    this.#facts.showVerified(verdict.score);
    if (isOther) this.#modelChanged();
    if (weights) this.#parts.weights.show(weights);
    this.#parts.figure.renew(summary, changed);
    if (isOther) this.#measuring?.renew();
    if (summary.snapshot !== null) this.#parts.film.tell(summary.snapshot, verdict.score, summary.edited > 0);
    if (isEdited) this.#parts.weights.edited(verdict);
    else this.#parts.weights.showScore(verdict);
    if (isOther) void this.#decide();
  }

  answered(answered: Answered) {
    this.#parts.sum.answered(answered);
    this.#parts.ruler.answered(answered);
    this.#answered = answered;
    this.#stepwise?.answered(answered);
    this.#patch?.answered(answered);
    this.#exact?.intervened();
    this.#measuring?.follow();
  }

  /** Whether a comparison is looked at: what a person brings then comes into it. */
  get isComparing() {
    return this.#compare?.isOpen ?? false;
  }

  /** Files are compared with the model. */
  compareWith(files: Promise<NamedBytes[]>) {
    void this.#comes().then(() => this.#compare?.take(files));
  }

  /** Another digit is chosen, or the view is another. */
  followed() {
    this.#parts.ruler.follow();
    this.#stepwise?.follow();
    this.#patch?.follow();
  }

  verified(verdict: Verdict) {
    this.#scored(verdict);
    this.#facts.showVerified(verdict.score);
    this.#parts.weights.showScore(verdict);
    const { snapshot = null, edited = 0 } = this.#summary ?? {};
    if (snapshot !== null) this.#parts.film.tell(snapshot, verdict.score, edited > 0);
    void this.#decide();
  }

  notVerified(why: string) {
    this.#facts.showNotVerified(why);
  }

  weights(weights: Weights, verdict: Verdict | null) {
    this.#parts.weights.show(weights);
    if (verdict) this.#parts.weights.showScore(verdict);
  }

  busy(isBusy: boolean) {
    this.#parts.weights.busy(isBusy);
    this.#parts.film.busy(isBusy);
  }

  lost(what: string, lost: Summary, bringBack: () => void) {
    this.#notice.show(what, lost, () => {
      this.#notice.hide();
      bringBack();
    });
  }

  still() {
    mark(this.#scope, this.#bundled);
  }

  closed() {
    this.#summary = null;
    this.#steps = [];
    this.#exact?.closed();
    this.#firm?.forget();
    this.#notice.hide();
    this.#parts.sum.know(null);
    this.#parts.sum.answered(null);
    this.#parts.ruler.answered(null);
    this.#answered = null;
    this.#stepwise?.answered(null);
    this.#patch?.answered(null);
    this.#scope.title(title);
    this.#parts.film.open([], this.#parts.store.state, 0);
    this.#parts.figure.clear();
    this.#modelChanged();
    showModel(this.#scope, false);
    mark(this.#scope, this.#bundled);
  }

  during<T>(words: string, work: Promise<T>) {
    return withProgress(this.#scope, words, work);
  }

  failed(error: unknown) {
    this.#parts.failed(error);
  }

  /** The answer digit that is looked at. */
  get #digit() {
    return this.#answered ? lookedAt(this.#answered, this.#parts.store.state.digit) : 0;
  }

  get #bundled() {
    return shownModel(this.#parts.store.state)?.bundled ?? "";
  }

  #showNumbers(weights: Weights) {
    this.#parts.weights.show(weights);
    this.#modelChanged();
  }

  /** What was asked is of other numbers. */
  #modelChanged() {
    this.#board?.modelChanged();
    this.#wrong?.modelChanged();
  }

  #scored({ score }: Verdict) {
    this.#parts.sum.scored(score.total - score.passed);
  }
}
