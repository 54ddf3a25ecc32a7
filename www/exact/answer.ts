// An answer beside the sum, digit by digit, with the lead of the right digit in each place.

/** A place of the answer. */
export interface Place {
  /** Z10 … Z0, the most significant first. */
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly right: number;
  readonly said: number;
  readonly isRight: boolean;
  /** By how much the right digit's logit leads all others, after right digits; negative where another one leads. */
  readonly lead: number;
}

/** Answer digits, and the row that says the first. */
const [DIGITS, EQUALS] = [11, 21];

const digitOf = (number: number, place: number) => Math.floor(number / 10 ** place) % 10;

function leadOf(logits: readonly number[], right: number) {
  const others = logits.filter((_, token) => token !== right);
  return (logits[right] ?? NaN) - Math.max(...others);
}

/** @param trace of `a + b` */
export function places({
  a,
  b,
  answer,
  logits,
}: {
  a: number;
  b: number;
  answer: number;
  logits: readonly (readonly number[])[];
}): Place[] {
  const summand = (number: number, place: number) =>
    place > 0 && number < 10 ** place ? "" : String(digitOf(number, place));
  return Array.from({ length: DIGITS }, (_, at) => {
    const place = DIGITS - 1 - at;
    const [right, said] = [digitOf(a + b, place), digitOf(answer, place)];
    const lead = leadOf(logits[EQUALS + place] ?? [], right);
    const [ofA, ofB] = [summand(a, place), summand(b, place)];
    return { name: `Z${place}`, a: ofA, b: ofB, right, said, isRight: right === said, lead };
  });
}
