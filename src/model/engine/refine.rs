//! One row of one example in f64, from the same tables: decides what f32 leaves in doubt at
//! a fraction of the plain forward's cost.

use super::block::{Block, Digits};
use super::bound::{Coordinate, Errors, F64, ROUNDING_F64, Sizes};
use super::kernel::Matrices;
use super::{Attention, Engine};
use crate::layers::gelu;
use ndarray::{Array2, ArrayView1};
use task::addition::{ANSWER_DIGITS, DIGITS};

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

/// Memory for one row.
#[derive(Default)]
pub(super) struct Memory {
    slots: Vec<f64>,
    x: Vec<f64>,
    hidden: Vec<f64>,
    u: Vec<f64>,
}

fn dot(a: ArrayView1<f64>, b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `into = W·x + bias`.
fn affine(w: &Array2<f64>, x: &[f64], bias: ArrayView1<f64>, into: &mut Vec<f64>) {
    into.clear();
    into.extend(w.outer_iter().zip(bias).map(|(row, b)| dot(row, x) + b));
}

impl Engine<'_> {
    /// The token that a lane predicts, unless even f64 leaves it in doubt.
    pub(super) fn refine(&self, lane: &Lane, memory: &mut Memory) -> Option<u8> {
        let (slots, m) = (&mut memory.slots, &self.matrices);
        slots.clear();
        slots.resize(self.places.channels.slots, 0.0);
        match &self.attention {
            Attention::Linear(linear) => linear.exact(lane, &self.places, slots),
            Attention::General(general) => general.exact(lane, &self.places, slots),
        }
        let vocabulary = self.model.config().vocabulary;
        let token = if lane.r > 0 { lane.query() } else { usize::from(vocabulary.equals) };
        let scale = m.read_out(lane.r, token, memory);
        m.decide(&memory.u, scale, &self.exact_errors().rows[lane.r])
    }

    /// Errors of [`Engine::refine`]; made at first use.
    fn exact_errors(&self) -> &Errors {
        self.exact.get_or_init(|| {
            let sizes = Sizes::unfolded(self.model, &self.matrices, &self.places);
            sizes.errors(&F64, &self.slot_errors.f64)
        })
    }
}

impl Matrices {
    /// Steps 5 and 6 up to `u`; gives `1 / rms` of the second norm.
    fn read_out(&self, r: usize, token: usize, memory: &mut Memory) -> f64 {
        let Memory { slots, x, hidden, u } = memory;
        x.clear();
        x.extend(self.start.row(r));
        x.iter_mut().zip(self.tokens.row(token)).for_each(|(x, e)| *x += e);
        for (slot, write) in slots.iter().zip(self.write.outer_iter()) {
            x.iter_mut().zip(write).for_each(|(x, w)| *x += slot * w);
        }
        let square: f64 = x.iter().map(|v| v * v).sum();
        let scale = 1.0 / (square * self.mean + self.offset).sqrt();
        hidden.clear();
        let units = self.hidden.outer_iter().zip(&self.hidden_bias);
        hidden.extend(units.map(|(w, b)| gelu(dot(w, x) * scale + b)));
        affine(&self.read_hidden, hidden, self.read_bias.view(), u);
        u.iter_mut().zip(self.read.outer_iter()).for_each(|(u, w)| *u += dot(w, x));
        scale
    }

    /// The token whose logit leads every other by more than roundings can move it. Each
    /// lead is taken from the difference of two embeddings, so that two which are nearly
    /// the same are told apart as well as any.
    fn decide(&self, u: &[f64], scale: f64, errors: &[Coordinate]) -> Option<u8> {
        let rounding = ROUNDING_F64 * u.len() as f64;
        let logits = self.choice.outer_iter().map(|row| dot(row, u));
        let best = logits.enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)?;
        let name = *self.names.get(best)?;
        let wins = |rival: u8| {
            let (a, b) = (self.tokens.row(name.into()), self.tokens.row(rival.into()));
            let (mut lead, mut bound) = (0.0, 0.0);
            for (((a, b), u), c) in a.iter().zip(b).zip(u).zip(errors) {
                let (difference, error) = (a - b, c.error.at + c.error.slope * scale);
                lead += difference * u;
                bound += difference.abs() * error;
                // The plain forward's products and sums.
                bound += rounding * (a.abs() + b.abs()) * (u.abs() + error);
            }
            lead > bound
        };
        self.names.iter().all(|rival| *rival == name || wins(*rival)).then_some(name)
    }
}
