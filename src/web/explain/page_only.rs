//! What only the page asks: what its words mean, where wrong answers are looked for, and what can be done to a pass.

use crate::intervening::Intervention;
use crate::{Looking, listed, simplest, uses};
use analysis::explain::named;
use seam::{error, plain};
use serde::Serialize;
use task::sampling::{ADDERBOARD_PAIRS, Draw};
use task::terms::TERMS;
use wasm_bindgen::prelude::*;

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

#[wasm_bindgen]
impl Looking {
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

#[wasm_bindgen]
impl Intervention {
    /// What is done, and what else can be.
    #[wasm_bindgen(unchecked_return_type = "Intervening")]
    pub fn told(&self, a: f64, b: f64, digit: usize) -> Result<JsValue, JsValue> {
        plain(&self.pass.told(a, b, digit).map_err(error)?)
    }

    /// What is switched off, for the part that decides all additions.
    #[wasm_bindgen(unchecked_return_type = "Switched")]
    pub fn switched(&self) -> Result<JsValue, JsValue> {
        plain(&self.pass.switched())
    }
}
