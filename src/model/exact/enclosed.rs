//! A model's tables in intervals: what [`Weights`](crate::Weights) has in f64 where that rounds, from its numbers, which are
//! the stored f32 weights or ranges in their place.
//!
//! Every table holds what it is of for each choice of numbers from their ranges. What is said to be exactly the same or
//! exactly nothing is so for each choice, too: equal numbers are only those of one tensor, or points.

use super::interval::Interval;
use super::numbers::{Numbers, transposed};
use crate::config::{Config, Correction, Embedding, Norm, OutProj, QkInput};
use crate::layers::RMS_EPSILON;
use crate::tensors::name::*;
use crate::weights::stored_position;
use std::f64::consts::PI;
use task::addition::{DIGITS, EQUALS, PLUS};

/// Places with a position of their own that an answer row sees: ten digit columns, then PLUS and EQUALS.
pub const CLASSES: usize = DIGITS + 2;
/// Class of PLUS.
pub const PLUS_CLASS: usize = DIGITS;
/// Class of EQUALS.
pub const EQUALS_CLASS: usize = DIGITS + 1;

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
pub enum Out {
    /// `(·A)·B`.
    LowRank {
        /// Read directions (inner × r).
        a: Vec<Vec<Interval>>,
        /// Write directions (r × d_model).
        b: Vec<Vec<Interval>>,
    },
    /// W (d_model × inner).
    Full(Vec<Vec<Interval>>),
}

/// All that answer rows are computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Enclosed {
    /// Token table E (vocab × tok_dim).
    pub tokens: Vec<Vec<Interval>>,
    /// `|E[t]|²`; exactly alike where embeddings lie on a circle.
    pub lengths: Vec<Interval>,
    /// The first token with exactly this embedding.
    pub twins: Vec<usize>,
    /// Positions (CLASSES × pos_dim).
    pub positions: Vec<Vec<Interval>>,
    /// Weights of the norm before attention (d_model).
    pub norm1: Vec<Interval>,
    /// Weights of the norm before the FFN (d_model), where there is one.
    pub norm2: Option<Vec<Interval>>,
    /// Weights of the last norm (d_model).
    pub norm_f: Vec<Interval>,
    /// Query projection (n_heads·qk_dim × input).
    pub q: Vec<Vec<Interval>>,
    /// Key projection (n_heads·qk_dim × input).
    pub k: Vec<Vec<Interval>>,
    /// Sine and cosine of each head's query rotation.
    pub phases: Vec<(Interval, Interval)>,
    /// Value projection (n_heads·head_dim × tok_dim).
    pub v: Vec<Vec<Interval>>,
    /// Output projection.
    pub out: Out,
    /// First FFN layer (ffn_dim × d_model).
    pub fc1: Vec<Vec<Interval>>,
    /// Its bias (ffn_dim).
    pub fc1_bias: Vec<Interval>,
    /// Second FFN layer, by hidden unit (ffn_dim × d_model).
    pub fc2: Vec<Vec<Interval>>,
    /// Its bias (d_model).
    pub fc2_bias: Vec<Interval>,
    /// Output head (tok_dim × d_model).
    pub head: Vec<Vec<Interval>>,
    /// Queries and keys are exactly the same for all tokens.
    pub fixed: bool,
}

/// The radii of the digit arc; of a circle they are the same but for their signs, whatever they are.
struct Arc {
    a: Interval,
    b: Interval,
    circle: bool,
}

impl Arc {
    fn of(numbers: Numbers) -> Option<Arc> {
        let Embedding::Arc { tied } = numbers.config().embedding else { return None };
        let a = numbers.scalar(TOK_ARC_A);
        if tied {
            return Some(Arc { a, b: a, circle: true });
        }
        let b = numbers.scalar(TOK_ARC_B);
        let same = a.is_point() && b.is_point() && a.lo.abs() == b.lo.abs();
        Some(Arc { a, b, circle: same })
    }

    /// Whether all tokens lie in one place.
    fn is_one_place(&self, numbers: Numbers) -> bool {
        numbers.scalar(TOK_ARC_STRIDE).is_zero() || (self.a.is_zero() && self.b.is_zero())
    }
}

