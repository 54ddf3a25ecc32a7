//! The models that come with the page: trained here, each the history of a whole run.

use serde::Serialize;

/// A bundled model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Bundled {
    /// Its name in addresses: `62p`.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Why one would look at it.
    pub sentence: &'static str,
    /// The history, from the page's own folder.
    pub file: &'static str,
}

/// All of them; the page opens with the first.
pub const GALLERY: [Bundled; 3] = [
    Bundled {
        name: "57p",
        title: "Tied layers",
        sentence: "The smallest: one matrix serves the values, the second layer and the output.",
        file: "models/57p/57p.history.safetensors",
    },
    Bundled {
        name: "62p",
        title: "Spiral norm",
        sentence: "Has only partly learned to add: look where it still goes wrong.",
        file: "models/62p/62p.history.safetensors",
    },
    Bundled {
        name: "67p",
        title: "Learned norm",
        sentence: "Also learns how much each dimension counts.",
        file: "models/67p/67p.history.safetensors",
    },
];
