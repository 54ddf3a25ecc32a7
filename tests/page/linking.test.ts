// What is about the same is linked, by nothing but the texts of items.

import assert from "node:assert/strict";
import { test } from "node:test";
import { areLinked, entersText, kindsOf, marksOf } from "../../www/linking/aspects.js";

test("a part is linked with its whole, and one part not with another", () => {
  for (const [one, other, linked] of [
    ["attention:Z4/X4", "attention:Z4/X4", true],
    ["attention:Z4/X4", "attention:Z4/X4/1", false],
    ["attention:Z4/X4", "score:Z4/X4", true],
    ["attention:Z4/X4", "place:X4", true],
    ["attention:Z4/X4", "row:Z4", true],
    ["attention:Z4/X4", "row:Z3", false],
    ["attention:Z4/X4", "attention:Z4/X3", false],
    ["place:X4", "place:Y4", false],
    ["logits:Z4/7", "token:7", true],
    ["logits:Z4/7", "logits:Z3/7", false],
    ["embedding:7/0", "token:7", true],
    ["embedding:7/0", "embedding:7/1", false],
    ["hidden:Z4/0", "hidden:Z4/1", false],
    ["hidden:Z4/0", "row:Z4", true],
    ["key:Z4/0", "place:Z3", true],
    ["key:Z0/0", "place:EQUALS", true],
    ["key:EOS/0", "place:Z10", true],
    ["value:x3/0", "place:X3", true],
    ["carry:Z7/1", "case:Z7/0/1/11", true],
    ["carry:Z7/0", "case:Z7/0/1/11", false],
    ["norm:2/0", "dim:0", true],
    ["norm:2/0", "norm:1/0", false],
    ["weight:fc1.weight/1", "weight:fc1.weight/10", false],
    ["direction:9", "row:9", false],
    ["chain:3", "chain:4", false],
    ["", "row:Z4", false],
  ] as const) {
    assert.equal(areLinked(one, other), linked, `${one} and ${other}`);
    assert.equal(areLinked(other, one), linked, `${other} and ${one}`);
  }
});

test("a stored number marks what it enters: tokens by their embeddings, places by their positions", () => {
  const arc = marksOf(["embedding:7/0", "embed:x3/0"]);
  assert.ok(arc.has("token:7") && !arc.has("place:X3"));
  assert.ok(marksOf(["embed:x3/2", "embed:Z4/2"]).has("place:Z3"));
  const hidden = marksOf(["hidden:Z4/0"]);
  assert.ok(hidden.has("hidden:Z4/0") && !hidden.has("hidden:Z4/1") && !hidden.has("attention:Z4/X4"));
});

test("what queries and keys are made of is marked in attention: by the rows that ask and the places that are asked", () => {
  const query = marksOf(["query:Z4/0"]);
  assert.ok(query.has("attention:Z4/X4") && query.has("attention:Z4/Z3/1") && !query.has("attention:Z3/X4"));
  const key = marksOf(["key:Z4/0"]);
  assert.ok(key.has("attention:Z4/Z3") && key.has("attention:Z5/Z3/1") && !key.has("attention:Z4/X3"));
  assert.ok(!key.has("row:Z4"));
});

test("what a stored number enters is said a kind after the other, by what is of the chosen digit", () => {
  const kinds = kindsOf(["query:x0/0", "query:Z3/0", "key:x0/0", "s:Z2/0"], 3);
  assert.deepEqual(kinds, [
    { item: "query:Z3/0", more: 1 },
    { item: "key:x0/0", more: 0 },
    { item: "s:Z2/0", more: 0 },
  ]);
  assert.equal(
    entersText("Queries: q0", [
      { name: "the query of Z3", more: 1 },
      { name: "a key", more: 0 },
    ]),
    "Queries: q0 enters the query of Z3, and 1 more; a key",
  );
});
