//! A model's tables in intervals: what [`Weights`](crate::Weights) has in f64 where that rounds, from its numbers, which are
//! the stored f32 weights or ranges in their place.
//!
//! Every table holds what it is of for each choice of numbers from their ranges. What is said to be exactly the same or
//! exactly nothing is so for each choice, too: equal numbers are only those of one tensor, or points.

use super::interval::Interval;
use super::jet::Real;
use super::numbers::{Numbers, transposed};
use crate::config::{Config, Correction, DigitPositions, Embedding, Norm, OutProj, QkInput};
use crate::layers::RMS_EPSILON;
use crate::tensors::name::*;
use crate::weights::stored_position;
use numbers::listed::Listed;
use std::f64::consts::PI;
use task::addition::{DIGITS, EQUALS, PLUS};

/// Places with a position of their own that an answer row sees: ten digit columns, then PLUS and EQUALS.
pub const CLASSES: usize = DIGITS + 2;
/// Class of PLUS.
pub const PLUS_CLASS: usize = DIGITS;
/// Class of EQUALS.
pub const EQUALS_CLASS: usize = DIGITS + 1;

/// Class and token that answer row `row` stands on: the digit `q` before it, or `equals`, which is EQUALS, in row 0.
pub fn own(equals: usize, row: usize, q: usize) -> (usize, usize) {
    if row == 0 { (EQUALS_CLASS, equals) } else { (row - 1, q) }
}

/// π, which lies between two f64.
fn pi() -> Interval {
    Interval { lo: PI, hi: PI.next_up() }
}

/// 10⁻⁵, which lies beside its f64.
pub fn epsilon() -> Interval {
    Interval { lo: RMS_EPSILON.next_down(), hi: RMS_EPSILON.next_up() }
}

/// Attention's output projection.
#[derive(Clone, Debug, PartialEq)]
pub enum Out<T> {
    /// `(·A)·B`.
    LowRank {
        /// Read directions (inner × r).
        a: Vec<Vec<T>>,
        /// Write directions (r × d_model).
        b: Vec<Vec<T>>,
    },
    /// W (d_model × inner).
    Full(Vec<Vec<T>>),
}

/// All that answer rows are computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Enclosed<T> {
    /// Token table E (vocab × tok_dim).
    pub tokens: Vec<Vec<T>>,
    /// `|E[t]|²`; exactly alike where embeddings lie on a circle.
    pub lengths: Vec<T>,
    /// The first token with exactly this embedding.
    pub twins: Vec<usize>,
    /// Positions (CLASSES × pos_dim).
    pub positions: Vec<Vec<T>>,
    /// Weights of the norm before attention (d_model).
    pub norm1: Vec<T>,
    /// Weights of the norm before the FFN (d_model), where there is one.
    pub norm2: Option<Vec<T>>,
    /// Weights of the last norm (d_model).
    pub norm_f: Vec<T>,
    /// Query projection (n_heads·qk_dim × input).
    pub q: Vec<Vec<T>>,
    /// Key projection (n_heads·qk_dim × input).
    pub k: Vec<Vec<T>>,
    /// Sine and cosine of each head's query rotation.
    pub phases: Vec<(T, T)>,
    /// Value projection (n_heads·head_dim × tok_dim).
    pub v: Vec<Vec<T>>,
    /// Output projection.
    pub out: Out<T>,
    /// First FFN layer (ffn_dim × d_model).
    pub fc1: Vec<Vec<T>>,
    /// Its bias (ffn_dim).
    pub fc1_bias: Vec<T>,
    /// Second FFN layer, by hidden unit (ffn_dim × d_model).
    pub fc2: Vec<Vec<T>>,
    /// Its bias (d_model).
    pub fc2_bias: Vec<T>,
    /// Output head (tok_dim × d_model).
    pub head: Vec<Vec<T>>,
    /// Queries and keys are exactly the same for all tokens.
    pub fixed: bool,
}

/// The radii of the digit arc; of a circle they are the same but for their signs, whatever they are.
struct Arc<T> {
    a: T,
    b: T,
    circle: bool,
}

impl<T: Real> Arc<T> {
    fn of(numbers: &Numbers<T>) -> Option<Arc<T>> {
        let Embedding::Arc { tied } = numbers.config().embedding else { return None };
        let a = numbers.scalar(TOK_ARC_A);
        if tied {
            return Some(Arc { a, b: a, circle: true });
        }
        let b = numbers.scalar(TOK_ARC_B);
        Some(Arc { a, b, circle: a.abs().is(b.abs()) })
    }

