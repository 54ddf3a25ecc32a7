//! How many of all 10²⁰ additions a model answers right: decided, not sampled.

mod asked;
mod attention;
mod boxed;
mod cases;
mod closest;
mod counting;
mod diagram;
mod enclosed;
mod interval;
mod map;
mod readout;
mod report;
mod row;
mod rules;
mod scalar;
mod simplest;
mod sums;

pub use report::*;

use crate::Model;
use asked::Asked;
use attention::Attention;
use closest::Search;
use counting::Counting;
use diagram::Within;
use enclosed::Enclosed;
use readout::Readout;
use row::Row;
use std::cell::OnceCell;
use std::rc::Rc;
use task::addition::ANSWER_DIGITS;

/// What is known of additions of at most so many digits, for those who look into it.
struct Known<'a> {
    model: &'a Model,
    readout: &'a Rc<Readout>,
    rows: &'a [Row],
    counting: &'a Counting,
    digits: usize,
    within: Within,
}

/// A verdict in the making: work is done in steps, and what is known can be asked for at any time.
pub struct Exact<'a> {
    model: &'a Model,
    attention: Attention<'a>,
    readout: Rc<Readout>,
    rows: Vec<Row>,
    /// Made when it is asked for.
    counting: OnceCell<Counting>,
}

impl<'a> Exact<'a> {
    /// Nothing is decided yet.
    pub fn new(model: &'a Model) -> Exact<'a> {
        let enclosed = Rc::new(Enclosed::new(model));
        let attention = Attention::new(model, &enclosed);
        let readout = Rc::new(Readout::new(model, &enclosed, &attention.write));
        Exact { model, attention, readout, rows: vec![], counting: OnceCell::new() }
    }

    /// A verdict with as much work as it takes, up to about `looks` intervals.
    pub fn decided(model: &'a Model, looks: u64) -> Exact<'a> {
        let mut exact = Exact::new(model);
        exact.step(looks);
        exact
    }

    /// Looks at about `looks` more intervals, and at least one row or case. Gives whether there is nothing left to do.
    pub fn step(&mut self, looks: u64) -> bool {
        self.counting = OnceCell::new();
        let until = self.looks() + looks.max(1);
        while self.looks() < until {
            if self.rows.len() < ANSWER_DIGITS {
                self.rows.push(Row::new(&self.attention, &self.readout, self.rows.len()));
            } else if let Some(row) = self.heaviest() {
                row.split();
            } else {
                break;
            }
        }
        self.is_done()
    }

    /// Whether there is nothing left to do: all is decided, or cannot be.
    pub fn is_done(&self) -> bool {
        self.rows.len() == ANSWER_DIGITS && self.rows.iter().all(Row::is_settled)
    }

    /// Intervals that were looked at so far.
    pub fn looks(&self) -> u64 {
        self.rows.iter().map(|row| row.looks).sum()
    }

    /// The row with the largest case that is not decided.
    fn heaviest(&mut self) -> Option<&mut Row> {
        let open = self.rows.iter_mut().filter_map(|row| Some((row.heaviest()?, row)));
        open.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, row)| row)
    }

    fn known(&self, digits: usize) -> Known<'_> {
        Known {
            model: self.model,
            readout: &self.readout,
            rows: &self.rows,
            counting: self.counting(),
            digits,
            within: Within::digits(digits),
        }
    }

    fn counting(&self) -> &Counting {
        self.counting.get_or_init(|| Counting::new(&self.rows))
    }

    /// How many additions of at most `digits` digits are right, as far as it is known.
    pub fn count(&self, digits: usize) -> Count {
        self.counting().count(digits)
    }

    /// What is known of each answer row of `a + b` under teacher forcing: whether it is right; nothing where it is not decided.
    pub fn rows_of(&self, a: u64, b: u64) -> [Option<bool>; ANSWER_DIGITS] {
        let values = cases::values(a, b);
        std::array::from_fn(|k| match self.rows.get(k)?.leaf(&values) {
            row::RIGHT => Some(true),
            row::OPEN => None,
            _ => Some(false),
        })
    }

    /// All that is known, of additions of at most `digits` digits.
    pub fn report(&self, digits: usize) -> Report {
        let count = self.count(digits);
        let counting = self.counting();
        let asked = Asked::new(self.known(digits));
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
            counterexamples: asked.counterexamples(),
            closest: Search::new(self.known(digits)).found(),
            rules: asked.rules(),
            by_digit: counting.by_digit(digits),
            by_carry_chain: counting.by_chain(digits),
        }
    }

    /// All additions of at most `digits` digits as one map, cell by cell.
    pub fn map(&self, digits: usize) -> Vec<Cell> {
        map::cells(&self.known(digits))
    }
}
