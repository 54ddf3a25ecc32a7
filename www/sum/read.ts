// What people write as numbers to be added, such as "57 + 68", "1,234 and 5 678" pasted from a sheet, or a single number.

/** What was read: an addition, a number alone, or why it is neither, for a person; null: it is no attempt at either. */
export type Read =
  | { readonly kind: "sum"; readonly a: string; readonly b: string }
  | { readonly kind: "number"; readonly value: string }
  | { readonly kind: "refused"; readonly why: string }
  | null;

/** Digits of a summand. */
export const DIGITS = 10;

/** A text longer than this is a file's: nobody writes a sum so. */
const MAX_LENGTH = 200;
/** All that can stand in a sum: digits, what groups them, signs, and what separates two numbers. */
const ATTEMPT = /^[\d\s.,'’_+\-−–=;]*\d[\d\s.,'’_+\-−–=;]*$/;
/** Spaces of any width that stand within a line. */
const SPACE = "[ \\u00a0\\u2007\\u2009\\u202f]";
/** Three by three. */
const groups = (separator: string) => new RegExp(`^\\d{1,3}(${separator}\\d{3})+$`);
const BY_COMMA = groups(",");
const BY_SPACE = groups(SPACE);
/** Once is as well a decimal point: it takes two to be sure. */
const BY_DOT = /^\d{1,3}(\.\d{3}){2,}$/;
/** These group digits anywhere, and mean nothing else. */
const MARKS = /(?<=\d)['’_](?=\d)/g;

const refused = (why: string) => ({ kind: "refused", why }) as const;

/** A number without what groups its digits; null where it is none. */
function digitsOf(written: string): string | null {
  const text = written.trim().replace(MARKS, "");
  if (/^\d+$/.test(text)) return text;
  return [BY_COMMA, BY_SPACE, BY_DOT].some((each) => each.test(text)) ? text.replace(/\D/g, "") : null;
}

/** Without zeros at its front. */
const plain = (digits: string) => digits.replace(/^0+(?=\d)/, "");

const clipped = (text: string) => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

/** Why a text is not a number of at most ten digits. */
function why(written: string) {
  const text = written.trim();
  if (text === "") return "A number is missing: an addition has two, as in 57 + 68";
  if (/[-−–+]/.test(text)) return `“${clipped(text)}” has a sign: only whole numbers from 0 up are added`;
  if (/\d[.,]\d/.test(text)) return `“${clipped(text)}” reads as a decimal fraction: only whole numbers are added`;
  return `“${clipped(text)}” is not a whole number`;
}

/** A summand, or why it is none. */
function summand(written: string): { value: string } | { why: string } {
  const digits = digitsOf(written);
  if (digits === null) return { why: why(written) };
  const value = plain(digits);
  if (value.length > DIGITS) return { why: `${clipped(value)} has ${value.length} digits: ten are the most` };
  return { value };
}

function sumOf([one, other, ...more]: readonly string[]): Read {
  if (one === undefined || other === undefined || more.length > 0) {
    return refused("Two numbers can be added, not more: as in 57 + 68");
  }
  const [a, b] = [summand(one), summand(other)];
  if ("why" in a) return refused(a.why);
  if ("why" in b) return refused(b.why);
  return { kind: "sum", a: a.value, b: b.value };
}

/** Numbers that no plus stands between: by lines, cells of a sheet, semicolons, or a comma and a space. */
function listed(text: string): readonly string[] {
  const parts = text.split(/[\n\r\t;]+|,\s+|\s{2,}/).filter((part) => part.trim() !== "");
  if (parts.length > 1) return parts;
  const pair = text.split(new RegExp(SPACE));
  // "57 68" are two, "1 234" is one.
  return pair.length === 2 && digitsOf(text) === null ? pair : [text];
}

/** Reads a text that may be an addition. */
export function read(written: string): Read {
  if (written.length > MAX_LENGTH || !ATTEMPT.test(written)) return null;
  const [text = "", ...answers] = written.trim().split("=");
  if (answers.length > 1) return refused("More than one “=” is in it: as in 57 + 68 =");
  if (/^\s*[-−–+]/.test(text)) return refused(why(text));
  if (text.includes("+")) return sumOf(text.split("+"));
  const parts = listed(text);
  if (parts.length > 1) return sumOf(parts);
  const number = summand(text);
  return "why" in number ? refused(number.why) : { kind: "number", value: number.value };
}
