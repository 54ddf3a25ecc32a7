//! From attention to the next token (steps 5 and 6), all lanes of a block at once.
//!
//! Four lanes are one SIMD register, of SSE2 as of wasm's simd128. The registers are written
//! out (`wide`) rather than left to the compiler: it makes none when it optimises for size,
//! as the page's build does, and then the engine takes six times as long.

use super::block::{Digits, LANES, Lanes, ZERO, add, add_scaled, flat, splat};
use super::each::each;
use super::gelu::gelu;
use super::{ANSWER_ROWS, small};
use crate::Model;
use crate::layers::{RMS_EPSILON, product};
use ndarray::{Array1, Array2, ArrayView1};
use task::addition::EQUALS;
use wide::{CmpGt, f32x4};

/// What a row predicts.
pub(super) struct Outcome {
    /// The token with the largest logit, the first of equals.
    token: Lanes,
    /// By how much its logit leads, less the bound on rounding errors.
    lead: Lanes,
}

impl Outcome {
    pub fn new() -> Outcome {
        Outcome { token: ZERO, lead: ZERO }
    }

    /// The predicted tokens.
    pub fn tokens(&self) -> Digits {
        /// A small whole number added to this is the lowest byte of the sum's bits: four
        /// conversions in one addition.
        const WHOLE: f32 = (1u32 << 23) as f32;
        let mut lanes = self.token;
        lanes.iter_mut().for_each(|token| *token += splat(WHOLE));
        let mut tokens = [0; LANES];
        tokens.iter_mut().zip(flat(&mut lanes)).for_each(|(t, v)| *t = v.to_bits() as u8);
        tokens
    }

    /// Whether rounding could have changed the token of lane `i`. NaN is in doubt.
    pub fn in_doubt(&self, i: usize) -> bool {
        let lead = self.lead[i / 4].as_array_ref()[i % 4];
        !matches!(lead.partial_cmp(&0.0), Some(std::cmp::Ordering::Greater))
    }

    /// Whether any lane is in doubt.
    pub fn any_doubt(&self) -> bool {
        !self.lead.iter().all(|lead| lead.cmp_gt(f32x4::ZERO).all())
    }
}

/// Steps 5 and 6 for one model.
pub(super) trait Kernel: Send + Sync {
    /// Answer row `r`, given the coordinates of its token's embedding and what attention
    /// writes.
    fn row(&self, r: usize, embed: &[Lanes], slots: &[Lanes], outcome: &mut Outcome);
}

/// The matrices of steps 5 and 6, folded where they follow each other without anything
/// between. `u` is the head's output before the product with E, less positive factors,
/// which no argmax sees: the last norm's scalar, and what brings the largest number of
/// `read`, `read_hidden` and `read_bias` to 1.
#[derive(Clone)]
pub(super) struct Matrices {
    /// Positions of the answer rows, zero in the token dims (12 × d_model).
    pub start: Array2<f64>,
    /// What each slot writes (slots × d_model).
    pub write: Array2<f64>,
    /// fc1 · diag(norm2) (ffn_dim × d_model) and its bias.
    pub hidden: Array2<f64>,
    pub hidden_bias: Array1<f64>,
    /// head · diag(norm_f) (tok_dim × d_model).
    pub read: Array2<f64>,
    /// The same after fc2 (tok_dim × ffn_dim), and after its bias.
    pub read_hidden: Array2<f64>,
    pub read_bias: Array1<f64>,
    /// Token table (vocab × tok_dim).
    pub tokens: Array2<f64>,
    /// Tokens that can win: of several with the same row in the table, whose logits are
    /// the same to the bit, only the first.
    pub names: Vec<u8>,
    /// Their rows less a common centre, which moves all logits alike, over `choice_scale`,
    /// their largest size: then a lead is as precise as the digits are apart.
    pub choice: Array2<f64>,
    pub choice_scale: f64,
    /// `1 / rms = 1 / sqrt(square · mean + offset)`; 0 and 1 without a norm.
    pub mean: f64,
    pub offset: f64,
}

