// Numbers as people read them: nothing else on the page writes one out. Grouping and decimals are those of the library's
// words, and tests/words.json holds cases for both.

/** 10010 → "10 010", with a narrow space that does not break. */
export const grouped = (value: number | string) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A number of `decimals` decimals, with a true minus sign and no −0. */
export function fixed(value: number, decimals: number) {
  const text = value.toFixed(decimals);
  if (!text.startsWith("-")) return text;
  return /[1-9]/.test(text) ? `−${text.slice(1)}` : text.slice(1);
}

/** A share of 1 that a verdict hangs on, rounded down: 98.997 % is not 99 %. Drawings have the library's, of one decimal. */
export const percentOf = (share: number) => `${fixed(Math.floor(share * 10_000) / 100, 2)} %`;

/** A share of 1 in whole percent, rounded down. */
export const wholePercentOf = (share: number) => `${Math.floor(100 * share)} %`;

/** A share of 1 as it was set, such as 0.99: with the digits that it has. */
export const percentSet = (share: number) => `${Number((share * 100).toPrecision(12))} %`;

/** Milliseconds. */
export const duration = (milliseconds: number) =>
  `${milliseconds < 10 ? fixed(milliseconds, 1) : grouped(Math.round(milliseconds))} ms`;

/** How long something still takes, from seconds. */
export function remaining(seconds: number) {
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3600)];
  if (hours > 0) return `${hours} h ${minutes % 60} min left`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s left` : `${Math.ceil(seconds)} s left`;
}

/** "1 edited number", "2 edited numbers". */
export const counted = (count: number, thing: string) => `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;

/** "training" → "Training" */
export const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A number of a table where there is little room, with three digits: what is nearly nothing is 0, what is no number stays. */
export function shortened(text: string) {
  if (text.length <= 5 || !/^-?\d+(\.\d+)?(e[-+]?\d+)?$/.test(text)) return text;
  const value = Number(text);
  if (Number.isInteger(value)) return text;
  if (Math.abs(value) < 5e-4) return "≈ 0";
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

/** Whether a text is a number as tables hold them: those stand at the right of their column. */
export const readsAsNumber = (text: string) => /^[-+−–]?[\d.,\s]*(e[-+]?\d+)?( ?%|°)?$/.test(text);
