// The main path in WebKit.

import { mainPath } from "./path.ts";
import { openWebKit } from "./webkit.ts";

mainPath(openWebKit);
