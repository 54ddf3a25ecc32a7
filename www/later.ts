// What no first view needs, in one file: it comes once the first model is scored, or when some of it is asked for.

export { boardAgain } from "./board.js";
export { CompareView } from "./compare/compare-view.js";
export { Exactness } from "./exact/exactness.js";
export { Firmness } from "./firm/firmness.js";
export { inFolders } from "./folders.js";
export { Linking } from "./linking/linking.js";
export { Measuring } from "./patch/measuring.js";
export { PatchView } from "./patch/patch-view.js";
export { ShareView } from "./share/share-view.js";
export { StepsView } from "./steps/steps-view.js";
export { Terms } from "./terms/terms.js";
export { largeView } from "./large.js";
export { WeightRows } from "./weights.js";
export { trainDrawer } from "./train.js";
export { wireUndo } from "./undo.js";
export { WrongView } from "./wrong/wrong-view.js";
