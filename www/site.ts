// The list of a site of someone's own, as `adderscope site` writes it into a block of the page, and as people change it by
// hand.

import type { Bundled } from "./bundled.js";

export interface Site {
  readonly title: string;
  readonly models: readonly Bundled[];
}

const fieldsOf = (value: unknown) =>
  (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;

function isListed(model: unknown): model is Bundled {
  const { name, title, sentence, file, input, opening = "", exact } = fieldsOf(model);
  const { right_at_most } = fieldsOf(exact);
  const isCounted = exact === undefined || (typeof right_at_most === "string" && /^\d{1,21}$/.test(right_at_most));
  return (
    isCounted && name !== "" && [name, title, sentence, file, input, opening].every((text) => typeof text === "string")
  );
}

/** What the block says; null where that is no list of models. */
export function siteIn(block: string): Site | null {
  try {
    const { title, models } = fieldsOf(JSON.parse(block));
    if (typeof title !== "string" || !Array.isArray(models) || models.length === 0) return null;
    return models.every(isListed) ? { title, models } : null;
  } catch {
    return null;
  }
}
