//! The part of the page that looks into one addition: every intermediate, and how a number was made.

use analysis::explain::{Explanation, explain_text};
use analysis::trace::AdditionTrace;
use js_sys::Array;
use model::Model;
use seam::{edits, error, plain, received, summand};
use wasm_bindgen::prelude::*;

/// Every intermediate of `a + b`.
///
/// # Errors
/// As [`summand`].
pub fn traced(model: &Model, a: f64, b: f64) -> Result<AdditionTrace, String> {
    Ok(analysis::trace::trace(model, summand(a)?, summand(b)?))
}

/// How the number that `item` names was made in `a + b`.
///
/// # Errors
/// As [`summand`]; or `item` names no number of the model.
pub fn explained(model: &Model, item: &str, a: f64, b: f64) -> Result<Explanation, String> {
    explain_text(model, summand(a)?, summand(b)?, item).map_err(|e| e.to_string())
}

/// A model at work on one addition. It takes what `read_files` wrote, the place of a snapshot of a run, and edits.
#[wasm_bindgen]
pub struct Looking {
    model: Model,
}

#[wasm_bindgen]
impl Looking {
    /// Throws what a person reads.
    #[wasm_bindgen(constructor)]
    pub fn new(
        input: &[u8],
        snapshot: Option<usize>,
        #[wasm_bindgen(unchecked_param_type = "Edit[]")] changes: Array,
    ) -> Result<Looking, JsValue> {
        let model = received(input, snapshot, &edits(changes)?).map_err(error)?;
        Ok(Looking { model })
    }

    /// Every intermediate of `a + b`.
    #[wasm_bindgen(unchecked_return_type = "AdditionTrace")]
    pub fn trace(&self, a: f64, b: f64) -> Result<JsValue, JsValue> {
        plain(&traced(&self.model, a, b).map_err(error)?)
    }

    /// How the number that `item` names was made in `a + b`. Throws what a person reads where it
    /// names none.
    #[wasm_bindgen(unchecked_return_type = "Explanation")]
    pub fn explain(&self, item: &str, a: f64, b: f64) -> Result<JsValue, JsValue> {
        plain(&explained(&self.model, item, a, b).map_err(error)?)
    }
}
