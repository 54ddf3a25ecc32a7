// The main path in a browser without SIMD, which is given the plain builds of the library.

import { mainPath } from "./path.ts";
import { openChromium } from "./playwright.ts";

mainPath((url) => openChromium(url, true));
