//! Whether float32 says what exact arithmetic does in each row after true digits, in whatever order it adds up: so it is
//! right on the same additions.
//!
//! For each case: the exact lead of the token that is said, against how far it may be off in float32. Where the first is
//! larger, float32 says the same. An operation is off as [`noisy`](super::noisy) says; what is made of that:
//!
//! 1. **What is given.** A number of float32 is taken as given where it lies in a known interval: the exact function of it is
//!    enclosed from there on, and what was off before it is done with. So it is done with what attention writes
//!    (`readout.rs`), which is then somewhere in the case's interval, widened by what attention may be off.
//! 2. **Attention** (`attention.rs`). Softmax leaves out a shift that is common to all scores of a row, so a query that is off
//!    moves weights only as far as keys lie apart, and a norm or a root that is off only as far as scores do. Weights that
//!    are off by shares `a` of themselves move their mean `Σ w·v` by `Σ w·a·(v − mean) / Σ w·(1 + a)`: by no more than the
//!    values lie apart times the mean of the shares, whatever the sizes of scores and values. What softmax1 looks at besides
//!    the tokens has the value 0 and the largest score, in float32 the largest of those that it computed: which is off by no more
//!    than the one that is off most, so its weight is, too.
//! 3. **Leads.** What the last norm divides by is common to all logits and positive, so it says nothing about which is
//!    larger. A lead is linear in the residual stream and in the hidden units: each is off by so much beside what comes from
//!    those before it, and moves the lead by that times its coefficient, in which the embeddings' difference, head and norm
//!    are one number.
//!
//! Where a lead is too small for this, some answers are asked for ([`answers`]): one that differs refutes.

mod answers;
mod attention;
mod readout;
mod tables;

pub use answers::differs;

use super::boxed::Boxed;
use super::cases::{Case, befores};
use super::enclosed::{Enclosed, epsilon, own};
use super::interval::Interval;
use super::noisy::{Noisy, U, dot};
use super::readout::Readout;
use super::row::Row;
use crate::Model;
use crate::config::Norm;
use crate::weights::OutWeights;
use ndarray::Array2;
use numbers::listed::Listed;
use readout::{Lane, Ways, ways};
use std::rc::Rc;
use tables::{norm_off, position_off, token_off};
use task::addition::DIGITS;

/// The model as float32 has it.
pub struct Machine<'a> {
    model: &'a Model,
    /// By token (vocabulary × tok_dim) and class (CLASSES × pos_dim).
    tokens: Vec<Vec<Noisy>>,
    positions: Vec<Vec<Noisy>>,
    norms: [Option<Vec<Noisy>>; 3],
    /// By head, answer row and digit before: how far what attention writes into each slot may be off.
    write: Vec<Vec<Noisy>>,
    fc1: Vec<Vec<Noisy>>,
    fc2: Vec<Vec<Noisy>>,
    head: Vec<Vec<Noisy>>,
    ways: Vec<Ways>,
    /// Attention's weights are the same for all digits.
    fixed: bool,
}

fn stored<'v>(values: impl IntoIterator<Item = &'v f64>) -> Vec<Noisy> {
    values.into_iter().map(|v| Noisy::stored(*v)).listed()
}

fn rows(matrix: &Array2<f64>) -> Vec<Vec<Noisy>> {
    matrix.outer_iter().map(stored).listed()
}

