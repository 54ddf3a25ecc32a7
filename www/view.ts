// How a figure is seen.

import type { Alignment, Figure, Theme } from "./library-types.js";

export interface View {
  figure: Figure;
  alignment: Alignment;
  theme: Theme;
}
