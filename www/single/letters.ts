// Bytes as letters that a script's block can hold: four bytes are five of 85 letters, where base64 takes six of 64 for
// four and a half. The letters run from "#" on and leave out "<", with which the block would end.

const BASE = 85;
const FIRST = 0x23;
const LEFT_OUT = 0x3c;

const letterOf = (digit: number) => (FIRST + digit < LEFT_OUT ? FIRST + digit : FIRST + digit + 1);
const digitOf = (letter: number) => (letter < LEFT_OUT ? letter - FIRST : letter - FIRST - 1);

/** Bytes as letters. */
export function lettered(bytes: Uint8Array): string {
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    let number = 0;
    for (let of = 0; of < 4; of += 1) number = number * 256 + (bytes[at + of] ?? 0);
    const letters: number[] = [];
    for (let of = 0; of < 5; of += 1) {
      letters.unshift(letterOf(number % BASE));
      number = Math.floor(number / BASE);
    }
    // Of the last word as many as its bytes need: one more than they are.
    words.push(String.fromCharCode(...letters.slice(0, Math.min(4, bytes.length - at) + 1)));
  }
  return words.join("");
}

/** What `lettered` wrote. */
export function unlettered(letters: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((letters.length * 4) / 5));
  for (let [from, to] = [0, 0]; from < letters.length; from += 5, to += 4) {
    let number = 0;
    for (let of = 0; of < 5; of += 1) {
      const digit = from + of < letters.length ? digitOf(letters.charCodeAt(from + of)) : BASE - 1;
      number = number * BASE + digit;
    }
    for (let of = 3; of >= 0; of -= 1) {
      if (to + of < bytes.length) bytes[to + of] = number % 256;
      number = Math.floor(number / 256);
    }
  }
  return bytes;
}
