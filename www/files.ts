// Files from anywhere: dropped on the page, picked, or pasted as files or as text.

import { check_size } from "./adderscope.js";
import { later } from "./later-load.js";
import type { NamedBytes } from "./library-types.js";
import type { Scope } from "./scope.js";

/** A checkpoint and its log are two, the models of a table some dozens; a whole disk selected by mistake should not be read. */
const MAX_FILES = 128;

/** The library must be there: it knows what is too large. */
export async function read(files: File[]): Promise<NamedBytes[]> {
  if (files.length > MAX_FILES) {
    throw new Error(`${files.length} files at once are more than ${MAX_FILES}: drop fewer of them`);
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

const pastedText = (data: DataTransfer) => {
  const text = data.getData("text/plain");
  return text.trim() === "" ? [] : [new File([text], "pasted text")];
};

/** What text is typed into: what is pasted there is its own. */
const TYPED = "textarea, [contenteditable], input:not([type=range], [type=radio], [type=checkbox], [type=file])";

interface On {
  /** A text was pasted that may be something else than a file: whether it was taken. */
  pasted: (text: string) => boolean;
  /** Files may come soon. */
  expect: () => void;
  bring: (files: Promise<File[]>) => void;
}

/**
 * Takes whatever a person brings and hands it on.
 * @returns to be called with the endings for the file picker
 */
export function acceptFiles(scope: Scope, { expect, bring, pasted }: On) {
  const picker = scope.byId("picker", HTMLInputElement);
  for (const opener of scope.root.querySelectorAll("[data-open]")) {
    opener.addEventListener("click", () => {
      expect();
      picker.click();
    });
  }
  picker.addEventListener("change", () => {
    if (picker.files?.length) bring(Promise.resolve([...picker.files]));
    picker.value = ""; // the same file can be picked again
  });

  scope.on("paste", ({ clipboardData, target, defaultPrevented }) => {
    const isTyped = defaultPrevented || (target instanceof Element && target.closest(TYPED) !== null);
    if (!clipboardData || isTyped) return;
    if (clipboardData.files.length === 0 && pasted(clipboardData.getData("text/plain"))) return;
    const files = clipboardData.files.length ? [...clipboardData.files] : pastedText(clipboardData);
    if (files.length) bring(Promise.resolve(files));
  });
  acceptDrops(scope, { expect, bring });
  return (accepts: string[]) => {
    picker.accept = accepts.join(",");
  };
}

/** What was dropped, those of a folder one by one. All that it holds is asked for at once: after a drop it is gone. */
export async function dropped({ items, files }: DataTransfer): Promise<File[]> {
  const entries = [...items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const folders = entries.filter((entry): entry is FileSystemDirectoryEntry => entry?.isDirectory ?? false);
  const all = [...files];
  return folders.length === 0 ? all : (await later()).inFolders(folders, all);
}

function acceptDrops(scope: Scope, { expect, bring }: Omit<On, "pasted">) {
  const veil = scope.byId("veil");
  let isVeiled = false;
  const show = (isShown: boolean) => {
    // Above an open dialog too; older browsers have no popovers, and show no veil.
    if (isShown !== isVeiled && "popover" in veil) veil[isShown ? "showPopover" : "hidePopover"]();
    isVeiled = isShown;
  };
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  scope.on("dragover", (event) => {
    if (!carriesFiles(event)) return;
    if (event.defaultPrevented) return show(false); // another AdderScope on the page takes it
    event.preventDefault();
    if (!isVeiled) expect();
    show(true);
  });
  scope.on("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null || !(scope.isMain || scope.holds(relatedTarget))) show(false);
  });
  scope.on("drop", (event) => {
    show(false);
    if (!event.dataTransfer || !carriesFiles(event) || event.defaultPrevented) return;
    event.preventDefault();
    if (event.dataTransfer.files.length) bring(dropped(event.dataTransfer));
  });
}
