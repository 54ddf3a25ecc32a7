// What a link is made of: the page's address, and the state behind its "#".

import { counted, grouped } from "../format.js";
import { encode, linked, type Gallery } from "../state/address.js";
import { additionOf, shownModel, type State } from "../state/state.js";

/** Longer ones are cut by programs that send them: the file goes in their place. */
export const MOST = 8000;

/** Whether the model of this state is nowhere but in this tab: a link to it has the weights in it. */
export function needsWeights(state: State) {
  const { bundled = "", weights, src } = shownModel(state) ?? {};
  return bundled === "" && weights === undefined && src === undefined;
}

/**
 * The link to what a state shows.
 * @param weights what a link has of the model, `weights=…`, where it needs that: one snapshot, of which nothing is earlier
 * @param page the address of the page, with or without what is behind "#"
 */
export function linkTo(state: State, weights: string | null, gallery: Gallery, page: string) {
  const alone = { step: null, scales: state.scales === "run" ? "auto" : state.scales } as const;
  const shared = weights === null ? state : linked({ ...state, ...alone }, weights.replace(/^weights=/, ""));
  // What the page opens with by itself may be another one day.
  const { a, b } = additionOf(state);
  return `${page.replace(/#.*$/s, "")}#${encode({ ...shared, a: String(a), b: String(b) }, gallery)}`;
}

/** Whether the page is a file, whose address tells of a disk. */
export const isOnDisk = ({ protocol }: Pick<Location, "protocol">) => protocol === "file:";

/** Why an address leads nobody else to this page, or "". */
export function whyOnlyHere({ protocol, hostname }: Pick<Location, "protocol" | "hostname">) {
  if (isOnDisk({ protocol })) return "The address is that of a file on this machine";
  if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return "The address leads to this machine alone";
  return "";
}

/** What a link has in it, for a person. @param file of the model @param at where a run stands */
export function contentsOf(
  { edits, interventions, digit }: State,
  file: string,
  at: number | null,
  hasWeights: boolean,
) {
  const step = at === null ? "" : ` at step ${grouped(at)}`;
  const done = [
    ...(edits.length > 0 ? [counted(edits.length, "edited number")] : []),
    ...(interventions.length > 0 ? [counted(interventions.length, "intervention")] : []),
    digit === null ? "the addition" : `the addition with digit Z${digit}`,
  ].join(", ");
  const model = hasWeights ? `holds the weights of ${file}${step}, ` : `names ${file}${step}, and holds `;
  return `It ${model}${done} and the view. All results are computed anew by whoever opens it, in their own theme.`;
}
