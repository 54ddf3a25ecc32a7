//! How many of all 10²⁰ additions a model answers right: decided, not sampled.

mod report;

pub use report::*;

use crate::Model;

/// A verdict in the making: work is done in steps, and what is known can be asked for at any time.
pub struct Exact<'a> {
    model: &'a Model,
}

impl<'a> Exact<'a> {
    /// Nothing is decided yet.
    pub fn new(model: &'a Model) -> Exact<'a> {
        Exact { model }
    }

    /// Looks at no more than about `evaluations` intervals. Gives whether there is nothing left to do.
    pub fn step(&mut self, evaluations: u64) -> bool {
        let _ = evaluations;
        true
    }

    /// How many additions of at most `digits` digits are right, as far as it is known.
    pub fn count(&self, digits: usize) -> Count {
        let _ = self.model;
        Count::unknown(digits)
    }

    /// All that is known, of additions of at most `digits` digits.
    pub fn report(&self, digits: usize) -> Report {
        let count = self.count(digits);
        Report {
            digits,
            total: count.total().to_string(),
            right: count.right().map(|n| n.to_string()),
            right_at_least: count.at_least.to_string(),
            right_at_most: count.at_most.to_string(),
            wrong: count.right().map(|n| (count.total() - n).to_string()),
            decided: count.right().is_some(),
            proven: count.proven(),
            float32: Float32::Open,
            counterexamples: vec![],
            closest: None,
            rules: vec![],
            by_digit: vec![],
            by_carry_chain: vec![],
        }
    }
}
