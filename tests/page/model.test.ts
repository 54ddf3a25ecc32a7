// What the state says of a model is asked of the Worker, the newest only; what the Worker answers is shown, and kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FIRST_ADDITION } from "../../www/state/state.js";
import { answered, apply, edit, file, opened, settled, showRun, showWhileEdited, summary, weights } from "./opened.js";

test("what changes in one go goes out in one go, and of what changes meanwhile the newest", async () => {
  const page = await opened();
  for (const value of [1, 2, 3]) edit(page, value);
  edit(page, 4, 1);
  assert.deepEqual(page.heard(), ["busy"], "at once");
  await settled();
  assert.equal(page.asked.length, 1);
  for (const value of [5, 6, 7]) edit(page, value);
  await settled();
  assert.equal(page.asked.length, 1, "one at a time");
  assert.deepEqual(
    (await apply(page)).edits.map(({ value }) => value),
    [3, 4],
  );
  assert.deepEqual(
    (await apply(page)).edits.map(({ value }) => value),
    [7, 4],
  );
  assert.deepEqual(page.heard(), ["changed 2 by edits", "changed 2 by edits", "rests"]);
  edit(page, 8);
  edit(page, 7);
  await settled();
  assert.deepEqual([page.asked.length, page.heard()], [0, ["busy", "rests"]], "it is there already");
});

test("what is only looked at asks nothing", async () => {
  const page = await opened();
  page.store.dispatch({ type: "panel", panel: "readout" });
  page.store.dispatch({ type: "theme", theme: "dark" });
  await settled();
  assert.deepEqual([page.asked, page.told], [[], []]);
});

test("under interventions the answer is asked for with them, and what the model has not is let go", async () => {
  const page = await opened();
  page.store.dispatch({ type: "intervene", interventions: ["ffn"], digit: 3 });
  await settled();
  const asked = page.next();
  assert.deepEqual([asked.call, asked.input], ["answer", { ...FIRST_ADDITION, under: ["ffn"] }]);
  await asked.answer(answered);
  // What comes with an edit is of the whole model: it is asked for again.
  edit(page, 1);
  await settled();
  await apply(page);
  const again = page.next();
  assert.deepEqual([again.call, again.input], ["answer", { ...FIRST_ADDITION, under: ["ffn"] }]);
  await again.answer(answered);
  page.heard();
  page.store.dispatch({ type: "intervene", interventions: ["hidden:7"] });
  await settled();
  await page.next().refuse(new Error("hidden:7: this model’s hidden units are 0 to 1"));
  assert.deepEqual(page.heard(), ["failed: hidden:7: this model’s hidden units are 0 to 1"]);
  assert.deepEqual([page.store.state.interventions, page.store.state.digit], [[], 3]);
  const whole = page.next();
  assert.deepEqual(whole.input, { ...FIRST_ADDITION, under: [] });
  await whole.answer(answered);
  assert.deepEqual(page.asked, []);
});

test("what is refused is taken back, in the state and in the drawer", async () => {
  const page = await opened();
  edit(page, 1);
  await settled();
  await apply(page);
  page.heard();
  edit(page, 2);
  await settled();
  await page.next().refuse(new Error("no such weight"));
  assert.deepEqual(
    page.store.state.edits.map(({ value }) => value),
    [1],
  );
  await page.next().answer(weights);
  assert.deepEqual(page.heard(), ["busy", "failed: no such weight", "weights", "rests"]);
});

test("edits that go with a model, or with a step, are told of and can be brought back", async () => {
  const page = await opened();
  edit(page, 1);
  await settled();
  await apply(page);
  void page.model.bring(Promise.resolve([file("b")]));
  await settled();
  page.heard();
  await page.answer();
  assert.deepEqual(page.heard(), ["opened b", "Opening b lost 1 of a", "verified"]);
  assert.deepEqual(page.store.state.edits, []);
  page.lost.at(-1)?.();
  await settled();
  await page.answer({}, { step: null, scales: "snapshot", edits: [{ name: "fc1.weight", index: 0, value: 1 }] });
  assert.deepEqual(page.heard(), ["opened a", "verified"]);
  assert.deepEqual(
    page.store.state.edits.map(({ value }) => value),
    [1],
  );

  page.store.dispatch({ type: "step", step: 100, by: "hand" });
  await settled();
  assert.deepEqual(await apply(page, { moved: true }), { step: 100, scales: "run", edits: [] });
  assert.deepEqual(page.heard(), ["busy", "changed 0", "Moving to step 100 lost 1 of a", "rests"]);
  page.lost.at(-1)?.();
  await settled();
  assert.deepEqual((await apply(page, { moved: true, weights })).edits.length, 1);
  assert.deepEqual([page.store.state.step, page.heard()], [null, ["busy", "changed 1", "rests"]]);
});

