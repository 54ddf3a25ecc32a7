// The list of a site: as it is written, and however someone changed it by hand.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { siteIn } from "../../www/site.js";

const mine = { name: "mine", title: "Mine", sentence: "", file: "models/mine.json", input: "models/mine.json.input" };
const exact = { right_at_least: "0", right_at_most: "100000000000000000000", decided: true };

test("a list is read, and what is none is told from it", () => {
  const listed = (...models: unknown[]) => siteIn(JSON.stringify({ title: "Ours", models }));
  assert.deepEqual(listed(mine, { ...mine, exact }), { title: "Ours", models: [mine, { ...mine, exact }] });
  for (const model of [null, "mine", { ...mine, name: "" }, { ...mine, file: 3 }, { ...mine, input: undefined }]) {
    assert.equal(listed(model), null, JSON.stringify(model));
  }
  for (const right_at_most of ["1e20", "-1", "", 5, undefined]) {
    assert.equal(listed({ ...mine, exact: { ...exact, right_at_most } }), null, String(right_at_most));
  }
  for (const block of ["", "{", "[]", "null", '{"title":"Ours","models":[]}', JSON.stringify({ models: [mine] })]) {
    assert.equal(siteIn(block), null, block);
  }
});

test("whatever stands there gives a list or none", () => {
  fc.assert(
    fc.property(fc.json(), (block) => {
      assert.ok((siteIn(block)?.models.length ?? 1) > 0);
    }),
    { seed: 15 },
  );
});