impl Matrices {
    pub fn new(model: &Model, write: &Array2<f64>) -> Matrices {
        let (config, w) = (model.config(), model.weights());
        let d = config.d_model();
        let mut read = &w.head * &w.norm_f;
        let (mut read_hidden, mut read_bias) =
            (product(read.view(), w.fc2.view()), read.dot(&w.fc2_bias));
        let numbers = read.iter().chain(&read_hidden).chain(&read_bias);
        let largest = numbers.fold(0.0f64, |m, v| m.max(v.abs()));
        if largest > 0.0 {
            read /= largest;
            read_hidden /= largest;
            read_bias /= largest;
        }
        let (names, choice, choice_scale) = choice(&w.tokens);
        let start = Array2::from_shape_fn((ANSWER_ROWS, d), |(r, i)| {
            if i < config.tok_dim { 0.0 } else { w.positions[[EQUALS + r, i - config.tok_dim]] }
        });
        let (hidden, mean, offset) = match &w.norm2 {
            Some(norm) => (&w.fc1 * norm, 1.0 / d as f64, RMS_EPSILON),
            None => (w.fc1.clone(), 0.0, 1.0),
        };
        Matrices {
            start,
            write: write.clone(),
            hidden,
            hidden_bias: w.fc1_bias.clone(),
            read_hidden,
            read_bias,
            read,
            tokens: w.tokens.clone(),
            names,
            choice,
            choice_scale,
            mean,
            offset,
        }
    }
}

/// Names, rows and scale of the tokens that can win ([`Matrices`]).
fn choice(tokens: &Array2<f64>) -> (Vec<u8>, Array2<f64>, f64) {
    let same = |a: usize, b: usize| tokens.row(a).iter().zip(tokens.row(b)).all(|(a, b)| a == b);
    let first = |t: &usize| !(0..*t).any(|other| same(other, *t));
    let names: Vec<usize> = (0..tokens.nrows()).filter(first).collect();
    let ends: Vec<(f64, f64)> = (0..tokens.ncols())
        .map(|d| {
            let ends = (f64::INFINITY, f64::NEG_INFINITY);
            tokens.column(d).iter().fold(ends, |(low, high), v| (low.min(*v), high.max(*v)))
        })
        .collect();
    let largest = ends.iter().fold(0.0f64, |m, (low, high)| m.max((high - low) / 2.0));
    let scale = if largest > 0.0 { largest } else { 1.0 };
    let rows = Array2::from_shape_fn((names.len(), ends.len()), |(i, d)| {
        let (low, high) = ends[d];
        (tokens[[names[i], d]] - (low + (high - low) / 2.0)) / scale
    });
    (names.into_iter().map(|t| t as u8).collect(), rows, scale)
}

/// The kernel of a model: one of the published shapes, or any. `bound` is that of
/// [`leads`](super::bound::leads).
pub(super) fn of(m: &Matrices, bound: [(f32, f32); ANSWER_ROWS]) -> Box<dyn Kernel> {
    // All logits are the same to the bit, or all NaN: the first token wins.
    if m.names.len() == 1 || m.read.iter().all(|v| *v == 0.0) {
        return Box::new(First);
    }
    match (m.read.ncols(), m.read.nrows(), m.hidden.nrows(), m.write.nrows()) {
        (5, 2, 2, 1) => Box::new(Fixed::<5, 2, 2, 1>::new(m, bound)),
        (5, 2, 2, 2) => Box::new(Fixed::<5, 2, 2, 2>::new(m, bound)),
        (6, 3, 2, 2) => Box::new(Fixed::<6, 3, 2, 2>::new(m, bound)),
        (6, 3, 2, 6) => Box::new(Fixed::<6, 3, 2, 6>::new(m, bound)),
        _ => Box::new(Any { m: m.clone(), bound }),
    }
}

/// Token 0, whatever the input.
struct First;

impl Kernel for First {
    fn row(&self, _: usize, _: &[Lanes], _: &[Lanes], outcome: &mut Outcome) {
        outcome.token = ZERO;
        outcome.lead.fill(f32x4::ONE);
    }
}

