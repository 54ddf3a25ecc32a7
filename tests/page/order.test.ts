// The order of a module's functions: all of them, like ones beside each other, the same every time.

import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { readModule } from "../../tools/module.ts";
import { likeBesideLike, namedByOrder } from "../../tools/order.ts";

/** Bytes of one of several kinds; few differ within a kind. */
const body = (kind: number, which: number) =>
  Uint8Array.from({ length: 80 }, (_, at) => (at === 5 * (which + 1) ? which : (kind * 37 + at * (kind + 3)) % 251));

test("like functions stand beside each other", () => {
  const kinds = Array.from({ length: 60 }, (_, place) => place % 5);
  const bodies = kinds.map((kind, place) => body(kind, Math.floor(place / 5)));
  const order = likeBesideLike(bodies);
  deepEqual(
    [...order].sort((a, b) => a - b),
    [...bodies.keys()],
    "each of them once",
  );
  const changes = order.filter((place, at) => at > 0 && kinds[place] !== kinds[order[at - 1] ?? 0]).length;
  equal(changes, 4, "from kind to kind but once");
  deepEqual(likeBesideLike(bodies), order);
});

test("what is like nothing else, or empty, stands somewhere", () => {
  deepEqual(likeBesideLike([]), []);
  equal(likeBesideLike([new Uint8Array(), Uint8Array.of(11), body(1, 1), body(4, 2)]).length, 4);
});

/** A module of two functions, the first imported: `(import "a" "b" (func)) (func) (func nop)`. */
const MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 7, 1, 1, 0x61, 1, 0x62, 0, 0],
  ...[3, 3, 2, 0, 0],
  ...[10, 8, 2, 2, 0, 0x0b, 3, 0, 0x01, 0x0b],
);

test("a module's own functions have names by their places, and nothing else changes", () => {
  const named = namedByOrder(MODULE);
  const { names, bodies, imported } = readModule(named);
  equal(imported, 1);
  equal(bodies.length, 2);
  deepEqual([...names.keys()], [1, 2]);
  deepEqual([...names.values()].sort(), ["000000", "000001"]);
  ok(Buffer.from(named).subarray(0, MODULE.length).equals(MODULE));
  deepEqual(readModule(namedByOrder(named)).names, names, "names are made anew, not once more");
});
