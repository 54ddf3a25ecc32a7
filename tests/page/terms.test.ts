// Words that may need an explanation are found in a text, each once.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Finder } from "../../www/terms/find.js";

const term = (name: string, ...forms: string[]) => ({ name, forms, meaning: `What ${name} is.` });
const finder = new Finder([
  term("X", "X"),
  term("logits", "logits", "logit"),
  term("lens", "logit lens"),
  term("query", "Q/K"),
]);

const found = (text: string, known = new Set<string>()) =>
  finder.pieces(text, known).flatMap(({ text, term }) => (term ? [`${text}: ${term.name}`] : []));

test("whole words are found, the longest form first, each term once", () => {
  assert.deepEqual(found("X and X9 in Q/K space"), ["X: X", "Q/K: query"]);
  assert.deepEqual(found("the logit lens reads a logit, as logits"), ["logit lens: lens", "logit: logits"]);
  assert.deepEqual(found("a logits-like thing, eXact"), ["logits: logits"]);
  assert.deepEqual(found("X", new Set(["X"])), []);
});

test("whatever the text, its pieces are the text", () => {
  const words = fc.array(fc.constantFrom("X", "logit", "logits", "logit lens", "Q/K", "a", " ", ".", "é"));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((all) => all.join("")),
      ),
      (text) => {
        const pieces = finder.pieces(text, new Set());
        assert.equal(pieces.map((piece) => piece.text).join(""), text);
      },
    ),
  );
});
