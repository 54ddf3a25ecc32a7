// The state in an address: short, of meaning and not of layout, defaults left out. Whatever an address holds gives a
// state; what in it cannot be read is told and changes nothing.

import {
  ALIGNMENTS,
  INITIAL,
  PLACES,
  SCALES,
  SIDES,
  THEMES,
  TOOLS,
  UNTOUCHED,
  VERSION,
  VIEWS,
  type Edit,
  type ModelRef,
  type State,
  shownModel,
} from "./state.js";

/** The bundled models, by name. The page opens with the first. */
export type Gallery = readonly string[];

export interface Decoded {
  readonly state: State;
  /** What could not be read, each as a sentence for a person. */
  readonly complaints: readonly string[];
}

/** In the address: no bundled model. */
const NONE = "none";
/**
 * The model that addresses meant that name none, when the page still opened with it. They still do where they name what
 * is of a model; where they name none of that, they lead to the page as it opens.
 */
const ONCE_FIRST = "62p";
/** The weights of a model that does not come with the page, as formats/link.rs writes them, which says what is in them. */
const WEIGHTS = /^[\w-]{1,8000}$/;
/** A file beside the page, or in a folder there; of no name that is more than one in an address. */
const SRC = /^(?![/.])(?!.*(?:\/[/.]|\.\.|\/$))[\p{L}\p{M}\p{N}_.\-/ ()+,=@]{1,200}$/u;
/** No address that this page wrote is longer; one that is may hold anything. */
const MAX_LENGTH = 20_000;
/** A training step, as far as numbers count by ones. */
const STEP = /^\d{1,15}$/;
/** A place of the answer. */
const DIGIT = /^\d{1,2}$/;
/** Digits of a number to be added. */
const ADDEND = /^\d{1,10}$/;
const EDIT = /^(?<name>[^,:~]{1,100})~(?<index>\d{1,6}):(?<value>[-+.\deE]{1,30})$/;

/** One field of the state: as text, or null for the default; and back, or null for what cannot be read. */
interface Codec<Value> {
  readonly put: (value: Value) => string | null;
  readonly read: (text: string) => { value: Value } | null;
  /** What it may be, to go on after "… is ". */
  readonly wanted: string;
}

const text = (standard: string, fits: RegExp, wanted: string): Codec<string> => ({
  put: (value) => (value === standard ? null : value),
  read: (value) => (fits.test(value) ? { value } : null),
  wanted,
});

const oneOf = <Value extends string>(all: readonly Value[], standard: Value, wanted: string): Codec<Value> => ({
  put: (value) => (value === standard ? null : value),
  read: (name) => {
    const value = all.find((each) => each === name);
    return value === undefined ? null : { value };
  },
  wanted,
});

const list = <Value>(
  item: (text: string) => Value | null,
  words: (value: Value) => string,
  wanted: string,
): Codec<readonly Value[]> => ({
  put: (values) => (values.length === 0 ? null : values.map(words).join(",")),
  read: (joined) => {
    const values = joined.split(",").map(item);
    return values.includes(null) ? null : { value: values as Value[] };
  },
  wanted,
});