impl Enclosed {
    /// All of a model with these numbers.
    pub fn new(numbers: Numbers) -> Enclosed {
        let config = numbers.config();
        let arc = Arc::of(numbers);
        let circle = arc.as_ref().is_some_and(|arc| arc.circle);
        let tokens = match &arc {
            None => numbers.matrix(TOK_EMB),
            Some(arc) => on_arc(numbers, arc),
        };
        let length = |row: &Vec<Interval>| match &arc {
            Some(arc) if circle => arc.a.square(),
            _ => row.iter().map(|v| v.square()).sum(),
        };
        let angles = numbers.vector(Q_PHASE_ANGLE);
        let angle = |h: usize| angles.get(h).copied().unwrap_or(Interval::ZERO);
        let (norm1, norm2, norm_f) = norms(numbers);
        let head = numbers.matrix(HEAD_PROJ);
        let q = numbers.matrix(Q_PROJ);
        Enclosed {
            lengths: tokens.iter().map(length).collect(),
            twins: twins(numbers, arc.as_ref(), &tokens),
            tokens,
            positions: positions(numbers),
            norm1,
            norm2,
            norm_f,
            k: if config.tie_qk { q.clone() } else { numbers.matrix(K_PROJ) },
            q,
            phases: (0..config.n_heads).map(|h| turn(angle(h))).collect(),
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
    pub fn rms(&self, class: usize, t: usize) -> Interval {
        let position: Interval = self.positions[class].iter().map(|v| v.square()).sum();
        let width = (self.positions[class].len() + self.tokens[t].len()) as f64;
        ((self.lengths[t] + position).over(Interval::point(width)) + epsilon()).sqrt()
    }

    /// The difference of two tokens' embeddings; exactly 0 where they are the same.
    pub fn difference(&self, t: usize, other: usize) -> Vec<Interval> {
        if self.twins[t] == self.twins[other] {
            return vec![Interval::ZERO; self.tokens[t].len()];
        }
        self.tokens[t].iter().zip(&self.tokens[other]).map(|(a, b)| *a - *b).collect()
    }
}

/// Zeros where a tensor is not there.
fn filled(mut values: Vec<Interval>, len: usize) -> Vec<Interval> {
    values.resize(len, Interval::ZERO);
    values
}

/// Of each token the first with exactly its embedding.
fn twins(numbers: Numbers, arc: Option<&Arc>, tokens: &[Vec<Interval>]) -> Vec<usize> {
    let same = |t: usize, other: usize| {
        let pairs = tokens[t].iter().zip(&tokens[other]);
        pairs.into_iter().all(|(a, b)| a.is_point() && b.is_point() && a.lo == b.lo)
    };
    let first = |t: usize| match arc {
        Some(arc) if arc.is_one_place(numbers) => 0,
        Some(_) => t,
        None => (0..t).find(|other| same(t, *other)).unwrap_or(t),
    };
    (0..tokens.len()).map(first).collect()
}

/// Sine and cosine of an angle; no rotation is exactly none.
fn turn(angle: Interval) -> (Interval, Interval) {
    if angle.is_zero() { (Interval::ZERO, Interval::ONE) } else { angle.sin_cos() }
}

fn on_arc(numbers: Numbers, arc: &Arc) -> Vec<Vec<Interval>> {
    let (start, stride) = (numbers.scalar(TOK_ARC_START), numbers.scalar(TOK_ARC_STRIDE));
    let embedding = |token: usize| {
        let (sin, cos) = (start + stride.times(token as f64)).sin_cos();
        vec![cos * arc.a, sin * arc.b]
    };
    (0..numbers.config().vocabulary.size).map(embedding).collect()
}

fn positions(numbers: Numbers) -> Vec<Vec<Interval>> {
    let config = numbers.config();
    let corrections = numbers.vector(POS_CORRECTION);
    let [intercept, corr_slope] = [POS_CORR_INTERCEPT, POS_CORR_SLOPE].map(|n| numbers.scalar(n));
    let [amp, phase, slope, offset] =
        [SPIRAL_AMP, SPIRAL_PHASE, SPIRAL_SLOPE, SPIRAL_OFFSET].map(|name| numbers.scalar(name));
    let on_spiral = |i: usize| {
        let correction = match config.correction {
            Correction::None => Interval::ZERO,
            Correction::Linear => intercept + corr_slope.times(i as f64),
            Correction::Full => corrections.get(i).copied().unwrap_or(Interval::ZERO),
        };
        let scale = Interval::ONE + correction;
        let tenth = pi().times(2.0 * i as f64).over(Interval::point(DIGITS as f64));
        let (sin, cos) = (tenth + phase).sin_cos();
        let height = slope.times(i as f64) + offset;
        let mut row = vec![Interval::ZERO; config.pos_dim];
        row[0] = amp * cos * scale;
        row[1] = amp * sin * scale;
        row[2] = height * scale;
        row
    };
    (0..DIGITS).map(on_spiral).chain([PLUS, EQUALS].map(|at| special(numbers, at))).collect()
}

/// The position of a place that is not on the spiral.
fn special(numbers: Numbers, place: usize) -> Vec<Interval> {
    let config = numbers.config();
    let stored = stored_position(config, place)
        .and_then(|(name, row)| numbers.matrix(name).into_iter().nth(row));
    filled(stored.unwrap_or_default(), config.pos_dim)
}

type Norms = (Vec<Interval>, Option<Vec<Interval>>, Vec<Interval>);

fn norms(numbers: Numbers) -> Norms {
    let config: &Config = numbers.config();
    let d = config.d_model();
    let vector = |name| filled(numbers.vector(name), d);
    let one = |w: Vec<Interval>| (w.clone(), Some(w.clone()), w);
    match config.norm {
        Norm::Shared | Norm::Spiral => one(vector(NORM1)),
        Norm::Full => (vector(NORM1), Some(vector(NORM2)), vector(NORM_F)),
        Norm::NoNorm2 => (vector(NORM1), None, vector(NORM_F)),
        Norm::Fixed => one(vec![Interval::ONE; d]),
        Norm::Scalar => one(vec![numbers.scalar(NORM_SCALE); d]),
        Norm::Structured => {
            let mut all = vec![numbers.scalar(NORM_B); d];
            for (dim, name) in NORM_EXTRAS {
                all[dim] = all[dim] + numbers.scalar(name);
            }
            one(all)
        }
        Norm::SpiralBoost { amp } => {
            let mut all = vector(NORM_BASE);
            let sizes: Vec<Interval> =
                numbers.vector(Z_HI_POS).into_iter().map(Interval::abs).collect();
            let total = sizes.iter().copied().sum::<Interval>() + Interval::ONE;
            for (weight, size) in all[config.tok_dim..].iter_mut().zip(sizes) {
                *weight = *weight + (size.times(amp)).over(total);
            }
            one(all)
        }
    }
}
