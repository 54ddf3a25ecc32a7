//! One row of one example in f64, from the same tables: decides most of what f32 leaves in
//! doubt at a fifth of the plain forward's cost.

use super::block::{Block, Digits};
use super::kernel::Matrices;
use super::{ANSWER_ROWS, Attention, Engine};
use crate::addition::{ANSWER_DIGITS, DIGITS};
use crate::model::layers::gelu;
use ndarray::ArrayView1;

/// The bound on a lead's error in f64, over the one in f32. f64 rounds 2²⁹ times finer;
/// what does not shrink with it is checked to stay under this.
pub(super) const FINER: f64 = 1e-3;

/// Place of a lane: the digits that it has seen by answer row `r`.
pub(super) struct Lane<'a> {
    pub block: &'a Block,
    pub fed: &'a [Digits; ANSWER_DIGITS],
    pub r: usize,
    pub i: usize,
}

impl Lane<'_> {
    /// The digit that answer row `r` reads; 0 for EQUALS, which is no digit.
    pub fn query(&self) -> usize {
        if self.r > 0 { usize::from(self.fed[self.r - 1][self.i]) } else { 0 }
    }

    /// Digits of column `j` (10 is Z10) that the row sees.
    pub fn keys(&self, j: usize) -> impl Iterator<Item = usize> {
        let summand = |n: &[Digits; DIGITS]| n.get(j).map(|digits| usize::from(digits[self.i]));
        let answer = (j < self.r).then(|| usize::from(self.fed[j][self.i]));
        [summand(&self.block.x), summand(&self.block.y), answer].into_iter().flatten()
    }
}

fn dot(a: ArrayView1<f64>, b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

impl Engine<'_> {
    /// The token that a lane predicts, unless even f64 leaves it in doubt.
    pub(super) fn refine(&self, lane: &Lane) -> Option<u8> {
        let mut slots = vec![0.0; self.places.channels.slots];
        let found = match &self.attention {
            Attention::Linear(linear) => linear.exact(lane, &self.places, &mut slots),
            Attention::General(general) => general.exact(lane, &self.places, &mut slots),
        };
        let vocabulary = self.model.config().vocabulary;
        let token = if lane.r > 0 { lane.query() } else { usize::from(vocabulary.equals) };
        let (fixed, by_scale) = self.bound.rows[lane.r];
        let (best, lead, scale) = self.matrices.lead(lane.r, token, &slots);
        let bound = FINER * (f64::from(fixed) + f64::from(by_scale) * scale);
        (found && lead > bound).then_some(best)
    }
}

impl Matrices {
    /// Steps 5 and 6: the best token, its lead, and `1 / rms` of the second norm.
    fn lead(&self, r: usize, token: usize, slots: &[f64]) -> (u8, f64, f64) {
        let mut x = self.start.row(r).to_vec();
        x.iter_mut().zip(self.tokens.row(token)).for_each(|(x, e)| *x += e);
        for (slot, write) in slots.iter().zip(self.write.outer_iter()) {
            x.iter_mut().zip(write).for_each(|(x, w)| *x += slot * w);
        }
        let square: f64 = x.iter().map(|v| v * v).sum();
        let scale = 1.0 / (square * self.mean + self.offset).sqrt();
        let units = self.hidden.outer_iter().zip(&self.hidden_bias);
        let hidden: Vec<f64> = units.map(|(w, b)| gelu(dot(w, &x) * scale + b)).collect();
        let reads = self.read.outer_iter().zip(self.read_hidden.outer_iter()).zip(&self.read_bias);
        let u: Vec<f64> =
            reads.map(|((x_w, h_w), b)| dot(x_w, &x) + dot(h_w, &hidden) + b).collect();
        let (mut best, mut second) = ((0, f64::NEG_INFINITY), f64::NEG_INFINITY);
        for (token, row) in self.tokens.outer_iter().enumerate() {
            let logit = dot(row, &u);
            if logit > best.1 {
                (second, best) = (best.1, (token as u8, logit));
            } else {
                second = second.max(logit);
            }
        }
        (best.0, best.1 - second, scale)
    }
}

/// Whether an error of f64, over the one of f32, stays under [`FINER`] in every row.
pub(super) fn is_finer(f64_error: f64, f32_errors: &[f64; ANSWER_ROWS]) -> bool {
    f32_errors.iter().all(|e| f64_error <= FINER * e)
}
