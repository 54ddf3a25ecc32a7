// One AdderScope on a page: its state, its Worker, its views, and what leads from one to the other.

import init, { page as pageOf } from "./adderscope.js";
import { Late } from "./channel/client.js";
import type { Files } from "./channel/protocol.js";
import { showChoices, wireChoices } from "./choices.js";
import { wireCopyButtons, wireMenus } from "./controls.js";
import type { Drawer } from "./drawer.js";
import { FigureView } from "./figure-view.js";
import { acceptFiles, read } from "./files.js";
import { filmBar } from "./film.js";
import { gallery, missed, names, showModel } from "./gallery.js";
import { libraryClient } from "./library-client.js";
import { library } from "./library.js";
import type { Page } from "./library-types.js";
import { withProgress } from "./messages.js";
import { Model } from "./model.js";
import { Views } from "./model-views.js";
import { Ruler } from "./ruler.js";
import { Scope } from "./scope.js";
import { filesOf, insteadOf } from "./sources.js";
import { decode, linkIn, type Decoded } from "./state/address.js";
import { keepTheme, keptTheme } from "./state/kept-theme.js";
import { Navigation, type Arrival } from "./state/navigation.js";
import { TabSession } from "./state/session.js";
import {
  ALIGNMENTS,
  THEMES,
  TOOLS,
  UNTOUCHED,
  isSameModel,
  shownModel,
  withChosen,
  type State,
  type Tool,
} from "./state/state.js";
import { Store } from "./state/store.js";
import { Sum } from "./sum/sum.js";
import { trainLater } from "./train-later.js";
import { wireViews } from "./views.js";
import { WeightsLater } from "./weights-later.js";

export interface Options {
  /** Of the ids in the root: "" for the AdderScope whose page it is, what `instantiate` was given for another one. */
  readonly suffix?: string;
  /** The address that it opens with, as after the "#". The one whose page it is has the tab's own, and writes it. */
  readonly address?: string;
}

export interface Mounted {
  readonly store: Store;
  /** Takes it down: nothing of it listens or computes any more. */
  end(): void;
}

/** What is there without the library. */
function base(root: HTMLElement, { suffix = "", address = "" }: Options) {
  const scope = new Scope(root, suffix);
  const store = new Store();
  const session = new TabSession(scope.isMain ? tabStorage() : null, `adderscope${suffix}`);
  const theme = scope.isMain ? keptTheme(() => localStorage) : undefined;
  const navigation = scope.isMain ? new Navigation(store, session, names, window, theme) : null;
  const first = navigation?.read() ?? decode(address, names);
  const failed = (error: unknown) => {
    if (!(error instanceof Late || scope.signal.aborted)) scope.fail(error);
  };
  return { scope, store, session, navigation, first, failed };
}

type Base = ReturnType<typeof base>;

/** A browser can be told to keep nothing. */
function tabStorage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

/** Choices at the top, the skip link, messages: what works while the library is on its way. */
function wireFrame({ scope, store }: Base) {
  const { state } = store;
  for (const tool of TOOLS) {
    scope.byId(`${tool}-open`).addEventListener("click", () => {
      store.dispatch({ type: "tool", tool: store.state.tool === tool ? null : tool });
    });
  }
  showChoices(scope, state);
  store.subscribe((now, changed) => {
    if (changed.has("alignment") || changed.has("theme")) showChoices(scope, now);
  });
  wireChoices(scope, {
    chosen: (field, value) => {
      const [alignment, theme] = [ALIGNMENTS.find((each) => each === value), THEMES.find((each) => each === value)];
      if (field === "alignment" && alignment) store.dispatch({ type: "alignment", alignment });
      if (field !== "theme" || !theme) return;
      store.dispatch({ type: "theme", theme });
      if (scope.isMain) keepTheme(() => localStorage, theme);
    },
  });
  wireMenus(scope);
  wireCopyButtons(scope);
  scope.byId("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the hash is the page's state
    scope.byId("main").focus();
  });
  scope.byId("error-close").addEventListener("click", () => {
    scope.byId("error").hidden = true;
  });
}

type Library = ReturnType<typeof libraryClient>;

/** The views of the model that is open, and what they ask for. */
function wireModel({ scope, store, session, failed }: Base, page: Page, client: Library, model: Model, sum: Sum) {
  const wanted = (tool: Tool) => (isOpen: boolean) => store.dispatch({ type: "tool", tool: isOpen ? tool : null });
  const film = filmBar(scope, {
    moved: (step, by) => store.dispatch({ type: "step", step, by }),
    scaled: (scales) => store.dispatch({ type: "scales", scales }),
    rested: () => void model.rested(),
  });
  const weights = new WeightsLater(scope, page.slider_positions, {
    changed: (changes, goesOn) => store.dispatch({ type: "edit", changes, goesOn }),
    wanted: wanted("weights"),
  });
  const figure = new FigureView(scope, page, store, { pick: (at) => film.goTo(at), failed });
  figure.wireExports(client);
  const ruler = new Ruler(store, client, { show: (each) => figure.showRuler(each), failed });
  const aside = (file: string) => Promise.resolve().then(() => insteadOf(model.kept?.groups, model.summary, file));
  const views = new Views(scope, {
    ...{ page, store, client, sum, ruler, figure, film, weights, aside, failed },
    bring: (files) => model.bring(files),
  });
  const train = trainLater(scope, {
    show: (shown) => model.showRun(shown),
    shown: () => model.summary?.file ?? "",
    freshKey: () => session.freshKey(),
    read: (files) => client.call("read", files),
    wanted: wanted("train"),
    failed,
  });
  scope.byId("film-train").addEventListener("click", () => {
    const { file } = model;
    if (file) void train.come().then((content) => content?.takeUp(file));
  });
  const drawers: Record<Tool, Drawer> = { weights: weights.drawer, train: train.drawer };
  store.subscribe((state, changed) => {
    if (changed.has("step") || changed.has("scales")) film.follow(state);
    figure.follow(state, changed);
    if (changed.has("digit") || changed.has("view")) views.followed();
    train.content?.training.stateChanged(state, changed);
    if (changed.has("tool") || changed.has("models")) showDrawers(drawers, state);
  });
  showDrawers(drawers, store.state); // one may have been opened meanwhile
  return views;
}

