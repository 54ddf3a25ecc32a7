//! The AdderBoard suite: greedy answers to edge cases and random additions.

use crate::model::Forward;
use crate::sampling::{Pair, QUALIFYING_ACCURACY};
use serde::Serialize;

/// A wrong answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// Their sum.
    pub expected: u64,
    /// What the model says.
    pub got: u64,
}

/// The score of a model on a suite.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Additions asked.
    pub total: usize,
    /// Answers that were right in all digits.
    pub passed: usize,
    /// `passed / total`.
    pub accuracy: f64,
    /// Whether that is enough for AdderBoard (99 %).
    pub qualified: bool,
    /// All wrong answers, in the order asked.
    pub failures: Vec<Failure>,
}

/// Asks the model every addition of `suite`.
pub fn verify(forward: &Forward, suite: impl Iterator<Item = Pair>) -> Score {
    let mut score = Score::default();
    for (a, b) in suite {
        let (expected, got) = (a + b, forward.decode(a, b));
        score.total += 1;
        if got == expected {
            score.passed += 1;
        } else {
            score.failures.push(Failure { a, b, expected, got });
        }
    }
    score.accuracy = score.passed as f64 / score.total.max(1) as f64;
    score.qualified = score.total > 0 && score.accuracy >= QUALIFYING_ACCURACY;
    score
}
