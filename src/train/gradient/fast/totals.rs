//! Gradients of a step before they are taken apart, in f64.

use super::math::{TOK, TOKENS};
use model::config::Config;
use model::engine::{ANSWER_ROWS, Digits, LANES, Lanes};
use model::weights::{OutWeights, Weights};
use ndarray::Array2;
use task::addition::EQUALS;

/// Gradients of the kernel's matrices, in the kernel's shapes but without padding.
pub(super) struct Totals {
    /// By answer row (12 × d_model).
    pub start: Array2<f64>,
    /// By slot (slots × d_model).
    pub write: Array2<f64>,
    /// Of fc1 · diag(norm2) (ffn_dim × d_model), and of the bias (1 × ffn_dim).
    pub hidden: Array2<f64>,
    pub hidden_bias: Array2<f64>,
    /// Of fc2 transposed (ffn_dim × d_model), and of the bias (1 × d_model).
    pub out: Array2<f64>,
    pub out_bias: Array2<f64>,
    /// Of head · diag(norm_f) (tok_dim × d_model).
    pub read: Array2<f64>,
    /// Of the token table (vocab × tok_dim).
    pub tokens: Array2<f64>,
}

impl Totals {
    pub fn new(config: &Config, slots: usize) -> Totals {
        let (d, f) = (config.d_model(), config.ffn_dim);
        let zeros = |rows, columns| Array2::zeros((rows, columns));
        Totals {
            start: zeros(ANSWER_ROWS, d),
            write: zeros(slots, d),
            hidden: zeros(f, d),
            hidden_bias: zeros(1, f),
            out: zeros(f, d),
            out_bias: zeros(1, d),
            read: zeros(TOK, d),
            tokens: zeros(config.vocabulary.size.min(TOKENS), TOK),
        }
    }

    fn each(&mut self) -> [&mut Array2<f64>; 8] {
        let Totals { start, write, hidden, hidden_bias, out, out_bias, read, tokens } = self;
        [start, write, hidden, hidden_bias, out, out_bias, read, tokens]
    }

    /// Sets all to 0.
    pub fn clear(&mut self) {
        self.each().into_iter().for_each(|total| total.fill(0.0));
    }

    /// Takes the folded matrices apart and adds the gradients, times `factor`, to `into`.
    pub fn finish(&mut self, factor: f64, weights: &Weights, into: &mut Weights) {
        self.each().into_iter().for_each(|total| *total *= factor);
        for (from, mut to) in
            self.start.outer_iter().zip(into.positions.outer_iter_mut().skip(EQUALS))
        {
            to.iter_mut().zip(from.iter().skip(TOK)).for_each(|(to, v)| *to += v);
        }
        match &mut into.out {
            OutWeights::LowRank { b, .. } => *b += &self.write,
            OutWeights::Full(full) => *full += &self.write.t(),
        }
        match (&weights.norm2, &mut into.norm2) {
            (Some(norm), Some(d_norm)) => {
                for ((k, d), g) in self.hidden.indexed_iter() {
                    into.fc1[[k, d]] += g * norm[d];
                    d_norm[d] += g * weights.fc1[[k, d]];
                }
            }
            _ => into.fc1 += &self.hidden,
        }
        into.fc1_bias += &self.hidden_bias.row(0);
        into.fc2 += &self.out.t();
        into.fc2_bias += &self.out_bias.row(0);
        for ((t, d), g) in self.read.indexed_iter() {
            into.head[[t, d]] += g * weights.norm_f[d];
            into.norm_f[d] += g * weights.head[[t, d]];
        }
        into.tokens += &self.tokens;
    }
}

/// One sum per digit. Four lanes in turn add to sums of their own: so an addition seldom
/// waits for the one before, and is rounded less.
pub(super) struct ByDigit([[f32; 16]; 4]);

impl ByDigit {
    pub fn new() -> ByDigit {
        ByDigit([[0.0; 16]; 4])
    }

    /// `sum[digits[i]] += values[i]`.
    pub fn add(&mut self, values: &Lanes, digits: &Digits) {
        let values: &[f32; LANES] = bytemuck::cast_ref(values);
        for (values, digits) in values.chunks_exact(4).zip(digits.chunks_exact(4)) {
            for ((sums, v), d) in self.0.iter_mut().zip(values).zip(digits) {
                sums[usize::from(d & 15)] += *v;
            }
        }
    }

    /// Moves the sums to `totals`.
    pub fn drain(&mut self, totals: &mut [f64; 16]) {
        let [a, b, c, d] = std::mem::replace(self, ByDigit::new()).0.map(|s| s.map(f64::from));
        for (i, total) in totals.iter_mut().enumerate() {
            *total += (a[i] + b[i]) + (c[i] + d[i]);
        }
    }
}
