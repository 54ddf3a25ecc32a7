// What shows the model that is open, as model.ts calls it.

import type { Changed, Opened } from "./channel/protocol.js";
import type { Answered, Summary, Verdict, Weights } from "./library-types.js";

export interface ModelViews {
  /** Another model is there, or more of the same; `isRun`: a run that is trained here brought it. */
  opened(opened: Opened, how: { isRun: boolean }): void;
  /** A later snapshot of a run that is trained here is in the place of the one before. */
  renewed(opened: Opened): void;
  changed(changed: Changed, isEdited: boolean): void;
  /** Its own answer to the addition that is looked at, or was a moment ago. */
  answered(answered: Answered): void;
  verified(verdict: Verdict): void;
  notVerified(why: string): void;
  weights(weights: Weights, verdict: Verdict | null): void;
  /** Whether the panels are on their way to what the state has. */
  busy(isBusy: boolean): void;
  /** Edits went with what was shown before. */
  lost(what: string, lost: Summary, bringBack: () => void): void;
  /** What was to be opened could not be, or nothing was. */
  still(): void;
  /** Nothing is open. */
  closed(): void;
  /** What takes a while, with words for it. */
  during<T>(words: string, work: Promise<T>): Promise<T>;
  failed(error: unknown): void;
}
