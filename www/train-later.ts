// The drawer that trains, before anyone opened it: what is in it comes then.

import { later } from "./later-load.js";
import { wireDrawer, type Drawer } from "./drawer.js";
import { wordsOf } from "./errors.js";
import type { Scope } from "./scope.js";
import type { TrainContent, TrainOn } from "./train.js";

interface TrainLater {
  readonly drawer: Drawer;
  /** What is in the drawer, once it is there. */
  readonly content: TrainContent | null;
  /** It is there, or the drawer says why it does not come, and there is none. */
  come(): Promise<TrainContent | null>;
}

/** Wires the drawer. */
export function trainLater(scope: Scope, on: TrainOn): TrainLater {
  let content: TrainContent | null = null;
  const come = async () => {
    const loading = scope.byId("train-loading");
    try {
      if (!content) loading.textContent = "Loading…";
      const { trainDrawer } = await later();
      content ??= trainDrawer(scope, on);
    } catch (error) {
      loading.textContent = wordsOf(error);
    }
    return content;
  };
  const opened = () => void come().then((there) => there?.load());
  return {
    drawer: wireDrawer(scope, "train", { wanted: on.wanted, opened }),
    get content() {
      return content;
    },
    come,
  };
}
