// Arbitrary states, for tests by properties.

import fc from "fast-check";
import type { Action } from "../../www/state/actions.js";
import {
  ALIGNMENTS,
  INITIAL,
  PLACES,
  SCALES,
  SIDES,
  THEMES,
  TOOLS,
  VERSION,
  VIEWS,
  type Edit,
  type ModelRef,
  type State,
} from "../../www/state/state.js";

/** As the page makes objects: those without a prototype are no state. */
const record = <Fields extends object>(fields: { [Name in keyof Fields]: fc.Arbitrary<Fields[Name]> }) =>
  fc.record<Fields>(fields, { noNullPrototype: true });

export const gallery = ["57p", "62p", "67p"];

const readable = (limit: number) =>
  fc.string({ unit: "grapheme", maxLength: limit }).filter((text) => /^\P{C}*$/u.test(text) && text.length <= limit);
const f32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const addend = fc.oneof(fc.constant(""), fc.bigInt(0n, 9_999_999_999n).map(String));

export const edit: fc.Arbitrary<Edit> = record({
  name: readable(20).filter((text) => text !== "" && !/[,:~]/.test(text)),
  index: fc.nat(999_999),
  value: f32,
});
const edits = fc.uniqueArray(edit, { maxLength: 8, selector: ({ name, index }) => `${name} ${index}` });

const bundled: fc.Arbitrary<ModelRef> = fc.constantFrom(...gallery).map((name) => ({ bundled: name, files: "" }));
/** From a link, with its weights. */
const fromLink: fc.Arbitrary<ModelRef> = fc
  .string({ unit: fc.constantFrom(..."ABab01-_"), minLength: 1, maxLength: 40 })
  .map((weights) => ({ bundled: "", files: "", weights }));
/** Beside the page. */
const beside: fc.Arbitrary<ModelRef> = fc
  .array(fc.string({ unit: fc.constantFrom(..."Aé数1-_ (+,=@"), minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => ({ bundled: "", files: "", src: parts.join("/") }));
/** With files that only this tab has. */
const local: fc.Arbitrary<ModelRef> = record({ bundled: fc.constantFrom("", ...gallery), files: fc.uuid() });

const statesOf = (models: fc.Arbitrary<readonly ModelRef[]>): fc.Arbitrary<State> =>
  record({
    version: fc.constant(VERSION),
    models,
    compare: readable(10),
    sides: fc.constantFrom(...SIDES),
    a: addend,
    b: addend,
    digit: fc.option(fc.nat(PLACES - 1)),
    selection: readable(40),
    alignment: fc.constantFrom(...ALIGNMENTS),
    scales: fc.constantFrom(...SCALES),
    theme: fc.constantFrom(...THEMES),
    view: fc.constantFrom(...VIEWS),
    panel: readable(20),
    step: fc.option(fc.nat(999_999_999_999_999)),
    edits,
    history: fc.constant(INITIAL.history),
    interventions: fc.array(
      readable(10).filter((text) => text !== "" && !text.includes(",")),
      { maxLength: 3 },
    ),
    tool: fc.option(fc.constantFrom(...TOOLS)),
    lesson: readable(10),
  });

/** With a bundled model, one from a link or one beside the page: whole in an address. */
export const shared = statesOf(fc.oneof(bundled, fromLink, beside).map((model) => [model]));
export const anyState = statesOf(fc.oneof(bundled, local, fromLink, beside).map((model) => [model])).chain((state) =>
  fc.constantFrom(state, { ...INITIAL, theme: state.theme, panel: state.panel }),
);

export const action: fc.Arbitrary<Action> = fc.oneof(
  record({ type: fc.constantFrom("opened" as const, "joined" as const), model: fc.oneof(bundled, local) }),
  record({
    type: fc.constant("step" as const),
    step: fc.nat(1000),
    by: fc.constantFrom("hand" as const, "film" as const),
  }),
  record({ type: fc.constant("scales" as const), scales: fc.constantFrom("snapshot" as const, "run" as const) }),
  record({
    type: fc.constant("edit" as const),
    changes: fc.array(
      record({ name: fc.constantFrom("fc1.weight", "tok_arc_A"), index: fc.nat(3), value: fc.option(f32) }),
      { maxLength: 5 },
    ),
  }),
  record({ type: fc.constantFrom("undo" as const, "redo" as const) }),
  record({ type: fc.constant("pin" as const), item: readable(40) }),
  record({ type: fc.constant("panel" as const), panel: readable(10) }),
  record({ type: fc.constantFrom("addition" as const, "typed" as const), a: addend, b: addend }),
  record({ type: fc.constant("digit" as const), digit: fc.option(fc.nat(PLACES - 1)) }),
  record({ type: fc.constant("view" as const), view: fc.constantFrom(...VIEWS) }),
  record({ type: fc.constant("alignment" as const), alignment: fc.constantFrom(...ALIGNMENTS) }),
  record({ type: fc.constant("theme" as const), theme: fc.constantFrom(...THEMES) }),
  record({ type: fc.constant("tool" as const), tool: fc.option(fc.constantFrom(...TOOLS)) }),
  anyState.map((state) => ({ type: "apply" as const, state })),
);