/** The shortest decimal that reads back to the same f32. */
export function shortest(value: number): string {
  if (Object.is(value, -0)) return "-0";
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function editOf(written: string): Edit | null {
  const { name, index, value } = EDIT.exec(written)?.groups ?? {};
  const number = Math.fround(Number(value));
  if (name === undefined || !WORD.test(name) || !Number.isFinite(number)) return null;
  return { name, index: Number(index), value: number };
}

/** Each number once: of several edits the last counts. */
const edits = list(
  editOf,
  ({ name, index, value }) => `${name}~${index}:${shortest(value)}`,
  "a list of edits, like fc1.weight~3:0.5",
);
const readEdits = (written: string) => {
  const all = edits.read(written);
  const keys = new Set(all?.value.map(({ name, index }) => `${name} ${index}`));
  return all && keys.size === all.value.length ? all : null;
};

const step: Codec<number | null> = {
  put: (value) => (value === null ? null : String(value)),
  read: (digits) => (STEP.test(digits) ? { value: Number(digits) } : null),
  wanted: "a training step",
};

const digit: Codec<number | null> = {
  put: (value) => (value === null ? null : String(value)),
  read: (written) => (DIGIT.test(written) && Number(written) < PLACES ? { value: Number(written) } : null),
  wanted: `an answer digit, 0 to ${PLACES - 1}`,
};

const tool: Codec<State["tool"]> = {
  put: (value) => value,
  read: (name) => {
    const value = TOOLS.find((each) => each === name);
    return value === undefined ? null : { value };
  },
  wanted: "a drawer",
};

/** What a person can read, in one line. */
const WORD = /^\P{C}{0,200}$/u;

/** By their names in the address. The models have rules of their own; how edits came about is in none. */
const CODECS = {
  step,
  edits: { ...edits, read: readEdits },
  compare: text("", WORD, "a model to compare with, like 67p or 67p:244000"),
  sides: oneOf(SIDES, INITIAL.sides, "“both”, “a” or “b”"),
  a: text("", ADDEND, "a number of at most ten digits"),
  b: text("", ADDEND, "a number of at most ten digits"),
  digit,
  selection: text("", WORD, "an item"),
  alignment: oneOf(ALIGNMENTS, INITIAL.alignment, "“answer” or “script”"),
  scales: oneOf(SCALES, INITIAL.scales, "“snapshot” or “run”"),
  theme: oneOf(THEMES, INITIAL.theme, "“system”, “light” or “dark”"),
  view: oneOf(VIEWS, INITIAL.view, "a view"),
  panel: text("", WORD, "a panel"),
  interventions: list(
    (each) => (each !== "" && WORD.test(each) ? each : null),
    (each) => each,
    "a list of what is switched off or patched, like ffn,place:X3",
  ),
  tool,
  lesson: text("", WORD, "a lesson"),
} satisfies { [Name in Exclude<keyof State, "version" | "models" | "history">]: Codec<State[Name]> };

type Coded = keyof typeof CODECS;
const CODED = Object.keys(CODECS) as Coded[];
const isCoded = (name: string): name is Coded => Object.hasOwn(CODECS, name);

/** All but what is the reader's own: older addresses have it, and it counts no more. */
const SENT = CODED.filter((name) => name !== "theme");

/** How one looks, whatever the model is. All else is of a model, and its address names that. */
const OF_NO_MODEL: readonly Coded[] = ["alignment", "theme", "view", "digit", "tool", "lesson"];
const OF_A_MODEL = CODED.filter((name) => !OF_NO_MODEL.includes(name));

/** What another person can open of a state: files that only this tab has cannot be named, nor what was done to them. */
export function shareable(state: State): State {
  const { bundled = "", weights, src } = shownModel(state) ?? {};
  if (weights !== undefined) return linked(state, weights);
  if (src !== undefined) return { ...state, models: [{ bundled: "", files: "", src }] };
  if (bundled === "") return { ...state, ...UNTOUCHED, models: [] };
  return { ...state, models: [{ bundled, files: "" }] };
}

/** A state with a model that is in the link itself. */
export const linked = (state: State, weights: string): State => ({
  ...state,
  models: [{ bundled: "", files: "", weights }],
});

function writeAll(names: readonly Coded[], state: State, into: URLSearchParams) {
  for (const name of names) {
    const written = (CODECS[name] as Codec<unknown>).put(state[name]);
    if (written !== null) into.set(name, written);
  }
  // These mean nothing in an address, and are easier to read as they are.
  return into.toString().replace(/%7E/g, "~").replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%2F/g, "/");
}

/** What a state is in an address, without the "#": empty where all of it is as by default. */
export function encode(state: State, gallery: Gallery): string {
  const shared = shareable(state);
  const shown = shownModel(shared);
  if (shown?.weights !== undefined) return writeAll(SENT, shared, new URLSearchParams({ weights: shown.weights }));
  if (shown?.src !== undefined) return writeAll(SENT, shared, new URLSearchParams({ src: shown.src }));
  const model = shown?.bundled ?? NONE;
  const isFirst = model === (gallery[0] ?? NONE);
  const isNamed = !isFirst || OF_A_MODEL.some((name) => (CODECS[name] as Codec<unknown>).put(shared[name]) !== null);
  return writeAll(SENT, shared, new URLSearchParams(isNamed ? { model } : {}));
}

/** All of a state but its models, whoever can open it. */
export const encodeFields = (state: State) => writeAll(CODED, state, new URLSearchParams());

/** What `encodeFields` wrote; null where anything else did. */
export function decodeFields(written: string): State | null {
  const complaints: string[] = [];
  const read = readAll(CODED, new URLSearchParams(written), INITIAL, complaints);
  return complaints.length > 0 ? null : { ...INITIAL, ...read };
}

/** The model of an address that names none. */
function unnamed(hash: URLSearchParams, gallery: Gallery) {
  const isOfModel = OF_A_MODEL.some((name) => (hash.get(name) ?? "") !== "");
  return (isOfModel ? gallery.find((each) => each === ONCE_FIRST) : undefined) ?? gallery[0];
}

