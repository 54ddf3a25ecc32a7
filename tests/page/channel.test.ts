// The channel between the page and a Worker: what comes first, what is dropped, what ends, and what is replaced.

import assert from "node:assert/strict";
import { afterEach, test, type TestContext } from "node:test";
import fc from "fast-check";
import { Client, Late, type ClientOptions } from "../../www/channel/client.js";
import type { Handlers, Job } from "../../www/channel/server.js";
import { PRIORITY, type Priority } from "../../www/channel/protocol.js";
import { Fake, type Table } from "./fake-worker.js";

const patience = 3000;
const alive: Client<Table>[] = [];
afterEach(() => {
  for (const client of alive.splice(0)) client.close();
});

function channel(handlers: Partial<Handlers<Table>> = {}, options: Partial<ClientOptions<Table>> = {}) {
  const done: string[] = [];
  const workers: Fake[] = [];
  const all: Handlers<Table> = {
    start: (input) => void done.push(`start ${input}`),
    say: (words) => (done.push(words), words),
    open: (name) => (done.push(`open ${name}`), name),
    count: (to, job) => count(to, job),
    hint: () => void done.push("hint"),
    ...handlers,
  };
  const spawn = () => {
    const worker = new Fake(all);
    workers.push(worker);
    return worker;
  };
  const client = new Client<Table>({
    spawn,
    name: "The worker",
    script: "worker.js",
    failed: (why) => `failed (${why})`,
    patience,
    ...options,
  });
  alive.push(client);
  return { client, workers, done, worker: () => workers.at(-1) as Fake };
}

/** A long computation: it goes in turns. */
async function count(to: number, { progress, turn }: Job<number>) {
  for (let at = 1; at <= to; at += 1) {
    progress(at);
    await task(); // what a Worker does in a turn takes its time
    if (!(await turn())) return at;
  }
  return to;
}

const task = () => new Promise((resolve) => setImmediate(resolve));
/** What is on its way arrives. */
async function tasks() {
  for (let i = 0; i < 20; i += 1) await task();
}
const clocked = (t: TestContext) => t.mock.timers.enable({ apis: ["setInterval"] });

test("a call is answered, an error is an error, and an unknown call is one", async () => {
  const { client } = channel({ open: () => Promise.reject(new Error("no such file")) });
  assert.equal(await client.call("say", "hello"), "hello");
  await assert.rejects(client.call("open", "x"), { message: "no such file" });
  for (const name of ["nonsense", "toString", "constructor"] as const) {
    await assert.rejects(client.call(name as "say", ""), { message: `This worker has no call “${name}”` });
  }
  assert.equal(await client.call("say", "still there"), "still there");
});

test("where no Worker can be made every call says why, and the next one tries again", async () => {
  let isThere = false;
  const handlers = { start: () => {}, say: (words: string) => words } as unknown as Handlers<Table>;
  const { client } = channel(
    {},
    {
      spawn: () => {
        if (!isThere) throw new Error("no Workers here");
        return new Fake(handlers);
      },
      prepare: (call) => call("start", 1),
    },
  );
  client.start();
  await assert.rejects(client.call("say", "hello"), { message: "no Workers here" });
  await assert.rejects(client.call("say", "hello"), { message: "no Workers here" });
  isThere = true;
  assert.equal(await client.call("say", "hello"), "hello");
});

test("of the calls that wait the urgent come first, and of equals the first that was made", async () => {
  const names = Object.keys(PRIORITY) as Priority[];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 12 }), async (priorities) => {
      const { client, done } = channel();
      const first = client.call("count", 3);
      const calls = priorities.map((priority, at) => client.call("say", `${PRIORITY[priority]} ${at}`, { priority }));
      await Promise.all([first, ...calls]);
      const wanted = priorities
        .map((priority, at) => ({ at, rank: PRIORITY[priority] }))
        .sort((a, b) => b.rank - a.rank || a.at - b.at);
      assert.deepEqual(
        done,
        wanted.map(({ at, rank }) => `${rank} ${at}`),
      );
    }),
    { numRuns: 50 },
  );
});

test("what is urgent overtakes a long computation, which goes on; what is not waits for its end", async () => {
  const { client, done } = channel();
  const told: number[] = [];
  const long = client
    .call("count", 50, { priority: "background", progress: (at) => told.push(at) })
    .then(() => done.push("counted"));
  while (told.length === 0) await task();
  const others = [
    client.call("say", "as background", { priority: "background" }),
    client.call("say", "dragged", { priority: "urgent" }),
  ];
  await others[1];
  assert.ok(told.length > 0 && told.length < 50, `${told.length} turns`);
  await Promise.all([long, ...others]);
  assert.deepEqual(
    done,
    ["dragged", "as background", "counted"].toSorted((a, b) => done.indexOf(a) - done.indexOf(b)),
  );
  assert.equal(done[0], "dragged");
  assert.deepEqual(
    told,
    Array.from({ length: 50 }, (_, at) => at + 1),
  );
});

