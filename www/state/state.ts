// What a person sees, as one value. It changes by the actions of actions.ts alone; address.ts writes it into an address.

import type { Addition } from "../channel/protocol.js";
import type * as library from "../library-types.js";

/** What of it may mean something else in a later version raises this. */
export const VERSION = 1;

export const ALIGNMENTS = ["answer", "script"] as const satisfies readonly library.Alignment[];
export const THEMES = ["system", "light", "dark"] as const;
export const TOOLS = ["weights", "train"] as const;
/** What the page is laid out as: the addition first, all panels, all panels on one screen, the map of all additions. */
export const VIEWS = ["addition", "panels", "overview", "map"] as const;
/** Answer digits, Z0 to Z10. */
export const PLACES = 11;
/** Which of two models that are compared panels show. */
export const SIDES = ["both", "a", "b"] as const;
/** What axes are made for: by themselves, for a run that was moved and for the snapshot of one that was not. */
export const SCALES = ["auto", "snapshot", "run"] as const;

export type Alignment = library.Alignment;
export type ThemeChoice = (typeof THEMES)[number];
export type Tool = (typeof TOOLS)[number];
export type View = (typeof VIEWS)[number];
export type SidesChoice = (typeof SIDES)[number];
export type ScalesChoice = (typeof SCALES)[number];

/** A model: one that comes with the page, in a link or lies beside the page; or files that only this tab has; or one with the
 * other, such as its log. */
export interface ModelRef {
  /** Of a bundled model, or "". */
  readonly bundled: string;
  /** The key under which session.ts has the files that were dropped, or trained here; or "". */
  readonly files: string;
  /** Of one that came in a link: its text there. */
  readonly weights?: string;
  /** Of one that lies beside the page: its address from there. */
  readonly src?: string;
}

/** A learned number that is not the file's. */
export type Edit = Readonly<library.Edit>;

/** Edits as they were before, and as they were before they were taken back: the newest last. */
export interface History {
  readonly past: readonly (readonly Edit[])[];
  readonly future: readonly (readonly Edit[])[];
}

export interface State {
  readonly version: typeof VERSION;
  /** What is open, the one that is shown first; none before anything was opened. */
  readonly models: readonly ModelRef[];
  /**
   * The model beside it: a bundled one by name, with a colon and a training step or where it opens; of the run that is
   * shown a colon and a step; "file", the file's own numbers; "": none.
   */
  readonly compare: string;
  /** Which of the two the panels of the comparison show. */
  readonly sides: SidesChoice;
  /** The addition that is looked at, `a + b` in decimal digits; `additionOf` says what none is. */
  readonly a: string;
  readonly b: string;
  /** The answer digit that is looked at, 0 for the ones; null: nobody chose one, and the page picks the one to look at. */
  readonly digit: number | null;
  /** What is pinned, or looked at in the panel that is open, as an item is written. */
  readonly selection: string;
  /** How rows are labelled: by the digit that they predict, or as the original script labels them. */
  readonly alignment: Alignment;
  readonly scales: ScalesChoice;
  /** The reader's own: nothing that is opened changes it. */
  readonly theme: ThemeChoice;
  /** What the page is laid out as. */
  readonly view: View;
  /** The panel that is open large, or none. */
  readonly panel: string;
  /** The training step that the model stands at; null: nobody moved it from where it opened. */
  readonly step: number | null;
  /** In the order of the first touch, one for each number. */
  readonly edits: readonly Edit[];
  /** What edits can be taken back to; until the page is left, and in no address. */
  readonly history: History;
  /** What is switched off, and what an answer digit has of another addition: as the library writes it. */
  readonly interventions: readonly string[];
  /** The drawer that is open: one at a time. */
  readonly tool: Tool | null;
  /** The lesson under way. There are none yet. */
  readonly lesson: string;
}

export type Field = keyof State;

export const INITIAL: State = {
  version: VERSION,
  models: [],
  compare: "",
  sides: "both",
  a: "",
  b: "",
  digit: null,
  selection: "",
  alignment: "answer",
  scales: "auto",
  theme: "system",
  view: "addition",
  panel: "",
  step: null,
  edits: [],
  history: { past: [], future: [] },
  interventions: [],
  tool: null,
  lesson: "",
};

const { step, edits, history, scales, interventions } = INITIAL;
/** What is done to a model, before anything is. */
export const UNTOUCHED = { step, edits, history, scales, interventions };

export const FIELDS = Object.keys(INITIAL) as Field[];

/** What the axes of this state are made for. */
export const scalesOf = ({ scales, step }: Pick<State, "scales" | "step">) =>
  scales === "auto" ? (step === null ? "snapshot" : "run") : scales;

/** The addition that the page begins with. */
export const FIRST_ADDITION: Addition = { a: 3_141_592_653, b: 2_718_281_828 };

/** The addition of this state: the page's first where it names none, with a 0 where it names one number alone. */
export const additionOf = ({ a, b }: Pick<State, "a" | "b">): Addition =>
  a === "" && b === "" ? FIRST_ADDITION : { a: Number(a), b: Number(b) };

/** What is switched off: what an answer digit has of another addition is of that one alone. */
export const switchedOff = ({ interventions }: Pick<State, "interventions">) =>
  interventions.filter((each) => !each.startsWith("patch:"));

/** What is left when what is done to the pass is let go: another addition that is at hand, and then nothing. */
export function letGo({ interventions }: Pick<State, "interventions">): string[] {
  const atHand = interventions.filter((each) => each.startsWith("patch:")).map((each) => each.split("/", 2).join("/"));
  return isSame(atHand, interventions) ? [] : atHand;
}

/** What a person chooses of the page itself, whatever model is on its way. */
const CHOSEN = ["a", "b", "digit", "alignment", "theme", "view", "tool"] as const satisfies readonly Field[];

/** `target` with what a person chose since `then`: it was asked for before that. */
export function withChosen(target: State, then: State, now: State): State {
  const chosen = CHOSEN.filter((field) => !isSame(then[field], now[field])).map((field) => [field, now[field]]);
  return { ...target, ...(Object.fromEntries(chosen) as Partial<State>) };
}

/** The model that is shown. */
export const shownModel = ({ models }: Pick<State, "models">): ModelRef | null => models[0] ?? null;

export const isSameModel = (one: ModelRef | null, other: ModelRef | null) =>
  one?.bundled === other?.bundled &&
  one?.files === other?.files &&
  one?.weights === other?.weights &&
  one?.src === other?.src;

/** The fields in which two states differ. */
export const changedFields = (before: State, after: State): ReadonlySet<Field> =>
  new Set(FIELDS.filter((field) => !isSame(before[field], after[field])));

/** Equal in every part: states are plain data. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [keys, others] = [Object.keys(one), Object.keys(other)];
  const valueOf = (of: object, key: string) => (of as Record<string, unknown>)[key];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(valueOf(one, key), valueOf(other, key)))
  );
}
