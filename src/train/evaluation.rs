//! How good a model is on additions that it was not trained on.

use model::engine::{ANSWER_ROWS, Block, Digits, Drawn, Feed, LANES};
use model::{Engine, Model};
use task::addition::ANSWER_DIGITS;
use task::sampling;

/// Seed of the additions. It is not AdderBoard's, so that choosing the best snapshot by them
/// does not choose by the suite.
pub const EVALUATION_SEED: u64 = 2026;

/// Shares of what is right under teacher forcing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accuracy {
    /// Additions with all eleven digits right; logged as `val_exact`.
    pub exact: f64,
    /// Answer tokens, EOS included; logged as `val_tok_acc`.
    pub tokens: f64,
}

/// Asks `model` for `count` random additions of ten digits.
pub fn evaluate(model: &Model, count: u64) -> Accuracy {
    let (mut exact, mut right) = (0usize, 0usize);
    let examples = Drawn::new(sampling::pairs(EVALUATION_SEED, count as usize));
    let eos = [model.config().vocabulary.eos; LANES];
    Engine::new(model).each_block(examples, Feed::Truth, |block, predicted| {
        let (digits, ends) = predicted.split_at(ANSWER_DIGITS);
        let matches = |row: (&Digits, &Digits)| {
            Block::equal([row])[..block.len].iter().filter(|equal| **equal).count()
        };
        let whole = Block::equal(digits.iter().zip(&block.z));
        exact += whole[..block.len].iter().filter(|equal| **equal).count();
        right +=
            digits.iter().zip(&block.z).chain(ends.iter().zip([&eos])).map(matches).sum::<usize>();
    });
    let count = count.max(1) as f64;
    Accuracy { exact: exact as f64 / count, tokens: right as f64 / (count * ANSWER_ROWS as f64) }
}