test("a call that is cancelled ends where it is, or does not begin", async () => {
  const { client, done } = channel();
  const controller = new AbortController();
  const { signal } = controller;
  const [long, waits] = [client.call("count", 1000, { signal }), client.call("say", "never", { signal })];
  await tasks();
  controller.abort();
  await assert.rejects(waits, { name: "AbortError" });
  assert.ok((await long) < 1000, "what there was");
  await assert.rejects(client.call("say", "never", { signal }), { name: "AbortError" });
  assert.equal(await client.call("say", "next"), "next");
  assert.deepEqual(done, ["next"]);
});

test("answers to an earlier state are dropped, and what they tell meanwhile", async () => {
  let epoch = 1;
  const { client } = channel({}, { epoch: () => epoch });
  const told: number[] = [];
  const [long, open] = [
    client.call("count", 3, { progress: (at) => told.push(at) }),
    client.call("open", "b", { epoch: 2 }),
  ];
  epoch = 2;
  await assert.rejects(long, Late);
  assert.deepEqual(told, []);
  assert.equal(await open, "b");
});

test("once another model is open, what was asked of the one before is not begun", async () => {
  const { client, done } = channel({}, { epoch: () => 1 });
  const calls = [
    client.call("open", "a", { epoch: 3 }),
    client.call("say", "of a", { epoch: 3 }),
    client.call("open", "b", { epoch: 2 }),
    client.call("say", "of old"),
  ];
  const ends = await Promise.allSettled(calls);
  assert.deepEqual(
    ends.map(({ status }) => status),
    ["fulfilled", "fulfilled", "fulfilled", "rejected"],
  );
  assert.deepEqual(done, ["open a", "of a", "open b"]);
});

test("a Worker is prepared before it is asked anything, but for hints", async () => {
  let give: (module: number) => void = () => {};
  const module = new Promise<number>((resolve) => (give = resolve));
  const { client, done } = channel({}, { prepare: async (call) => call("start", await module) });
  client.start();
  const call = client.call("say", "hello");
  await client.call("hint", null, { hint: true });
  assert.deepEqual(done, ["hint"]);
  give(7);
  await call;
  assert.deepEqual(done, ["hint", "start 7", "hello"]);
});

test("what prepares a Worker is of no state: it is never late", async () => {
  let epoch = 0;
  const { client, workers } = channel({}, { prepare: (call) => call("start", 1), epoch: () => epoch });
  client.start();
  epoch = 1;
  assert.equal(await client.call("say", "hello"), "hello");
  assert.equal(workers.length, 1);
});

test("where a Worker cannot be prepared, each call says why, and the next one tries again", async () => {
  let works = false;
  const { client, workers } = channel(
    {},
    { prepare: (call) => (works ? call("start", 1) : Promise.reject(new Error("HTTP 404"))) },
  );
  await assert.rejects(client.call("say", "hello"), { message: "HTTP 404" });
  works = true;
  assert.equal(await client.call("say", "hello"), "hello");
  assert.equal(workers.length, 2);
});

/** With a state that each new Worker is brought to. */
function stateful(handlers: Partial<Handlers<Table>> = {}) {
  const prepare: ClientOptions<Table>["prepare"] = async (call, again) => {
    await call("start", 1);
    if (again) await call("open", "the state");
  };
  return channel(handlers, { prepare });
}

test("a Worker that dies without a word is replaced, with its state, and the calls that waited are answered", async (t) => {
  clocked(t);
  const { client, workers, worker, done } = stateful();
  assert.equal(await client.call("say", "one"), "one");
  worker().die();
  t.mock.timers.tick(10 * patience);
  assert.equal(workers.length, 1, "nobody needs it");
  const [two, three] = [client.call("say", "two"), client.call("say", "three")];
  for (let i = 0; i < 4; i += 1) {
    t.mock.timers.tick(patience / 3);
    await tasks();
  }
  assert.deepEqual(await Promise.all([two, three]), ["two", "three"]);
  assert.deepEqual(done, ["start 1", "one", "start 1", "open the state", "two", "three"]);
  assert.equal(workers.length, 2);
});

test("a Worker that takes long is not taken for dead while it listens, and one call is not the death of many", async (t) => {
  clocked(t);
  const { client, workers, worker } = stateful({ say: () => new Promise(() => {}) });
  await client.call("open", "a");
  let isSettled = false;
  const long = client.call("say", "for ever").catch((error: Error) => {
    isSettled = true;
    return error.message;
  });
  for (let i = 0; i < 50; i += 1) {
    t.mock.timers.tick(patience / 3);
    await tasks();
  }
  assert.equal(workers.length, 1);
  for (let death = 1; death <= 2; death += 1) {
    assert.equal(isSettled, false);
    worker().die();
    for (let i = 0; i < 4; i += 1) {
      t.mock.timers.tick(patience / 3);
      await tasks();
    }
  }
  assert.equal(await long, "The worker stopped, twice in a row. Reload the page");
  assert.equal(await client.call("open", "b"), "b");
});