test("the drawer gets the numbers of another snapshot when nothing moves any more", async () => {
  const page = await opened();
  await page.model.rested();
  assert.deepEqual(page.asked, [], "it has them");
  page.store.dispatch({ type: "step", step: 100, by: "film" });
  await settled();
  await apply(page, { moved: true });
  void page.model.rested();
  await page.next().answer(weights);
  assert.ok(page.heard().includes("weights"));
});

test("what cannot be opened leaves all as it is", async () => {
  const page = await opened();
  const before = page.store.state;
  void page.model.bring(Promise.resolve([file("broken")]));
  await settled();
  await page.next().refuse(new Error("no checkpoint"));
  assert.deepEqual(page.heard(), ["failed: no checkpoint", "still"]);
  assert.equal(page.store.state, before);
  const nothing = await opened([]);
  void nothing.model.choose("67p");
  await settled();
  await nothing.next().refuse(new Error("HTTP 404"));
  assert.deepEqual(nothing.heard(), ["failed: HTTP 404", "closed"]);
});

test("of what is still being loaded the newest counts", async () => {
  const page = await opened();
  let arrive: (files: ReturnType<typeof file>[]) => void = () => {};
  void page.model.bring(new Promise((resolve) => (arrive = resolve)));
  void page.model.bring(Promise.resolve([file("second")]));
  arrive([file("first")]);
  await settled();
  await page.answer();
  assert.deepEqual([page.asked, page.heard()], [[], ["opened second", "verified"]]);
});

test("a step that is asked for and is not there becomes the nearest; what a model has not is refused", async () => {
  const page = await opened([]);
  const state = {
    ...page.store.state,
    models: [{ bundled: "57p", files: "" }],
    step: 120,
    edits: [{ name: "fc1.weight", index: 0, value: 2 }],
  };
  void page.model.show(state, "apply");
  await settled();
  await page.answer({}, { step: 100, scales: "run", edits: state.edits });
  assert.deepEqual([page.store.state.step, page.store.state.edits], [100, state.edits]);
  assert.deepEqual(page.heard(), ["opened 57p", "verified"]);
  void page.model.show({ ...state, models: [{ bundled: "62p", files: "" }] }, "apply");
  await settled();
  await page.answer({ refused: "no such tensor" });
  assert.deepEqual([page.store.state.step, page.store.state.edits], [null, []]);
  assert.deepEqual(page.heard(), ["opened 62p", "Opening 62p lost 1 of 57p", "failed: no such tensor", "verified"]);
});

test("a log joins what is open, with its edits, and both come back together", async () => {
  const page = await opened();
  edit(page, 1);
  await settled();
  await apply(page);
  void page.model.bring(Promise.resolve([file("log.jsonl")]));
  await settled();
  await page.answer({
    isOther: false,
    summary: summary("a", { step: null, scales: "snapshot", edits: page.store.state.edits }),
  });
  assert.equal(page.store.state.edits.length, 1);
  const key = page.store.state.models[0]?.files ?? "";
  assert.deepEqual(
    page.session
      .files(key)
      ?.groups.flat()
      .map(({ name }) => name),
    ["a", "log.jsonl"],
  );
  assert.deepEqual(
    page.model.kept?.groups.flat().map(({ name }) => name),
    ["a", "log.jsonl"],
    "for a Worker that takes the place of this one",
  );
  assert.deepEqual(page.model.kept?.standing.edits.length, 1);
});

test("a run's snapshots follow each other; an edit made while one came stays, on the new one", async () => {
  const page = await opened();
  void showRun(page, "step 1");
  await page.answer();
  assert.deepEqual(page.heard(), ["opened step 1", "verified"]);
  await showWhileEdited(page, "step 2");
  assert.deepEqual(page.heard(), ["busy", "renewed step 2", "verified"]);
  assert.deepEqual(
    (await apply(page)).edits.map(({ value }) => value),
    [1],
  );
  assert.deepEqual(page.heard(), ["changed 1 by edits", "rests"]);
  void page.model.bring(Promise.resolve([file("mine")]));
  await settled();
  assert.equal(await showRun(page, "step 3"), false, "what a person opens comes first");
});

test("with nothing open, nothing that was on its way comes", async () => {
  const page = await opened();
  void page.model.bring(Promise.resolve([file("b")]));
  await settled();
  const epoch = page.model.epoch;
  await page.model.show({ ...page.store.state, models: [] }, "apply");
  assert.ok(page.model.epoch > epoch + 1, "its answer is to an earlier state");
  assert.deepEqual([page.heard(), page.store.state.models, page.model.kept], [["closed"], [], null]);
});
