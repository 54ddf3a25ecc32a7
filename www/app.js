// Start-up and wiring: files in → Worker → report → figure → cards.

import init, { Figure, page as pageOf } from "./adderscope.js";
import { Client } from "./client.js";
import { announce, byId, el } from "./dom.js";
import { nameOf, render, save } from "./download.js";
import { boardAgain } from "./board.js";
import { showEdited, showNotVerified, showSummary, showVerified, showVerifying, wireFailures } from "./facts.js";
import { acceptFiles, read } from "./files.js";
import { largeView } from "./large.js";
import { compile } from "./library.js";
import { layOut } from "./panels.js";
import { onState, setState, state } from "./state.js";
import { trainDrawer } from "./train.js";
import { weightsDrawer } from "./weights.js";

/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */
/** @typedef {import("./adderscope.js").Page} Page */
/** @typedef {import("./client.js").Kept} Kept */
/** @typedef {{summary: import("./adderscope.js").Summary, figure: Figure}} Model */

/** What takes longer than this, in milliseconds, shows that it is at work. */
const PATIENCE = 1000;

/** The last good model. @type {Model | null} */
let model = null;
const dark = matchMedia("(prefers-color-scheme: dark)");

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
function follow(summary, report) {
  if (!model) return new Set();
  model.summary = summary;
  return new Set(model.figure.replace(report, state().alignment));
}

/** What names of downloads begin with: no file of an edited model passes for the original. */
function marks() {
  return model && model.summary.edited > 0 ? ["edited"] : [];
}

/** @returns {"light" | "dark"} */
function theme() {
  const chosen = state().theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return dark.matches ? "dark" : "light";
}

/** @param {unknown} error */
function fail(error) {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close(); // the message is behind it
  byId("error-text").textContent = error instanceof Error ? error.message : String(error);
  byId("error").hidden = false;
}

/**
 * @template T
 * @param {string} text
 * @param {Promise<T>} work
 */
async function withProgress(text, work) {
  const progress = byId("progress");
  const timer = setTimeout(() => {
    byId("progress-text").textContent = text;
    progress.hidden = false;
  }, PATIENCE);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    progress.hidden = true;
  }
}

/** @param {Page} page */
function buildAlignments({ alignments }) {
  byId("alignment").append(
    ...alignments.map(({ key, label }) =>
      el("label", {}, el("input", { type: "radio", name: "alignment", value: key }), label),
    ),
  );
}

/** Radio buttons write the state; the state, however it changed, writes the radio buttons. */
function wireChoices() {
  for (const field of /** @type {const} */ (["alignment", "theme"])) {
    const group = byId(field);
    group.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) setState({ [field]: target.value });
    });
  }
}

function showChoices() {
  for (const field of /** @type {const} */ (["alignment", "theme"])) {
    for (const input of byId(field).querySelectorAll("input")) input.checked = input.value === state()[field];
  }
  const { theme: chosen } = state();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

/** A menu closes when its work is done, by Escape, and when the focus or a click goes elsewhere. */
function wireMenu() {
  const menu = /** @type {HTMLDetailsElement} */ (byId("downloads"));
  const close = () => {
    menu.open = false;
  };
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary")?.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
  });
  addEventListener("pointerdown", ({ target }) => {
    if (target instanceof Node && !menu.contains(target)) close();
  });
  for (const choice of menu.querySelectorAll("button")) choice.addEventListener("click", close);
}

function wireCopyButtons() {
  for (const copy of document.querySelectorAll("button[data-copy]")) {
    const code = copy.parentElement?.querySelector("code")?.textContent ?? "";
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code);
      copy.textContent = "Copied";
      announce("Copied");
    });
    if (copy instanceof HTMLElement) copy.hidden = !navigator.clipboard;
  }
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
    save(await render({ figure: model.figure, alignment, theme: theme() }, panel, format), `${name}.${format}`);
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
  const on = { open, closed: () => open(""), save: saveDrawing, failed: fail };
  const showCards = layOut(page, on);
  const showLarge = largeView(on);

  const view = () => {
    if (!model) return null;
    const { alignment } = state();
    const { figure } = model;
    return { panels: figure.panels(alignment), view: { figure, alignment, theme: theme() } };
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
    showChoices();
    const now = view();
    if (changed.size === 1 && changed.has("panel")) {
      if (now) showLarge(now.panels, state().panel, now.view);
    } else {
      render();
    }
  });
  dark.addEventListener("change", () => render());
  return render;
}

/**
 * What was edited is not lost with the model: the notice brings it back.
 * @param {(kept: Kept) => void} reopen
 */
