//! Whether a model stays right as one of its numbers changes.

use super::Exact;
use super::attention::Attention;
use super::curvature::Margins;
use super::enclosed::Enclosed;
use super::interval::{Interval, up};
use super::jet::Jet;
use super::numbers::{Numbers, Ranged};
use super::readout::Readout;
use super::report::Count;
use super::row::Row;
use crate::Model;
use std::rc::Rc;
use task::addition::{ANSWER_DIGITS, DIGITS};

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
pub struct Firm {
    model: Rc<Model>,
    tensor: &'static str,
    index: usize,
    /// Most intervals that are looked at in an answer row.
    looks: u64,
    /// The answer row that was not right the last time: it is looked at first.
    weakest: usize,
    /// A value with which all rows are right by these margins.
    end: Option<(f64, Rc<Margins>)>,
}

impl Firm {
    /// The number at the flat `index` of a tensor. No more than about `looks` intervals are looked at in an answer row.
    pub fn new(model: &Rc<Model>, tensor: &'static str, index: usize, looks: u64) -> Firm {
        Firm { model: model.clone(), tensor, index, looks, weakest: 0, end: None }
    }

    /// Whether any answer digit is computed from the number. Where none is, all tables are the same whatever it is.
    pub fn is_read(&self) -> bool {
        let all = Interval { lo: f64::from(f32::MIN), hi: f64::from(f32::MAX) };
        let tables = |others| Enclosed::<Interval>::new(&Numbers::new(&self.model, others));
        tables(vec![]) != tables(vec![(self.tensor, self.index, all)])
    }

    /// How many additions are right with `value` in its place, as far as that is known.
    pub fn count_at(&self, value: f64) -> Count {
        let range = Interval::point(value);
        let ranges = [Ranged { tensor: self.tensor, index: self.index, range }];
        let mut exact = Exact::over(&self.model, &ranges);
        exact.step(self.looks.saturating_mul(ANSWER_DIGITS as u64));
        exact.count(DIGITS)
    }

    /// What is known with `value` in its place.
    pub fn at(&mut self, value: f64) -> Verdict {
        match self.rows_at(value, None) {
            // A row that ends the answer can be right.
            Verdict::Wrong if self.model.config().vocabulary.size > DIGITS => {
                let count = self.count_at(value);
                if count.proven() {
                    Verdict::Right
                } else if count.at_most < count.total() {
                    Verdict::Wrong
                } else {
                    Verdict::Open
                }
            }
            verdict => verdict,
        }
    }

    /// How far leads can fall below the lesser of those at two values, anywhere between the two.
    pub fn margins(&self, from: f64, to: f64) -> Margins {
        let range = Interval::between(from, to);
        let jet = Jet::variable(range);
        let numbers = Numbers::new(&self.model, vec![(self.tensor, self.index, jet)]);
        let width = up(range.hi - range.lo);
        Margins::new(self.model.config(), Enclosed::new(&numbers), width)
    }

    /// Whether it is certain that the model is right on all additions with every value from `from` to `to`, whichever is
    /// greater: the theorem of `curvature/`. False where that is not so, or not certain.
    pub fn between(&mut self, from: f64, to: f64) -> bool {
        let margins = Rc::new(self.margins(from, to));
        let right = |firm: &mut Firm, end: f64| {
            let known = firm.end.as_ref().is_some_and(|(at, by)| *at == end && by.cover(&margins));
            known || firm.rows_at(end, Some(&margins)) == Verdict::Right
        };
        let right = right(self, to) && right(self, from);
        if right {
            self.end = Some((to, margins));
        }
        right
    }

    /// Whether all answer rows are right with `value`, or would be if all leads were less by a margin.
    fn rows_at(&mut self, value: f64, margins: Option<&Rc<Margins>>) -> Verdict {
        if !super::are_small(&self.model, [value].into_iter()) {
            return Verdict::Open;
        }
        let config = self.model.config();
        let point = Interval::point(value);
        let numbers = Numbers::new(&self.model, vec![(self.tensor, self.index, point)]);
        let enclosed = Rc::new(Enclosed::new(&numbers));
        let attention = Attention::new(config, &enclosed);
        let readout = Readout::new(config, &enclosed, &attention.write);
        let readout = Rc::new(match margins {
            Some(margins) => readout.with(margins.clone()),
            None => readout,
        });
        let mut verdict = Verdict::Right;
        let weakest = self.weakest;
        let others = (0..ANSWER_DIGITS).filter(|row| *row != weakest);
        for row in [weakest].into_iter().chain(others) {
            if margins.is_some_and(|margins| !margins.are_finite(row)) {
                return Verdict::Open;
            }
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
                break;
            }
        }
        verdict
    }
}
