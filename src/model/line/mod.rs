//! What a row says as attention writes more or less along one direction: its residual stream runs along a line, which is
//! cut into segments, each with the token that is said there (steps 5 and 6).

mod crossing;
mod extent;

pub use extent::extent;

use super::Model;
use super::layers::{RMS_EPSILON, argmax, gelu, product};
use crossing::crossing;
use ndarray::{Array2, ArrayView1, Axis};
use numbers::listed::Listed;

/// All that is after attention, its matrices multiplied out as far as they are linear. The last norm divides all logits by
/// one positive number, which changes none of their order: it is left out.
pub struct Readout<'a> {
    model: &'a Model,
    /// What a logit reads of the residual stream (vocab × d_model).
    reads: Array2<f64>,
    /// The same of each hidden unit (ffn_dim × vocab).
    by_unit: Vec<Vec<f64>>,
    /// And of the FFN's bias.
    bias: Vec<f64>,
}

impl<'a> Readout<'a> {
    /// Of `model`.
    pub fn new(model: &'a Model) -> Readout<'a> {
        let w = model.weights();
        let mut reads = product(w.tokens.view(), w.head.view());
        for mut row in reads.outer_iter_mut() {
            row.iter_mut().zip(&w.norm_f).for_each(|(read, norm)| *read *= norm);
        }
        let bias = reads.outer_iter().map(|read| dot(read.iter().zip(&w.fc2_bias))).listed();
        let by_unit = product(reads.view(), w.fc2.view())
            .axis_iter(Axis(1))
            .map(|unit| unit.to_vec())
            .listed();
        Readout { model, by_unit, bias, reads }
    }

    /// The line `start + t · direction`, both of d_model.
    pub fn along(&self, start: &[f64], direction: &[f64]) -> Line<'_> {
        let w = self.model.weights();
        let mean = |a: &[f64], b: &[f64]| dot(a.iter().zip(b)) / a.len() as f64;
        let square = match w.norm2 {
            None => [1.0, 0.0, 0.0],
            Some(_) => [
                mean(start, start) + RMS_EPSILON,
                2.0 * mean(start, direction),
                mean(direction, direction),
            ],
        };
        let scaled = |x: &[f64]| match &w.norm2 {
            None => x.to_vec(),
            Some(norm) => x.iter().zip(norm).map(|(x, w)| x * w).listed(),
        };
        let (from, by) = (scaled(start), scaled(direction));
        let unit = |(weights, bias): (ArrayView1<f64>, &f64)| Unit {
            at: dot(weights.iter().zip(&from)),
            slope: dot(weights.iter().zip(&by)),
            bias: *bias,
        };
        let reads = || self.reads.outer_iter();
        Line {
            readout: self,
            square,
            units: w.fc1.outer_iter().zip(&w.fc1_bias).map(unit).listed(),
            at: reads()
                .zip(&self.bias)
                .map(|(read, bias)| dot(read.iter().zip(start)) + bias)
                .listed(),
            slope: reads().map(|read| dot(read.iter().zip(direction))).listed(),
        }
    }
}

fn dot<'a>(pairs: impl Iterator<Item = (&'a f64, &'a f64)>) -> f64 {
    pairs.map(|(a, b)| a * b).sum()
}

/// One hidden unit before GELU: `(at + slope·t) / √square + bias`.
struct Unit {
    at: f64,
    slope: f64,
    bias: f64,
}

impl Unit {
    fn before(&self, t: f64, scale: f64) -> f64 {
        (self.at + self.slope * t) * scale + self.bias
    }
}

/// Part of a line on which one token is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// Where it begins.
    pub from: f64,
    /// Where the next begins.
    pub to: f64,
    /// What is said.
    pub token: u8,
}

/// A row after attention, by how much was written.
pub struct Line<'a> {
    readout: &'a Readout<'a>,
    /// `mean(x²) + ε` as a polynomial in t; 1 where the FFN reads without a norm.
    square: [f64; 3],
    units: Vec<Unit>,
    /// Logits without what the hidden units add: `at + slope·t`.
    at: Vec<f64>,
    slope: Vec<f64>,
}

