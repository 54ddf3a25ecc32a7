// What an item is about. Two items are linked where all that one is about the other is about too: the row of an answer digit
// with each number of that row, a place with all that looks at it.

/** The place whose token a row reads: rows of the answer are called after the digit that they predict. */
function readBy(row: string): string {
  if (row === "EOS") return "Z10";
  const digit = /^Z(\d+)$/.exec(row)?.[1];
  if (digit === undefined) return row.toUpperCase();
  return digit === "0" ? "EQUALS" : `Z${Number(digit) - 1}`;
}

/** Points of a pass at which a number belongs to what stands at a place. */
const OF_PLACES = new Set(["embed", "normed", "key", "value"]);
/** And at which to the row. */
const OF_ROWS = new Set("query read s after_attention ffn_input hidden active after_ffn final token_space".split(" "));

function aspects(item: string): readonly string[] {
  const [kind = "", which = ""] = item.split(":");
  const [first = "", second = "", third = ""] = which.split("/");
  switch (kind) {
    case "attention":
    case "score":
      return [`row:${first}`, `place:${second}`, `head:${third}`];
    case "logits":
      return [`row:${first}`, `token:${second}`];
    case "embedding":
      return [`token:${first}`, item];
    case "norm":
      return [`dim:${second}`, item];
    case "carry":
    case "carry_before":
      return [`row:${first}`, `${kind}:${second}`];
    case "case":
      return [`row:${first}`, `before:${second}`, `carry:${third}`, `case:${which}`];
    default:
      if (OF_PLACES.has(kind)) return [`place:${readBy(first)}`, item];
      return OF_ROWS.has(kind) ? [`row:${first}`, item] : [item];
  }
}

const known = new Map<string, readonly string[]>();
/** More than a page ever shows; what an address or a file brings has no end. */
const MOST_KNOWN = 20_000;

function aspectsOf(item: string): readonly string[] {
  const found = known.get(item) ?? aspects(item);
  if (known.size > MOST_KNOWN) known.clear();
  known.set(item, found);
  return found;
}

/** Whether two items are about the same. */
export function areLinked(one: string, other: string): boolean {
  if (one === other) return true;
  const [fewer = [], more = []] = [aspectsOf(one), aspectsOf(other)].sort((a, b) => a.length - b.length);
  return fewer.every((aspect) => more.includes(aspect));
}

/** What is marked, by the text of an item. */
export interface Marks {
  has(item: string): boolean;
}

/**
 * What marks what a stored number enters: the numbers of a pass themselves; attention, where queries and keys are made of it;
 * the tokens whose embeddings are, and else the places whose positions are.
 */
export function marksOf(enters: readonly string[]): Marks {
  const marks = new Set(enters);
  const of = (kind: string) => enters.filter((item) => item.startsWith(`${kind}:`));
  const rowsOf = (kind: string) => of(kind).map((item) => item.slice(kind.length + 1).split("/")[0] ?? "");
  const tokens = of("embedding").map((item) => `token:${item.slice("embedding:".length).split("/")[0]}`);
  for (const token of tokens) marks.add(token);
  if (tokens.length === 0) for (const row of rowsOf("embed")) marks.add(`place:${readBy(row)}`);
  const asking = new Set(rowsOf("query"));
  const asked = new Set(rowsOf("key").map(readBy));
  return {
    has(item) {
      if (marks.has(item)) return true;
      const [row = "", place = ""] = /^attention:([^/]+)\/([^/]+)/.exec(item)?.slice(1) ?? [];
      return asking.has(row) || asked.has(place);
    },
  };
}

/** What a stored number enters, a kind of numbers after the other: one of this answer digit where there is one, and how many more. */
export function kindsOf(enters: readonly string[], digit: number): { item: string; more: number }[] {
  const kinds = new Map<string, string[]>();
  for (const item of enters) {
    const kind = item.slice(0, item.indexOf(":"));
    kinds.set(kind, [...(kinds.get(kind) ?? []), item]);
  }
  const own = new RegExp(`:Z${digit}/`);
  return [...kinds.values()].map((items) => ({
    item: items.find((item) => own.test(item)) ?? items[0] ?? "",
    more: items.length - 1,
  }));
}

/** A sentence of what `kindsOf` found, each by its name. */
export const entersText = (name: string, kinds: readonly { name: string; more: number }[]) =>
  `${name} enters ${kinds.map(({ name, more }) => (more > 0 ? `${name}, and ${more} more` : name)).join("; ")}`;
