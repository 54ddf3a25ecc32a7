//! From attention to the loss and back (steps 5 and 6), one answer row of a block at a time.
//!
//! As in the engine's kernel, four lanes are one SIMD register and the registers are written
//! out. Weights that follow each other without anything between are folded before the pass;
//! gradients of the folded matrices are taken apart once per step, in f64.
#![allow(
    clippy::needless_range_loop,
    clippy::out_of_bounds_indexing,
    reason = "`each!` writes loops out, past the end behind a condition"
)]

use super::math::{TOK, TOKENS};
use super::math::{exp2, gelu};
use super::row::Row;
use super::totals::Totals;
use model::config::{Config, MAX_WIDTH};
use model::engine::{ANSWER_ROWS, LANES, each, small, splat};
use model::layers::RMS_EPSILON;
use model::weights::{OutWeights, Weights};
use ndarray::Array2;
use task::addition::EQUALS;
use wide::{CmpEq, f32x4};

/// The number of each token, to compare targets with.
const NUMBERS: [f32x4; TOKENS] = {
    let mut numbers = [f32x4::ZERO; TOKENS];
    let mut v = 0;
    while v < TOKENS {
        numbers[v] = splat(v as f32);
        v += 1;
    }
    numbers
};

/// Steps 5 and 6, forward and backward.
pub(super) trait Kernel: Send + Sync {
    /// Takes new weights.
    fn load(&mut self, weights: &Weights);
    /// Answer row `r` of all lanes.
    fn row(&mut self, r: usize, row: &mut Row);
    /// Adds the gradients since the last call to `totals`.
    fn drain(&mut self, totals: &mut Totals);
}

/// The kernel of an architecture; `None` where it is wider than [`MAX_WIDTH`].
pub(super) fn of(config: &Config, slots: usize) -> Option<Box<dyn Kernel>> {
    let sizes = Sizes { d: config.d_model(), f: config.ffn_dim, c: slots };
    Some(match sizes {
        Sizes { d: 5, f: 2, c: 1 } => Box::new(Fixed::<5, 2, 1>::new(config, sizes)),
        Sizes { d: 5, f: 2, c: 2 } => Box::new(Fixed::<5, 2, 2>::new(config, sizes)),
        Sizes { d: ..=MAX_WIDTH, f: ..=MAX_WIDTH, c: ..=MAX_WIDTH } => {
            Box::new(Fixed::<MAX_WIDTH, MAX_WIDTH, MAX_WIDTH>::new(config, sizes))
        }
        _ => return None,
    })
}

#[derive(Clone, Copy)]
struct Sizes {
    d: usize,
    f: usize,
    c: usize,
}

/// Matrices of steps 5 and 6, or their gradients.
struct Matrices<const D: usize, const F: usize, const C: usize> {
    /// Positions of the answer rows, zero in the token dims.
    start: [[f32x4; D]; ANSWER_ROWS],
    /// What each slot writes.
    write: [[f32x4; D]; C],
    /// fc1 · diag(norm2) and its bias.
    hidden: [[f32x4; D]; F],
    hidden_bias: [f32x4; F],
    /// What each hidden unit writes (fc2 transposed), and the bias.
    out: [[f32x4; D]; F],
    out_bias: [f32x4; D],
    /// head · diag(norm_f).
    read: [[f32x4; D]; TOK],
    /// Token table.
    tokens: [[f32x4; TOK]; TOKENS],
}

impl<const D: usize, const F: usize, const C: usize> Matrices<D, F, C> {
    const ZERO: Self = Matrices {
        start: [[f32x4::ZERO; D]; ANSWER_ROWS],
        write: [[f32x4::ZERO; D]; C],
        hidden: [[f32x4::ZERO; D]; F],
        hidden_bias: [f32x4::ZERO; F],
        out: [[f32x4::ZERO; D]; F],
        out_bias: [f32x4::ZERO; D],
        read: [[f32x4::ZERO; D]; TOK],
        tokens: [[f32x4::ZERO; TOK]; TOKENS],
    };
}

