//! How good a model is on additions that it was not trained on.

use crate::addition::{ANSWER_DIGITS, tokens};
use crate::model::engine::ANSWER_ROWS;
use crate::model::{Engine, Model};
use crate::sampling;
use serde::Serialize;

/// Seed of the additions. It is not AdderBoard's, so that choosing the best snapshot by them
/// does not choose by the suite.
pub const EVALUATION_SEED: u64 = 2026;

/// Shares of what is right under teacher forcing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Additions with all eleven digits right.
    pub val_exact: f64,
    /// Answer tokens, EOS included.
    pub val_tok_acc: f64,
}

/// Asks `model` for `count` random additions of ten digits.
pub fn evaluate(model: &Model, count: u64) -> Evaluation {
    let (mut exact, mut right) = (0u64, 0u64);
    let engine = Engine::new(model);
    let pairs = sampling::pairs(EVALUATION_SEED, count as usize);
    engine.each_prediction(pairs, |(a, b), predicted| {
        let example = tokens(a, b, model.config().vocabulary);
        let targets = &example[example.len() - ANSWER_ROWS..];
        let matches = |(got, wanted): &(&u8, &u8)| got == wanted;
        let digits = predicted.iter().zip(targets).take(ANSWER_DIGITS);
        exact += u64::from(digits.filter(matches).count() == ANSWER_DIGITS);
        right += predicted.iter().zip(targets).filter(matches).count() as u64;
    });
    let count = count.max(1) as f64;
    Evaluation {
        val_exact: exact as f64 / count,
        val_tok_acc: right as f64 / (count * ANSWER_ROWS as f64),
    }
}
