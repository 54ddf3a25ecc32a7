// One thing at a time: what is wanted meanwhile is brought together.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Latest, Outbox } from "../../www/coalesce.js";

/** Work that is done when the test says so. */
function workshop<Job>() {
  const done: Job[] = [];
  const busy: boolean[] = [];
  let finish = () => {};
  return {
    done,
    busy,
    tell: (isBusy: boolean) => void busy.push(isBusy),
    work: (job: Job) => {
      done.push(job);
      return new Promise<void>((resolve) => (finish = resolve));
    },
    /** Ends the job under way and lets what follows begin. */
    async finish() {
      finish();
      await new Promise(setImmediate);
    },
  };
}

test("of the wishes that come meanwhile, the last is done", async () => {
  const shop = workshop<number>();
  const latest = new Latest(shop.work, shop.tell);
  latest.want(1);
  assert.deepEqual(shop.done, [1], "the first at once");
  assert.ok(latest.isBusy);
  for (const wish of [2, 3, 4]) latest.want(wish);
  assert.deepEqual(shop.done, [1], "one at a time");
  await shop.finish();
  assert.deepEqual(shop.done, [1, 4]);
  assert.deepEqual(shop.busy, [true], "still at it");
  await shop.finish();
  assert.deepEqual(shop.busy, [true, false]);
  assert.ok(!latest.isBusy);
  latest.want(5);
  assert.deepEqual(shop.done, [1, 4, 5]);
  assert.deepEqual(shop.busy, [true, false, true]);
});

test("what waits can be forgotten, what is under way comes to its end", async () => {
  const shop = workshop<string>();
  const latest = new Latest(shop.work, shop.tell);
  latest.want("under way");
  latest.want("waiting");
  latest.forget();
  await shop.finish();
  assert.deepEqual(shop.done, ["under way"]);
  assert.deepEqual(shop.busy, [true, false]);
});

test("a wish can be anything, null and undefined too", async () => {
  const shop = workshop<null | undefined>();
  const latest = new Latest(shop.work, shop.tell);
  latest.want(undefined);
  latest.want(null);
  await shop.finish();
  assert.deepEqual(shop.done, [undefined, null]);
});

test("what is put in at one go goes out at one go, the newest of each key, in the order the keys came", async () => {
  const shop = workshop<string[]>();
  const outbox = new Outbox(shop.work, shop.tell);
  outbox.put("a", "a1");
  outbox.put("b", "b1");
  outbox.put("a", "a2");
  assert.deepEqual(shop.busy, [true]);
  assert.deepEqual(shop.done, [], "not before the turn is over");
  await new Promise(setImmediate);
  assert.deepEqual(shop.done, [["a2", "b1"]]);
  outbox.put("c", "c1");
  outbox.put("a", "a3");
  outbox.put("c", "c2");
  await new Promise(setImmediate);
  assert.equal(shop.done.length, 1, "one batch at a time");
  await shop.finish();
  assert.deepEqual(shop.done[1], ["c2", "a3"]);
  await shop.finish();
  assert.deepEqual(shop.busy, [true, false]);
});

test("an outbox that is cleared sends nothing of another model", async () => {
  const shop = workshop<string[]>();
  const outbox = new Outbox(shop.work, shop.tell);
  outbox.put("a", "old");
  outbox.clear();
  await new Promise(setImmediate);
  assert.deepEqual(shop.done, []);
  assert.deepEqual(shop.busy, [true, false], "and it rests");
  outbox.put("a", "new");
  await new Promise(setImmediate);
  assert.deepEqual(shop.done, [["new"]]);
});