    /// Whether all tokens lie in one place.
    fn is_one_place(&self, numbers: &Numbers<T>) -> bool {
        numbers.scalar(TOK_ARC_STRIDE).is_zero() || (self.a.is_zero() && self.b.is_zero())
    }
}

impl<T: Real> Enclosed<T> {
    /// All of a model with these numbers.
    pub fn new(numbers: &Numbers<T>) -> Enclosed<T> {
        let config = numbers.config();
        let arc = Arc::of(numbers);
        let circle = arc.as_ref().is_some_and(|arc| arc.circle);
        let tokens = match &arc {
            None => table(numbers),
            Some(arc) => on_arc(numbers, arc),
        };
        let length = |row: &Vec<T>| match &arc {
            Some(arc) if circle => arc.a.square(),
            _ => row.iter().map(|v| v.square()).sum(),
        };
        let angles = numbers.vector(Q_PHASE_ANGLE);
        let angle = |h: usize| angles.get(h).copied().unwrap_or(T::zero());
        let (norm1, norm2, norm_f) = norms(numbers);
        let head = numbers.matrix(HEAD_PROJ);
        let q = numbers.matrix(Q_PROJ);
        Enclosed {
            lengths: tokens.iter().map(length).listed(),
            twins: twins(numbers, arc.as_ref(), &tokens),
            tokens,
            positions: positions(numbers),
            norm1,
            norm2,
            norm_f,
            k: if config.tie_qk { q.clone() } else { numbers.matrix(K_PROJ) },
            q,
            phases: (0..config.n_heads).map(|h| turn(angle(h))).listed(),
            v: if config.tie_v_head { transposed(&head) } else { numbers.matrix(V_PROJ) },
            out: match config.out_proj {
                OutProj::LowRank(_) => {
                    Out::LowRank { a: numbers.matrix(OUT_PROJ_A), b: numbers.matrix(OUT_PROJ_B) }
                }
                OutProj::Full => Out::Full(numbers.matrix(OUT_PROJ)),
            },
            fc1: numbers.matrix(FC1),
            fc1_bias: filled(numbers.vector(FC1_BIAS), config.ffn_dim),
            fc2: if config.tie_fc2_head { head.clone() } else { transposed(&numbers.matrix(FC2)) },
            fc2_bias: filled(numbers.vector(FC2_BIAS), config.d_model()),
            head,
            fixed: circle && config.qk_input == QkInput::Position,
        }
    }

    /// `rms` of the embedding of token `t` beside the position of `class` (step 3).
    pub fn rms(&self, class: usize, t: usize) -> T {
        let position: T = self.positions[class].iter().map(|v| v.square()).sum();
        let width = (self.positions[class].len() + self.tokens[t].len()) as f64;
        ((self.lengths[t] + position).over(T::from(Interval::point(width))) + T::from(epsilon()))
            .sqrt()
    }

    /// The difference of two tokens' embeddings; exactly 0 where they are the same.
    pub fn difference(&self, t: usize, other: usize) -> Vec<T> {
        if self.twins[t] == self.twins[other] {
            return vec![T::zero(); self.tokens[t].len()];
        }
        self.tokens[t].iter().zip(&self.tokens[other]).map(|(a, b)| *a - *b).listed()
    }
}

/// Exactly 1.
fn one<T: Real>() -> T {
    T::from(Interval::ONE)
}

/// Zeros where a tensor is not there.
fn filled<T: Real>(mut values: Vec<T>, len: usize) -> Vec<T> {
    values.resize(len, T::zero());
    values
}

/// Of each token the first with exactly its embedding.
fn twins<T: Real>(numbers: &Numbers<T>, arc: Option<&Arc<T>>, tokens: &[Vec<T>]) -> Vec<usize> {
    let same = |t: usize, other: usize| tokens[t].iter().zip(&tokens[other]).all(|(a, b)| a.is(*b));
    let first = |t: usize| match arc {
        Some(arc) if arc.is_one_place(numbers) => 0,
        Some(_) => t,
        None => (0..t).find(|other| same(t, *other)).unwrap_or(t),
    };
    (0..tokens.len()).map(first).listed()
}

/// Sine and cosine of an angle; no rotation is exactly none.
fn turn<T: Real>(angle: T) -> (T, T) {
    if angle.is_zero() { (T::zero(), one()) } else { angle.sin_cos() }
}

