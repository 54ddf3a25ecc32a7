// Where AdderScope's own models are: nowhere, as far as the package knows. In the site's element site-base.ts is in the place of
// this module.

export const base: string | null = null;
