// What was edited is not lost with the model: a notice brings it back.

import { counted, grouped } from "./format.js";
import type { Summary } from "./library-types.js";
import type { Scope } from "./scope.js";

/** What was lost, as a sentence. @param what was done */
export function lossOf(what: string, { edited, file, snapshot, step }: Summary) {
  const of = snapshot === null ? file : `step ${grouped(step ?? 0)} of ${file}`;
  return `${what} dropped ${counted(edited, "edited number")} of ${of}.`;
}

/** Wires the notice. */
export function wireNotice(scope: Scope) {
  const notice = scope.byId("notice");
  let undo = () => {};
  const hide = () => {
    notice.hidden = true;
  };
  scope.byId("notice-close").addEventListener("click", hide);
  scope.byId("notice-undo").addEventListener("click", () => undo());
  return {
    hide,
    /**
     * @param what was done
     * @param bringBack what was lost
     */
    show(what: string, lost: Summary, bringBack: () => void) {
      undo = bringBack;
      scope.byId("notice-text").textContent = lossOf(what, lost);
      notice.hidden = false;
    },
  };
}
