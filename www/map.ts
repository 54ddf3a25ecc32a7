// The panel that maps all additions.

export const MAP = "all_additions";
