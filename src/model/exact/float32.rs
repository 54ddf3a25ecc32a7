//! Whether float32 gives the answers of exact arithmetic, in whatever order it adds up.
//!
//! For each case: the exact lead of the token that is said, against how far two logits may be off in float32
//! ([`noisy`](super::noisy)). Where the first is larger, float32 says the same.

use super::boxed::Boxed;
use super::cases::{Case, PAIRS, Value, befores};
use super::enclosed::{CLASSES, EQUALS_CLASS, Enclosed, PLUS_CLASS, epsilon, own};
use super::interval::Interval;
use super::listed::Listed;
use super::noisy::{Noisy, U, ULPS, dot, gamma};
use super::readout::Readout;
use super::row::Row;
use crate::Model;
use crate::config::{Embedding, Norm, QkInput};
use crate::tensors::name::{TOK_ARC_START, TOK_ARC_STRIDE};
use crate::weights::OutWeights;
use ndarray::{Array2, ArrayView1};
use std::f64::consts::TAU;
use std::rc::Rc;
use task::addition::{DIGITS, Z10};

/// How often a box is halved to see that a lead is larger than what float32 may lose.
const HALVINGS: u32 = 5;

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
                    || (0..PAIRS).map(|pair| Value { pair, carry }).all(|own| {
                        own.sum() != sum || lane.agrees(&Case::ANY.with(row.row, own), carry)
                    })
            }),
        })
    }

    /// The residual stream before attention in answer row `row` after `q`.
    fn start(&self, row: usize, q: usize) -> Vec<Noisy> {
        let (class, token) = self.own(row, q);
        self.tokens[token].iter().chain(&self.positions[class]).copied().listed()
    }

    fn own(&self, row: usize, q: usize) -> (usize, usize) {
        own(self.model.config().vocabulary.equals.into(), row, q)
    }

    /// A row through a norm (steps 3, 5 and 6).
    fn normed(&self, x: &[Noisy], norm: usize) -> Vec<Noisy> {
        let Some(weights) = &self.norms[norm] else { return x.to_vec() };
        let squares = dot(x, x, Noisy::stored(0.0));
        let width = x.len() as f64;
        let share =
            squares.times(Noisy::new(Interval::ONE.over(Interval::point(width)), U / width));
        let mean = share.plus(Noisy::new(epsilon(), U * epsilon().hi));
        let scale = mean.inverse_root(epsilon().lo);
        x.iter().zip(weights).map(|(x, w)| x.times(scale).times(*w)).listed()
    }

    /// By how much what attention writes into each slot may be off, whatever the addition (step 4).
    fn slots_off(&self, row: usize, q: usize) -> Vec<f64> {
        let (config, w) = (self.model.config(), self.model.weights());
        let vocabulary = config.vocabulary;
        let (class, token) = self.own(row, q);
        let query = self.normed(&[&self.tokens[token][..], &self.positions[class]].concat(), 0);
        let tokens_at = |class: usize| -> Vec<usize> {
            match class {
                PLUS_CLASS => vec![vocabulary.plus.into()],
                EQUALS_CLASS => vec![vocabulary.equals.into()],
                _ => (0..DIGITS).listed(),
            }
        };
        let mut inner = vec![(0.0f64, 0.0f64); config.inner_dim()];
        for head in 0..config.n_heads {
            let (mut score, mut score_off) = (0.0f64, 0.0f64);
            let dims = head * config.head_dim..(head + 1) * config.head_dim;
            let mut values = vec![(0.0f64, 0.0f64); config.head_dim];
            for class in 0..CLASSES {
                for t in tokens_at(class) {
                    let seen = [&self.tokens[t][..], &self.positions[class]].concat();
                    let normed = self.normed(&seen, 0);
                    let found = self.score(head, &query, &normed);
                    score = score.max(found.size());
                    score_off = score_off.max(found.off);
                    for (most, i) in values.iter_mut().zip(dims.clone()) {
                        let value = dot(&stored(w.v.row(i)), &normed, Noisy::stored(0.0));
                        *most = (most.0.max(value.size()), most.1.max(value.off));
                    }
                }
            }
            // Two scores and their difference are off, then the power and the quotient of sums.
            let moved = 2.0 * score_off + 4.0 * U * score;
            // eˣ is at most 1 / (1 − x) for x from 0 to 1.
            let power = if moved < 1.0 { moved / (1.0 - moved) } else { f64::INFINITY };
            let power = power + 2.0 * ULPS * U + U;
            let share = (1.0 + power) / (1.0 - power).max(0.0) * (1.0 + gamma(40)) - 1.0;
            for (inner, (size, off)) in inner[dims].iter_mut().zip(values) {
                *inner = (size, (share + gamma(40) * (1.0 + share)) * size + off * (1.0 + share));
            }
        }
        match &w.out {
            OutWeights::Full(_) => inner.iter().map(|(_, off)| *off).listed(),
            OutWeights::LowRank { a, .. } => {
                let slot = |read: ArrayView1<f64>| -> f64 {
                    let terms = read.iter().zip(&inner);
                    let rounding = gamma(inner.len() + 1);
                    terms.map(|(a, (size, off))| a.abs() * (off + rounding * (size + off))).sum()
                };
                a.columns().into_iter().map(slot).listed()
            }
        }
    }

    /// A query's product with a key over √qk_dim.
    fn score(&self, head: usize, query: &[Noisy], key: &[Noisy]) -> Noisy {
        let (config, w) = (self.model.config(), self.model.weights());
        let skip = match config.qk_input {
            QkInput::Position => config.tok_dim,
            QkInput::Full => 0,
        };
        let dims = head * config.qk_dim..(head + 1) * config.qk_dim;
        let project = |matrix: &Array2<f64>, x: &[Noisy]| -> Vec<Noisy> {
            let rows = dims.clone().map(|i| stored(matrix.row(i)));
            rows.map(|row| dot(&row, &x[skip..], Noisy::stored(0.0))).listed()
        };
        let mut turned = project(&w.q, query);
        let (sin, cos) = w.phase[head];
        if sin != 0.0 {
            // Sine and cosine of a stored angle, in exact arithmetic within EPSILON of these.
            let about =
                |v: f64| Noisy::new(Interval::around(v, 2.0 * f64::EPSILON), 2.0 * ULPS * U);
            let (sin, minus, cos) = (about(sin), about(-sin), about(cos));
            for pair in turned.chunks_exact_mut(2) {
                let (a, b) = (pair[0], pair[1]);
                pair[0] = a.times(cos).plus(b.times(minus));
                pair[1] = a.times(sin).plus(b.times(cos));
            }
        }
        let product = dot(&turned, &project(&w.k, key), Noisy::stored(0.0));
        let root = Interval::ONE.over(Interval::point(config.qk_dim as f64).sqrt());
        product.times(Noisy::new(root, 4.0 * U))
    }
}

