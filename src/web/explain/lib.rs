//! The part of the page that looks into one addition: every intermediate, how a number was made, and what comes of it where
//! parts are switched off or taken from another addition.

mod intervening;

pub use intervening::{Intervening, Part, Pass, Switched};

use analysis::explain::{entered_text, named};
use analysis::trace::AdditionTrace;
use analysis::wrong::{WrongAnswer, shrunk, wrong_answer};
use js_sys::Array;
use model::{Forward, Model};
use seam::{error, model_of, plain, summand};
use serde::Serialize;
use task::item::Item;
use task::sampling::{ADDERBOARD_PAIRS, Draw};
use task::terms::TERMS;
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

/// What the words of the page mean.
#[wasm_bindgen(unchecked_return_type = "Term[]")]
pub fn terms() -> Result<JsValue, JsValue> {
    plain(&TERMS.as_slice())
}

/// A kind of pairs, in which wrong answers are looked for.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct PairKind {
    key: &'static str,
    title: &'static str,
}

/// Where wrong answers are looked for.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Suites {
    /// How many additions AdderBoard asks.
    adderboard: usize,
    /// What else can be drawn.
    kinds: Vec<PairKind>,
}

/// Where wrong answers are looked for.
#[wasm_bindgen(unchecked_return_type = "Suites")]
pub fn suites() -> Result<JsValue, JsValue> {
    let drawn = Draw::ALL.into_iter().filter(|draw| *draw != Draw::AdderBoard);
    plain(&Suites {
        adderboard: Draw::AdderBoard.total(ADDERBOARD_PAIRS),
        kinds: drawn.map(|draw| PairKind { key: draw.key(), title: draw.title() }).collect(),
    })
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

    /// What is made in one step of the number of a tensor that `item` names, in the tables of the model and when it adds
    /// `a + b`. Throws what a person reads where it names nothing.
    #[wasm_bindgen(unchecked_return_type = "Item[]")]
    pub fn entered(&self, item: &str, a: f64, b: f64) -> Result<JsValue, JsValue> {
        plain(&uses(&self.model, item, a, b).map_err(error)?)
    }

    /// What items are called in a sentence, those that name something; others stay as they are.
    pub fn named(&self, items: Vec<String>) -> Vec<String> {
        let words =
            |text: String| text.parse().map_or(text, |item| named(self.model.config(), &item));
        items.into_iter().map(words).collect()
    }

    /// What is wrong with the answers to some additions, given as `a` and `b` in turns.
    #[wasm_bindgen(unchecked_return_type = "WrongAnswer[]")]
    pub fn wrong(&self, summands: &[f64]) -> Result<JsValue, JsValue> {
        plain(&listed(&self.model, summands).map_err(error)?)
    }

    /// The simplest addition that fails as `a + b` does; `null` where that is right.
    #[wasm_bindgen(unchecked_return_type = "WrongAnswer | null")]
    pub fn simplest(&self, a: f64, b: f64) -> Result<JsValue, JsValue> {
        plain(&simplest(&self.model, a, b).map_err(error)?)
    }
}
