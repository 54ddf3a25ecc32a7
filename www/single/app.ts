// The page as one file: what it opens with, then the page as it ever is.

import "./open.js";
import "../app.js";
