// What a person does while the model is on its way to something else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Late } from "../../www/channel/client.js";
import {
  apply,
  edit,
  file,
  opened,
  opening,
  settled,
  showRun,
  showWhileEdited,
  verdict,
  weights,
  type Page,
} from "./opened.js";

test("edits that go with a step to what is shown already are told of as well, and the drawer is without them", async () => {
  const page = await opened();
  edit(page, 1);
  await settled();
  await apply(page);
  page.heard();
  page.store.dispatch({ type: "step", step: 240, by: "hand" }); // its best, where it opened
  await settled();
  assert.deepEqual(await apply(page, { moved: false }), { step: 240, scales: "run", edits: [] });
  assert.deepEqual(page.heard(), ["busy", "changed 0", "Moving to step 240 lost 1 of a", "rests"]);
  void page.model.rested();
  await settled();
  const { call, answer } = page.next();
  assert.equal(call, "weights");
  await answer(weights);
  assert.deepEqual(page.heard(), ["weights"]);
  page.lost.at(-1)?.();
  await settled();
  assert.equal((await apply(page, { weights })).edits.length, 1);
  assert.deepEqual([page.store.state.step, page.heard()], [null, ["busy", "changed 1", "rests"]]);

  edit(page, null);
  await settled();
  await apply(page);
  page.store.dispatch({ type: "step", step: 240, by: "hand" });
  await settled();
  await apply(page);
  assert.deepEqual(
    page.heard(),
    ["busy", "changed 0 by edits", "rests", "busy", "changed 0", "rests"],
    "none was lost",
  );
});

test("what an earlier wish comes to is not told of once something else was opened", async () => {
  let fail: (error: Error) => void = () => {};
  const hangs = <Result>() => new Promise<Result>((_, reject) => (fail = reject));
  const wishes: ((page: Page) => void)[] = [
    ({ model }) => void model.choose("57p"),
    ({ model }) => void model.bring(hangs()),
  ];
  for (const wish of wishes) {
    const page = await opened([], hangs);
    wish(page);
    await settled();
    void page.model.bring(Promise.resolve([file("mine")]));
    await settled();
    fail(new Error("HTTP 504"));
    await settled();
    assert.deepEqual(page.heard(), [], "while the newer one opens");
    await page.answer();
    assert.deepEqual(page.heard(), ["opened mine", "verified"]);

    wish(page);
    await settled();
    void page.model.bring(Promise.resolve([file("other")]));
    await settled();
    await page.answer();
    fail(new Error("HTTP 504"));
    await settled();
    assert.deepEqual(page.heard(), ["opened other", "verified"], "after it");
  }
});

/** A snapshot of a run that goes on takes the place of another while a number is edited. */
async function editedMeanwhile() {
  const page = await opened();
  void showRun(page, "step 1");
  await page.answer();
  await showWhileEdited(page, "step 2");
  page.heard();
  return page;
}

test("a snapshot brings the file's own numbers to the drawer, so what catches up brings the edited ones", async () => {
  const page = await editedMeanwhile();
  assert.equal((page.asked[0]?.input as { weights: boolean }).weights, true);
  await apply(page, { weights });
  edit(page, 2);
  await settled();
  assert.equal((page.asked[0]?.input as { weights: boolean }).weights, false, "the drawer has what it was told");
  await apply(page);
  assert.deepEqual(
    [page.asked, page.heard()],
    [[], ["changed 1 by edits", "rests", "busy", "changed 1 by edits", "rests"]],
  );
});

/** Refuses whatever is to be applied, and gives numbers; how often it was asked to apply. */
async function refuseAll({ asked, next }: Page) {
  let applied = 0;
  for (let at = 0; at < 20 && asked.length > 0; at += 1) {
    const { call, refuse, answer } = next();
    if (call === "apply") {
      applied += 1;
      await refuse(new Error("no such weight"));
    } else {
      await answer(call === "weights" ? weights : verdict);
    }
  }
  return applied;
}

test("an edit that is refused after a snapshot or a log came is taken back once", async () => {
  const run = await editedMeanwhile();
  assert.equal(await refuseAll(run), 1);
  assert.deepEqual([run.asked, run.store.state.edits], [[], []]);
  assert.equal(run.heard().filter((told) => told.startsWith("failed")).length, 1);

  const page = await opened();
  void page.model.bring(Promise.resolve([file("log.jsonl")]));
  await settled();
  edit(page, 1);
  await settled();
  const [opens, edited] = [page.next(), page.next()];
  await opens.answer(opening("a", false));
  await edited.refuse(new Late(""));
  assert.equal(await refuseAll(page), 1);
  assert.deepEqual([page.asked, page.store.state.edits], [[], []]);
  const told = page.heard();
  assert.equal(told.filter((each) => each.startsWith("failed")).length, 1);
  assert.ok(told.includes("rests"));
});

/** A film came to rest, the drawer's numbers were asked for, and a number is edited before they come. */
async function editedAtRest() {
  const page = await opened();
  page.store.dispatch({ type: "step", step: 100, by: "film" });
  await settled();
  await apply(page, { moved: true });
  void page.model.rested();
  await settled();
  const numbers = page.next();
  assert.equal(numbers.call, "weights");
  edit(page, 1);
  await settled();
  page.heard();
  return { page, numbers };
}

test("numbers of before an edit do not reach the drawer after it; the next rest asks again", async () => {
  const { page, numbers } = await editedAtRest();
  await numbers.answer(weights);
  assert.deepEqual(page.heard(), [], "the edit is not in them");
  const isWanted = (page.asked[0]?.input as { weights: boolean }).weights;
  await apply(page, { weights: isWanted ? weights : null });
  void page.model.rested();
  await settled();
  if (!isWanted) await page.next().answer(weights);
  assert.deepEqual(page.heard(), ["changed 1 by edits", "rests", ...(isWanted ? [] : ["weights"])]);
  assert.deepEqual([page.asked, page.store.state.edits.length], [[], 1]);
});

test("an edit at a rest does not keep the numbers of the snapshot from the drawer", async () => {
  for (const isFirst of [true, false]) {
    const { page, numbers } = await editedAtRest();
    if (isFirst) await numbers.answer(weights);
    page.heard();
    const isWanted = (page.asked[0]?.input as { weights: boolean }).weights;
    await apply(page, { weights: isWanted ? weights : null });
    if (!isFirst) await numbers.answer(weights);
    const again = page.asked.shift();
    if (again) assert.equal(again.call, "weights");
    await again?.answer(weights);
    assert.ok(isWanted || page.heard().includes("weights"), isFirst ? "they came first" : "they came after the edit");
    assert.deepEqual(page.asked, []);
  }
});
