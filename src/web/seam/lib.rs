//! The seam between the library and JavaScript: opaque handles in, plain data out, errors translated.
//!
//! What every part of the page has there. The parts are crates: `page` shows a model, `formats` reads and writes files,
//! `trainer` trains, `explain` looks into one addition, `exact` decides all of them, `robust` changes numbers
//! and decides again, `compare` puts two models side by side. The page loads the first at once and
//! the others when someone needs them.

use js_sys::{Array, Error, Reflect};
use model::file::sent_model;
use model::{Edit, Model};
use serde::Serialize;
use std::fmt::Display;
use task::addition::MAX_SUMMAND;
use wasm_bindgen::prelude::*;

/// Every part's memory. A third of the size of the standard library's allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[wasm_bindgen]
extern "C" {
    /// Milliseconds on a clock that a Worker has too.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;
}

/// Items and matrices cross as texts and lists.
#[wasm_bindgen(typescript_custom_section)]
const NAMED: &str = "export type Item = string;\nexport type Rows = number[][];";

/// An error with the words that a person reads.
pub fn error(message: impl Display) -> JsValue {
    Error::new(&message.to_string()).into()
}

/// Whatever is wrong with bytes that another part should have written: they are not from this version.
pub fn foreign<E>(_: E) -> JsValue {
    error(FOREIGN)
}

/// A summand as JavaScript has it.
///
/// # Errors
/// It is no whole number, or one of more than ten digits.
pub fn summand(number: f64) -> Result<u64, String> {
    if number.fract() == 0.0 && (0.0..=MAX_SUMMAND as f64).contains(&number) {
        return Ok(number as u64);
    }
    // Without the number: words for any are 1 KB of the page.
    Err(format!("a summand should be a whole number from 0 to {MAX_SUMMAND}"))
}

/// Plain objects rather than `Map`s, so that JavaScript reads them as it expects.
///
/// # Errors
/// A value has no form in JavaScript; none of ours.
pub fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(error)
}

/// Edits, each `{name, index, value}`. What an edit lacks is what no model has.
///
/// # Errors
/// What was given has no properties at all.
pub fn edits(edits: Array) -> Result<Vec<Edit>, JsValue> {
    let read = |edit: JsValue| -> Result<Edit, JsValue> {
        let field = |key: &str| Reflect::get(&edit, &key.into());
        let name = field("name")?.as_string().unwrap_or_default();
        let whole = |index: &f64| *index >= 0.0 && index.fract() == 0.0;
        let index =
            field("index")?.as_f64().filter(whole).map_or(usize::MAX, |index| index as usize);
        Ok(Edit { name, index, value: field("value")?.as_f64().unwrap_or(f64::NAN) as f32 })
    };
    edits.iter().map(read).collect()
}

/// What a part says of bytes that its own page did not write.
const FOREIGN: &str = "what came is not what this version of AdderScope wrote: reload the page";

/// The model that was read into `input`: of a run a snapshot, and with edits as JavaScript has them.
///
/// # Errors
/// [`foreign`], or an edit is no object.
pub fn model_of(input: &[u8], snapshot: Option<usize>, changes: Array) -> Result<Model, JsValue> {
    let changes = edits(changes)?;
    let mut model = sent_model(input, snapshot).ok_or_else(|| foreign(()))?;
    model.edit(&changes).map_err(foreign)?;
    Ok(model)
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
