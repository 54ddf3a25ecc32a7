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
    case "place":
    case "token":
    case "row":
    case "dim":
    case "weight":
    case "direction":
    case "step":
    case "seed":
    case "addition":
      return [item];
    default:
      return [OF_PLACES.has(kind) ? `place:${readBy(first)}` : `row:${first}`, item];
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

/**
 * What marks what a stored number enters: the numbers of a pass themselves, the tokens whose embeddings are made of it, and
 * else the places whose positions are.
 */
export function marksOf(enters: readonly string[]): ReadonlySet<string> {
  const marks = new Set(enters);
  const of = (kind: string) => enters.filter((item) => item.startsWith(`${kind}:`));
  const tokens = of("embedding").map((item) => `token:${item.slice("embedding:".length).split("/")[0]}`);
  const rows = of("embed").map((item) => item.slice("embed:".length).split("/")[0] ?? "");
  for (const token of tokens) marks.add(token);
  if (tokens.length === 0) for (const row of rows) marks.add(`place:${readBy(row)}`);
  return marks;
}

/** What a stored number enters, in words: what is of this answer digit by name, and how much else. */
export function entersText(enters: readonly string[], digit: number): string {
  const kinds = new Map<string, string[]>();
  for (const item of enters) {
    const kind = item.slice(0, item.indexOf(":"));
    kinds.set(kind, [...(kinds.get(kind) ?? []), item]);
  }
  const own = new RegExp(`:Z${digit}/`);
  const parts = [...kinds.values()].map((items) => {
    const named = items.find((item) => own.test(item)) ?? items[0] ?? "";
    return items.length > 1 ? `${named} and ${items.length - 1} more` : named;
  });
  return parts.join(", ");
}
