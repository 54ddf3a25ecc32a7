// adder-scope.js, the element as an AdderScope site serves it: <adder-scope> is there once this is loaded.

import { define } from "./element.js";

export { AdderScope, define } from "./element.js";

define();
