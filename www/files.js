// Files from anywhere: dropped on the page, picked, or pasted as files or as text.

import { check_size } from "./adderscope.js";
import { byId } from "./dom.js";

/** @typedef {import("./adderscope.js").NamedBytes} NamedBytes */

/** A checkpoint and its log are two; a whole folder selected by mistake should not be read. */
const MAX_FILES = 16;

/**
 * The library must be there: it knows what is too large.
 * @param {File[]} files
 * @returns {Promise<NamedBytes[]>}
 */
export async function read(files) {
  if (files.length > MAX_FILES) {
    throw new Error(`${files.length} files at once are more than ${MAX_FILES}: drop one checkpoint and its log.jsonl`);
  }
  for (const { name, size } of files) check_size(name, size);
  return Promise.all(
    files.map(async (file) => {
      try {
        return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
      } catch {
        throw new Error(`${file.name}: cannot be read. If it is a folder, drop the files in it`);
      }
    }),
  );
}

/** @param {DataTransfer} data */
const pastedText = (data) => {
  const text = data.getData("text/plain");
  return text.trim() === "" ? [] : [new File([text], "pasted text")];
};

/**
 * Takes whatever a person brings and hands it on.
 * @param {{expect: () => void, bring: (files: File[]) => void}} on `expect`: files may come soon
 * @returns {(accepts: string[]) => void} to be called with the endings for the file picker
 */
export function acceptFiles({ expect, bring }) {
  const picker = /** @type {HTMLInputElement} */ (byId("picker"));
  for (const opener of document.querySelectorAll("[data-open]")) {
    opener.addEventListener("click", () => {
      expect();
      picker.click();
    });
  }
  picker.addEventListener("change", () => {
    if (picker.files?.length) bring([...picker.files]);
    picker.value = ""; // the same file can be picked again
  });

  addEventListener("paste", ({ clipboardData }) => {
    if (!clipboardData) return;
    const files = clipboardData.files.length ? [...clipboardData.files] : pastedText(clipboardData);
    if (files.length) bring(files);
  });
  acceptDrops(expect, bring);
  return (accepts) => {
    picker.accept = accepts.join(",");
  };
}

/**
 * @param {() => void} expect
 * @param {(files: File[]) => void} bring
 */
function acceptDrops(expect, bring) {
  const veil = byId("veil");
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (veil.matches(":popover-open")) return;
    veil.showPopover(); // above an open dialog too
    expect();
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidePopover();
  });
  addEventListener("drop", (event) => {
    veil.hidePopover();
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.length) bring(files);
  });
}
