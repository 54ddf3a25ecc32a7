// The drawer that trains: one model or many seeds, with the twelve panels following one of the runs.

import { check_size } from "./adderscope.js";
import { wordsOf } from "./errors.js";
import { loadTrainer } from "./library.js";
import type { NamedBytes, TrainerLibrary } from "./library-types.js";
import type { Scope } from "./scope.js";
import { settingsForm } from "./settings.js";
import { type On, Training } from "./training.js";

/** Whether what was trained before may go: without a download only when that is asked for again. */
function may(training: Training, warning: HTMLElement) {
  const ask = training.isAtStake && warning.hidden;
  warning.textContent =
    "What was trained before was not downloaded and would be lost. Press again to go on without it.";
  warning.hidden = !ask;
  return !ask;
}

/** Loads the part of the library that trains, and the form comes with it; null where it does not load, which is said. */
function loader(scope: Scope, training: Training, { failed }: TrainOn) {
  const loading = scope.byId("train-loading");
  return async () => {
    if (!loading.hidden) loading.textContent = "Loading the trainer…";
    try {
      const library = await loadTrainer();
      if (!loading.hidden) wireForm(scope, training, library, failed);
      loading.hidden = true;
      scope.byId("train-settings").hidden = false;
      return library;
    } catch (error) {
      loading.textContent = `${wordsOf(error)}. Close this and open it again to try once more.`;
      return null;
    }
  };
}

function wireForm(scope: Scope, training: Training, library: TrainerLibrary, failed: On["failed"]) {
  const read = settingsForm(scope, library);
  const warning = scope.byId("train-warning");
  scope.byId("train-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const settings = read();
    if (!settings || !may(training, warning)) return;
    training
      .begin(
        library,
        settings,
        settings.map(({ arch, seed }) => `${arch}, seed ${seed}`),
      )
      .catch(failed);
  });
  const picker = scope.byId("train-picker", HTMLInputElement);
  scope.byId("train-saved").addEventListener("click", () => {
    if (may(training, warning)) picker.click();
  });
  picker.addEventListener("change", async () => {
    const file = picker.files?.[0];
    picker.value = "";
    if (!file) return;
    try {
      check_size(file.name, file.size);
      await training.begin(library, new Uint8Array(await file.arrayBuffer()), [file.name]);
    } catch (error) {
      failed(error);
    }
  });
}

export interface TrainOn extends On {
  /** The drawer is wanted open, or closed. */
  wanted: (isOpen: boolean) => void;
}

export interface TrainContent {
  readonly training: Training;
  /** The drawer was opened. */
  load(): Promise<TrainerLibrary | null>;
  /** Opens the drawer with a saved run, which waits there to be resumed. */
  takeUp(saved: NamedBytes): Promise<void>;
}

/** Wires what is in the drawer. */
export function trainDrawer(scope: Scope, on: TrainOn): TrainContent {
  const training = new Training(scope, on);
  const load = loader(scope, training, on);
  let isLoading = false;
  const takeUp = async ({ name, bytes }: NamedBytes) => {
    if (isLoading || !may(training, scope.byId("film-warning"))) return;
    isLoading = true;
    on.wanted(true);
    const library = await load();
    isLoading = false;
    if (library) training.begin(library, bytes, [name]).catch(on.failed);
  };
  return { training, load, takeUp };
}
