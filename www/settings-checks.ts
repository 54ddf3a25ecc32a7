// What is checked of a training form beside what the trainer itself checks.

/** More seeds than this at a time are hard to tell apart. */
export const MOST_SEEDS = 32;

/**
 * The seeds of a lottery, or what is wrong with them.
 * @param isSeed whether the trainer takes it
 */
export function seedsOf(first: string, last: string, isSeed: (text: string) => boolean): number[] | string {
  const [from = NaN, to = NaN] = [first, last].map((text) => (isSeed(text.trim()) ? Number(text) : NaN));
  if (Number.isNaN(from) || Number.isNaN(to)) return "seeds are whole numbers from 0, like 0 to 7";
  if (to < from) return `the last seed, ${to}, is before the first, ${from}`;
  if (to - from >= MOST_SEEDS) return `${to - from + 1} seeds are more than ${MOST_SEEDS} at a time`;
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** A fresh seed is short enough to be told to someone. */
export const shortSeed = (seed: string) => String(BigInt(seed) % 100_000n);