/// One answer row after one token.
struct Lane<'l> {
    machine: &'l Machine<'l>,
    row: &'l Row,
    q: usize,
    exact: Boxed,
    slots: Vec<f64>,
    start: Vec<Noisy>,
}

impl Lane<'_> {
    /// Whether float32 says the same in every addition of a case.
    fn agrees(&self, case: &Case, carry: usize) -> bool {
        let mut reach = Vec::new();
        if !self.row.reach(self.q, carry, case, &mut reach) {
            return true;
        }
        let middle: Vec<Interval> = reach.iter().map(|s| Interval::point(s.middle())).listed();
        let Some(said) = self.exact.said(&middle) else { return false };
        let space = self.token_space(&reach);
        let tokens = &self.machine.tokens;
        let others = (0..tokens.len()).filter(|t| *t != said);
        let offs: Vec<f64> = others.map(|t| lead_off(&tokens[said], &tokens[t], &space)).listed();
        if !offs.iter().all(|off| off.is_finite()) {
            return false;
        }
        let off = offs.into_iter().fold(0.0, f64::max);
        self.exact.least_lead(said, &reach, off * 1.01, HALVINGS) > off
    }

    /// Steps 5 and 6 up to the head (tok_dim).
    fn token_space(&self, reach: &[Interval]) -> Vec<Noisy> {
        let (machine, w) = (self.machine, self.machine.model.weights());
        let slots: Vec<Noisy> =
            reach.iter().zip(&self.slots).map(|(s, off)| Noisy::new(*s, *off)).listed();
        let x: Vec<Noisy> = (0..self.start.len())
            .map(|i| {
                let written: Vec<Noisy> = machine.write.iter().map(|b| b[i]).listed();
                self.start[i].plus(dot(&slots, &written, Noisy::stored(0.0)))
            })
            .listed();
        let normed = machine.normed(&x, 1);
        let hidden = machine.fc1.iter().zip(&w.fc1_bias);
        let active: Vec<Noisy> =
            hidden.map(|(row, b)| dot(row, &normed, Noisy::stored(*b)).gelu()).listed();
        let made = machine.fc2.iter().zip(&w.fc2_bias);
        let after: Vec<Noisy> =
            made.zip(&x).map(|((row, b), x)| x.plus(dot(row, &active, Noisy::stored(*b)))).listed();
        let last = machine.normed(&after, 2);
        machine.head.iter().map(|row| dot(row, &last, Noisy::stored(0.0))).listed()
    }
}

