// What was edited is not lost with the model: a notice brings it back.

import { byId, grouped } from "./dom.js";

/** @typedef {import("./adderscope.js").Summary} Summary */
/** @typedef {import("./client.js").Kept} Kept */
/** @typedef {import("./gallery.js").Bundled} Bundled */

/**
 * Wires the notice.
 * @param {(kept: Kept, origin: Bundled | null) => void} reopen
 */
export function wireNotice(reopen) {
  const notice = byId("notice");
  /** @type {() => void} */
  let undo = () => {};
  byId("notice-close").addEventListener("click", () => {
    notice.hidden = true;
  });
  byId("notice-undo").addEventListener("click", () => undo());
  return {
    hide() {
      notice.hidden = true;
    },
    /**
     * @param {string} what was done
     * @param {Summary} lost
     * @param {Kept} kept what brings it back
     * @param {Bundled | null} origin
     */
    show(what, { edited, file, snapshot, step }, kept, origin) {
      undo = () => reopen(kept, origin);
      const numbers = `${edited} edited ${edited === 1 ? "number" : "numbers"}`;
      const of = snapshot === null ? file : `step ${grouped(step ?? 0)} of ${file}`;
      byId("notice-text").textContent = `${what} dropped ${numbers} of ${of}.`;
      notice.hidden = false;
    },
  };
}
