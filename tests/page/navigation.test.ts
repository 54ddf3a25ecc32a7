// Back, Forward, reload: what was opened is a place in the history, with all that was done there.

import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { Navigation, REST, type Arrival } from "../../www/state/navigation.js";
import { MAX_BYTES, MAX_HELD, TabSession, pack, unpack, type Kept } from "../../www/state/session.js";
import { INITIAL } from "../../www/state/state.js";
import { Store } from "../../www/state/store.js";
import { action, anyState, gallery } from "./states.js";
import { Tab, storage } from "./tab.js";

const bundled = (name: string) => ({ bundled: name, files: "" });
/** What leads somewhere is there. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const mine = { bundled: "", files: "mine" };

async function opened(tab = new Tab(), kept = storage()) {
  const session = new TabSession(kept, "page");
  const store = new Store();
  const navigation = new Navigation(store, session, gallery, tab);
  const complaints: string[] = [];
  const decoded = navigation.read();
  store.dispatch({ type: "apply", state: decoded.state });
  navigation.follow((arrived) => {
    complaints.push(...arrived.complaints);
    store.dispatch({ type: "apply", state: arrived.state });
    return Promise.resolve("shown");
  });
  await settled();
  return { tab, kept, session, store, navigation, complaints, decoded };
}

const clocked = (t: TestContext) => t.mock.timers.enable({ apis: ["setTimeout"] });

test("models and panels are places; what is only looked at is none", async () => {
  const { tab, store } = await opened();
  assert.equal(tab.hash, "");
  store.dispatch({ type: "opened", model: bundled("62p") });
  assert.deepEqual([tab.hash, tab.entries.length], ["#model=62p", 2]);
  store.dispatch({ type: "panel", panel: "readout" });
  assert.deepEqual([tab.hash, tab.entries.length], ["#model=62p&panel=readout", 3]);
  store.dispatch({ type: "panel", panel: "attention" });
  store.dispatch({ type: "alignment", alignment: "script" });
  store.dispatch({ type: "theme", theme: "dark" });
  assert.deepEqual([tab.hash, tab.entries.length], ["#model=62p&alignment=script&panel=attention", 3]);
  tab.go(-1);
  await settled();
  const { panel, alignment, theme, models } = store.state;
  assert.deepEqual([panel, models, alignment, theme], ["", [bundled("62p")], "script", "dark"], "how one reads stays");
  tab.go(-1);
  await settled();
  assert.deepEqual(store.state.models, [bundled("57p")]);
  assert.equal(tab.hash, "#alignment=script");
  tab.go(2);
  await settled();
  assert.deepEqual([store.state.panel, tab.entries.length], ["attention", 3]);
});

test("a run that is moved is a place where it rests, not on the way; a film is none", async (t) => {
  clocked(t);
  const { tab, store } = await opened();
  for (const step of [10, 20, 30]) {
    store.dispatch({ type: "step", step, by: "hand" });
    t.mock.timers.tick(REST / 2);
  }
  assert.deepEqual([tab.hash, tab.entries.length], ["", 1]);
  t.mock.timers.tick(REST);
  assert.deepEqual([tab.hash, tab.entries.length], ["#model=57p&step=30", 2]);
  for (const step of [40, 50]) store.dispatch({ type: "step", step, by: "film" });
  t.mock.timers.tick(REST);
  assert.deepEqual([tab.hash, tab.entries.length], ["#model=57p&step=50", 2]);
  store.dispatch({ type: "step", step: 10, by: "hand" });
  store.dispatch({ type: "panel", panel: "readout" });
  assert.deepEqual(
    tab.entries.map(({ url }) => url),
    ["/", "/#model=57p&step=50", "/#model=57p&step=10", "/#model=57p&step=10&panel=readout"],
  );
});

test("edits are of the place that they were made at", async (t) => {
  clocked(t);
  const { tab, store } = await opened();
  store.dispatch({ type: "edit", changes: [{ name: "fc1.weight", index: 2, value: 0.5 }] });
  assert.equal(tab.hash, "", "a number that is dragged changes no address");
  store.dispatch({ type: "opened", model: bundled("62p") });
  assert.deepEqual(
    tab.entries.map(({ url }) => url),
    ["/#model=57p&edits=fc1.weight~2:0.5", "/#model=62p"],
  );
  store.dispatch({ type: "edit", changes: [{ name: "fc1.weight", index: 2, value: 0.75 }] });
  tab.go(-1);
  await settled();
  assert.equal(store.state.edits[0]?.value, 0.5);
  tab.go(1);
  await settled();
  assert.equal(store.state.edits[0]?.value, 0.75, "however soon one left");
});

test("an edit stays at the place that a step leaves, however soon it does", async (t) => {
  clocked(t);
  const { tab, store } = await opened();
  store.dispatch({ type: "edit", changes: [{ name: "fc1.weight", index: 2, value: 0.5 }] });
  t.mock.timers.tick(REST / 4);
  store.dispatch({ type: "step", step: 100, by: "hand" });
  t.mock.timers.tick(REST / 4);
  store.dispatch({ type: "step", step: 110, by: "hand" });
  t.mock.timers.tick(REST);
  assert.deepEqual(
    tab.entries.map(({ url }) => url),
    ["/#model=57p&edits=fc1.weight~2:0.5", "/#model=57p&step=110"],
  );
  tab.go(-1);
  await settled();
  assert.deepEqual([store.state.step, store.state.edits[0]?.value], [null, 0.5]);
  tab.go(1);
  await settled();
  assert.deepEqual([store.state.step, store.state.edits], [110, []]);
});

test("an address that is typed opens, and what in it cannot be read is told", async () => {
  const { tab, store, complaints } = await opened();
  store.dispatch({ type: "step", step: 200, by: "hand" });
  tab.type("#model=57p&step=words");
  await settled();
  assert.deepEqual([store.state.step, tab.hash], [200, "#model=57p&step=200"]);
  assert.deepEqual(complaints, ["“words” in the address is not a training step"]);
  tab.type("#model=62p&step=20000");
  await settled();
  assert.deepEqual([store.state.models, store.state.step], [[bundled("62p")], 20000]);
});

test("while a place is still opening, its entry is left alone; then it is of what is shown", async () => {
  const session = new TabSession(storage(), "page");
  const [tab, store] = [new Tab("/#model=62p"), new Store()];
  const navigation = new Navigation(store, session, gallery, tab);
  store.dispatch({ type: "apply", state: navigation.read().state });
  let settle: (how: Arrival) => void = () => {};
  navigation.follow(() => new Promise((resolve) => (settle = resolve)));
  settle("shown");
  await settled();
  store.dispatch({ type: "opened", model: bundled("57p") });
  tab.go(-1);
  store.dispatch({ type: "theme", theme: "dark" });
  assert.equal(tab.hash, "#model=62p");
  settle("none");
  await settled();
  assert.equal(tab.hash, "", "what could not be opened is not in the address");
  navigation.close();
  store.dispatch({ type: "theme", theme: "light" });
  tab.go(1);
  assert.equal(tab.hash, "");
});

test("what is opened while the first place is still opening is where the tab is once that ends", async () => {
  for (const how of ["none", "shown"] as const) {
    const session = new TabSession(storage(), "page");
    const [tab, store] = [new Tab("/#model=62p"), new Store()];
    const navigation = new Navigation(store, session, gallery, tab);
    let settle: (how: Arrival) => void = () => {};
    navigation.follow(() => new Promise((resolve) => (settle = resolve)));
    store.dispatch({ type: "opened", model: mine });
    settle(how);
    await settled();
    assert.equal(tab.hash, "#model=none", "a file is in no address");
    const again = new Navigation(new Store(), session, gallery, tab.reloaded());
    assert.deepEqual(again.read(), { state: store.state, complaints: [] });
    navigation.close();
  }
});

test("where the first place cannot be opened and nothing else was, its address stays", async () => {
  const [tab, store] = [new Tab("/#model=62p"), new Store()];
  const navigation = new Navigation(store, new TabSession(storage(), "page"), gallery, tab);
  navigation.follow(() => Promise.resolve("none"));
  await settled();
  assert.deepEqual([tab.hash, tab.entries.length], ["#model=62p", 1]);
  navigation.close();
});

test("where another one takes the place of the first, its address stays until something changes", async () => {
  const [tab, store] = [new Tab("/#src=mine.pt"), new Store()];
  const navigation = new Navigation(store, new TabSession(storage(), "page"), gallery, tab);
  navigation.follow(() => {
    store.dispatch({ type: "apply", state: { ...INITIAL, models: [bundled("57p")] } });
    return Promise.resolve("instead");
  });
  await settled();
  assert.deepEqual([tab.hash, tab.entries.length], ["#src=mine.pt", 1]);
  store.dispatch({ type: "view", view: "map" });
  assert.equal(tab.hash, "#view=map");
  navigation.close();
});

test("a reload brings back whatever was done, wherever one was", async () => {
  await fc.assert(
    fc.asyncProperty(anyState, fc.array(action, { maxLength: 8 }), async (state, actions) => {
      const { tab, kept, store, navigation } = await opened();
      store.dispatch({ type: "apply", state });
      for (const each of actions) store.dispatch(each);
      const again = await opened(tab.reloaded(), kept);
      // All but what edits can be taken back to.
      const whole = { ...store.state, history: INITIAL.history };
      assert.deepEqual(again.decoded, { state: whole, complaints: [] });
      navigation.close();
      again.navigation.close();
    }),
  );
});

const files = (size: number): Kept => ({
  opensAt: 240,
  groups: [[{ name: "mine.pt", bytes: Uint8Array.from({ length: size }, (_, at) => at % 251) }]],
});

test("dropped files come back as they were, or are named where they were too large", () => {
  const kept = storage(5_000_000);
  const session = new TabSession(kept, "page");
  session.putFiles("1 small", files(100_000));
  session.putFiles("2 large", {
    opensAt: null,
    groups: [...files(MAX_BYTES).groups, [{ name: "log.jsonl", bytes: new Uint8Array(1) }]],
  });
  session.putFiles("3 unsaved", files(1));
  for (const key of ["1 small", "2 large", "none"]) session.save(key);
  assert.ok(session.files("2 large"), "there until the page goes");
  const after = new TabSession(kept, "page");
  assert.deepEqual(after.files("1 small"), files(100_000));
  assert.equal(after.files("2 large"), null);
  assert.equal(after.whyLost("2 large"), "This tab had no room to keep mine.pt, log.jsonl: open again what you need");
  assert.equal(after.whyLost("3 unsaved"), "What was open here is no longer kept by this tab: open it again");
  assert.equal(new TabSession(kept, "other").files("1 small"), null, "each page on a page has its own");
});

test("of files that are held, the oldest go where they are too many", () => {
  const session = new TabSession(null, "page");
  const large = { opensAt: null, groups: [[{ name: "large.pt", bytes: { length: MAX_HELD / 2 } as Uint8Array }]] };
  for (const key of ["1", "2", "3"]) session.putFiles(key, large);
  session.putFiles("2", large);
  assert.deepEqual(
    ["1", "2", "3"].map((key) => session.files(key) !== null),
    [false, true, true],
  );
  session.putFiles("4", {
    opensAt: null,
    groups: [[...large.groups.flat(), ...large.groups.flat(), ...large.groups.flat()]],
  });
  assert.ok(session.files("4"), "never the newest");
});

test("what was open longest ago makes room, and no room at all is no harm", () => {
  const kept = storage(1_000_000);
  const session = new TabSession(kept, "page");
  for (const key of ["1", "2", "3"]) {
    session.putFiles(key, files(300_000));
    session.save(key);
  }
  const after = new TabSession(kept, "page");
  assert.deepEqual(
    ["1", "2", "3"].map((key) => after.files(key) !== null),
    [false, true, true],
  );
  assert.equal(after.whyLost("1"), "This tab had no room to keep mine.pt: open again what you need");
  for (const nothing of [null, storage(0)]) {
    const without = new TabSession(nothing, "page");
    without.putFiles("1", files(10));
    without.save("1");
    assert.ok(without.files("1"));
    assert.equal(new TabSession(nothing, "page").files("1"), null);
  }
});

test("a state that is kept is read whole, and anything else is no state", () => {
  fc.assert(fc.property(anyState, (state) => assert.deepEqual(unpack(pack(state)), state)));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const state = unpack(text);
      if (state) assert.deepEqual(unpack(pack(state)), state);
    }),
  );
  for (const text of ["", "null", "[]", "{}", '{"models":[{}],"fields":""}', '{"models":[],"fields":"step=words"}']) {
    assert.equal(unpack(text), null, text);
  }
  assert.deepEqual(unpack(pack({ ...unpack('{"models":[],"fields":""}')!, models: [mine] }))?.models, [mine]);
});