/// d_model D, tok_dim T, ffn_dim F and C slots, all known to the compiler. Each number
/// stands in all four lanes already.
struct Fixed<const D: usize, const T: usize, const F: usize, const C: usize> {
    start: [[f32x4; D]; ANSWER_ROWS],
    write: [[f32x4; D]; C],
    hidden: [[f32x4; D]; F],
    hidden_bias: [f32x4; F],
    read: [[f32x4; D]; T],
    read_hidden: [[f32x4; F]; T],
    read_bias: [f32x4; T],
    choice: Vec<(f32x4, [f32x4; T])>,
    mean: f32x4,
    offset: f32x4,
    bound: [(f32x4, f32x4); ANSWER_ROWS],
}

fn matrix<const R: usize, const C: usize>(from: &Array2<f64>) -> [[f32x4; C]; R] {
    std::array::from_fn(|r| std::array::from_fn(|c| splat(small(from[[r, c]]))))
}

impl<const D: usize, const T: usize, const F: usize, const C: usize> Fixed<D, T, F, C> {
    fn new(m: &Matrices, bound: [(f32, f32); ANSWER_ROWS]) -> Self {
        let row = |row: ArrayView1<f64>| std::array::from_fn(|t| splat(small(row[t])));
        let rows = m.choice.outer_iter().map(row);
        Fixed {
            start: matrix(&m.start),
            write: matrix(&m.write),
            hidden: matrix(&m.hidden),
            hidden_bias: std::array::from_fn(|k| splat(small(m.hidden_bias[k]))),
            read: matrix(&m.read),
            read_hidden: matrix(&m.read_hidden),
            read_bias: std::array::from_fn(|k| splat(small(m.read_bias[k]))),
            choice: m.names.iter().map(|t| splat(f32::from(*t))).zip(rows).collect(),
            mean: splat(m.mean as f32),
            offset: splat(m.offset as f32),
            bound: bound.map(|(fixed, by_scale)| (splat(fixed), splat(by_scale))),
        }
    }

    /// Step 5 and the head for four lanes: `u` and the bound on a lead's error.
    #[inline(always)]
    fn head(&self, r: usize, embed: [f32x4; T], slots: [f32x4; C]) -> ([f32x4; T], f32x4) {
        let mut x = [f32x4::ZERO; D];
        let mut square = f32x4::ZERO;
        each!(d in D {
            x[d] = self.start[r][d];
            if d < T {
                x[d] += embed[d];
            }
            each!(c in C { x[d] += slots[c] * self.write[c][d]; });
            square += x[d] * x[d];
        });
        let square = square * self.mean + self.offset;
        let scale = f32x4::ONE / square.sqrt();
        let mut hidden = [f32x4::ZERO; F];
        each!(k in F {
            let bias = self.hidden_bias[k];
            hidden[k] = gelu(dot(&self.hidden[k], &x) * scale + bias);
        });
        let mut u = [f32x4::ZERO; T];
        each!(t in T {
            let read = dot(&self.read[t], &x) + dot(&self.read_hidden[t], &hidden);
            u[t] = read + self.read_bias[t];
        });
        let (fixed, by_scale) = self.bound[r];
        (u, fixed + by_scale * scale)
    }
}

/// The largest logit so far in each of four lanes, and the second.
struct Leader {
    best: f32x4,
    second: f32x4,
    token: f32x4,
}

impl Leader {
    #[inline(always)]
    fn new() -> Leader {
        let none = splat(f32::NEG_INFINITY);
        Leader { best: none, second: none, token: f32x4::ZERO }
    }

    /// Tokens come in order, so that the first of equals stays.
    #[inline(always)]
    fn meet(&mut self, token: f32x4, logit: f32x4) {
        let leads = logit.cmp_gt(self.best);
        self.token = leads.blend(token, self.token);
        self.second = self.second.fast_max(self.best.fast_min(logit));
        self.best = self.best.fast_max(logit);
    }
}

