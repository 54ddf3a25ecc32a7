// A model that is open, without a browser: a Worker that answers when the test says so, and views that tell what they hear.

import assert from "node:assert/strict";
import { Late, type Client } from "../../www/channel/client.js";
import type { Changed, Files, LibraryCalls, Opened, Standing } from "../../www/channel/protocol.js";
import type { Answered, Summary, Verdict, Weights } from "../../www/library-types.js";
import { Model } from "../../www/model.js";
import type { ModelViews } from "../../www/model-shown.js";
import { FIRST_ADDITION } from "../../www/state/state.js";
import { TabSession } from "../../www/state/session.js";
import { Store } from "../../www/state/store.js";

export const settled = () => new Promise((resolve) => setImmediate(resolve));
export const file = (name: string) => ({ name, bytes: new Uint8Array([1]) });
export const verdict = { file_passed: 0, score: { passed: 1, total: 2 } } as Verdict;
export const weights = { tensors: [], left_out: "" } as Weights;
/** The addition that the page begins with. */
export const answered: Answered = { ...FIRST_ADDITION, answer: 0, correct: false, places: [] };
export const summary = (file: string, { edits, step }: Standing): Summary => ({
  file,
  name: file,
  format: "",
  facts: [],
  notes: [],
  edited: edits.length,
  snapshot: step === null ? null : step / 50,
  step,
  can_go_on: false,
  aside: [],
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
    answered: () => {}, // each time: sum.test.ts tells of it
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

const fetched = (name: string): Promise<Files> => Promise.resolve({ groups: [[file(name)]], opensAt: null });

/** @param bundledFiles gives those of a model that comes with the page */
export async function opened(names = ["a"], bundledFiles = fetched) {
  const [store, session] = [new Store(), new TabSession(null, "page")];
  const { client, asked, next } = worker();
  const heard = listener();
  const filesOf = ({ bundled, files }: { bundled: string; files: string }): Promise<Files> => {
    const kept = session.files(files);
    return kept ? Promise.resolve(kept) : bundledFiles(bundled);
  };
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
    await answer({ ...opening(name, true), summary: summary(name, standing), report: new Uint8Array(), ...more });
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

export type Page = Awaited<ReturnType<typeof opened>>;

/** What opening a file or a log tells, but for its figure. */
export const opening = (name: string, isOther: boolean) => ({
  summary: summary(name, { step: null, scales: "snapshot", edits: [] }),
  weights,
  answered,
  steps: [],
  isOther,
  refused: "",
});

/** Shows a snapshot of a run that goes on. */
export const showRun = ({ model }: Page, name: string) =>
  model.showRun({ key: "run", files: [file(name)], opensAt: null, isLive: true });

/** Shows the next snapshot of a run, while a number is edited: the edit comes too late. */
export async function showWhileEdited(page: Page, name: string) {
  void showRun(page, name);
  edit(page, 1);
  await settled();
  const [opens, verifying, edited] = [page.next(), page.next(), page.next()];
  assert.deepEqual([opens.call, verifying.call, edited.call], ["open", "verify", "apply"]);
  await opens.answer(opening(name, true));
  await verifying.answer(verdict);
  await edited.refuse(new Late(""));
}

export const edit = ({ store }: Page, value: number | null, index = 0) =>
  store.dispatch({ type: "edit", changes: [{ name: "fc1.weight", index, value }] });
/** Answers what the state was asked for. */
export async function apply({ next }: Page, more: Partial<Changed> = {}) {
  const { call, input, answer } = next();
  assert.equal(call, "apply");
  const { standing } = input as { standing: Standing };
  await answer({
    summary: summary("a", standing),
    answered,
    report: new Uint8Array(),
    unedited: null,
    verdict,
    weights: null,
    moved: false,
    ...more,
  });
  return standing;
}