/// How often two tokens between which a third is said are looked between again.
const DEEPEST: usize = 6;

impl Line<'_> {
    /// The hidden units before GELU, at `t`.
    pub fn hidden(&self, t: f64) -> Vec<f64> {
        let scale = self.scale(t);
        self.units.iter().map(|unit| unit.before(t, scale)).listed()
    }

    /// What the second norm multiplies with, at `t`.
    fn scale(&self, t: f64) -> f64 {
        let [c0, c1, c2] = self.square;
        // A mean of squares, which rounding cannot make negative.
        1.0 / ((c2 * t + c1) * t + c0).max(RMS_EPSILON).sqrt()
    }

    /// Logits at `t`, times the positive number that the last norm divides by.
    fn logits(&self, t: f64, logits: &mut [f64]) {
        for ((logit, at), slope) in logits.iter_mut().zip(&self.at).zip(&self.slope) {
            *logit = at + slope * t;
        }
        let scale = self.scale(t);
        for (unit, adds) in self.units.iter().zip(&self.readout.by_unit) {
            let active = gelu(unit.before(t, scale));
            logits.iter_mut().zip(adds).for_each(|(logit, adds)| *logit += adds * active);
        }
    }

    /// The token that is said at `t`.
    pub fn token(&self, t: f64) -> u8 {
        self.token_in(t, &mut vec![0.0; self.at.len()])
    }

    fn token_in(&self, t: f64, buffer: &mut [f64]) -> u8 {
        self.logits(t, buffer);
        argmax(buffer) as u8
    }

    /// The segments from `lo` to `hi`, found at `steps` steps. None is missing that is wider than a step; of narrower ones
    /// some may be, where the same token is said at both ends of a step. Where one gives way to the next is right to the
    /// precision of f64.
    pub fn segments(&self, (lo, hi): (f64, f64), steps: usize) -> Vec<Segment> {
        let mut found = Found { line: self, buffer: vec![0.0; self.at.len()], edges: Vec::new() };
        let at = |i: usize| lo + (hi - lo) * (i as f64 / steps.max(1) as f64);
        let mut before = (lo, found.token(lo));
        found.edges.push(before);
        for i in 1..=steps.max(1) {
            let here = (at(i), found.token(at(i)));
            found.between(before, here, DEEPEST);
            before = here;
        }
        let edges = found.edges;
        let ends = edges.iter().skip(1).map(|(from, _)| *from).chain([hi]);
        edges.iter().zip(ends).map(|(&(from, token), to)| Segment { from, to, token }).listed()
    }
}

/// Where segments begin, and which.
struct Found<'a> {
    line: &'a Line<'a>,
    buffer: Vec<f64>,
    edges: Vec<(f64, u8)>,
}

impl Found<'_> {
    fn token(&mut self, t: f64) -> u8 {
        self.line.token_in(t, &mut self.buffer)
    }

    /// What begins after one place up to another, whose tokens are known.
    fn between(&mut self, (lo, a): (f64, u8), (hi, b): (f64, u8), depth: usize) {
        if a == b {
            return;
        }
        let lead = |t: f64, buffer: &mut [f64]| {
            self.line.logits(t, buffer);
            let of = |token: u8| buffer.get(usize::from(token)).copied().unwrap_or(0.0);
            of(a) - of(b)
        };
        // The first of two equal logits is said.
        let (last, first) = crossing((lo, hi), a < b, |t| lead(t, &mut self.buffer));
        let (before, after) = (self.token(last), self.token(first));
        if depth == 0 || (before == a && after == b) {
            self.edges.push((first, b));
            return;
        }
        self.between((lo, a), (last, before), depth - 1);
        self.between((last, before), (first, after), depth - 1);
        self.between((first, after), (hi, b), depth - 1);
    }
}