/** The one that the state has; numbers are those of a model. */
function showDrawers(drawers: Record<Tool, Drawer>, { tool, models }: State) {
  const open = tool === "weights" && models.length === 0 ? null : tool;
  for (const name of Object.keys(drawers) as Tool[]) if (name !== open) drawers[name].show(false);
  if (open) drawers[open].show(true);
}

/** What leads from the address, and from what a person brings, to the model. */
function wireOpening(
  { scope, store, navigation, first, failed }: Base,
  page: Page,
  model: Model,
  { blank, isBrought }: { blank: State; isBrought: () => boolean },
) {
  const known = new Set(["", ...page.panels.map(({ key }) => key)]);
  const arrived = async ({ state, complaints }: Decoded, files?: Promise<Files>) => {
    const { panel } = state;
    const isKnown = known.has(panel);
    const all = isKnown ? complaints : [...complaints, `No panel is called “${panel}”`];
    scope.byId("error").hidden = true; // an answer to what came before
    if (all.length > 0) failed(new Error(all.join("; ")));
    return model.show(isKnown ? state : { ...state, panel: "" }, "apply", files);
  };
  /** The model that the page should begin with does not come out of the link, or from beside the page: its first takes its place. */
  const instead = async (decoded: State): Promise<Arrival> => {
    const state = withChosen(decoded, blank, store.state);
    const panel = known.has(state.panel) ? state.panel : "";
    const { models } = decode("", names).state;
    const outcome = await model.show({ ...state, ...UNTOUCHED, panel, selection: "", models }, "apply");
    if (outcome !== "shown") return "none";
    return shownModel(decoded)?.src === undefined ? "shown" : "instead"; // a file can come another time
  };
  return (files: Promise<Files> | undefined) => {
    let isFirst = true;
    const go = async (decoded: Decoded): Promise<Arrival> => {
      const wasFirst = isFirst;
      isFirst = false;
      if (wasFirst && isBrought()) return "none"; // what a person brought meanwhile comes in its place
      const state = wasFirst ? withChosen(decoded.state, blank, store.state) : decoded.state;
      const isSame = wasFirst && isSameModel(shownModel(state), shownModel(first.state));
      const complaints = wasFirst ? [...missed, ...decoded.complaints] : decoded.complaints;
      const outcome = await arrived({ state, complaints }, isSame ? files : undefined);
      if (outcome === "shown") return "shown";
      const isOver = !wasFirst || outcome === "superseded" || isBrought() || !isElsewhere(state);
      return isOver ? "none" : instead(decoded.state);
    };
    if (navigation) navigation.follow(go);
    else void go(first);
  };
}

/** Whether its model is what the address says, or names beside the page. */
function isElsewhere(state: State) {
  const { weights, src } = shownModel(state) ?? {};
  return weights !== undefined || src !== undefined;
}

/** Starts an AdderScope in its markup. */
export function mount(root: HTMLElement, options: Options = {}): Mounted {
  const here = base(root, options);
  const { scope, store, session, navigation, first, failed } = here;
  store.dispatch({ type: "apply", state: { ...first.state, ...UNTOUCHED, models: [], tool: null } }); // nothing is open yet
  const blank = store.state;
  wireFrame(here);
  const wanted = shownModel(first.state);
  if (!wanted) showModel(scope, false);
  const started = library.then((module) => init({ module_or_path: module }));
  const files = wanted ? filesOf(wanted, session, started) : undefined; // while the library is on its way
  files?.catch(() => {}); // told once the page is there
  const model = new Model(store, session, (ref) => filesOf(ref, session, started));
  const client = libraryClient(() => model);
  client.start();
  wireViews(scope, store);
  const sum = new Sum(scope, store, {
    failures: () => client.call("failures", null),
    looked: () => scope.linked.choose(store.state.digit),
    failed,
  });
  let [isBrought, views]: [boolean, Views | null] = [false, null];
  const ready = started.then(() => {
    const page = pageOf();
    views = wireModel(here, page, client, model, sum);
    model.start(client, views, scope.signal);
    accept(page.accepts);
    return wireOpening(here, page, model, { blank, isBrought: () => isBrought });
  });
  // Files and choices can come before the library is there.
  const bring = (open: () => unknown) => {
    scope.byId("error").hidden = true; // an answer to what came before
    isBrought = true;
    ready.then(open).catch(failed);
  };
  const accept = acceptFiles(scope, {
    expect: () => void client.call("expectFiles", null, { hint: true }).catch(() => {}), // told by the call that needs them
    bring: (brought) => {
      if (views?.isComparing) views.compareWith(brought.then(read));
      else bring(() => model.bring(brought.then(read)));
    },
    pasted: (text) => {
      const link = scope.isMain ? linkIn(text) : null;
      if (link !== null) location.hash = link;
      return link !== null || sum.pasted(text);
    },
  });
  gallery(scope, { chosen: (name) => bring(() => model.choose(name)) });
  addEventListener("pagehide", () => session.save(shownModel(store.state)?.files ?? ""), { signal: scope.signal });
  withProgress(scope, "Starting…", ready).then((open) => {
    scope.ready();
    open(files);
  }, failed);
  return {
    store,
    end() {
      navigation?.close();
      scope.end();
      client.close();
    },
  };
}
