// What each crate adds to the page's part of the library: node --import tsx tools/crates.ts

import { readFileSync } from "node:fs";
import { functionsOf, readModule } from "./module.ts";
import { main } from "./run.ts";
import { named } from "./wasm.ts";

/** Crates that are printed; the rest is one line. */
const SHOWN = 14;
await main(() => {
  const bytes = readFileSync(named("adderscope", "simd"));
  const module = readModule(bytes);
  const data = module.segments.reduce((sum, { begin, end }) => sum + end - begin, 0);
  const crates = new Map([["data", data]]);
  for (const { name, begin, end } of functionsOf(module)) {
    const size = end - begin;
    const crate = name.match(/(\w+?)(?:\[[0-9a-f]+\])?::/)?.[1] ?? "other";
    crates.set(crate, (crates.get(crate) ?? 0) + size);
  }
  const sorted = [...crates].sort(([, a], [, b]) => b - a);
  const rest = sorted.slice(SHOWN).reduce((sum, [, size]) => sum + size, 0);
  for (const [crate, size] of [...sorted.slice(0, SHOWN), ["all others", rest] as const]) {
    console.log(`${String(size).padStart(9)} bytes  ${crate}`);
  }
});