/// d_model D, ffn_dim F and C slots, known to the compiler where they are at most 6; else
/// the most that there can be.
struct Fixed<const D: usize, const F: usize, const C: usize> {
    sizes: Sizes,
    vocab: usize,
    biased: bool,
    /// `1 / rms = 1 / sqrt(Σx² · mean + offset)` of the second norm; 0 and 1 without one.
    mean2: f32x4,
    offset2: f32x4,
    /// 1 / d_model.
    mean: f32x4,
    weights: Box<Matrices<D, F, C>>,
    /// The token table in units that make softmax a sum of powers of two.
    powers: [[f32x4; TOK]; TOKENS],
    gradient: Box<Matrices<D, F, C>>,
}

/// What the way back needs of the way there.
struct Pass<const D: usize, const F: usize> {
    /// After the second norm, before its weights.
    normed: [f32x4; D],
    scale: f32x4,
    /// After GELU, and its slope.
    hidden: [f32x4; F],
    slope: [f32x4; F],
    /// After the last norm, before its weights.
    last: [f32x4; D],
    last_scale: f32x4,
    /// After the head.
    head: [f32x4; TOK],
}

/// Loss of four lanes.
struct Tally {
    sum: f32x4,
    behind: f32x4,
}

impl<const D: usize, const F: usize, const C: usize> Fixed<D, F, C> {
    fn new(config: &Config, sizes: Sizes) -> Self {
        Fixed {
            sizes,
            vocab: config.vocabulary.size,
            biased: config.ffn_bias,
            mean2: f32x4::ZERO,
            offset2: f32x4::ZERO,
            mean: splat(1.0 / sizes.d as f32),
            weights: Box::new(Matrices::ZERO),
            powers: [[f32x4::ZERO; TOK]; TOKENS],
            gradient: Box::new(Matrices::ZERO),
        }
    }

    /// From the residual stream to the head's output.
    #[inline(always)]
    fn forward(&self, r: usize, embed: [f32x4; TOK], slots: &[f32x4; C]) -> Pass<D, F> {
        let (w, Sizes { d: dn, f: hn, c: cn }) = (&*self.weights, self.sizes);
        let offset = splat(RMS_EPSILON as f32);
        let mut x = [f32x4::ZERO; D];
        let mut square = f32x4::ZERO;
        each!(d in D to dn {
            x[d] = w.start[r][d];
            if d < TOK {
                x[d] += embed[d];
            }
            each!(c in C to cn { x[d] += slots[c] * w.write[c][d]; });
            square += x[d] * x[d];
        });
        let scale = f32x4::ONE / (square * self.mean2 + self.offset2).sqrt();
        let mut normed = [f32x4::ZERO; D];
        each!(d in D to dn { normed[d] = x[d] * scale; });
        let (mut hidden, mut slope) = ([f32x4::ZERO; F], [f32x4::ZERO; F]);
        each!(k in F to hn {
            let mut sum = w.hidden_bias[k];
            each!(d in D to dn { sum += w.hidden[k][d] * normed[d]; });
            (hidden[k], slope[k]) = gelu(sum);
        });
        let mut square = f32x4::ZERO;
        each!(d in D to dn {
            x[d] += w.out_bias[d];
            each!(k in F to hn { x[d] += w.out[k][d] * hidden[k]; });
            square += x[d] * x[d];
        });
        let last_scale = f32x4::ONE / (square * self.mean + offset).sqrt();
        let mut head = [f32x4::ZERO; TOK];
        each!(d in D to dn {
            x[d] *= last_scale;
            each!(t in TOK { head[t] += w.read[t][d] * x[d]; });
        });
        Pass { normed, scale, hidden, slope, last: x, last_scale, head }
    }

