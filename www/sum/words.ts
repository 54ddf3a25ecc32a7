// The model's answer to one addition, in words.

import { fixed, grouped } from "../format.js";
import type { Answered, Place } from "../library-types.js";

/** What the model said wrong, the ones first. */
export const wrongPlaces = ({ places }: Answered) => places.filter(({ said, right }) => said !== right);

/** The answer digit to look at: the one that was chosen, else the first wrong one, else the one with the smallest lead. */
export function lookedAt(answered: Answered, digit: number | null): number {
  if (digit !== null) return digit;
  const [wrong] = wrongPlaces(answered);
  if (wrong) return wrong.digit;
  const leadOf = ({ lead }: Place) => lead ?? Infinity;
  return answered.places.reduce((least, each) => (leadOf(each) < leadOf(least) ? each : least), {
    digit: 0,
    lead: null,
  } as Place).digit;
}

/** A lead, as short as it is told apart from none. */
export function leadOf({ lead }: Place): string {
  if (lead === null) return "";
  if (lead > 0 && lead < 0.05) return lead < 0.001 ? "<0.001" : fixed(lead, 3);
  return fixed(lead, lead < 10 ? 1 : 0);
}

/** A digit of the answer, as it is read out. */
export function spokenPlace(place: Place): string {
  const { digit, said, right, lead } = place;
  const what = said === null ? "nothing said" : String(said);
  const whether = said === right ? "right" : `wrong, ${right} is right`;
  return `Z${digit}: ${what}, ${whether}${lead === null ? "" : `, leads by ${leadOf(place)}`}`;
}

/** "57 + 68", grouped. */
export const sumText = ({ a, b }: { a: number; b: number }) => `${grouped(a)} + ${grouped(b)}`;

/** Whether the model is right, and where it is not. */
export function verdictOf(answered: Answered): { verdict: string; detail: string } {
  const { a, b, answer, correct, places } = answered;
  if (correct) return { verdict: "Right:", detail: `${grouped(answer)}.` };
  const wrong = wrongPlaces(answered);
  const silent = places.find(({ said }) => said === null);
  if (silent) {
    const detail = `It ends its answer before Z${silent.digit}; ${grouped(a + b)} is right.`;
    return { verdict: "Wrong.", detail };
  }
  const verdict = `Wrong in ${wrong.length === 1 ? "one digit" : `${wrong.length} digits`}:`;
  const named = wrong.slice(0, 1).map(({ digit, right }) => `Z${digit} should be ${right}`);
  const rest = wrong.length > named.length ? ", …" : "";
  return { verdict, detail: `${named.join("")}${rest}; ${grouped(a + b)} is right.` };
}

/** The same, read out. */
export function spokenAnswer(answered: Answered): string {
  const { verdict, detail } = verdictOf(answered);
  const whether = answered.correct
    ? "which is right."
    : `${verdict.charAt(0).toLowerCase()}${verdict.slice(1)} ${detail}`;
  return `${sumText(answered)}: the model says ${grouped(answered.answer)}, ${whether}`;
}