/** As `gallery` names it, or in the address itself; null where it is neither, which is told. */
function readModels(hash: URLSearchParams, gallery: Gallery, complaints: string[]): readonly ModelRef[] | null {
  const name = hash.get("model") ?? "";
  const [weights, src] = [hash.get("weights") ?? "", hash.get("src") ?? ""];
  if (weights !== "") {
    const other = name === "" ? src : name;
    if (other !== "") complaints.push(`The address has weights and names “${clipped(other)}”: the weights count`);
    if (WEIGHTS.test(weights)) return [{ bundled: "", files: "", weights }];
    complaints.push("The weights in the address are damaged: copy the whole link again");
    return null;
  }
  if (src !== "") {
    if (name !== "") complaints.push(`The address names “${clipped(name)}” and “${clipped(src)}”: the file counts`);
    if (SRC.test(src)) return [{ bundled: "", files: "", src }];
    complaints.push(`“${clipped(src)}” is no file beside the page: name it from there, like models/mine.pt`);
    return null;
  }
  const first = unnamed(hash, gallery);
  if (name === NONE || (name === "" && first === undefined)) return [];
  const found = name === "" ? first : gallery.find((each) => each === name);
  if (found !== undefined) return [{ bundled: found, files: "" }];
  complaints.push(`No bundled model is called “${clipped(name)}”: there are ${gallery.join(", ")}`);
  return null;
}

const clipped = (words: string) => (words.length > 40 ? `${[...words].slice(0, 40).join("")}…` : words);

/** Fields as the address has them; those that it does not name are left out. */
function readAll(
  names: readonly Coded[],
  hash: URLSearchParams,
  otherwise: State,
  complaints: string[],
): Partial<State> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const written = hash.get(name);
    if (written === null) continue;
    const { read, wanted } = CODECS[name] as Codec<unknown>;
    // An empty text asks for the default, as older versions wrote it.
    const value = written === "" ? { value: INITIAL[name] } : read(written);
    if (!value) complaints.push(`“${clipped(written)}” in the address is not ${wanted}`);
    found[name] = value ? value.value : otherwise[name];
  }
  return found;
}

/** What was done to the model that is shown: nothing without it. */
const DONE: readonly Coded[] = ["step", "scales", "edits", "interventions"];
const SEEN = SENT.filter((name) => !DONE.includes(name));

function doneTo({ models, step, scales, edits, interventions }: State): Partial<State> {
  return { models, step, scales, edits, interventions };
}

/** What is in the address beside the fields. */
function strays(hash: URLSearchParams): string[] {
  const complaints: string[] = [];
  const version = hash.get("version");
  if (version !== null && version !== String(VERSION)) {
    complaints.push(`The address is of version “${clipped(version)}”: what version ${VERSION} knows of it was read`);
  }
  for (const name of new Set(hash.keys())) {
    if (!["model", "weights", "src", "version"].includes(name) && !isCoded(name)) {
      complaints.push(`Nothing is called “${clipped(name)}” in an address`);
    } else if (hash.getAll(name).length > 1) {
      complaints.push(`“${name}” is in the address more than once: the first counts`);
    }
  }
  return complaints;
}

/** What follows the "#" of a link to a model, where a text is one and nothing else. */
export function linkIn(text: string): string | null {
  const [, address = ""] = /^[^\s#]{0,2000}#(\S+)$/.exec(text.trim()) ?? [];
  const isOfModel = address.split("&").some((each) => /^(?:model|weights|src)=./.test(each));
  return isOfModel && address.length <= MAX_LENGTH ? address : null;
}

/**
 * The state that an address stands for, with or without its "#". What it does not name is as by default, but for the
 * theme, which is the reader's whatever it names; what it names and cannot be read is as in `now`, the state that is shown, if one is.
 * @param theme the reader's own, where no state is shown
 */
export function decode(address: string, gallery: Gallery, now?: State, theme = INITIAL.theme): Decoded {
  const [first] = gallery;
  const standard: State = { ...INITIAL, theme, models: first === undefined ? [] : [{ bundled: first, files: "" }] };
  const otherwise = now ?? standard;
  if (address.length > MAX_LENGTH) {
    return {
      state: otherwise,
      complaints: [`The address is longer than ${MAX_LENGTH} characters: nothing of it was read`],
    };
  }
  const hash = new URLSearchParams(address.replace(/^#/, ""));
  const complaints = strays(hash);
  const models = readModels(hash, gallery, complaints);
  const seen = { ...standard, theme: otherwise.theme, ...readAll(SEEN, hash, otherwise, complaints) };
  if (models === null) return { state: { ...seen, ...doneTo(otherwise) }, complaints };
  const done = models.length > 0 ? readAll(DONE, hash, otherwise, complaints) : {};
  return { state: { ...seen, models, ...done }, complaints };
}