/// How far the difference of two logits may be off. Both read the same numbers, so what these are off by goes with the
/// difference of the embeddings; their own roundings do not.
fn lead_off(said: &[Noisy], other: &[Noisy], space: &[Noisy]) -> f64 {
    let coordinate = |((a, b), u): ((&Noisy, &Noisy), &Noisy)| {
        let passed = (a.exact - b.exact).size() * u.off + (a.off + b.off) * u.size();
        passed + gamma(space.len() + 2) * (a.size() + b.size()) * u.size()
    };
    let off: f64 = said.iter().zip(other).zip(space).map(coordinate).sum();
    off * 1.000_001
}

/// How far a norm's weights may be off, as a share: those that are computed take a few operations.
fn norm_off(model: &Model) -> f64 {
    match model.config().norm {
        Norm::Structured => 2.0 * U,
        Norm::SpiralBoost { .. } => gamma(model.config().d_model() + 8),
        _ => 0.0,
    }
}

/// How far an embedding's coordinate may be off (step 1).
fn token_off(model: &Model, t: usize, exact: &Interval) -> f64 {
    if model.config().embedding == Embedding::Learned {
        return 0.0;
    }
    let scalar = |name| model.params().scalar(name).abs();
    let turned = t as f64 * scalar(TOK_ARC_STRIDE);
    let angle = U * turned + U * (turned * (1.0 + U) + scalar(TOK_ARC_START));
    let radius = model.weights().tokens.row(t).iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let radius =
        radius.max(scalar(crate::tensors::name::TOK_ARC_A)).max(match model.config().embedding {
            Embedding::Arc { tied: false } => scalar(crate::tensors::name::TOK_ARC_B),
            _ => 0.0,
        });
    radius * (angle + 2.0 * ULPS * U) * (1.0 + U) + U * exact.size()
}

/// How far coordinate `i` of a digit's position may be off (step 2).
fn position_off(model: &Model, place: usize, i: usize, exact: &[Interval]) -> f64 {
    use crate::tensors::name::{SPIRAL_AMP, SPIRAL_OFFSET, SPIRAL_PHASE, SPIRAL_SLOPE};
    let scalar = |name| model.params().scalar(name).abs();
    let base = match i {
        0 | 1 => {
            let turned = TAU * place as f64 / DIGITS as f64;
            let angle = 4.0 * U * turned + U * (turned + scalar(SPIRAL_PHASE));
            scalar(SPIRAL_AMP) * (1.01 * angle + 2.0 * ULPS * U) + U * scalar(SPIRAL_AMP)
        }
        2 => {
            let height = scalar(SPIRAL_SLOPE) * place as f64;
            U * height + U * (height * (1.0 + U) + scalar(SPIRAL_OFFSET))
        }
        _ => return 0.0,
    };
    // A correction is some operations more, and scales what is there.
    let size = exact[i].size();
    let bare = match i {
        0 | 1 => scalar(SPIRAL_AMP),
        _ => scalar(SPIRAL_SLOPE) * place as f64 + scalar(SPIRAL_OFFSET),
    };
    let scale = correction_size(model, place);
    debug_assert!(place < Z10);
    base * scale + bare * 4.0 * U * scale + U * size
}

/// `1 + |correction|` at most.
fn correction_size(model: &Model, place: usize) -> f64 {
    use crate::config::Correction;
    use crate::tensors::name::{POS_CORR_INTERCEPT, POS_CORR_SLOPE, POS_CORRECTION};
    let scalar = |name| model.params().scalar(name).abs();
    1.0 + match model.config().correction {
        Correction::None => 0.0,
        Correction::Linear => scalar(POS_CORR_INTERCEPT) + scalar(POS_CORR_SLOPE) * place as f64,
        Correction::Full => {
            model.params().numbers(POS_CORRECTION).get(place).map_or(0.0, |v| f64::from(v.abs()))
        }
    }
}