    /// Softmax and cross-entropy. Gives the gradient of the head's output.
    #[inline(always)]
    fn readout(&mut self, head: [f32x4; TOK], target: f32x4, live: f32x4) -> ([f32x4; TOK], Tally) {
        let n = self.vocab.min(TOKENS);
        let mut powers = [f32x4::ZERO; TOKENS];
        let mut largest = splat(f32::NEG_INFINITY);
        for (power, e) in powers.iter_mut().zip(&self.powers).take(n) {
            *power = e[0] * head[0] + e[1] * head[1];
            largest = largest.fast_max(*power);
        }
        let (mut others, mut right, mut aimed) = (f32x4::ZERO, f32x4::ZERO, f32x4::ZERO);
        for (power, row) in powers.iter_mut().zip(&NUMBERS).take(n) {
            let is_target = target.cmp_eq(*row);
            let e = exp2(*power - largest);
            let hit = e & is_target;
            aimed += *power & is_target;
            right += hit;
            *power = e - hit;
            others += *power;
        }
        let sum = others + right;
        let scale = live / sum;
        // p − 1, without the difference of two numbers close to each other.
        let miss = others * scale;
        let mut d_head = [f32x4::ZERO; TOK];
        let tokens = self.weights.tokens.iter().zip(&mut self.gradient.tokens);
        for ((power, row), (e, d_e)) in powers.iter().zip(&NUMBERS).zip(tokens).take(n) {
            let d_logit = *power * scale - (miss & target.cmp_eq(*row));
            each!(t in TOK {
                d_head[t] += d_logit * e[t];
                d_e[t] += d_logit * head[t];
            });
        }
        (d_head, Tally { sum, behind: largest - aimed })
    }

    /// Back to the residual stream after attention: its gradient.
    #[inline(always)]
    fn backward(&mut self, pass: &Pass<D, F>, d_head: [f32x4; TOK]) -> [f32x4; D] {
        let Sizes { d: dn, f: hn, .. } = self.sizes;
        let (w, g) = (&*self.weights, &mut *self.gradient);
        let mut dx = [f32x4::ZERO; D];
        let mut along = f32x4::ZERO;
        each!(d in D to dn {
            each!(t in TOK {
                g.read[t][d] += d_head[t] * pass.last[d];
                dx[d] += w.read[t][d] * d_head[t];
            });
            along += dx[d] * pass.last[d];
        });
        along *= self.mean;
        each!(d in D to dn { dx[d] = (dx[d] - pass.last[d] * along) * pass.last_scale; });
        let mut d_normed = [f32x4::ZERO; D];
        each!(k in F to hn {
            let mut d_unit = f32x4::ZERO;
            each!(d in D to dn {
                g.out[k][d] += dx[d] * pass.hidden[k];
                d_unit += w.out[k][d] * dx[d];
            });
            d_unit *= pass.slope[k];
            if self.biased {
                g.hidden_bias[k] += d_unit;
            }
            each!(d in D to dn {
                g.hidden[k][d] += d_unit * pass.normed[d];
                d_normed[d] += w.hidden[k][d] * d_unit;
            });
        });
        if self.biased {
            each!(d in D to dn { g.out_bias[d] += dx[d]; });
        }
        let mut along = f32x4::ZERO;
        each!(d in D to dn { along += d_normed[d] * pass.normed[d]; });
        along *= self.mean2;
        each!(d in D to dn { dx[d] += (d_normed[d] - pass.normed[d] * along) * pass.scale; });
        dx
    }
}

