// What calls wait for before their turn, such as a download.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Client, Late } from "../../www/channel/client.js";
import type { Before } from "../../www/channel/early.js";
import { Fake, type Table } from "./fake-worker.js";

const alive: Client<Table>[] = [];
afterEach(() => {
  for (const client of alive.splice(0)) client.close();
});

function channel(before: Before<Table>, epoch = () => 0) {
  const done: string[] = [];
  const note = (words: string) => (done.push(words), words);
  const handlers = { start: () => {}, say: note, open: note, count: () => 0, hint: () => {} };
  const client = new Client<Table>({
    spawn: () => new Fake(handlers, before),
    name: "The worker",
    script: "worker.js",
    failed: (why) => why,
    patience: 3000,
    epoch,
  });
  alive.push(client);
  return { client, done };
}

test("what waits for a download lets others go on, can be cancelled, and fails with it", async () => {
  const coming: { come: () => void; fail: (error: Error) => void }[] = [];
  const download = () => new Promise<void>((come, fail) => void coming.push({ come, fail }));
  const { client, done } = channel({ say: (words) => (words.startsWith("wait") ? download() : undefined) });
  const [first, second, third] = [client.call("say", "wait 1"), client.call("say", "wait 2"), new AbortController()];
  const cancelled = client.call("say", "wait 3", { signal: third.signal });
  assert.equal(await client.call("say", "at once"), "at once");
  third.abort();
  await assert.rejects(cancelled, { name: "AbortError" });
  coming[1]?.fail(new Error("no network"));
  await assert.rejects(second, { message: "no network" });
  coming[2]?.come();
  coming[0]?.come();
  assert.equal(await first, "wait 1");
  assert.deepEqual(done, ["at once", "wait 1"]);
});

test("what waits for a download is late where another model is opened meanwhile", async () => {
  let epoch = 0;
  let come = () => {};
  const download = () => new Promise<void>((resolve) => (come = resolve));
  const { client, done } = channel({ say: download }, () => epoch);
  const early = client.call("say", "of the model before");
  await client.call("open", "another", { epoch: 1 });
  epoch = 1;
  come();
  await assert.rejects(early, Late);
  assert.deepEqual(done, ["another"]);
});