/// Learned embeddings; PAD is 0 where it has none.
fn table<T: Real>(numbers: &Numbers<T>) -> Vec<Vec<T>> {
    let config = numbers.config();
    let mut rows = numbers.matrix(TOK_EMB);
    rows.resize(config.vocabulary.size, vec![T::zero(); config.tok_dim]);
    rows
}

fn on_arc<T: Real>(numbers: &Numbers<T>, arc: &Arc<T>) -> Vec<Vec<T>> {
    let (start, stride) = (numbers.scalar(TOK_ARC_START), numbers.scalar(TOK_ARC_STRIDE));
    let embedding = |token: usize| {
        let (sin, cos) = (start + stride.times(token as f64)).sin_cos();
        vec![cos * arc.a, sin * arc.b]
    };
    (0..numbers.config().vocabulary.size).map(embedding).listed()
}

fn positions<T: Real>(numbers: &Numbers<T>) -> Vec<Vec<T>> {
    let config = numbers.config();
    let corrections = numbers.vector(POS_CORRECTION);
    let [intercept, corr_slope] = [POS_CORR_INTERCEPT, POS_CORR_SLOPE].map(|n| numbers.scalar(n));
    let [amp, phase, slope, offset] =
        [SPIRAL_AMP, SPIRAL_PHASE, SPIRAL_SLOPE, SPIRAL_OFFSET].map(|name| numbers.scalar(name));
    let learned = match config.digit_positions {
        DigitPositions::Spiral => None,
        DigitPositions::Learned => Some(numbers.matrix(DIGIT_POS)),
    };
    let digit = |i: usize| {
        if let Some(table) = &learned {
            return filled(table.get(i).cloned().unwrap_or_default(), config.pos_dim);
        }
        let correction = match config.correction {
            Correction::None => T::zero(),
            Correction::Linear => intercept + corr_slope.times(i as f64),
            Correction::Full => corrections.get(i).copied().unwrap_or(T::zero()),
        };
        let scale = one::<T>() + correction;
        let tenth = pi().times(2.0 * i as f64).over(Interval::point(DIGITS as f64));
        let (sin, cos) = (T::from(tenth) + phase).sin_cos();
        let height = slope.times(i as f64) + offset;
        let mut row = vec![T::zero(); config.pos_dim];
        row[0] = amp * cos * scale;
        row[1] = amp * sin * scale;
        row[2] = height * scale;
        row
    };
    (0..DIGITS).map(digit).chain([PLUS, EQUALS].map(|at| special(numbers, at))).listed()
}

/// The position of a place that is not on the spiral.
fn special<T: Real>(numbers: &Numbers<T>, place: usize) -> Vec<T> {
    let config = numbers.config();
    let stored = stored_position(config, place)
        .and_then(|(name, row)| numbers.matrix(name).into_iter().nth(row));
    filled(stored.unwrap_or_default(), config.pos_dim)
}

type Norms<T> = (Vec<T>, Option<Vec<T>>, Vec<T>);

fn norms<T: Real>(numbers: &Numbers<T>) -> Norms<T> {
    let config: &Config = numbers.config();
    let d = config.d_model();
    let vector = |name| filled(numbers.vector(name), d);
    let all_three = |w: Vec<T>| (w.clone(), Some(w.clone()), w);
    match config.norm {
        Norm::Shared | Norm::Spiral => all_three(vector(NORM1)),
        Norm::Full => (vector(NORM1), Some(vector(NORM2)), vector(NORM_F)),
        Norm::NoNorm2 => (vector(NORM1), None, vector(NORM_F)),
        Norm::Fixed => all_three(vec![one(); d]),
        Norm::Scalar => all_three(vec![numbers.scalar(NORM_SCALE); d]),
        Norm::Structured => {
            let mut all = vec![numbers.scalar(NORM_B); d];
            for (dim, name) in NORM_EXTRAS {
                all[dim] = all[dim] + numbers.scalar(name);
            }
            all_three(all)
        }
        Norm::SpiralBoost { amp } => {
            let mut all = vector(NORM_BASE);
            let sizes: Vec<T> = numbers.vector(Z_HI_POS).into_iter().map(Real::abs).listed();
            let total = sizes.iter().copied().sum::<T>() + one();
            for (weight, size) in all[config.tok_dim..].iter_mut().zip(sizes) {
                *weight = *weight + (size.times(amp)).over(total);
            }
            all_three(all)
        }
    }
}
