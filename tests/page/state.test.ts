// Actions and the store: changes are pure, named, and heard of once.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { reduce, type Action } from "../../www/state/actions.js";
import { Store } from "../../www/state/store.js";
import { INITIAL, changedFields, isSame, withChosen, type Field, type State } from "../../www/state/state.js";
import { action, anyState } from "./states.js";

function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

test("an action changes no state but makes one, the same each time", () => {
  fc.assert(
    fc.property(anyState, action, (state, done) => {
      const before = structuredClone(state);
      const after = reduce(frozen(state), frozen(done));
      assert.deepEqual(state, before);
      assert.deepEqual(reduce(before, structuredClone(done)), after);
      assert.equal(after === state, changedFields(state, after).size === 0);
      assert.deepEqual(structuredClone(after), after, "plain data");
    }),
  );
});

test("what is done leaves each number edited once, and never what it does not name", () => {
  fc.assert(
    fc.property(anyState, fc.array(action, { maxLength: 12 }), (start, actions) => {
      const { edits, theme, models } = actions.reduce(reduce, start);
      assert.equal(new Set(edits.map(({ name, index }) => `${name} ${index}`)).size, edits.length);
      assert.ok(models.length <= 1);
      if (!actions.some(({ type }) => type === "theme" || type === "apply")) assert.equal(theme, start.theme);
    }),
  );
});

const edit = (value: number | null, index = 0): Action => ({
  type: "edit",
  changes: [{ name: "fc1.weight", index, value }],
});
const model = { bundled: "", files: "1" };

test("edits belong to a model at a step, and go with either", () => {
  const edited = [{ type: "opened", model } as const, edit(2), edit(0.1, 1)].reduce(reduce, INITIAL);
  assert.deepEqual(
    edited.edits.map(({ value }) => value),
    [2, Math.fround(0.1)],
  );
  assert.deepEqual(
    reduce(edited, edit(null)).edits.map(({ index }) => index),
    [1],
  );
  assert.deepEqual(reduce(edited, { type: "step", step: 5, by: "hand" }).edits, []);
  assert.deepEqual(reduce(edited, { type: "scales", scales: "run" }).edits, edited.edits);
  const other = reduce(edited, { type: "opened", model: { ...model, files: "2" } });
  assert.deepEqual([other.edits, other.step, other.scales], [[], null, "auto"]);
  const at = reduce({ ...edited, step: 5 }, { type: "step", step: 5, by: "hand" });
  assert.equal(at.edits, edited.edits, "it stands there already");
  const joined = reduce({ ...edited, step: 5 }, { type: "joined", model: { ...model, files: "3" } });
  assert.deepEqual([joined.edits, joined.step], [edited.edits, 5], "a log changes nothing of it");
});

test("edits are taken back one after the other, and made again as they were", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      const edits = actions.filter(({ type }) => type === "edit");
      const states = edits.reduce((all, each) => [...all, reduce(all.at(-1) ?? INITIAL, each)], [INITIAL]);
      const told = states.filter((state, at) => at === 0 || state !== states[at - 1]).map((state) => state.edits);
      let now = states.at(-1) ?? INITIAL;
      for (const wanted of told.slice(0, -1).reverse()) {
        now = reduce(now, { type: "undo" });
        assert.deepEqual(now.edits, wanted);
      }
      assert.equal(reduce(now, { type: "undo" }), now, "there is nothing before");
      for (const wanted of told.slice(1)) {
        now = reduce(now, { type: "redo" });
        assert.deepEqual(now.edits, wanted);
      }
      assert.equal(reduce(now, { type: "redo" }), now, "there is nothing after");
    }),
  );
});

test("what is dragged on is taken back together, and an edit after an undo ends what could be made again", () => {
  const dragged = (value: number): Action => ({ ...edit(value), goesOn: true }) as Action;
  const after = [edit(1), dragged(2), dragged(3), edit(4, 1)].reduce(reduce, INITIAL);
  const once = reduce(after, { type: "undo" });
  assert.deepEqual(
    once.edits.map(({ value }) => value),
    [3],
  );
  assert.deepEqual(reduce(once, { type: "undo" }).edits, []);
  assert.deepEqual(reduce(reduce(once, edit(5)), { type: "redo" }).edits[0]?.value, 5);
  const elsewhere = reduce({ ...after, step: 5 }, { type: "step", step: 6, by: "hand" });
  assert.equal(reduce(elsewhere, { type: "undo" }), elsewhere, "edits were of the step before");
});

test("a listener hears what changed since it heard last, and nothing where nothing did", () => {
  const store = new Store();
  const heard: [Field[], string][] = [];
  const stop = store.subscribe((_, changed, { type }) => heard.push([[...changed], type]));
  store.dispatch({ type: "panel", panel: "" });
  assert.deepEqual(heard, []);
  store.dispatch({ type: "panel", panel: "readout" });
  store.dispatch({ type: "opened", model });
  assert.deepEqual(heard, [
    [["panel"], "panel"],
    [["models"], "opened"],
  ]);
  stop();
  store.dispatch({ type: "panel", panel: "" });
  assert.equal(heard.length, 2);
});

test("a listener that acts is heard by all, each of every field", () => {
  const store = new Store();
  const states: State[] = [];
  const changes = new Set<Field>();
  store.subscribe((state) => {
    if (state.panel !== "") store.dispatch({ type: "tool", tool: "weights" });
  });
  store.subscribe((state, changed) => {
    states.push(state);
    for (const field of changed) changes.add(field);
  });
  store.dispatch({ type: "panel", panel: "readout" });
  assert.deepEqual([...changes].sort(), ["panel", "tool"]);
  assert.equal(states.at(-1), store.state);
});

test("states are equal in every part or not", () => {
  fc.assert(
    fc.property(anyState, anyState, (one, other) => {
      assert.ok(isSame(one, structuredClone(one)));
      try {
        assert.deepStrictEqual(one, other);
        assert.ok(isSame(one, other));
      } catch {
        assert.ok(!isSame(one, other));
      }
    }),
  );
});

test("what a person chose since a state was asked for stays where it comes", () => {
  const target: State = { ...INITIAL, view: "panels", a: "1", b: "2", step: 7, selection: "row:Z1" };
  assert.deepEqual(withChosen(target, INITIAL, INITIAL), target);
  const now: State = { ...INITIAL, tool: "train", b: "68", step: 9, selection: "row:Z2" };
  assert.deepEqual(withChosen(target, INITIAL, now), { ...target, tool: "train", b: "68" });
});
