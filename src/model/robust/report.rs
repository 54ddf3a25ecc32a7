//! What is known of how firm a model is, as plain data.

use serde::{Deserialize, Serialize};

/// How far one number can go to one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct Side {
    /// What is kept is kept with every value from the number's own to this one, certainly so in exact arithmetic. The number's
    /// own value where nothing more is certain.
    pub proven: f64,
    /// The furthest value that was tried of those before the first with which it is not kept, or not certainly.
    pub kept: f64,
    /// The nearest value found with which it certainly is not kept; none where none was found.
    pub lost: Option<f64>,
    /// How many values beyond `proven` were tried, up to `lost`, and found to keep it.
    pub tried: usize,
}

/// How far one learned number can go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct NumberRange {
    /// The tensor's clean name.
    pub tensor: String,
    /// Flat index, row by row.
    pub index: usize,
    /// The index as code writes it: `[0, 2]`; empty for a tensor of one number.
    pub subscript: String,
    /// What it is: `q0, pos2`; empty for a tensor of one number.
    pub place: String,
    /// Its value.
    pub value: f32,
    /// Whether any answer digit is computed from it. Where none is, it can have every value, and that is certain.
    pub read: bool,
    /// Towards smaller values.
    pub below: Side,
    /// Towards larger values.
    pub above: Side,
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Kept {
    /// The model is right on all additions, in exact arithmetic.
    Right,
    /// Of the additions that it answers right no more than this part is lost: by the values that were tried, with nothing
    /// certain between them.
    Part {
        /// From 0 to 1.
        lost: f64,
    },
}

/// All that was found of single numbers so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Ranges {
    /// What is kept.
    pub kept: Kept,
    /// So many additions are certainly right as the model is.
    pub right_at_least: String,
    /// Learned numbers, in the order of the forward pass, as far as they are done.
    pub numbers: Vec<NumberRange>,
    /// How many there are.
    pub total: usize,
}

/// How numbers are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To so many digits after the point.
    Decimals,
    /// To so many digits that count.
    Significant,
}

/// A model of which all learned numbers are rounded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Rounded {
    /// How.
    pub rounding: Rounding,
    /// To how many digits.
    pub digits: usize,
    /// So many additions are certainly right.
    pub right_at_least: String,
    /// All others are certainly wrong.
    pub right_at_most: String,
    /// Whether what was to be kept certainly is.
    pub kept: bool,
}

/// The shortest roundings of all learned numbers that keep the verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
pub struct Decimals {
    /// What is kept.
    pub kept: Kept,
    /// Digits after the point that are enough.
    pub decimals: Option<usize>,
    /// Digits that count that are enough.
    pub significant: Option<usize>,
    /// What was tried, fewest digits first, up to the first that is enough.
    pub tried: Vec<Rounded>,
}

/// Values of one number, along one side of a landscape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Along {
    /// The tensor's clean name.
    pub tensor: String,
    /// Flat index, row by row.
    pub index: usize,
    /// Its values, in their order.
    pub values: Vec<f32>,
}

/// The model with two numbers changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LandscapeCell {
    /// At least this share of all additions is right.
    pub at_least: f64,
    /// And at most this one. The same where it is decided.
    pub at_most: f64,
    /// Whether all are right, which a share that was rounded to 1 does not say.
    pub right: bool,
    /// Whether it is exact.
    pub decided: bool,
}

/// Exact accuracy over two numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Landscape {
    /// From left to right.
    pub x: Along,
    /// From the first row to the last.
    pub y: Along,
    /// Row by row, as far as they are done.
    pub cells: Vec<LandscapeCell>,
}
