// The main path in Chromium.

import { mainPath } from "./path.ts";
import { openChromium } from "./playwright.ts";

mainPath(openChromium);
