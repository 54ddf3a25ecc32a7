// The page: one AdderScope, whose page it is. What makes another is exported for a page that has more than one.

import { mount } from "./mount.js";

export { mount } from "./mount.js";
export { instantiate } from "./scope.js";

const root = document.getElementById("adderscope");
if (!root) throw new Error("index.html has no #adderscope");
mount(root);
