// Pictures of a model as it opens, beside its file on an AdderScope site: there until the library is.

/** Which there are, and where, from the site's folder. */
export interface Stills {
  /** With its slash. */
  readonly folder: string;
  readonly views: readonly string[];
}

/** The twelve panels together, as a view. */
export const FIGURE = "figure";

/** The file of a view. */
export const still = (view: string, theme: "light" | "dark") => `${view}-${theme}.svg`;
