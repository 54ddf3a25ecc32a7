//! Whether a model stays right as one of its numbers changes.

use super::Exact;
use super::attention::Attention;
use super::curvature::Margins;
use super::enclosed::Enclosed;
use super::interval::{Interval, up};
use super::jet::Jet;
use super::numbers::Numbers;
use super::numbers::Ranged;
use super::readout::Readout;
use super::row::Row;
use crate::Model;
use std::rc::Rc;
use task::addition::ANSWER_DIGITS;

/// What is known of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is right on all additions.
    Right,
    /// It is wrong on some.
    Wrong,
    /// Neither is certain.
    Open,
}

/// One stored number of a model, to be changed.
pub struct Firm<'a> {
    model: &'a Model,
    tensor: &'a str,
    index: usize,
    /// Most intervals that are looked at in an answer row.
    looks: u64,
    /// The answer row that was not right the last time: it is looked at first.
    weakest: usize,
}

impl<'a> Firm<'a> {
    /// The number at the flat `index` of a tensor. No more than about `looks` intervals are looked at in an answer row.
    pub fn new(model: &'a Model, tensor: &'a str, index: usize, looks: u64) -> Firm<'a> {
        Firm { model, tensor, index, looks, weakest: 0 }
    }

    /// Whether any answer digit is computed from the number. Where none is, all tables are the same whatever it is.
    pub fn is_read(&self) -> bool {
        let all = Interval { lo: f64::from(f32::MIN), hi: f64::from(f32::MAX) };
        let other = Numbers::new(self.model, vec![(self.tensor, self.index, all)]);
        Enclosed::new(&Numbers::<Interval>::new(self.model, vec![])) != Enclosed::new(&other)
    }

    /// What is known with `value` in its place.
    pub fn at(&mut self, value: f64) -> Verdict {
        match self.rows_at(value, None) {
            // A row that ends the answer can be right.
            Verdict::Wrong if self.model.config().vocabulary.size > 10 => self.counted_at(value),
            verdict => verdict,
        }
    }

    fn counted_at(&self, value: f64) -> Verdict {
        let range = Interval::point(value);
        let ranges = [Ranged { tensor: self.tensor, index: self.index, range }];
        let mut exact = Exact::over(self.model, &ranges);
        exact.step(self.looks * ANSWER_DIGITS as u64);
        let count = exact.count(task::addition::DIGITS);
        if count.proven() {
            Verdict::Right
        } else if count.at_most < count.total() {
            Verdict::Wrong
        } else {
            Verdict::Open
        }
    }

    /// Whether it is certain that the model is right on all additions with every value from `lo` to `hi`: the theorem of
    /// [`curvature`](super::curvature). False where that is not so, or not certain.
    pub fn between(&mut self, lo: f64, hi: f64) -> bool {
        let jet = Jet::variable(Interval { lo, hi });
        let numbers = Numbers::new(self.model, vec![(self.tensor, self.index, jet)]);
        let enclosed = Enclosed::new(&numbers);
        let margins = Rc::new(Margins::new(self.model.config(), enclosed, up(hi - lo)));
        [hi, lo].into_iter().all(|end| self.rows_at(end, Some(&margins)) == Verdict::Right)
    }

    /// Whether all answer rows are right with `value`, or would be if all leads were less by a margin.
    fn rows_at(&mut self, value: f64, margins: Option<&Rc<Margins>>) -> Verdict {
        let config = self.model.config();
        let point = Interval::point(value);
        let numbers = Numbers::new(self.model, vec![(self.tensor, self.index, point)]);
        let enclosed = Rc::new(Enclosed::new(&numbers));
        let attention = Attention::new(config, &enclosed);
        let readout = Readout::new(config, &enclosed, &attention.write);
        let readout = Rc::new(match margins {
            Some(margins) => readout.with(margins.clone()),
            None => readout,
        });
        let mut verdict = Verdict::Right;
        let others = (0..ANSWER_DIGITS).filter(|row| *row != self.weakest);
        for row in [self.weakest].into_iter().chain(others.collect::<Vec<_>>()) {
            let mut tree = Row::new(&attention, &readout, row);
            while !tree.fails() && !tree.is_settled() && tree.looks < self.looks {
                tree.split();
            }
            if tree.is_right() {
                continue;
            }
            self.weakest = row;
            if tree.fails() {
                return Verdict::Wrong;
            }
            verdict = Verdict::Open;
            if margins.is_some() {
                return verdict;
            }
        }
        verdict
    }
}
