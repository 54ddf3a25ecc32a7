//! How far rounding can move the lead of one logit over another.
//!
//! A worst case to first order, carried through steps 4 to 6 once per model and answer row:
//! magnitudes are the largest that any tokens give. Only the second norm needs a number of
//! the example itself: what it divides by scales the errors before it.

use super::ANSWER_ROWS;
use super::gelu::GELU_ERROR;
use super::kernel::Matrices;
use super::places::Places;
use crate::Model;
use crate::layers::product;
use ndarray::{Array1, Array2, ArrayView1};

/// Unit roundoff of f32.
pub(super) const ROUNDING: f64 = 1.0 / (1u64 << 24) as f64;

/// Eight times the unit roundoff of f64: for the plain forward and for us, with room for
/// orders of sums that differ.
pub(super) const ROUNDING_F64: f64 = 1.0 / (1u64 << 50) as f64;

/// Largest slope of GELU.
const GELU_SLOPE: f64 = 1.13;

/// The arithmetic that errors are those of.
pub(super) struct Precision {
    rounding: f64,
    /// Absolute error of GELU beyond a few roundings of its argument.
    gelu: f64,
    /// Added to every magnitude: makes up for numbers flushed at 1e-20, as
    /// `rounding · flushed > 1e-20`.
    flushed: f64,
    /// Above this, squares and sums could leave the range.
    huge: f64,
}

/// What the kernel computes in.
pub(super) const F32: Precision =
    Precision { rounding: ROUNDING, gelu: GELU_ERROR, flushed: 1e-12, huge: 1e18 };

/// What near ties are decided in.
pub(super) const F64: Precision =
    Precision { rounding: ROUNDING_F64, gelu: 0.0, flushed: 0.0, huge: 1e100 };

/// `at + slope / rms` of the second norm (1 without one).
#[derive(Clone, Copy, Default)]
pub(super) struct Linear {
    pub at: f64,
    pub slope: f64,
}

/// Errors of one coordinate of `u` ([`Matrices`]).
#[derive(Clone, Copy, Default)]
pub(super) struct Coordinate {
    pub error: Linear,
    /// Its largest size.
    pub most: f64,
}

/// Errors of `u` in each answer row; infinite where numbers may leave the range.
pub(super) struct Errors {
    pub rows: [Vec<Coordinate>; ANSWER_ROWS],
}

/// Largest sizes of what is multiplied with.
pub(super) struct Sizes<'a> {
    m: &'a Matrices,
    write: Array2<f64>,
    read_hidden: Array2<f64>,
    read_bias: Array1<f64>,
    /// Largest size of a slot: its values are at most 1, once per head.
    slot: f64,
    /// Largest size of an embedding's coordinates.
    token: Vec<f64>,
}

