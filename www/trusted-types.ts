// Trusted Types, where a browser has them: what of text may become code or a document.

/** What a browser returns is no text, and stands for it. */
export interface Policy {
  /** Of a script's text. */
  createScript(text: string): string;
  /** Of the address of a script: a Worker's, say. */
  createScriptURL(address: string): string;
  /** Of markup. */
  createHTML(text: string): string;
}

/** What TypeScript's types do not know yet, and older browsers are without. */
export const { trustedTypes } = globalThis as {
  trustedTypes?: {
    createPolicy<Rules extends Partial<Policy>>(name: string, rules: Rules): Pick<Policy, keyof Rules & keyof Policy>;
  };
};
