// What is about the same is linked, by nothing but the texts of items.

import assert from "node:assert/strict";
import { test } from "node:test";
import { areLinked, entersText, marksOf } from "../../www/linking/aspects.js";

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
  assert.deepEqual([...marksOf(["hidden:Z4/0"])], ["hidden:Z4/0"]);
  assert.equal(
    entersText(["query:x0/0", "query:Z3/0", "key:x0/0", "s:Z2/0"], 3),
    "query:Z3/0 and 1 more, key:x0/0, s:Z2/0",
  );
  assert.equal(entersText([], 3), "");
});
