// What an embed is asked for: its attributes, and the part of an address that is after the "#".

import { RULER, MAP } from "../map.js";

/** Parts that can be hidden. Training is in no embed; it is taken, so that one list serves all that shows AdderScope. */
export const PARTS = ["edit", "digits", "verdict", "sentence", "table", "link", "train"] as const;
export type Part = (typeof PARTS)[number];

export const THEMES = ["auto", "light", "dark"] as const;
export type ThemeAsked = (typeof THEMES)[number];

/** Views that are no panel. */
export const OWN_VIEWS = ["sum", "steps", "figure"] as const;
/** By another name. */
const ALSO: Readonly<Record<string, string>> = { map: MAP, addition: RULER, overview: "figure", panels: "figure" };
export const DEFAULT_VIEW = RULER;

/** A view by its name; an address of the page names the page's own. */
export const viewOf = (name: string) => (name === "" ? DEFAULT_VIEW : (ALSO[name] ?? name));

/** The shape of a view: its width over its height, and the least height in rem. */
export interface Shape {
  readonly ratio: string;
  readonly least: number;
}
export const SHAPE: Shape = { ratio: "4 / 3", least: 25 };
/** Of views that have another one. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  sum: { ratio: "5 / 2", least: 15 },
  figure: { ratio: "3 / 2", least: 0 },
};

/** As a style sheet has it. */
export const styleOf = ({ ratio, least }: Shape) =>
  `display: block; aspect-ratio: ${ratio}; min-height: ${least === 0 ? "0" : `${least}rem`}`;

/** Views of one addition: those have its fields. */
export const isOfAddition = (view: string) => view === RULER || view === "sum" || view === "steps";

/** Names in a list, with spaces or commas between them. */
export const namesIn = (list: string) => list.split(/[\s,]+/).filter((name) => name !== "");

const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);

/** The parts that a list names, and what in it is none. */
export function hiddenBy(list: string): { readonly hidden: ReadonlySet<Part>; readonly unknown: readonly string[] } {
  const names = namesIn(list);
  return { hidden: new Set(names.filter(isPart)), unknown: names.filter((name) => !isPart(name)) };
}

/** What of an address is of an embed, by the names of its attributes; the rest is a state. */
const LAYOUT = ["view", "hide", "theme"] as const;

/** An address of embed.html, after its "#", as attributes. An address of the page opens too: with the panel that is large there. */
export function attributesOf(hash: string): Readonly<Record<(typeof LAYOUT)[number] | "state", string>> {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  const of = (name: string) => asked.get(name) ?? "";
  const theme = of("theme") === "system" ? "auto" : of("theme");
  const view = of("panel") === "" ? of("view") : of("panel");
  for (const name of [...LAYOUT, "panel", "tool", "compare", "lesson"]) asked.delete(name);
  return { view: viewOf(view), hide: of("hide"), theme: theme === "" ? "auto" : theme, state: readable(asked) };
}

/** As the page writes its own addresses: these mean nothing in one, and are easier to read as they are. */
export const readable = (address: URLSearchParams) =>
  address.toString().replace(/%7E/g, "~").replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%2F/g, "/");
