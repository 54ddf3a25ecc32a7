// The state of the page as one file: whatever it is, the page around it stays as it was, and what is no state opens nothing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { decode } from "../../www/state/address.js";
import { lettered, unlettered } from "../../www/single/letters.js";
import { addressIn, stateBlock, withState } from "../../www/single/state.js";

const page = (address: string) => `<head><meta />${stateBlock({ address })}<style></style></head><script>f()</script>`;

/** What a browser finds in the block: all up to the first end of a script. */
const found = (text: string) => /id="adderscope-state">([^]*?)<\/script>/.exec(text)?.[1] ?? "";

test("any state goes into the page and comes out of it, and nothing else changes", () => {
  const hostile = fc.constantFrom("</script><script>alert(1)</script>", "<!--", "$&$1", "model=67p&step=1", '"}');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), hostile), hostile, (address, before) => {
      const changed = withState(page(before), { address });
      assert.equal(changed, page(address));
      assert.equal(addressIn(found(changed)), address.replace(/^#/, ""));
      assert.doesNotMatch(found(changed), /</);
    }),
  );
});

test("a block that people wrote is read with the # of an address, and complained of where it holds none", () => {
  assert.equal(addressIn('{ "address": "#model=67p&step=244000" }'), "model=67p&step=244000");
  assert.equal(addressIn(" "), "");
  for (const block of ["{", "null", "[]", '{"address":7}', '{"address":"model=67p",}', '"model=67p"']) {
    const { state, complaints } = decode(addressIn(block), ["57p", "67p"]);
    assert.equal(complaints.length, 1, block);
    assert.deepEqual(state, decode("", ["57p", "67p"]).state);
  }
});

test("a page without the block is not saved", () => {
  assert.throws(() => withState("<html></html>", { address: "" }), /has no state to change: reload the page/);
});

test("bytes become letters of which a block of a script never ends, and come back as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const letters = lettered(bytes);
      assert.doesNotMatch(letters, /[^#-~]|</);
      assert.ok(letters.length <= Math.ceil(bytes.length * 1.25));
      assert.deepEqual([...unlettered(letters)], [...bytes]);
    }),
  );
});

test("some bytes have the letters that the command line's test reads too", () => {
  const known = readFileSync(new URL("../letters.json", import.meta.url), "utf8");
  for (const [bytes, letters] of JSON.parse(known) as [number[], string][]) {
    assert.equal(lettered(Uint8Array.from(bytes)), letters);
    assert.deepEqual([...unlettered(letters)], bytes);
  }
});
