//! The part of the page that looks into one addition: every intermediate, and how a number was made.
//!
//! It takes a model as the bytes of the other part's `Session.model`.

use analysis::explain::{Explanation, explain_text};
use analysis::trace::AdditionTrace;
use model::Model;
use model::file::Input;
use seam::{error, plain};
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

/// Items and matrices cross as texts and lists.
#[wasm_bindgen(typescript_custom_section)]
const NAMED: &str = "export type Item = string;\nexport type Rows = number[][];";

fn received(bytes: &[u8]) -> Result<Model, JsValue> {
    match Input::from_bytes(bytes).map_err(error)? {
        Input::Model(file) => Ok(file.opening().model),
        Input::Log(_) => Err(error("there is no model in a log")),
    }
}

/// Every intermediate of `a + b` in a model.
#[wasm_bindgen(unchecked_return_type = "AdditionTrace")]
pub fn trace(model: &[u8], a: f64, b: f64) -> Result<JsValue, JsValue> {
    plain(&traced(&received(model)?, a, b).map_err(error)?)
}

/// How the number that `item` names was made in `a + b`. Throws what a person reads where it
/// names none.
#[wasm_bindgen(unchecked_return_type = "Explanation")]
pub fn explain(model: &[u8], item: &str, a: f64, b: f64) -> Result<JsValue, JsValue> {
    plain(&explained(&received(model)?, item, a, b).map_err(error)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summands_are_whole_and_have_ten_digits_at_most() {
        assert_eq!(summand(0.0), Ok(0));
        assert_eq!(summand(9_999_999_999.0), Ok(9_999_999_999));
        for number in [-1.0, 0.5, 1e10, f64::NAN, f64::INFINITY] {
            let message = summand(number).unwrap_err();
            assert!(
                message.ends_with("should be a whole number from 0 to 9999999999"),
                "{message}"
            );
        }
    }
}
