// How soon models with one number moved are decided, by the built part with SIMD in Node:
// node --import tsx benches/edits.ts
//
// 200 edits each of the last snapshots of 57p and 67p, by 1 to 10 % up or down; the processor's time counts,
// and of a few tries the quickest: other programs only ever make it longer.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { adderscope, exact, formats } from "../tools/library.ts";
import { source } from "../tools/paths.ts";
import { main } from "../tools/run.ts";

const EDITS = 200;
const TRIES = 3;
/** So long a model may take, in milliseconds, and so long a slider that is dragged waits for first bounds. */
const [DECIDED, FIRST] = [100, 30];
/** Of all edits so many are to be decided in time. */
const SHARE = 0.95;
/** As www/exact/deciding.ts goes about it: intervals at a time, and milliseconds until bounds are first told. */
const [EVALUATIONS, TOLD] = [500, 10];

/** Numbers from 0 to 1, the same in every run: https://en.wikipedia.org/wiki/Linear_congruential_generator */
function* numbers(): Generator<number> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

await main(async () => {
  const [{ Session }, { Deciding }, { read_files }] = [await adderscope("simd"), await exact("simd"), await formats()];
  for (const name of ["57p", "67p"]) {
    const file = `${name}.history.safetensors`;
    const input = read_files([{ name: file, bytes: readFileSync(join(source, "models", name, file)) }]);
    const session = new Session();
    session.open(input);
    const learned = session
      .weights()
      .tensors.flatMap((tensor) => tensor.numbers.map(({ original }, index) => ({ name: tensor.name, index, original })));
    const random = numbers();
    const drawn = () => random.next().value as number;
    const times = Array.from({ length: EDITS }, () => {
      const { original, ...place } = learned[Math.floor(drawn() * learned.length)] ?? { name: "", index: 0, original: 0 };
      const value = original * (1 + (drawn() < 0.5 ? -1 : 1) * (0.01 + 0.09 * drawn()));
      let [first, decided] = [Infinity, Infinity];
      for (let tries = 0; tries < TRIES; tries++) {
        const start = process.cpuUsage();
        const spent = () => {
          const { user, system } = process.cpuUsage(start);
          return (user + system) / 1000;
        };
        const deciding = new Deciding(input, undefined, [{ ...place, value }]);
        let isDone = false;
        while (!isDone && spent() < TOLD) isDone = deciding.step(EVALUATIONS);
        if (isDone) deciding.bounds();
        else deciding.bounds_soon();
        first = Math.min(first, spent());
        while (!isDone && spent() < DECIDED) isDone = deciding.step(EVALUATIONS);
        if (deciding.bounds().decided) decided = Math.min(decided, spent());
        deciding.free();
      }
      return { first, decided };
    });
    const sorted = (of: "first" | "decided") => times.map((time) => time[of]).sort((a, b) => a - b);
    const [firsts, all] = [sorted("first"), sorted("decided")];
    const inTime = all.filter((time) => time <= DECIDED).length;
    const at = (list: number[], share: number) => (list[Math.ceil(share * list.length) - 1] ?? NaN).toFixed(1);
    console.log(
      `${name}: ${inTime} of ${EDITS} edits decided within ${DECIDED} ms (wanted ${SHARE * EDITS}); half of them within ` +
        `${at(all, 0.5)} ms, ${100 * SHARE} % within ${at(all, SHARE)} ms; first bounds after ${at(firsts, 1)} ms at most ` +
        `(wanted ${FIRST})`,
    );
  }
});
