// Where AdderScope's own models are: beside the element's script.

export const base: string | null = new URL(".", import.meta.url).href;