impl<'a> Machine<'a> {
    /// Of `model`, of which `enclosed` has the exact tables.
    pub fn new(model: &'a Model, enclosed: &Enclosed<Interval>) -> Machine<'a> {
        let w = model.weights();
        let with = |exact: &[Interval], off: &dyn Fn(usize, &Interval) -> f64| -> Vec<Noisy> {
            exact.iter().enumerate().map(|(i, v)| Noisy::new(*v, off(i, v))).listed()
        };
        let norm_off = norm_off(model);
        // A base and its boost may cancel: the boost is at most its amplitude.
        let boost = match model.config().norm {
            Norm::SpiralBoost { amp } => 2.0 * amp.abs(),
            _ => 0.0,
        };
        let norm = |exact: &Vec<Interval>| with(exact, &|_, v| norm_off * (v.size() + boost));
        let (tokens, places) = (&enclosed.tokens, &enclosed.positions);
        let token = |(t, row): (usize, &Vec<Interval>)| with(row, &|_, v| token_off(model, t, v));
        let place = |(c, row): (usize, &Vec<Interval>)| {
            with(row, &|i, _| if c < DIGITS { position_off(model, c, i, &places[c]) } else { 0.0 })
        };
        let write = match &w.out {
            OutWeights::LowRank { b, .. } => rows(b),
            OutWeights::Full(out) => out.columns().into_iter().map(stored).listed(),
        };
        Machine {
            model,
            tokens: tokens.iter().enumerate().map(token).listed(),
            positions: places.iter().enumerate().map(place).listed(),
            norms: [
                Some(norm(&enclosed.norm1)),
                enclosed.norm2.as_ref().map(norm),
                Some(norm(&enclosed.norm_f)),
            ],
            write,
            fc1: rows(&w.fc1),
            fc2: rows(&w.fc2),
            head: rows(&w.head),
            ways: ways(enclosed),
            fixed: enclosed.fixed,
        }
    }

    /// Whether no answer row can say another token in float32 than in exact arithmetic.
    pub fn agrees(&self, rows: &[Row], readout: &Rc<Readout>) -> bool {
        let agrees = |row: &Row| (0..befores(row.row)).all(|q| self.lane_agrees(readout, row, q));
        rows.iter().all(agrees)
    }

    fn lane_agrees(&self, readout: &Rc<Readout>, row: &Row, q: usize) -> bool {
        let lane = Lane {
            machine: self,
            row,
            q,
            exact: Boxed::new(readout, row.row, q),
            slots: self.slots_off(row.row, q),
            start: self.start(row.row, q),
        };
        (0..2).all(|carry| match row.row {
            DIGITS => lane.agrees(&Case::ANY, carry),
            _ => (0..=18).all(|sum| {
                lane.agrees(&Case::ANY.with_sum(sum), carry)
                    || row.columns.values(row.row).all(|own| {
                        (own.carry, own.sum()) != (carry, sum)
                            || lane.agrees(&Case::ANY.with(row.row, own), carry)
                    })
            }),
        })
    }

    /// The residual stream before attention in answer row `row` after `q`.
    fn start(&self, row: usize, q: usize) -> Vec<Noisy> {
        let (class, token) = self.own(row, q);
        self.at(class, token)
    }

    fn own(&self, row: usize, q: usize) -> (usize, usize) {
        own(self.model.config().vocabulary.equals.into(), row, q)
    }

    /// A row through a norm (steps 3, 5 and 6), but for what is common to all its numbers.
    fn normed(&self, x: &[Noisy], norm: usize) -> Normed {
        let Some(weights) = &self.norms[norm] else {
            return Normed { values: x.to_vec(), scale: 1.0, off: 0.0 };
        };
        let squares = dot(x, x, Noisy::stored(0.0));
        let width = x.len() as f64;
        let share =
            squares.times(Noisy::new(Interval::ONE.over(Interval::point(width)), U / width));
        let mean = share.plus(Noisy::new(epsilon(), U * epsilon().hi));
        let scale = mean.inverse_root(epsilon().lo);
        let off = scale.off / scale.exact.lo;
        let common = Noisy::new(scale.exact, 0.0);
        Normed {
            values: x.iter().zip(weights).map(|(x, w)| x.times(common).times(*w)).listed(),
            scale: scale.exact.hi,
            off: if off < 0.5 { off } else { f64::INFINITY },
        }
    }
}

/// A row after a norm.
struct Normed {
    /// What it is but for the common factor's error.
    values: Vec<Noisy>,
    /// The common factor at most, beside the weights.
    scale: f64,
    /// By what share the common factor may be off.
    off: f64,
}
