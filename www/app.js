// Start-up and wiring: files in → Worker → report → figure → cards.

import init, { Figure, page as pageOf } from "./adderscope.js";
import { Client } from "./client.js";
import { wireCopyButtons, wireMenu } from "./controls.js";
import { showFailures, wireFailures } from "./failures.js";
import { grouped } from "./format.js";
import { nameOf, render, save } from "./download.js";
import { boardAgain } from "./board.js";
import { showChoices, wireChoices } from "./choices.js";
import { wordsOf } from "./errors.js";
import { Facts } from "./facts.js";
import { acceptFiles, read } from "./files.js";
import { filmBar } from "./film.js";
import { download, firstModel, gallery, mark, NONE, showAlone, showBar, stateName, wanted } from "./gallery.js";
import { largeView } from "./large.js";
import { library } from "./library.js";
import { withProgress } from "./messages.js";
import { wireNotice } from "./notice.js";
import { layOut } from "./panels.js";
import { Scope, instantiate } from "./scope.js";
import * as address from "./state.js";
import { trainDrawer } from "./train.js";
import { weightsDrawer } from "./weights.js";

/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */
/** @typedef {import("./adderscope.js").Page} Page */
/** @typedef {import("./client.js").Kept} Kept */
/** @typedef {import("./gallery.js").Bundled} Bundled */
/** @typedef {{summary: import("./adderscope.js").Summary, figure: Figure}} Model */
/** @typedef {(what: string, lost: Model, kept: Kept) => void} Dropped tells of edits that were lost, and brings them back */

/**
 * Starts an AdderScope; settles when its library is there and what it opens with is shown.
 * @param {Scope} scope
 * @param {Pick<typeof address, "state" | "setState" | "onState">} states
 */
