// The state in an address: whatever stands there opens, and what the page wrote opens as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decode, decodeFields, encode, encodeFields, linkIn, shareable, shortest } from "../../www/state/address.js";
import { INITIAL, THEMES, scalesOf, type State } from "../../www/state/state.js";
import { anyState, gallery, shared } from "./states.js";

/** Seconds that ./build.sh fuzz gives the decoder: each of the properties below has its part of them. */
const seconds = Number(process.env["ADDERSCOPE_FUZZ"] ?? 0);
if (seconds > 0) fc.configureGlobal({ numRuns: 1e9, interruptAfterTimeLimit: 250 * seconds });

const first: State = { ...INITIAL, models: [{ bundled: "57p", files: "" }] };
/** The model that the page once opened with. */
const once: State = { ...INITIAL, models: [{ bundled: "62p", files: "" }] };

test("a state that is written into an address is read from it, whole but for the theme, which is the reader's", () => {
  fc.assert(
    fc.property(shared, fc.constantFrom(...THEMES), (state, theme) => {
      const address = encode(state, gallery);
      assert.deepEqual(decode(`#${address}`, gallery, undefined, theme), {
        state: { ...state, theme },
        complaints: [],
      });
      assert.equal(encode({ ...state, theme }, gallery), address);
    }),
  );
});

test("of a file that only this tab has, what can be shared is read", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      const read = decode(encode(state, gallery), gallery, undefined, state.theme);
      assert.deepEqual(read, { state: shareable(state), complaints: [] });
    }),
  );
});

test("what is kept for a reload is the whole state, and nothing else is taken for one", () => {
  fc.assert(
    fc.property(anyState, (state) => {
      assert.deepEqual(decodeFields(encodeFields(state)), { ...state, models: [] });
    }),
  );
  assert.equal(decodeFields("step=words"), null);
});

test("whatever an address holds gives a state that an address can hold", () => {
  const names = fc.constantFrom(...Object.keys(INITIAL), "model", "weights", "src", "version", "nonsense");
  const pairs = fc.array(fc.tuple(names, fc.string({ unit: "grapheme" })), { maxLength: 6 });
  const addresses = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webFragments(),
    pairs.map((all) => all.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")),
    shared
      .chain((state) => fc.tuple(fc.constant(encode(state, gallery)), fc.nat(), fc.string()))
      .map(([text, at, more]) => text.slice(0, at % (text.length + 1)) + more),
  );
  fc.assert(
    fc.property(addresses, fc.option(shared, { nil: undefined }), (address, now) => {
      const { state, complaints } = decode(address, gallery, now);
      assert.ok(complaints.every((complaint) => complaint !== "" && complaint.length < 200));
      assert.deepEqual(decode(encode(state, gallery), gallery, undefined, state.theme), { state, complaints: [] });
    }),
    { numRuns: 1000 },
  );
});

test("what cannot be read is as it was, what is not named is as by default, and the theme is the reader's", () => {
  fc.assert(
    fc.property(shared, (now) => {
      assert.deepEqual(decode("#step=words", gallery, now).state, { ...once, theme: now.theme, step: now.step });
      assert.deepEqual(decode("", gallery, now).state, { ...first, theme: now.theme });
      const { models, step, edits, scales, interventions, theme } = now;
      assert.deepEqual(decode("#model=99p", gallery, now).state, {
        ...first,
        models,
        step,
        edits,
        scales,
        interventions,
        theme,
      });
    }),
  );
});

test("older addresses open", () => {
  const of = (address: string) => decode(address, gallery);
  const model = (name: string) => ({ ...first, models: [{ bundled: name, files: "" }] });
  for (const [address, state] of [
    ["", first],
    ["#model=", first],
    ["#model=57p&step=20000", { ...model("57p"), step: 20000 }],
    ["#model=none", INITIAL],
    ["#model=none&step=3", INITIAL],
    ["#step=100", { ...once, step: 100 }],
    ["#alignment=script&theme=dark&panel=readout", { ...once, alignment: "script", panel: "readout" }],
    ["#a=57&b=68", { ...once, a: "57", b: "68" }],
    [
      "#edits=tok_arc_A~0:0.5&tool=weights",
      { ...once, edits: [{ name: "tok_arc_A", index: 0, value: 0.5 }], tool: "weights" },
    ],
    ["#alignment=script&theme=dark", { ...first, alignment: "script" }],
    ["#step=&panel=&tool=train", { ...first, tool: "train" }],
    ["#model=none&theme=light", INITIAL],
    ["#model=67p&step=&alignment=&theme=&panel=", model("67p")],
  ] as const) {
    assert.deepEqual(of(address), { state, complaints: [] }, address);
  }
  assert.equal(scalesOf(of("#step=100").state), "run", "as whoever copied it had moved");
  assert.equal(scalesOf(of("").state), "snapshot");
});

test("a model in the address itself", () => {
  const weights = "AQ-_x";
  const state: State = { ...INITIAL, models: [{ bundled: "", files: "", weights }], a: "57", b: "68", view: "map" };
  assert.equal(encode(state, gallery), "weights=AQ-_x&a=57&b=68&view=map");
  assert.deepEqual(decode("#weights=AQ-_x&a=57&b=68&view=map", gallery), { state, complaints: [] });
  const { state: both, complaints } = decode("#model=62p&weights=AQ", gallery);
  assert.deepEqual(both.models, [{ bundled: "", files: "", weights: "AQ" }]);
  assert.deepEqual(complaints, ["The address has weights and names “62p”: the weights count"]);
  for (const damaged of ["A%20B", "é", "A".repeat(8001)]) {
    const read = decode(`#weights=${damaged}&a=57&b=68`, gallery);
    assert.deepEqual(read.complaints, ["The weights in the address are damaged: copy the whole link again"]);
    assert.deepEqual(read.state, { ...first, a: "57", b: "68" }, "all else opens, of the page's first model");
  }
});

