// The state that the page as one file opens with: in a block of its own, so that scripts, and their hashes in the page's
// policy, are the same whatever it is.

/** What the block holds, as JSON. */
interface Opens {
  /** As after the "#". */
  readonly address: string;
}

/** The block's id. */
export const STATE = "adderscope-state";

const BEGIN = `<script type="application/json" id="${STATE}">`;
const END = "</script>";

/** The block as markup. */
export const stateBlock = (opens: Opens) => `${BEGIN}${JSON.stringify(opens).replaceAll("<", "\\u003c")}${END}`;

/** The text of the page as one file, so that it opens with another state. */
export function withState(page: string, opens: Opens): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error("The page as one file has no state to change: reload the page");
  return page.slice(0, begin) + stateBlock(opens) + page.slice(end + END.length);
}

/** The address in the block's text, which people change by hand: where it is none, all of it, so that the page complains of it. */
export function addressIn(block: string): string {
  try {
    const { address } = JSON.parse(block) as Partial<Record<string, unknown>>;
    return typeof address === "string" ? address.replace(/^#/, "") : block;
  } catch {
    return block.trim();
  }
}