impl<'a> Sizes<'a> {
    /// Of the folded matrices themselves.
    pub fn folded(m: &'a Matrices, places: &Places) -> Sizes<'a> {
        let column = |t: usize| largest(m.tokens.column(t));
        Sizes {
            write: m.write.mapv(f64::abs),
            read_hidden: m.read_hidden.mapv(f64::abs),
            read_bias: m.read_bias.mapv(f64::abs),
            slot: places.heads as f64,
            token: (0..m.tokens.ncols()).map(column).collect(),
            m,
        }
    }

    /// Of the matrices one by one, as the plain forward multiplies with them: it also
    /// rounds what cancels in a folded matrix.
    pub fn unfolded(model: &Model, m: &'a Matrices, places: &Places) -> Sizes<'a> {
        let (w, read) = (model.weights(), m.read.mapv(f64::abs));
        Sizes {
            write: places.channels.write_sizes.clone(),
            read_hidden: product(read.view(), w.fc2.mapv(f64::abs).view()),
            read_bias: read.dot(&w.fc2_bias.mapv(f64::abs)),
            ..Sizes::folded(m, places)
        }
    }

    /// Errors in the arithmetic of `p`, where `slots` are those of what attention writes in
    /// each answer row, over its largest possible size.
    pub fn errors(&self, p: &Precision, slots: &[f64; ANSWER_ROWS]) -> Errors {
        Errors { rows: std::array::from_fn(|r| self.row(p, r, slots[r])) }
    }

    /// Largest sizes of the residual stream after attention, and their errors.
    fn residual(&self, p: &Precision, r: usize, slot_error: f64) -> (Vec<f64>, Vec<f64>) {
        let terms = (self.write.nrows() + 3) as f64;
        let size_error = |d: usize| {
            let token = self.token.get(d).copied().unwrap_or(0.0);
            let place = token + self.m.start[[r, d]].abs() + p.flushed;
            let written = self.write.column(d).iter().map(|v| v + p.flushed).sum::<f64>();
            let size = place + written * self.slot;
            (size, terms * p.rounding * size + written * self.slot * slot_error)
        };
        (0..self.write.ncols()).map(size_error).unzip()
    }

    /// Largest size of hidden unit `k` after GELU, and its error.
    fn hidden_unit(&self, p: &Precision, k: usize, size: f64, error: f64) -> (f64, Linear) {
        let d = self.m.hidden.ncols() as f64;
        let weight = norm(self.m.hidden.row(k).iter().copied()) + p.flushed;
        // After a norm a row is at most sqrt(d) long.
        let input = if self.m.mean > 0.0 { d.sqrt() } else { size };
        let most = weight * input + self.m.hidden_bias[k].abs();
        let at = (d + 10.0) * p.rounding * most;
        // Dividing by the norm stretches no more than by 1 / rms, to first order.
        let slope = 1.1 * weight * error;
        let after = Linear {
            at: GELU_SLOPE * at + p.gelu + 2.0 * p.rounding * most,
            slope: GELU_SLOPE * slope,
        };
        (most, after)
    }

    fn row(&self, p: &Precision, r: usize, slot_error: f64) -> Vec<Coordinate> {
        let (sizes, errors) = self.residual(p, r, slot_error);
        let (size, error) = (norm(sizes.iter().copied()), norm(errors.iter().copied()));
        let units = self.read_hidden.ncols();
        let hidden: Vec<(f64, Linear)> =
            (0..units).map(|k| self.hidden_unit(p, k, size, error)).collect();
        let terms = (sizes.len() + units + 6) as f64;
        let mut most_of_all = hidden.iter().fold(size, |m, (unit, _)| m.max(*unit));
        let coordinate = |t: usize| {
            let read = |values: &[f64]| -> f64 {
                self.m.read.row(t).iter().zip(values).map(|(g, v)| (g.abs() + p.flushed) * v).sum()
            };
            let (mut most, mut at) = (read(&sizes) + self.read_bias[t], read(&errors));
            let mut slope = 0.0;
            for ((unit, after), g) in hidden.iter().zip(self.read_hidden.row(t)) {
                let g = g + p.flushed;
                most += g * unit;
                at += g * after.at;
                slope += g * after.slope;
            }
            at += terms * p.rounding * most;
            most_of_all = most_of_all.max(most).max(self.token[t]);
            Coordinate { error: Linear { at, slope }, most }
        };
        let mut row: Vec<Coordinate> = (0..self.token.len()).map(coordinate).collect();
        // NaN is not in range either.
        if !matches!(most_of_all.partial_cmp(&p.huge), Some(std::cmp::Ordering::Less)) {
            row.iter_mut().for_each(|c| c.error.at = f64::INFINITY);
        }
        row
    }
}

/// For each answer row, `(fixed, by_scale)`: a lead in the kernel is off by at most
/// `fixed + by_scale / rms` of the second norm.
pub(super) fn leads(m: &Matrices, errors: &Errors) -> [(f32, f32); ANSWER_ROWS] {
    let t = m.choice.ncols();
    let range = |c: ArrayView1<f64>| {
        let (low, high) = c.iter().fold((0.0f64, 0.0f64), |(l, h), v| (l.min(*v), h.max(*v)));
        high - low
    };
    let ranges: Vec<f64> = m.choice.columns().into_iter().map(range).collect();
    let choice: Vec<f64> = m.choice.columns().into_iter().map(largest).collect();
    let token: Vec<f64> = m.tokens.columns().into_iter().map(largest).collect();
    // In f32 the logit; in f64 the plain forward's, which has not lost its centre.
    let ours = (2 * t + 8) as f64 * ROUNDING;
    let plain = (2 * t + 2) as f64 * ROUNDING_F64 / m.choice_scale;
    std::array::from_fn(|r| {
        let mut lead = Linear::default();
        for (d, c) in errors.rows[r].iter().enumerate() {
            lead.at += ranges[d] * c.error.at;
            lead.at += (ours * (choice[d] + F32.flushed) + plain * token[d]) * c.most;
            lead.slope += ranges[d] * c.error.slope;
        }
        // Rounded up, so that the sum in f32 still bounds.
        let up = |v: f64| if v.is_nan() { f32::INFINITY } else { (v * 1.000_001) as f32 };
        (up(lead.at), up(lead.slope))
    })
}

fn largest(values: ArrayView1<f64>) -> f64 {
    values.iter().fold(0.0f64, |m, v| m.max(v.abs()))
}

/// Euclidean length.
fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|v| v * v).sum::<f64>().sqrt()
}
