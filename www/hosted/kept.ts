// What the hosted page keeps, and as which version: tools/hosted.ts puts a module in the place of this one.

/** Changes with whatever is kept. */
export const version: string = "";

/** Files by their addresses from the page's folder, each with its hash as the Fetch API takes it. */
export const files: Readonly<Record<string, string>> = {};
