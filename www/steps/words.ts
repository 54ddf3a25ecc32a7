// One answer digit step by step, in words and numbers.

import { fixed } from "../format.js";
import type { Answered, Explanation, LensStage, LogitPart, Stage, Steps, StepSource } from "../library-types.js";

/** A number in running text: two decimals, more for small ones. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001) return value.toExponential(1).replaceAll("-", "−").replace("e+", "e");
  const decimals = size >= 100 ? 1 : size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
  return fixed(value, decimals);
}

/** A number with all digits that tell: those of an arithmetic add up. */
export const exactText = (value: number): string =>
  String(Number(value.toPrecision(6)))
    .replaceAll("-", "−")
    .replace("e+", "e");

/** A share of 1: never rounded up to all, or down to nothing. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0005) return "< 0.1 %";
  if (share < 1 && share >= 0.9995) return "> 99.9 %";
  return `${fixed(100 * share, share === 0 || share === 1 ? 0 : 1)} %`;
}

/** How a number is made, and what it is called. What no item names is explained here. */
export interface Arithmetic extends Pick<Explanation, "value" | "formula" | "rule" | "scale" | "terms"> {
  readonly title: string;
  /** What is said of it where one of these is pointed at: it is made of them. */
  readonly madeOf?: readonly string[];
}

const SUM = { kind: "sum" } as const;

type Addend = Explanation["terms"][number];
type Factor = Addend["factors"][number];

const factor = (label: string, value: number): Factor => ({ item: null, label, value });
const addend = (...factors: Factor[]): Addend => ({
  item: null,
  label: factors.map(({ label }) => label).join(" · "),
  value: factors.reduce((product, { value }) => product * value, 1),
  factors,
});

const itemsOf = (terms: readonly Addend[]) =>
  terms.flatMap(({ factors }) => factors).flatMap(({ item }) => (item === null ? [] : [item]));

/** What a source adds. */
export const productOf = ({ name, weight, value, product }: StepSource): Arithmetic => ({
  title: `What ${name} adds`,
  value: product,
  formula: "weight · what is read of the value",
  rule: SUM,
  scale: [],
  terms: [addend(weight, factor(`what is read of ${name}`, value))],
  madeOf: itemsOf([addend(weight)]),
});

/** What is read of a source's value. */
export const valueOf = ({ name, value, terms }: StepSource): Arithmetic => ({
  title: `What is read of ${name}`,
  value,
  formula: "Σ value · what reads it",
  rule: SUM,
  scale: [],
  terms,
  madeOf: itemsOf(terms),
});

/** What all sources add up to. */
export const totalOf = ({ along, total, sources }: Steps): Arithmetic => ({
  title: along === "number" ? "s, what attention adds up" : "How far attention moved the row",
  value: total,
  formula: along === "number" ? "s = Σ weight · value" : "length = Σ weight · value along the direction",
  rule: SUM,
  scale: [],
  terms: sources.map(({ name, weight, value }) => addend(weight, factor(`what is read of ${name}`, value))),
});

/** A token's share after the softmax. */
export function probabilityOf({ tokens }: Steps, token: number): Arithmetic {
  const largest = Math.max(...tokens.map(({ logit }) => logit.value));
  return {
    title: `Probability of ${token}`,
    value: tokens[token]?.probability ?? NaN,
    formula: "exp(logit − largest) / Σ exp(logit − largest)",
    rule: { kind: "share", term: token },
    scale: [],
    terms: tokens.map(({ logit }) =>
      addend({ ...factor(`exp(${logit.label} − largest)`, Math.exp(logit.value - largest)), item: logit.item }),
    ),
  };
}

export const STAGES: Readonly<Record<Stage, string>> = {
  embed: "its token and position",
  attention: "attention",
  ffn: "the FFN",
};

/** What the stages add to a token's logit, which is their sum. */
export const partsOf = ({ tokens, parts }: Steps, token: number): Arithmetic => ({
  title: `What makes the logit of ${token}`,
  value: tokens[token]?.logit.value ?? NaN,
  formula: "what each stage writes, read by the last norm, with the rms of the whole, and the head",
  rule: SUM,
  scale: [],
  terms: parts.map(({ stage, logits }) => addend(factor(STAGES[stage], logits[token] ?? NaN))),
});

/** What a stage adds to the logit of the token that is said. */
export const partOf = ({ stage, logits, scale, terms }: LogitPart, said: number): Arithmetic => ({
  title: `What ${STAGES[stage]} adds to the logit of ${said}`,
  value: logits[said] ?? NaN,
  formula: "Σ what it writes · what the last norm, the head and the token’s embedding read of that, / rms of the whole",
  rule: SUM,
  scale: [scale],
  terms,
  madeOf: itemsOf(terms),
});

/** The logit of what would be said after a stage. */
export const lensOf = ({ stage, said, logits, scale, terms }: LensStage): Arithmetic => ({
  title: `Logit of ${said} after ${STAGES[stage]}`,
  value: logits[said] ?? NaN,
  formula: "Σ stream · norm · what the head and the token’s embedding read of that, / rms of this stage’s own stream",
  rule: SUM,
  scale: [scale],
  terms,
  madeOf: itemsOf(terms),
});

/** What scale, rule and terms come to. */
export function combined({ value, rule, scale, terms }: Arithmetic): number {
  const sum = terms.reduce((all, term) => all + term.value, 0);
  const times = scale.reduce((product, each) => product * each.value, 1);
  switch (rule.kind) {
    case "given":
      return value;
    case "cos":
      return Math.cos(sum) * times;
    case "sin":
      return Math.sin(sum) * times;
    case "share":
      return ((terms[rule.term]?.value ?? NaN) / sum) * times;
    case "sum":
      return sum * times;
    case "gelu":
      return value;
  }
}

/** What becomes of the terms' sum. */
export const RULES: Readonly<Record<Explanation["rule"]["kind"], string>> = {
  given: "",
  sum: "the sum",
  cos: "the sum, of which the cosine",
  sin: "the sum, of which the sine",
  gelu: "the sum, of which GELU",
  share: "the sum, of which the share",
};

/** What is said, and how that is of the model's own answer. */
export function headline({ digit, said, right, before }: Steps, answered: Answered): string {
  const after = before === null ? "After EQUALS" : `After Z${digit - 1} = ${before}`;
  const judged = said === right ? "which is right" : `but ${right} is right`;
  const own = answered.places[digit]?.said;
  const other =
    own === undefined || own === said
      ? ""
      : ` These are steps after right digits; in its own answer, after what it said before, it ${own === null ? "is silent here" : `says ${own}`}.`;
  return `${after} it says ${said}, ${judged}.${other}`;
}

/** Below this share of the largest a source has no row of its own. */
const LEAST = 0.002;

/** The largest sources, in the order of their places, and what all others add. */
export function largest(sources: readonly StepSource[], most: number): { shown: StepSource[]; rest: number } {
  const bySize = [...sources].sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  const least = LEAST * Math.abs(bySize[0]?.product ?? 0);
  const count = Math.min(most, bySize.filter(({ product }) => Math.abs(product) > least).length);
  const place = (source: StepSource) => sources.indexOf(source);
  const shown = bySize.slice(0, count).sort((one, other) => place(one) - place(other));
  return { shown, rest: bySize.slice(count).reduce((sum, { product }) => sum + product, 0) };
}
