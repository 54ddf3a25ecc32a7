// The page: one AdderScope, whose page it is. Another one can be put beside it.

import { mount } from "./mount.js";

export { mount };
export { instantiate } from "./scope.js";

const root = document.getElementById("adderscope");
if (!root) throw new Error("index.html has no #adderscope");
mount(root);
