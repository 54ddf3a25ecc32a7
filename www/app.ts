// The page: one AdderScope, whose page it is.

import { mount } from "./mount.js";

const root = document.getElementById("adderscope");
if (!root) throw new Error("index.html has no #adderscope");
mount(root);