impl<const D: usize, const F: usize, const C: usize> Kernel for Fixed<D, F, C> {
    fn load(&mut self, weights: &Weights) {
        let w = &mut *self.weights;
        let positions = weights.positions.outer_iter().skip(EQUALS);
        for (row, from) in w.start.iter_mut().zip(positions) {
            row[TOK..].iter_mut().zip(from).for_each(|(w, v)| *w = splat(small(*v)));
        }
        match &weights.out {
            OutWeights::LowRank { b, .. } => fill(&mut w.write, |c, d| b[[c, d]], b.dim()),
            OutWeights::Full(full) => {
                fill(&mut w.write, |s, d| full[[d, s]], (self.sizes.c, self.sizes.d));
            }
        }
        let fc1 = &weights.fc1;
        match &weights.norm2 {
            Some(norm) => fill(&mut w.hidden, |k, d| fc1[[k, d]] * norm[d], fc1.dim()),
            None => fill(&mut w.hidden, |k, d| fc1[[k, d]], fc1.dim()),
        }
        self.mean2 = if weights.norm2.is_some() { self.mean } else { f32x4::ZERO };
        self.offset2 = splat(if weights.norm2.is_some() { RMS_EPSILON as f32 } else { 1.0 });
        w.hidden_bias.iter_mut().zip(&weights.fc1_bias).for_each(|(w, v)| *w = splat(small(*v)));
        w.out_bias.iter_mut().zip(&weights.fc2_bias).for_each(|(w, v)| *w = splat(small(*v)));
        fill(&mut w.out, |k, d| weights.fc2[[d, k]], fc1.dim());
        let (head, norm) = (&weights.head, &weights.norm_f);
        fill(&mut w.read, |t, d| head[[t, d]] * norm[d], head.dim());
        let tokens = &weights.tokens;
        fill(&mut w.tokens, |v, t| tokens[[v, t]], tokens.dim());
        let log2_e = std::f64::consts::LOG2_E;
        fill(&mut self.powers, |v, t| tokens[[v, t]] * log2_e, tokens.dim());
    }

    fn row(&mut self, r: usize, row: &mut Row) {
        let Sizes { d: dn, c: cn, .. } = self.sizes;
        for q in 0..LANES / 4 {
            let mut slots = [f32x4::ZERO; C];
            each!(c in C to cn { slots[c] = row.slots[c][q]; });
            let pass = self.forward(r, [row.embed[0][q], row.embed[1][q]], &slots);
            let (d_head, tally) = self.readout(pass.head, row.target[q], row.live[q]);
            row.sums[q] *= tally.sum;
            row.behind[q] += tally.behind;
            let dx = self.backward(&pass, d_head);
            let (w, g) = (&*self.weights, &mut *self.gradient);
            each!(d in D to dn { g.start[r][d] += dx[d]; });
            each!(c in C to cn {
                let mut d_slot = f32x4::ZERO;
                each!(d in D to dn {
                    g.write[c][d] += slots[c] * dx[d];
                    d_slot += w.write[c][d] * dx[d];
                });
                row.d_slots[c][q] = d_slot;
            });
            each!(t in TOK { row.d_embed[t][q] = dx[t]; });
        }
    }

    fn drain(&mut self, totals: &mut Totals) {
        let g = &mut *self.gradient;
        take(&mut g.start, &mut totals.start);
        take(&mut g.write, &mut totals.write);
        take(&mut g.hidden, &mut totals.hidden);
        take(std::slice::from_mut(&mut g.hidden_bias), &mut totals.hidden_bias);
        take(&mut g.out, &mut totals.out);
        take(std::slice::from_mut(&mut g.out_bias), &mut totals.out_bias);
        take(&mut g.read, &mut totals.read);
        take(&mut g.tokens, &mut totals.tokens);
    }
}

/// Sets the first rows and columns to `from`, each number in all four lanes.
fn fill<const N: usize>(
    into: &mut [[f32x4; N]],
    from: impl Fn(usize, usize) -> f64,
    (rows, columns): (usize, usize),
) {
    for (i, row) in into.iter_mut().enumerate().take(rows) {
        for (j, w) in row.iter_mut().enumerate().take(columns) {
            *w = splat(small(from(i, j)));
        }
    }
}

/// Sum of the four lanes, in f64.
pub(super) fn lanes_sum(v: f32x4) -> f64 {
    let [a, b, c, d] = v.to_array().map(f64::from);
    (a + b) + (c + d)
}

/// Moves the lanes' sums of the first rows and columns of `from` to `into`.
fn take<const N: usize>(from: &mut [[f32x4; N]], into: &mut Array2<f64>) {
    for (from, mut into) in from.iter_mut().zip(into.outer_iter_mut()) {
        for (from, into) in from.iter_mut().zip(into.iter_mut()) {
            *into += lanes_sum(std::mem::replace(from, f32x4::ZERO));
        }
    }
}
