//! The part of the page that looks into one addition: every intermediate, how a number was made, and what comes of it where
//! parts are switched off or taken from another addition.

mod intervening;
#[cfg(feature = "page-only")]
mod page_only;

pub use intervening::{Intervening, Part, Pass, Switched};

use analysis::explain::entered_text;
use analysis::trace::AdditionTrace;
use analysis::wrong::{WrongAnswer, shrunk, wrong_answer};
use js_sys::Array;
use model::{Forward, Model};
use seam::{error, model_of, plain, summand};
use task::item::Item;
use wasm_bindgen::prelude::*;

/// Every intermediate of `a + b`.
///
/// # Errors
/// As [`summand`].
pub fn traced(model: &Model, a: f64, b: f64) -> Result<AdditionTrace, String> {
    Ok(analysis::trace::trace(model, summand(a)?, summand(b)?))
}

/// What is made of the number of a tensor that `item` names.
///
/// # Errors
/// As [`summand`]; or `item` names nothing.
pub fn uses(model: &Model, item: &str, a: f64, b: f64) -> Result<Vec<Item>, String> {
    entered_text(model, summand(a)?, summand(b)?, item).map_err(|e| e.to_string())
}

/// What is wrong with the answers to some additions, `a` and `b` in turns; those that are right are left out.
///
/// # Errors
/// As [`summand`].
pub fn listed(model: &Model, summands: &[f64]) -> Result<Vec<WrongAnswer>, String> {
    let forward = Forward::new(model);
    let mut found = Vec::new();
    for pair in summands.chunks_exact(2) {
        let (a, b) = (summand(pair[0])?, summand(pair[1])?);
        found.extend(wrong_answer(&forward, model.config().vocabulary, a, b));
    }
    Ok(found)
}

/// The simplest addition that fails as `a + b` does; `None` where that is right.
///
/// # Errors
/// As [`summand`].
pub fn simplest(model: &Model, a: f64, b: f64) -> Result<Option<WrongAnswer>, String> {
    let (a, b) = (summand(a)?, summand(b)?);
    Ok(shrunk(&Forward::new(model), model.config().vocabulary, a, b))
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
}
