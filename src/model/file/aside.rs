//! Files that came with a model and are of no use to it.

use serde::{Deserialize, Serialize};

/// A file that was left aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Aside {
    /// Its name.
    pub file: String,
    /// Why, as a sentence with its name.
    pub sentence: String,
    /// Whether it holds a model, which can be opened instead.
    pub opens: bool,
}
