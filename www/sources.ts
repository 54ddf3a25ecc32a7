// Where the files of a model come from: the page's own folder, or what this tab has.

import type { Files } from "./channel/protocol.js";
import { download } from "./gallery.js";
import type { TabSession } from "./state/session.js";
import type { ModelRef } from "./state/state.js";

/** Everything that opens a model. Throws what a person reads. */
export async function filesOf({ bundled, files }: ModelRef, session: TabSession): Promise<Files> {
  const kept = files === "" ? null : session.files(files);
  if (bundled !== "") return { opensAt: null, groups: [[await download(bundled)], ...(kept?.groups ?? [])] };
  if (!kept) throw new Error(session.whyLost(files));
  return kept;
}
