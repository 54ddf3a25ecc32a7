// This view as one HTML file: the whole page, opening with the present state, from disk and without a server.

import { singlePage } from "../resources.js";
import { withState } from "../single/state.js";

/** @param state an address, as after the "#" */
export async function singleFile(state: string): Promise<Blob> {
  return new Blob([withState(await singlePage(), { address: state })], { type: "text/html" });
}
