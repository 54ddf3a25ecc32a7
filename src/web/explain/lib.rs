//! The part of the page that looks into one addition: every intermediate, and how a number was made.

use analysis::explain::{Explanation, explain_text};
use analysis::trace::AdditionTrace;
use js_sys::Array;
use model::Model;
use seam::{error, model_of, plain};
use task::addition::MAX_SUMMAND;
use wasm_bindgen::prelude::*;

/// A summand as JavaScript has it.
///
/// # Errors
/// It is no whole number, or one of more than ten digits.
pub fn summand(number: f64) -> Result<u64, String> {
    if number.fract() == 0.0 && (0.0..=MAX_SUMMAND as f64).contains(&number) {
        return Ok(number as u64);
    }
    Err(format!("{number} is no summand: it should be a whole number from 0 to {MAX_SUMMAND}"))
}

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
        Ok(Looking { model: model_of(input, snapshot, changes)? })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summands_are_whole_and_have_ten_digits_at_most() {
        assert_eq!(summand(0.0), Ok(0));
        assert_eq!(summand(9_999_999_999.0), Ok(9_999_999_999));
        for number in [-1.0, 0.5, 1e10, f64::NAN, f64::INFINITY] {
            let Err(message) = summand(number) else { panic!("{number} is taken") };
            assert!(
                message.ends_with("should be a whole number from 0 to 9999999999"),
                "{message}"
            );
        }
    }
}