export function start(scope, { state, setState, onState }) {
  const byId = (/** @type {string} */ id) => scope.byId(id);
  const fail = (/** @type {unknown} */ error) => scope.fail(error);

  /** The last good model. @type {Model | null} */
  let model = null;
  /** The bundled one that it is, if it is one. @type {Bundled | null} */
  let origin = null;
  /** Shows the step that was pointed at on a curve; false where there is no run. @type {(at: number) => boolean} */
  let pick = () => false;

  /**
   * Puts a model in the place of the one that is shown.
   * @param {import("./adderscope.js").Summary} summary
   * @param {Uint8Array} report
   */
  function become(summary, report) {
    const previous = model?.figure;
    model = { summary, figure: new Figure(report) };
    previous?.free();
    return model;
  }

  /**
   * The same model with other numbers; returns the panels to draw again.
   * @param {import("./adderscope.js").Summary} summary
   * @param {Uint8Array} report
   */
  function renew(summary, report) {
    if (!model) return undefined;
    const { figure } = model;
    model = { summary, figure };
    return new Set(figure.replace(report, state().alignment));
  }

  /** What names of downloads say: the step of a run; and no file of an edited model passes for the original. */
  function marks() {
    if (!model) return [];
    const { snapshot, step, edited } = model.summary;
    return [...(snapshot === null ? [] : [`step-${step}`]), ...(edited > 0 ? ["edited"] : [])];
  }

  /** @param {Client} client */
  function wireDownloads(client) {
    for (const format of /** @type {const} */ (["png", "svg"])) {
      byId(`figure-${format}`).addEventListener("click", () => saveDrawing(null, format));
    }
    for (const format of /** @type {const} */ (["safetensors", "json"])) {
      byId(`model-${format}`).addEventListener("click", () => {
        const name = `${nameOf(model?.summary.file ?? "model", ...marks())}.${format}`;
        client.export(format).then((bytes) => save(new Blob([bytes]), name), fail);
      });
    }
  }

  /**
   * One panel, or the whole figure for null.
   * @param {string | null} panel
   * @param {"png" | "svg" | "csv"} format
   */
  async function saveDrawing(panel, format) {
    if (!model) return;
    const { alignment } = state();
    const script = alignment === "script" ? ["script"] : [];
    const name = nameOf(model.summary.file, ...marks(), panel ?? "figure", ...script);
    try {
      save(await render({ figure: model.figure, alignment, theme: scope.theme() }, panel, format), `${name}.${format}`);
    } catch (error) {
      fail(error);
    }
  }

  /**
   * Everything that depends on the model or on the state.
   * @param {Page} page
   * @returns {(changed?: Set<string>) => void} without the panels that changed, all are drawn
   */
  function wirePanels(page) {
    const open = (/** @type {string} */ panel) => setState({ panel });
    const on = { open, pick: (/** @type {number} */ at) => pick(at), closed: () => open(""), save: saveDrawing, failed: fail };
    const showCards = layOut(scope, page, on);
    const showLarge = largeView(scope, on);

    const view = () => {
      if (!model) return null;
      const { alignment } = state();
      const { figure } = model;
      return { panels: figure.panels(alignment), view: { figure, alignment, theme: scope.theme() } };
    };
    /** @param {Set<string>} [changed] */
    const render = (changed) => {
      const now = view();
      if (!now) return;
      showCards(now.panels, now.view, changed);
      showLarge(now.panels, state().panel, now.view);
      const alignment = page.alignments.find(({ key }) => key === state().alignment);
      byId("alignment-note").textContent = alignment?.sentence ?? "";
      byId("alignment-note").classList.toggle("script", alignment?.key === "script");
    };
    onState((_, changed) => {
      showChoices(scope, state());
      if ([...changed].every((field) => field === "model" || field === "step")) return;
      const now = view();
      if (changed.size === 1 && changed.has("panel")) {
        if (now) showLarge(now.panels, state().panel, now.view);
      } else {
        render();
      }
    });
    scope.dark.addEventListener("change", () => render());
    return render;
  }

  /** The page says what it is beside a model of its own; a person's own file has the page to itself. @param {Bundled | null} origin */
  function showOpened(origin) {
    byId("welcome").hidden = byId("formats").hidden = origin === null;
    byId("welcome").classList.remove("alone");
    byId("gallery").classList.toggle("slim", origin === null);
    mark(scope, origin);
    byId("loaded").hidden = false;
    showBar(scope, true);
  }

  /**
   * What the model that is open goes through: edits, snapshots, suites.
   * @param {Client} client
   * @param {Page} page
   * @param {ReturnType<typeof wirePanels>} render
   * @param {{dropped: Dropped, touched: () => Promise<boolean>}} on `dropped`: edits; `touched`: someone took the model in hand; whether another snapshot came before
   */
  function tools(client, page, render, { dropped, touched }) {
    const facts = new Facts(scope, { wrong: () => client.failures(false).then((failures) => showFailures(scope, failures), fail) });
    const board = boardAgain(scope, page.suite, {
      startRun: (seed, pairs) => client.startRun(seed, pairs),
      continueRun: () => client.continueRun(),
      failures: () => client.failures(true),
      failed: fail,
    });
    const follow = (/** @type {import("./client.js").Edited} */ { summary, report, verdict }) => {
      const changed = renew(summary, report);
      facts.showEdited(summary);
      facts.showVerified(verdict.score);
      board.modelChanged();
      render(changed);
      scope.drawings.now();
      if (summary.snapshot !== null) film.tell(summary.snapshot, verdict.score);
    };
    const drawer = weightsDrawer(scope, page.slider_positions, { edited: async (edits) => {
      performance.mark("edit");
      const moved = await touched(); // the next snapshot of a run would undo it
      try {
        const edited = await client.edit(edits);
        if (!edited) return; // another file was opened
        if (moved) drawer.show(await client.weights());
        follow(edited);
        drawer.edited(edited.verdict);
      } catch (error) {
        fail(error);
        await client.weights().then((weights) => drawer.show(weights), fail); // what was not taken is shown no more
      }
    } });
    /** @type {import("./adderscope.js").Verdict | null} */
    let verdict = null;
    const show = async (/** @type {import("./client.js").Shown} */ shown) => {
      const [before, last] = [client.kept(), model];
      try {
        const there = await client.show(shown);
        if (!there) return;
        ({ verdict } = there);
        follow(there);
        if (there.moved && last && last.summary.edited > 0) {
          dropped(`Moving to step ${grouped(there.summary.step ?? 0)}`, last, before);
        }
      } catch (error) {
        fail(error);
      }
    };
    const rested = async () => {
      if (!verdict || !model) return;
      if (state().model !== NONE) setState({ step: String(model.summary.step) });
      drawer.show(await client.weights());
      drawer.showScore(verdict);
    };
    const film = filmBar(scope, { show, rested });
    return { board, drawer, facts, film };
  }

  /** What no snapshot of the same model changes. @param {Facts} facts @param {import("./adderscope.js").Summary} summary @param {Page["suite"]} suite */
  function showNew(facts, summary, suite) {
    showOpened(origin);
    facts.showSummary(summary);
    byId("film-train").hidden = !summary.can_go_on;
    facts.showVerifying(suite.qualifying_accuracy);
  }

  /**
   * What brings a run that is trained here to the panels: while it goes on a snapshot in the place of the one before; then its history.
   * @param {Client} client
   * @param {Page} page
   * @param {Pick<ReturnType<typeof tools>, "drawer" | "facts" | "film" | "board"> & {render: ReturnType<typeof wirePanels>, opened: () => number, dropped: Dropped}} views
   * @returns {import("./training.js").On["show"]}
   */
  function snapshots(client, page, { drawer, facts, film, board, render, opened, dropped }) {
    return async (files, { isFirst, index }) => {
      const [before, last, kept] = [opened(), model, client.kept()];
      const shown = index === null ? null : { index, scales: /** @type {const} */ ("snapshot") };
      // Both at once, so that the score is of this model whatever else is opened.
      const opening = client.open({ groups: [files], edits: [], shown });
      const [{ summary, report, weights, steps }, verdict] = await Promise.all([opening, client.verify()]);
      if (before !== opened()) return false; // another file, which comes after this one
      become(summary, report);
      if (isFirst) {
        if (last && last.summary.edited > 0) dropped(`Showing ${summary.file}`, last, kept);
        origin = null;
        showNew(facts, summary, page.suite);
        setState({ model: stateName(null), step: "" });
      }
      if (summary.snapshot !== null) film.open(steps, null, summary.snapshot, verdict.score);
      else if (isFirst) film.wait();
      facts.showEdited(summary);
      facts.showVerified(verdict.score);
      drawer.show(weights);
      drawer.showScore(verdict);
      board.modelChanged();
      render();
      return true;
    };
  }

  /**
   * @param {Client} client
   * @param {Page} page
   * @param {ReturnType<typeof wirePanels>} render
   */
  function opener(client, page, render) {
    const notice = wireNotice(scope);
    const reopen = (/** @type {Kept} */ kept, /** @type {Bundled | null} */ from) => () => void open(kept, from).catch(fail);
    /** @type {Dropped} */
    const dropped = (what, lost, kept) => notice.show(what, lost.summary, reopen(kept, origin));
    const { board, drawer, facts, film } = tools(client, page, render, { dropped, touched: () => training.hold() });
    pick = (at) => film.goTo(at);

    let opened = 0;
    const open = async (/** @type {Kept} */ kept, /** @type {Bundled | null} */ from) => {
      const [before, last, lastOrigin] = [client.kept(), model, origin];
      const followed = training.leave();
      const mine = ++opened;
      const opening = withProgress(scope, "Reading and analysing…", client.open(kept));
      const failed = () => mine === opened && training.stay(); // what was not opened took nothing's place
      if (followed) opening.catch(failed);
      const { summary, report, weights, steps } = await opening;
      const isOther = client.kept().groups !== before.groups;
      const shown = become(summary, report);
      if (isOther) origin = from;
      notice.hide();
      if (isOther && last && last.summary.edited > 0) notice.show(`Opening ${summary.file}`, last.summary, reopen(before, lastOrigin));
      showNew(facts, summary, page.suite);
      drawer.show(weights);
      film.open(steps, client.kept().shown ?? null, summary.snapshot ?? 0);
      board.modelChanged();
      render();
      const isMoved = origin !== null && client.kept().shown;
      setState({ model: stateName(origin), step: isMoved ? String(summary.step) : "" });
      scope.announce(`${summary.file} is open: ${summary.name}`);
      if (!origin && document.activeElement === document.body) byId("heading").focus({ preventScroll: true });
      try {
        const verdict = await withProgress(scope, "Running the AdderBoard suite…", client.verify());
        if (model !== shown) return;
        facts.showVerified(verdict.score);
        drawer.showScore(verdict);
        if (summary.snapshot !== null) film.tell(summary.snapshot, verdict.score);
      } catch (error) {
        if (model === shown) facts.showNotVerified(wordsOf(error));
      }
    };
    const show = snapshots(client, page, { drawer, facts, film, board, render, opened: () => opened, dropped });
    const { training, takeUp } = trainDrawer(scope, { show, shown: () => model?.summary.file ?? "", failed: fail });
    byId("film-train").addEventListener("click", () => {
      const saved = client.kept().groups.flat().find(({ name }) => name === model?.summary.file);
      if (saved && "bytes" in saved) takeUp(saved);
    });
    return { open, goTo: (/** @type {number} */ step) => film.goTo(step) };
  }

  /**
   * Bundled models come from the gallery and from the address; a person's own files come in between.
   * @param {ReturnType<typeof opener>} opener
   */
  function chooser({ open, goTo }) {
    let turn = 0;
    const openBundled = async (/** @type {Bundled} */ bundled, step = "", file = download(bundled)) => {
      const mine = ++turn;
      try {
        const packed = await withProgress(scope, "Loading…", file);
        if (mine !== turn) return; // something else was opened meanwhile
        await open({ groups: [[packed]], edits: [], ...(step && { step: Number(step) }) }, bundled);
      } catch (error) {
        fail(error);
        if (!model) showAlone(scope);
        mark(scope, origin);
      }
    };
    onState(({ model: name, step }, changed, typed) => {
      if (!typed || !(changed.has("model") || changed.has("step"))) return;
      try {
        const bundled = wanted(name);
        if (bundled && bundled !== origin) openBundled(bundled, step);
        else if (bundled && step) goTo(Number(step));
      } catch (error) {
        fail(error);
      }
    });
    return {
      openBundled,
      /** @param {Promise<NamedBytes[]>} files */
      async openFiles(files) {
        const mine = ++turn;
        const groups = [await files];
        if (mine !== turn) return;
        await open({ groups, edits: [] }, null);
      },
    };
  }

  async function begin() {
    showChoices(scope, state());
    wireChoices(scope, { chosen: (field, value) => setState({ [field]: value }) });
    wireMenu(scope);
    wireFailures(scope);
    wireCopyButtons(scope);
    const first = firstModel(state());
    if (!first) showAlone(scope);
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault(); // the hash is the page's state
      byId("main").focus();
    });
    byId("error-close").addEventListener("click", () => {
      byId("error").hidden = true;
    });
    const client = new Client(library);
    // Files and choices can come before the library is there.
    const ready = library.then(async (module) => {
      await init({ module_or_path: module });
      const page = pageOf();
      wireDownloads(client);
      accept(page.accepts);
      return chooser(opener(client, page, wirePanels(page)));
    });
    const bring = (/** @type {(chosen: Awaited<typeof ready>) => Promise<void>} */ open) => {
      byId("error").hidden = true; // an answer to what came before
      brought = true;
      ready.then(open).catch(fail);
    };
    const accept = acceptFiles(scope, {
      expect: () => client.expectFiles(),
      bring: (files) => bring(({ openFiles }) => openFiles(read(files))),
    });
    gallery(scope, { chosen: (bundled) => bring(({ openBundled }) => openBundled(bundled)) });
    let brought = false;
    const { openBundled } = await withProgress(scope, "Starting…", ready);
    scope.ready();
    if (!first || brought) return;
    if (first.complaint) fail(first.complaint);
    await openBundled(first.bundled, first.step, first.file);
  }

  return begin().catch(fail);
}

/** A state of its own, for an AdderScope that is not the page's: in no address. */
function states() {
  let current = { model: "", step: "", alignment: "answer", theme: "system", panel: "" };
  /** @type {Parameters<typeof address.onState>[0][]} */
  const listeners = [];
  return {
    state: () => current,
    /** @param {Partial<address.State>} patch */
    setState(patch) {
      const next = { ...current, ...patch };
      const changed = /** @type {address.Field[]} */ (Object.keys(next)).filter((field) => next[field] !== current[field]);
      current = next;
      if (changed.length > 0) for (const listener of listeners) listener(current, new Set(changed), false);
    },
    /** @param {Parameters<typeof address.onState>[0]} listener */
    onState: (listener) => void listeners.push(listener),
  };
}

export { instantiate };

/** Another AdderScope on this page, in markup that `instantiate` made. @param {HTMLElement} root @param {{suffix: string}} options */
export function mount(root, { suffix }) {
  const scope = new Scope(root, suffix);
  start(scope, states());
  return scope;
}

const root = document.getElementById("adderscope");
if (!root) throw new Error("index.html has no #adderscope");
start(new Scope(root), address);
