// The main path in Firefox.

import { mainPath } from "./path.ts";
import { openFirefox } from "./playwright.ts";

mainPath(openFirefox);
