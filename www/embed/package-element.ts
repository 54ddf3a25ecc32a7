// adderscope/element of the package: <adder-scope> is there once this is imported.

import { define } from "./element.js";

export { AdderScope, define, type AdderScopeEvents } from "./element.js";

define();