#[inline(always)]
fn dot<const N: usize>(a: &[f32x4; N], b: &[f32x4; N]) -> f32x4 {
    let mut sum = a[0] * b[0];
    each!(i in N {
        if i != 0 {
            sum += a[i] * b[i];
        }
    });
    sum
}

/// Four lanes of each array.
#[inline(always)]
fn quad<const N: usize>(lanes: &[Lanes; N], q: usize) -> [f32x4; N] {
    let mut quad = [f32x4::ZERO; N];
    each!(n in N { quad[n] = lanes[n][q]; });
    quad
}

impl<const D: usize, const T: usize, const F: usize, const C: usize> Kernel for Fixed<D, T, F, C> {
    fn row(&self, r: usize, embed: &[Lanes], slots: &[Lanes], outcome: &mut Outcome) {
        let (Ok(embed), Ok(slots)) = (embed.try_into(), slots.try_into()) else {
            unreachable!("the shape was matched when the kernel was chosen")
        };
        let outcomes = outcome.token.iter_mut().zip(&mut outcome.lead);
        for (q, (to_token, to_lead)) in outcomes.enumerate() {
            let (u, error) = self.head(r, quad(embed, q), quad(slots, q));
            let mut lead = Leader::new();
            for (token, row) in &self.choice {
                lead.meet(*token, dot(row, &u));
            }
            *to_token = lead.token;
            *to_lead = lead.best - lead.second - error;
        }
    }
}

/// Any shape: the same steps, one operation at a time over all lanes.
struct Any {
    m: Matrices,
    bound: [(f32, f32); ANSWER_ROWS],
}

impl Kernel for Any {
    fn row(&self, r: usize, embed: &[Lanes], slots: &[Lanes], outcome: &mut Outcome) {
        let m = &self.m;
        let all = |v: f64| [splat(small(v)); LANES / 4];
        let mut x: Vec<Lanes> = m.start.row(r).iter().map(|v| all(*v)).collect();
        x.iter_mut().zip(embed).for_each(|(x, e)| add(x, e));
        for (slot, write) in slots.iter().zip(m.write.outer_iter()) {
            x.iter_mut().zip(write).for_each(|(x, w)| add_scaled(x, small(*w), slot));
        }
        let mut scale = ZERO;
        for x in &x {
            scale.iter_mut().zip(x).for_each(|(s, v)| *s += *v * *v);
        }
        let (mean, offset) = (splat(m.mean as f32), splat(m.offset as f32));
        scale.iter_mut().for_each(|s| *s = f32x4::ONE / (*s * mean + offset).sqrt());
        let mut u: Vec<Lanes> = m.read_bias.iter().map(|v| all(*v)).collect();
        for (u, read) in u.iter_mut().zip(m.read.outer_iter()) {
            x.iter().zip(read).for_each(|(x, w)| add_scaled(u, small(*w), x));
        }
        for (k, weights) in m.hidden.outer_iter().enumerate() {
            let mut hidden = ZERO;
            x.iter().zip(weights).for_each(|(x, w)| add_scaled(&mut hidden, small(*w), x));
            let bias = splat(small(m.hidden_bias[k]));
            hidden.iter_mut().zip(&scale).for_each(|(h, s)| *h = gelu(*h * *s + bias));
            let reads = m.read_hidden.column(k);
            u.iter_mut().zip(reads).for_each(|(u, w)| add_scaled(u, small(*w), &hidden));
        }
        let (fixed, by_scale) = self.bound[r];
        for ((to_token, to_lead), (q, scale)) in
            outcome.token.iter_mut().zip(&mut outcome.lead).zip(scale.iter().enumerate())
        {
            let mut lead = Leader::new();
            for (token, row) in m.names.iter().zip(m.choice.outer_iter()) {
                let mut logit = f32x4::ZERO;
                u.iter().zip(row).for_each(|(u, e)| logit += splat(small(*e)) * u[q]);
                lead.meet(splat(f32::from(*token)), logit);
            }
            *to_token = lead.token;
            *to_lead = lead.best - lead.second - (splat(fixed) + splat(by_scale) * *scale);
        }
    }
}
