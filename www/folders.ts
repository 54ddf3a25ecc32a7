// What is in folders that were dropped.

/** What a run's folder and a sweep's have of a run, if of nothing else. */
const BEST = "best.safetensors";

/** What is in a folder but hidden things. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  // A part at a time, until there is none.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return entries.filter(({ name }) => !name.startsWith("."));
    entries.push(...part);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A file by the name that it has here. */
const fileOf = (entry: FileSystemFileEntry, before: string) =>
  new Promise<File>((resolve, reject) => {
    entry.file((file) => resolve(before === "" ? file : new File([file], `${before}${file.name}`)), reject);
  });

/** Of a folder in a folder its run's best model, where it is a run's: what else lies there is left out. */
async function bestIn(folder: FileSystemDirectoryEntry, before: string): Promise<File[]> {
  const best = (await entriesIn(folder)).filter(isFile).filter(({ name }) => name === BEST);
  return Promise.all(best.map((entry) => fileOf(entry, `${before}${folder.name}/`)));
}

async function filesIn(folder: FileSystemDirectoryEntry, before: string): Promise<File[]> {
  const entries = await entriesIn(folder);
  const own = await Promise.all(entries.filter(isFile).map((entry) => fileOf(entry, before)));
  const runs = await Promise.all(entries.filter(isFolder).map((inner) => bestIn(inner, before)));
  const files = [...own, ...runs.flat()];
  if (files.length === 0) throw new Error(`${folder.name}: there is no file in this folder`);
  return files;
}

/** What folders are called, of which some may have the same name. */
function namesOf(folders: readonly FileSystemDirectoryEntry[]): Set<string> {
  const names = new Set<string>();
  for (const { name } of folders) {
    let own = name;
    for (let count = 2; names.has(own); count += 1) own = `${name} (${count})`;
    names.add(own);
  }
  return names;
}

/**
 * The files of folders, with those that were dropped beside them. Where there are several folders, their names stand before
 * those of their files: in each there may be a best.safetensors.
 */
export async function inFolders(folders: readonly FileSystemDirectoryEntry[], files: readonly File[]): Promise<File[]> {
  const names = new Set(folders.map(({ name }) => name));
  const single = files.filter(({ name }) => !names.has(name));
  const called = [...namesOf(folders)];
  const inner = folders.map((folder, at) => filesIn(folder, folders.length > 1 ? `${called[at] ?? folder.name}/` : ""));
  return [...single, ...(await Promise.all(inner)).flat()];
}
