// The panels beside the twelve.

/** Maps all additions. */
export const MAP = "all_additions";
/** Of the chosen answer digit. */
export const RULER = "ruler";
