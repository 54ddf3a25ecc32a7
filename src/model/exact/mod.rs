//! How many of all 10²⁰ additions a model answers right: decided, not sampled.

mod attention;
mod boxed;
mod cases;
mod diagram;
mod enclosed;
mod interval;
mod readout;
mod report;
mod row;
mod scalar;
mod sums;

pub use report::*;

use crate::Model;
use attention::Attention;
use diagram::{Diagrams, Id, Leaves, Within};
use enclosed::Enclosed;
use readout::Readout;
use row::Row;
use task::addition::{ANSWER_DIGITS, DIGITS};

/// Leaves that are right for certain, in the order of [`Leaves`].
const CERTAINLY_RIGHT: Leaves = [true, false, false, false];
/// Leaves that may be right.
const PERHAPS_RIGHT: Leaves = [true, false, false, true];

/// Tables that a verdict is made from; they hold what is the same for all rows.
pub struct Tables<'a> {
    model: &'a Model,
    enclosed: Enclosed,
}

impl<'a> Tables<'a> {
    pub fn new(model: &'a Model) -> Tables<'a> {
        Tables { model, enclosed: Enclosed::new(model) }
    }
}

/// How many additions are right, with at most about this many looks at an interval.
pub fn probe(model: &Model, looks: u64) -> (Count, u64, usize) {
    let enclosed = Enclosed::new(model);
    let attention = Attention::new(model, &enclosed);
    let readout = Readout::new(model, &enclosed, &attention.write);
    let t = std::time::Instant::now();
    let mut rows: Vec<Row> = (0..ANSWER_DIGITS).map(|k| Row::new(&attention, &readout, k)).collect();
    eprintln!("rows {:?}", t.elapsed());
    let used = |rows: &[Row]| rows.iter().map(|row| row.looks).sum::<u64>();
    while used(&rows) < looks {
        let heaviest = rows.iter_mut().filter(|row| !row.is_settled());
        let next = heaviest.max_by(|a, b| a.heaviest().unwrap_or(0.0).total_cmp(&b.heaviest().unwrap_or(0.0)));
        let Some(row) = next else { break };
        row.split();
    }
    let settled = rows.iter().all(Row::is_settled);
    eprintln!("split {:?} {:?}", t.elapsed(), rows.iter().map(|r| (r.looks, r.is_settled())).collect::<Vec<_>>());
    let mut diagrams = Diagrams::default();
    let within = Within::digits(DIGITS);
    let mut of = |leaves: Leaves| {
        let roots: Vec<Id> = rows.iter().map(|row| diagrams.of(row, leaves)).collect();
        diagrams.count(&roots, &within)
    };
    let at_least = of(CERTAINLY_RIGHT);
    let at_most = if settled { at_least } else { of(PERHAPS_RIGHT) };
    eprintln!("count {:?}", t.elapsed());
    (Count { digits: DIGITS, at_least, at_most }, used(&rows), 0)
}

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
