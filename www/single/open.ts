// An address without a state leads to the one that the file was saved with: what in that cannot be read is told, as of any
// address.

import { addressIn, STATE } from "./state.js";

const address = addressIn(document.getElementById(STATE)?.textContent ?? "");
if (address !== "" && location.hash === "") history.replaceState(history.state, "", `#${address}`);
