//! How far f32 rounding can move the lead of one logit over another.
//!
//! A worst case to first order, carried through steps 4 to 6 once per model and answer row:
//! magnitudes are the largest that any tokens give. Only the second norm needs a number of
//! the example itself: what it divides by scales the errors before it.

use super::ANSWER_ROWS;
use super::gelu::GELU_ERROR;
use super::places::Places;
use crate::addition::EQUALS;
use crate::model::Model;
use ndarray::{Array2, ArrayView1};

/// Unit roundoff of f32.
pub(super) const ROUNDING: f64 = 1.0 / (1u64 << 24) as f64;

/// Added to every magnitude: makes up for numbers flushed at 1e-20, as
/// `ROUNDING · FLUSHED > 1e-20`.
const FLUSHED: f64 = 1e-12;

/// Largest slope of GELU.
const GELU_SLOPE: f64 = 1.13;

/// Above this, squares and sums could leave the range of f32; the plain forward decides.
const HUGE: f64 = 1e18;

/// For each answer row, `(fixed, by_scale)`: a lead is off by at most
/// `fixed + by_scale / rms` of the second norm (1 without one).
pub(super) struct Bound {
    pub rows: [(f32, f32); ANSWER_ROWS],
}

/// `at + slope / rms`.
#[derive(Clone, Copy, Default)]
struct Linear {
    at: f64,
    slope: f64,
}

/// What the rows share.
struct Parts<'a> {
    model: &'a Model,
    write: &'a Array2<f64>,
    /// Largest size of a slot: its values are at most 1, once per head.
    slot: f64,
    /// Largest size of an embedding's coordinates, and the largest difference of two.
    token: Vec<f64>,
    range: Vec<f64>,
    read: Array2<f64>,
    read_hidden: Array2<f64>,
    hidden: Array2<f64>,
}

impl Bound {
    /// `slots` is the error of what attention writes in each answer row, over its largest
    /// possible size.
    pub fn new(model: &Model, places: &Places, slots: [f64; ANSWER_ROWS]) -> Bound {
        let w = model.weights();
        let column = |d: usize| w.tokens.column(d);
        let largest = |c: ArrayView1<f64>| c.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let range = |c: ArrayView1<f64>| {
            let (low, high) = c.iter().fold((0.0f64, 0.0f64), |(l, h), v| (l.min(*v), h.max(*v)));
            high - low
        };
        let dims = 0..model.config().tok_dim;
        let read = &w.head * &w.norm_f;
        let parts = Parts {
            model,
            write: &places.channels.write,
            slot: places.heads as f64,
            token: dims.clone().map(|d| largest(column(d)) + FLUSHED).collect(),
            range: dims.map(|d| range(column(d))).collect(),
            read_hidden: read.dot(&w.fc2),
            read,
            hidden: match &w.norm2 {
                Some(norm) => &w.fc1 * norm,
                None => w.fc1.clone(),
            },
        };
        Bound { rows: std::array::from_fn(|r| parts.row(r, slots[r])) }
    }
}

impl Parts<'_> {
    /// Largest sizes of the residual stream after attention, and their errors.
    fn residual(&self, r: usize, slot_error: f64) -> (Vec<f64>, Vec<f64>) {
        let (config, w) = (self.model.config(), self.model.weights());
        let terms = (self.write.nrows() + 3) as f64;
        let size_error = |d: usize| {
            let place = match d.checked_sub(config.tok_dim) {
                None => self.token[d],
                Some(p) => w.positions[[EQUALS + r, p]].abs() + FLUSHED,
            };
            let written = self.write.column(d).iter().map(|v| v.abs() + FLUSHED).sum::<f64>();
            let size = place + written * self.slot;
            (size, terms * ROUNDING * size + written * self.slot * slot_error)
        };
        (0..config.d_model()).map(size_error).unzip()
    }

    /// Largest size of hidden unit `k` after GELU, and its error.
    fn hidden_unit(&self, k: usize, size: f64, error: f64) -> (f64, Linear) {
        let w = self.model.weights();
        let d = self.model.config().d_model() as f64;
        let weight = norm(self.hidden.row(k).iter().copied()) + FLUSHED;
        let bias = w.fc1_bias[k].abs();
        // After a norm a row is at most sqrt(d) long.
        let input = if w.norm2.is_some() { d.sqrt() } else { size };
        let most = weight * input + bias;
        let at = (d + 10.0) * ROUNDING * most;
        // Dividing by the norm stretches no more than by 1 / rms, to first order.
        let slope = 1.1 * weight * error;
        let after = Linear {
            at: GELU_SLOPE * at + GELU_ERROR + 2.0 * ROUNDING * most,
            slope: GELU_SLOPE * slope,
        };
        (most, after)
    }

    fn row(&self, r: usize, slot_error: f64) -> (f32, f32) {
        let (config, w) = (self.model.config(), self.model.weights());
        let (sizes, errors) = self.residual(r, slot_error);
        let (size, error) = (norm(sizes.iter().copied()), norm(errors.iter().copied()));
        let hidden: Vec<(f64, Linear)> =
            (0..config.ffn_dim).map(|k| self.hidden_unit(k, size, error)).collect();
        let terms = (config.d_model() + config.ffn_dim + 6) as f64;
        let readout = (2 * config.tok_dim + 8) as f64;
        let (mut lead, mut largest) = (Linear::default(), size);
        for t in 0..config.tok_dim {
            let read = |values: &[f64]| -> f64 {
                self.read.row(t).iter().zip(values).map(|(g, v)| (g.abs() + FLUSHED) * v).sum()
            };
            let bias: f64 = self.read.row(t).dot(&w.fc2_bias).abs();
            let (mut most, mut at, mut slope) = (read(&sizes) + bias, read(&errors), 0.0);
            for ((unit, after), g) in hidden.iter().zip(self.read_hidden.row(t)) {
                let g = g.abs() + FLUSHED;
                most += g * unit;
                at += g * after.at;
                slope += g * after.slope;
                largest = largest.max(*unit);
            }
            at += terms * ROUNDING * most;
            lead.at += self.range[t] * at + readout * ROUNDING * self.token[t] * most;
            lead.slope += self.range[t] * slope;
            largest = largest.max(most).max(self.token[t]);
        }
        // Rounded up, so that the sum in f32 still bounds.
        let up = |v: f64| if largest < HUGE { (v * 1.000_001) as f32 } else { f32::INFINITY };
        (up(lead.at), up(lead.slope))
    }
}

/// Euclidean length.
fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|v| v * v).sum::<f64>().sqrt()
}
