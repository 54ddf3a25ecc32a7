// What the state says of a model is asked of the Worker, the newest only; what the Worker answers is shown, and kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Late, type Client } from "../../www/channel/client.js";
import type { Changed, Files, LibraryCalls, Opened, Standing } from "../../www/channel/protocol.js";
import type { Summary, Verdict, Weights } from "../../www/library-types.js";
import { Model, type ModelViews } from "../../www/model.js";
import { TabSession } from "../../www/state/session.js";
import { Store } from "../../www/state/store.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const file = (name: string) => ({ name, bytes: new Uint8Array([1]) });
const verdict = { file_passed: 0, score: { passed: 1, total: 2 } } as Verdict;
const weights = { tensors: [], left_out: "" } as Weights;
const summary = (file: string, { edits, step }: Standing): Summary => ({
  file,
  name: file,
  format: "",
  facts: [],
  notes: [],
  edited: edits.length,
  snapshot: step === null ? null : step / 50,
  step,
  can_go_on: false,
  has_log: false,
  breakdown: [],
});

interface Asked {
  call: string;
  input: unknown;
  answer: (output?: unknown) => Promise<void>;
  refuse: (error: Error) => Promise<void>;
}

/** A Worker that answers when the test says so. */
function worker() {
  const asked: Asked[] = [];
  const call = (call: string, input: unknown) =>
    new Promise((resolve, reject) => {
      const then = (done: () => void) => () => (done(), settled() as Promise<void>);
      asked.push({
        call,
        input,
        answer: (output) => then(() => resolve(output))(),
        refuse: (error) => then(() => reject(error))(),
      });
    });
  return {
    client: { call } as unknown as Client<LibraryCalls>,
    asked,
    next: () => asked.shift() ?? assert.fail("nothing was asked"),
  };
}

/** Views that tell what they were told. */
function listener() {
  const told: string[] = [];
  const lost: (() => void)[] = [];
  const views: ModelViews = {
    opened: ({ summary }) => void told.push(`opened ${summary.file}`),
    renewed: ({ summary }) => void told.push(`renewed ${summary.file}`),
    changed: ({ summary }, isEdited) => void told.push(`changed ${summary.edited}${isEdited ? " by edits" : ""}`),
    verified: () => void told.push("verified"),
    notVerified: (why) => void told.push(`not verified: ${why}`),
    weights: () => void told.push("weights"),
    busy: (isBusy) => void told.push(isBusy ? "busy" : "rests"),
    lost: (what, { file, edited }, bringBack) => {
      told.push(`${what} lost ${edited} of ${file}`);
      lost.push(bringBack);
    },
    still: () => void told.push("still"),
    closed: () => void told.push("closed"),
    during: (_, work) => work,
    failed: (error) => void (error instanceof Late || told.push(`failed: ${(error as Error).message}`)),
  };
  return { views, told, lost, heard: () => told.splice(0) };
}

async function opened(names = ["a"]) {
  const [store, session] = [new Store(), new TabSession(null, "page")];
  const { client, asked, next } = worker();
  const heard = listener();
  const filesOf = ({ bundled, files }: { bundled: string; files: string }): Promise<Files> =>
    Promise.resolve(session.files(files) ?? { groups: [[file(bundled)]], opensAt: null });
  const model = new Model(store, session, filesOf);
  model.start(client, heard.views, new AbortController().signal);
  /** Answers an opening, and the suite after it. */
  const answer = async (
    more: Partial<Opened> = {},
    standing: Standing = { step: null, scales: "snapshot", edits: [] },
  ) => {
    const { input, answer } = next();
    const { groups } = input as Files;
    const name = groups.flat().at(0)?.name ?? "";
    await answer({
      summary: summary(name, standing),
      report: new Uint8Array(),
      weights,
      steps: [],
      isOther: true,
      refused: "",
      ...more,
    });
    await next().answer(verdict);
  };
  for (const name of names) {
    void model.bring(Promise.resolve([file(name)]));
    await settled();
    await answer();
  }
  heard.heard();
  return { store, session, asked, next, model, answer, ...heard };
}

type Page = Awaited<ReturnType<typeof opened>>;
const edit = ({ store }: Page, value: number | null, index = 0) =>
  store.dispatch({ type: "edit", changes: [{ name: "fc1.weight", index, value }] });
/** Answers what the state was asked for. */
async function apply({ next }: Page, more: Partial<Changed> = {}) {
  const { call, input, answer } = next();
  assert.equal(call, "apply");
  const { standing } = input as { standing: Standing };
  await answer({
    summary: summary("a", standing),
    report: new Uint8Array(),
    verdict,
    weights: null,
    moved: false,
    ...more,
  });
  return standing;
}

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
  const show = (name: string) => {
    const shown = page.model.showRun({ key: "run", files: [file(name)], opensAt: null, isLive: true });
    return shown;
  };
  void show("step 1");
  await page.answer();
  assert.deepEqual(page.heard(), ["opened step 1", "verified"]);
  void show("step 2");
  edit(page, 1);
  await settled();
  const [opening, verifying, edited] = [page.next(), page.next(), page.next()];
  await opening.answer({
    summary: summary("step 2", { step: null, scales: "snapshot", edits: [] }),
    weights,
    steps: [],
    isOther: true,
    refused: "",
  });
  await verifying.answer(verdict);
  await edited.refuse(new Late(""));
  assert.deepEqual(page.heard(), ["busy", "renewed step 2", "verified"]);
  assert.deepEqual(
    (await apply(page)).edits.map(({ value }) => value),
    [1],
  );
  assert.deepEqual(page.heard(), ["changed 1 by edits", "rests"]);
  void page.model.bring(Promise.resolve([file("mine")]));
  await settled();
  assert.equal(
    await page.model.showRun({ key: "run", files: [file("step 3")], opensAt: null, isLive: true }),
    false,
    "what a person opens comes first",
  );
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
