// A link, however it was changed on its way, ends in the model that it was made of or in words.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { formats } from "../../tools/library.js";
import { root } from "../../tools/paths.js";
import { MOST, contentsOf, whyOnlyHere, linkTo, needsWeights } from "../../www/share/link.js";
import { decode, encode } from "../../www/state/address.js";
import { wordsOf } from "../../www/errors.js";
import { INITIAL, additionOf, type State } from "../../www/state/state.js";
import { gallery, shared } from "./states.js";

const { read_files } = await formats();
const first = readFileSync(join(root, "tests/golden/links/v1.txt"), "utf8").trim();
const state = "&a=57&b=68&digit=1&view=map&panel=readout&interventions=ffn";
const link = `#${first}${state}`;

const inputOf = (weights: string) =>
  read_files([{ name: "the link", bytes: new TextEncoder().encode(`weights=${weights}`) }]);

const whole = decode(link, gallery);
const original = inputOf(whole.state.models[0]?.weights ?? "");

test("a link of the first version opens for ever", () => {
  assert.deepEqual(whole.complaints, []);
  const { a, b, digit, view, panel, interventions } = whole.state;
  assert.deepEqual([a, b, digit, view, panel, interventions], ["57", "68", 1, "map", "readout", ["ffn"]]);
  assert.equal(
    `#${encode(whole.state, gallery)}`,
    `#${first}&a=57&b=68&digit=1&view=map&panel=readout&interventions=ffn`,
  );
  assert.ok(original.length > 100);
});

/** What may happen to a text on its way. */
const changes = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), at: fc.nat(), text: fc.string({ unit: "binary", maxLength: 3 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), text: fc.constant("") }),
  fc.record({ kind: fc.constant("lose" as const), at: fc.nat(), text: fc.constant("") }),
  fc.record({
    kind: fc.constant("over" as const),
    at: fc.nat(),
    text: fc.string({ unit: fc.constantFrom(..."AZaz09-_&=%#+"), maxLength: 2 }),
  }),
);

function changed(text: string, all: readonly { kind: "put" | "cut" | "lose" | "over"; at: number; text: string }[]) {
  for (const { kind, at, text: more } of all) {
    const place = at % (text.length + 1);
    const rest = { put: 0, cut: text.length, lose: 1, over: more.length }[kind];
    text = text.slice(0, place) + more + text.slice(place + rest);
  }
  return text;
}

test("a thousand links that were changed end in a state, and in the same model or in words", () => {
  let [opened, told] = [0, 0];
  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 3 }), (all) => {
      const text = changed(link, all);
      const { state, complaints } = decode(text, gallery);
      const [model] = state.models;
      if (model?.weights === undefined) {
        told += 1;
        const left = new URLSearchParams(text.replace(/^#/, "")).get("weights") ?? "";
        assert.ok(complaints.length > 0 || left === "", text);
        return;
      }
      try {
        assert.deepEqual(inputOf(model.weights), original);
        opened += 1;
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        told += 1;
        assert.match(wordsOf(error), /^the link: the link is (damaged: .*Copy the whole of it again|of version \d+)/);
        assert.ok(wordsOf(error).length <= 300);
      }
    }),
    { numRuns: 1000, seed: 15 },
  );
  assert.ok(opened > 20 && told > 100, `${opened} opened, ${told} told`);
});

test("a link is of what is seen: readable where the model comes with the page, else with the weights", () => {
  fc.assert(
    fc.property(shared, fc.constantFrom("https://example.org/a/", "https://example.org/a/#step=3"), (seen, page) => {
      const made = linkTo(seen, null, gallery, page);
      assert.ok(made.startsWith("https://example.org/a/"));
      const hash = made.slice("https://example.org/a/".length);
      const { a, b } = additionOf(seen);
      const wanted = { ...seen, a: String(a), b: String(b) };
      assert.deepEqual(decode(hash, gallery, undefined, seen.theme).state, wanted, "the addition is named");
      assert.equal(needsWeights(seen), false);
    }),
  );
  const own: State = { ...INITIAL, models: [{ bundled: "", files: "1" }], step: 300, scales: "run", a: "1", b: "2" };
  assert.equal(needsWeights(own), true);
  assert.equal(linkTo(own, "weights=AQ", gallery, "https://example.org/"), "https://example.org/#weights=AQ&a=1&b=2");
  assert.ok(link.length < MOST);
});

test("what a link has in it is said, and whom it leads nowhere", () => {
  const { state } = whole;
  assert.match(
    contentsOf(state, "mine.pt", null, true),
    /^It holds the weights of mine\.pt, 1 intervention, the addition with digit Z1 and the view\./,
  );
  assert.match(
    contentsOf(INITIAL, "mine.pt", 1300, true),
    /^It holds the weights of mine\.pt at step 1\u202f300, the addition and the view\./,
  );
  assert.match(
    contentsOf({ ...INITIAL, step: 3 }, "67p", 300, false),
    /^It names 67p at step 300, and holds the addition and the view\./,
  );
  const at = (protocol: string, hostname: string) => whyOnlyHere({ protocol, hostname });
  assert.equal(at("https:", "example.org"), "");
  assert.match(at("file:", ""), /^The address is that of a file/);
  for (const here of ["localhost", "127.0.0.1", "[::1]"]) {
    assert.match(at("http:", here), /leads to this machine alone/);
  }
});
