// What can be done: every change of the state has a name here, and what it does.

import {
  UNTOUCHED,
  changedFields,
  isSame,
  type Alignment,
  type Edit,
  type ModelRef,
  type SidesChoice,
  type State,
  type ThemeChoice,
  type Tool,
  type View,
} from "./state.js";

/** A learned number to be changed; null is the file's own value. */
export interface Change {
  readonly name: string;
  readonly index: number;
  readonly value: number | null;
}

export type Action =
  /** A model took the place of the one before, and what belonged to that one went with it. */
  | { readonly type: "opened"; readonly model: ModelRef }
  /** More files came to the model that is shown, such as its log. */
  | { readonly type: "joined"; readonly model: ModelRef }
  /** The run is moved to a step, by hand or by the film that plays; edits are of the step before. */
  | { readonly type: "step"; readonly step: number; readonly by: "hand" | "film" }
  | { readonly type: "scales"; readonly scales: "snapshot" | "run" }
  /** Numbers are changed; `goesOn`: in the same go as the last time, so that both are taken back together. */
  | { readonly type: "edit"; readonly changes: readonly Change[]; readonly goesOn?: boolean }
  /** The last edit is taken back, or the last that was taken back is made again. */
  | { readonly type: "undo" | "redo" }
  | { readonly type: "panel"; readonly panel: string }
  /** What an item stands for is looked at, in its panel. */
  | { readonly type: "select"; readonly item: string; readonly panel: string }
  /** An item is pinned: it stays marked wherever it is shown; "": none is. */
  | { readonly type: "pin"; readonly item: string }
  /** An addition is to be looked at that was found somewhere, in decimal digits, and no digit of it more than another. */
  | { readonly type: "addition"; readonly a: string; readonly b: string }
  /** Digits of the addition are typed. */
  | { readonly type: "typed"; readonly a: string; readonly b: string }
  /** Parts are switched off or taken from another addition, as interventions are written: all of them; none lets go. */
  | { readonly type: "intervene"; readonly interventions: readonly string[]; readonly digit?: number }
  /** Another model is compared with the one that is shown; "": none is. */
  | { readonly type: "compare"; readonly compare: string }
  /** The panels of the comparison show both models, or one of them. */
  | { readonly type: "sides"; readonly sides: SidesChoice }
  /** An answer digit is chosen; null: it is let go. */
  | { readonly type: "digit"; readonly digit: number | null }
  | { readonly type: "view"; readonly view: View }
  | { readonly type: "alignment"; readonly alignment: Alignment }
  | { readonly type: "theme"; readonly theme: ThemeChoice }
  | { readonly type: "tool"; readonly tool: Tool | null }
  /** A whole state, from the address or the history; or one that is brought back, as if it was opened. */
  | { readonly type: "apply" | "restore"; readonly state: State };

/** An addition that was found somewhere is to be looked at. */
export const found = (a: number, b: number): Action => ({ type: "addition", a: String(a), b: String(b) });

const keyOf = ({ name, index }: { readonly name: string; readonly index: number }) => `${name} ${index}`;

function changed(before: readonly Edit[], changes: readonly Change[]): Edit[] {
  const all = new Map(before.map((edit) => [keyOf(edit), edit]));
  for (const { name, index, value } of changes) {
    const key = keyOf({ name, index });
    if (value === null) all.delete(key);
    else all.set(key, { name, index, value: Math.fround(value) });
  }
  return [...all.values()];
}

/** Edits that can be taken back, one after the other. */
const MOST_UNDONE = 500;

function edited(state: State, changes: readonly Change[], goesOn: boolean): State {
  const edits = changed(state.edits, changes);
  if (isSame(edits, state.edits)) return state;
  const { past } = state.history;
  const before = goesOn && past.length > 0 ? past : [...past, state.edits].slice(-MOST_UNDONE);
  return { ...state, edits, history: { past: before, future: [] } };
}

function undone(state: State): State {
  const { past, future } = state.history;
  const edits = past.at(-1);
  if (!edits) return state;
  return { ...state, edits, history: { past: past.slice(0, -1), future: [...future, state.edits] } };
}

function redone(state: State): State {
  const { past, future } = state.history;
  const edits = future.at(-1);
  if (!edits) return state;
  return { ...state, edits, history: { past: [...past, state.edits], future: future.slice(0, -1) } };
}

function next(state: State, action: Action): State {
  switch (action.type) {
    case "opened":
      return { ...state, ...UNTOUCHED, compare: "", sides: "both", models: [action.model] };
    case "joined":
      return { ...state, models: [action.model] };
    case "step":
      return action.step === state.step
        ? state
        : { ...state, step: action.step, edits: [], history: UNTOUCHED.history };
    case "scales":
      return { ...state, scales: action.scales };
    case "edit":
      return edited(state, action.changes, action.goesOn ?? false);
    case "undo":
      return undone(state);
    case "redo":
      return redone(state);
    case "panel":
      // What is pinned stays so in the panel that opens.
      return { ...state, panel: action.panel, selection: state.panel === "" ? state.selection : "" };
    case "select":
      return { ...state, panel: action.panel, selection: action.item };
    case "pin":
      return { ...state, selection: action.item };
    case "addition":
      return { ...state, a: action.a, b: action.b, digit: null, panel: "", selection: "" };
    case "typed":
      return { ...state, a: action.a, b: action.b };
    case "intervene":
      return { ...state, interventions: action.interventions, digit: action.digit ?? state.digit };
    case "compare":
      return { ...state, compare: action.compare, sides: action.compare === "" ? "both" : state.sides };
    case "sides":
      return { ...state, sides: action.sides };
    case "digit":
      return { ...state, digit: action.digit };
    case "view":
      return { ...state, view: action.view };
    case "alignment":
      return { ...state, alignment: action.alignment };
    case "theme":
      return { ...state, theme: action.theme };
    case "tool":
      return { ...state, tool: action.tool };
    case "apply":
    case "restore":
      return action.state;
  }
}

/** The state after an action: the same object where nothing changed. */
export function reduce(state: State, action: Action): State {
  const after = next(state, action);
  return changedFields(state, after).size === 0 ? state : after;
}
