// Where a page demands Trusted Types, what of the element becomes code or a document: its Worker, and a picture that is then
// taken apart.

import { trustedTypes, type Policy } from "../trusted-types.js";

/** The name that a page's policy allows it by. */
export const POLICY = "adderscope-element";

type Own = Pick<Policy, "createScriptURL" | "createHTML">;

let policy: Own | null | undefined;

/** Null where the browser has none, or the page does not allow this one. */
export function trusted(): Own | null {
  if (policy !== undefined) return policy;
  try {
    const asIs = (text: string) => text;
    policy = trustedTypes?.createPolicy(POLICY, { createScriptURL: asIs, createHTML: asIs }) ?? null;
  } catch {
    policy = null;
  }
  return policy;
}