function wireNotice(reopen) {
  const notice = byId("notice");
  /** @type {Kept} */
  let kept = { groups: [], edits: [] };
  byId("notice-close").addEventListener("click", () => {
    notice.hidden = true;
  });
  byId("notice-undo").addEventListener("click", () => reopen(kept));
  return (/** @type {Model | null} */ lost, /** @type {Kept} */ before) => {
    notice.hidden = !lost;
    if (!lost) return;
    kept = before;
    const { edited, file } = lost.summary;
    const numbers = `${edited} edited ${edited === 1 ? "number" : "numbers"}`;
    byId("notice-text").textContent = `Opening ${model?.summary.file} dropped ${numbers} of ${file}.`;
  };
}

/** What no snapshot of the same model changes. @param {import("./adderscope.js").Summary} summary @param {Page["suite"]} suite */
function showNew(summary, suite) {
  byId("welcome").hidden = true;
  byId("loaded").hidden = byId("model-bar").hidden = byId("model-tools").hidden = false;
  showSummary(summary);
  showVerifying(suite.qualifying_accuracy);
}

/**
 * What brings a snapshot of a run that is trained here to the panels, in the place of the one before.
 * @param {Client} client
 * @param {Page} page
 * @param {{drawer: ReturnType<typeof weightsDrawer>, board: ReturnType<typeof boardAgain>, render: () => void, opened: () => number}} views
 * @returns {import("./train.js").Page["show"]}
 */
function snapshots(client, page, { drawer, board, render, opened }) {
  return async (files, isFirst) => {
    const before = opened();
    // Both at once, so that the score is of this model whatever else is opened.
    const opening = client.open({ groups: [files], edits: [] });
    const [{ summary, report, weights }, verdict] = await Promise.all([opening, client.verify()]);
    if (before !== opened()) return false; // another file, which comes after this one
    become(summary, report);
    if (isFirst) showNew(summary, page.suite);
    showEdited(summary);
    showVerified(verdict.score, () => client.failures(false));
    drawer.show(weights);
    drawer.showScore(verdict);
    board.modelChanged();
    render();
    return true;
  };
}

/**
 * @param {WebAssembly.Module} module
 * @param {Client} client
 * @param {Page} page
 * @param {ReturnType<typeof wirePanels>} render
 */
function opener(module, client, page, render) {
  const failures = () => client.failures(false);
  const board = boardAgain(page.suite, client, fail);
  const drawer = weightsDrawer(page.slider_positions, async (edits) => {
    training.leave(); // the next snapshot would undo it
    performance.mark("edit");
    try {
      const edited = await client.edit(edits);
      if (!edited) return; // another file was opened
      const changed = follow(edited.summary, edited.report);
      showEdited(edited.summary);
      showVerified(edited.verdict.score, failures);
      drawer.edited(edited.verdict);
      board.modelChanged();
      render(changed);
    } catch (error) {
      fail(error);
      await client.weights().then(drawer.show, fail); // what was not taken is shown no more
    }
  });
  let opened = 0;
  const open = async (/** @type {Kept} */ kept) => {
    const before = client.kept();
    const followed = training.leave();
    opened += 1;
    const opening = withProgress("Reading and analysing…", client.open(kept));
    if (followed) opening.catch(() => training.follow()); // what was not opened took nothing's place
    const { summary, report, weights } = await opening;
    const lost = model && model.summary.edited > 0 && client.kept().groups !== before.groups ? model : null;
    const shown = become(summary, report);
    notify(lost, before);
    showNew(summary, page.suite);
    drawer.show(weights);
    board.modelChanged();
    render();
    announce(`${summary.file} is open: ${summary.name}`);
    if (document.activeElement === document.body) byId("heading").focus({ preventScroll: true });
    try {
      const verdict = await withProgress("Running the AdderBoard suite…", client.verify());
      if (model !== shown) return;
      showVerified(verdict.score, failures);
      drawer.showScore(verdict);
    } catch (error) {
      if (model === shown) showNotVerified(error instanceof Error ? error.message : String(error));
    }
  };
  const notify = wireNotice((kept) => open(kept).catch(fail));
  const shown = snapshots(client, page, { drawer, board, render, opened: () => opened });
  const training = trainDrawer({ module, show: shown, theme, failed: fail });
  return open;
}

async function start() {
  showChoices();
  wireChoices();
  wireMenu();
  wireFailures();
  wireCopyButtons();
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the hash is the page's state
    byId("main").focus();
  });
  byId("error-close").addEventListener("click", () => {
    byId("error").hidden = true;
  });
  const library = (async () => {
    const module = await compile();
    await init({ module_or_path: module });
    return module;
  })();
  // Files can come before the library is there.
  const ready = library.then((module) => {
    const page = pageOf();
    const client = new Client(module);
    buildAlignments(page);
    showChoices();
    wireDownloads(client);
    accept(page.accepts);
    return opener(module, client, page, wirePanels(page));
  });
  const accept = acceptFiles((files) => {
    byId("error").hidden = true; // an answer to what came before
    ready.then(async (open) => open({ groups: [await read(files)], edits: [] })).catch(fail);
  });
  await withProgress("Starting…", ready);
  document.documentElement.dataset.ready = "";
}

start().catch(fail);