test("a trap is told as a failure of the program, to the call that met it; the others are answered by another Worker", async () => {
  const { client, workers, done } = stateful({
    say: (words) => {
      if (words === "trap") throw new WebAssembly.RuntimeError("unreachable");
      done.push(words);
      return words;
    },
  });
  const [trap, other] = [client.call("say", "trap"), client.call("say", "other")];
  await assert.rejects(trap, { message: "failed (unreachable)" });
  assert.equal(await other, "other");
  assert.deepEqual(done, ["start 1", "start 1", "open the state", "other"]);
  assert.deepEqual(
    workers.map(({ isAlive }) => isAlive),
    [false, true],
  );
  await assert.rejects(client.call("say", "trap"));
  assert.equal(workers.length, 2, "the next call needs another one, no call none");
  assert.equal(await client.call("say", "next"), "next");
  assert.equal(workers.length, 3);
});

test("where no Worker can be brought back to where one stood, the calls that wait end", async (t) => {
  clocked(t);
  const ways: Record<string, (worker: Fake) => unknown> = {
    traps: () => {
      throw new WebAssembly.RuntimeError("unreachable");
    },
    fails: (worker) => worker.fails("out of memory"),
    dies: (worker) => worker.die(),
  };
  for (const [name, way] of Object.entries(ways)) {
    let works = false;
    const { client, workers, worker } = stateful({
      say: (words) => {
        if (words === "trap") throw new WebAssembly.RuntimeError("unreachable");
        return words;
      },
      open: (state) => {
        if (!works) way(worker());
        return works ? state : new Promise(() => {});
      },
    });
    await assert.rejects(client.call("say", "trap"));
    const ends: string[] = [];
    for (const words of ["one", "two"]) {
      client.call("say", words).catch((error: Error) => ends.push(error.message));
    }
    for (let at = 0; at < 60 && ends.length < 2; at += 1) {
      t.mock.timers.tick(patience / 3);
      await tasks();
    }
    assert.equal(ends.length, 2, `it ${name}: ${workers.length} Workers, and no end`);
    assert.ok(workers.length <= 5, `it ${name}: ${workers.length} Workers`);
    const spawned = workers.length;
    for (let at = 0; at < 10; at += 1) {
      t.mock.timers.tick(patience / 3);
      await tasks();
    }
    assert.equal(workers.length, spawned, "nobody needs another one");
    works = true;
    assert.equal(await client.call("say", "again"), "again", "the next call tries again");
  }
});

test("a Worker that is brought back each time is brought back as often as it takes", async () => {
  const { client, workers } = stateful({
    say: (words) => {
      if (words === "trap") throw new WebAssembly.RuntimeError("unreachable");
      return words;
    },
  });
  for (let at = 1; at <= 8; at += 1) {
    const [trap, other] = [client.call("say", "trap"), client.call("say", "other")];
    await assert.rejects(trap, { message: "failed (unreachable)" });
    assert.equal(await other, "other");
    assert.equal(workers.length, at + 1);
  }
});

test("a Worker that cannot be loaded ends its calls; one that fails later is replaced", async () => {
  const { client, workers, worker } = stateful();
  const call = client.call("say", "hello");
  worker().fails("");
  await assert.rejects(call, { message: "The worker stopped: worker.js did not load. Reload the page" });
  await client.call("say", "hello");
  const other = client.call("say", "other");
  worker().fails("out of memory");
  assert.equal(await other, "other");
  assert.equal(workers.length, 3);
});

test("where nothing brings a Worker back to where it stood, its calls end with it", async (t) => {
  clocked(t);
  const { client, worker } = channel({
    say: () => {
      throw new WebAssembly.RuntimeError("unreachable");
    },
  });
  await client.call("open", "a");
  worker().fails("out of memory");
  const calls = [client.call("say", "trap"), client.call("open", "other")];
  const ends = await Promise.allSettled(calls);
  assert.deepEqual(
    ends.map((end) => end.status === "rejected" && (end.reason as Error).message),
    ["failed (unreachable)", "failed (unreachable)"],
  );
  await client.call("open", "b");
  worker().die();
  const call = client.call("open", "c").catch((error: Error) => error.message);
  for (let i = 0; i < 4; i += 1) {
    t.mock.timers.tick(patience / 3);
    await tasks();
  }
  assert.equal(await call, "The worker stopped: it no longer answers. Reload the page");
});

test("a closed channel ends what waits and answers nothing", async () => {
  const { client, worker } = channel();
  const call = client.call("count", 1000);
  client.close();
  await assert.rejects(call, { message: "The worker was ended" });
  await assert.rejects(client.call("say", "hello"), { message: "The worker was ended" });
  assert.equal(worker().isAlive, false);
});