test("a link that is pasted is told from a sum and from other text", () => {
  assert.equal(linkIn(" https://example.org/adder/#model=67p&step=244000\n"), "model=67p&step=244000");
  assert.equal(linkIn("#weights=AQ&a=1&b=2"), "weights=AQ&a=1&b=2");
  assert.equal(linkIn("https://example.org/#a=1&b=2&src=mine.pt"), "a=1&b=2&src=mine.pt");
  for (const text of [
    "57 + 68",
    "https://example.org/",
    "see #model=67p",
    "#model=",
    "#a=1&remodel=67p",
    '{"a": "#model=62p"}',
    "#step=3",
  ]) {
    assert.equal(linkIn(text), null, text);
  }
});

test("addresses are short, and the same as older ones where they can be", () => {
  const of = (patch: Partial<State>) => encode({ ...first, ...patch }, gallery);
  assert.equal(of({}), "");
  assert.equal(of({ models: [] }), "model=none");
  assert.equal(of({ models: [{ bundled: "", files: "1" }], step: 3, panel: "readout" }), "model=none&panel=readout");
  assert.equal(of({ step: 250 }), "model=57p&step=250");
  assert.equal(of({ view: "overview", digit: 3, theme: "dark" }), "digit=3&view=overview");
  assert.equal(of({ a: "57", b: "68" }), "model=57p&a=57&b=68");
  assert.equal(of({ models: [{ bundled: "62p", files: "" }] }), "model=62p");
  const edits = [
    { name: "tok_arc_A", index: 0, value: Math.fround(0.1) },
    { name: "fc1.weight", index: 3, value: -0 },
  ];
  assert.equal(of({ edits }), "model=57p&edits=tok_arc_A~0:0.1,fc1.weight~3:-0");
});

test("each piece of rubbish has its own words", () => {
  const complaints = (address: string) => decode(address, gallery).complaints;
  assert.deepEqual(complaints("#model=99p"), ["No bundled model is called “99p”: there are 57p, 62p, 67p"]);
  assert.deepEqual(complaints("#step=1e3"), ["“1e3” in the address is not a training step"]);
  assert.deepEqual(complaints("#theme=pink&alignment=left"), ["“left” in the address is not “answer” or “script”"]);
  assert.deepEqual(complaints("#digit=11"), ["“11” in the address is not an answer digit, 0 to 10"]);
  assert.deepEqual(complaints("#view=all"), ["“all” in the address is not a view"]);
  assert.deepEqual(complaints("#steps=3"), ["Nothing is called “steps” in an address"]);
  assert.deepEqual(complaints("#step=3&step=4"), ["“step” is in the address more than once: the first counts"]);
  assert.deepEqual(complaints("#version=2"), ["The address is of version “2”: what version 1 knows of it was read"]);
  for (const edits of ["fc1.weight", "fc1.weight~0:1e39", "a~0:1,a~0:2", "a~-1:1", "a~0:", "a~0:NaN"]) {
    assert.deepEqual(complaints(`#edits=${edits}`), [
      `“${edits}” in the address is not a list of edits, like fc1.weight~3:0.5`,
    ]);
  }
  assert.deepEqual(complaints(`#${"a".repeat(30_000)}`), [
    "The address is longer than 20000 characters: nothing of it was read",
  ]);
});

test("a number is written with the fewest digits that read back to its bits", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(Object.is(Math.fround(Number(shortest(value))), value));
    }),
  );
  assert.equal(shortest(Math.fround(0.3)), "0.3");
  assert.equal(shortest(Math.fround(3.4e38)), "3.4e+38");
});

test("a file beside the page, and nothing elsewhere", () => {
  const src = "models/my run/best.pt";
  const state: State = { ...INITIAL, models: [{ bundled: "", files: "", src }], a: "57", b: "68" };
  assert.equal(encode(state, gallery), "src=models/my+run/best.pt&a=57&b=68");
  assert.deepEqual(decode("#src=models/my+run/best.pt&a=57&b=68", gallery), { state, complaints: [] });
  for (const named of ["Läufe/数字 (2).pt", "a+b,c=d@e.pt"]) {
    const read = decode(`#${new URLSearchParams({ src: named })}`, gallery);
    assert.deepEqual([read.complaints, read.state.models], [[], [{ bundled: "", files: "", src: named }]]);
  }
  for (const elsewhere of [
    "https://example.org/a.pt",
    "models/",
    "a?b.pt",
    "a%2fb.pt",
    "//a.pt",
    "/a.pt",
    "../a.pt",
    "a/../b",
    "a//b",
    ".env",
    "a\\b",
  ]) {
    const { state, complaints } = decode(`#src=${encodeURIComponent(elsewhere)}`, gallery);
    assert.deepEqual(state, first);
    assert.match(complaints[0] ?? "", /is no file beside the page: name it from there/, elsewhere);
  }
});
