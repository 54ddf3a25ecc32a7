//! A model's tables in intervals: what [`Weights`](crate::Weights) has in f64 where that rounds, from the stored f32 weights.

use super::interval::{Interval, dot};
use crate::Model;
use crate::config::{Correction, Embedding, Norm, QkInput};
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

/// Tokens, positions and norms.
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
    /// Sine and cosine of each head's query rotation.
    pub phases: Vec<(Interval, Interval)>,
    /// Queries and keys are exactly the same for all tokens.
    pub fixed: bool,
}

fn points<'a>(values: impl IntoIterator<Item = &'a f64>) -> Vec<Interval> {
    values.into_iter().map(|v| Interval::point(*v)).collect()
}

impl Enclosed {
    /// All of `model`.
    pub fn new(model: &Model) -> Enclosed {
        let (config, w) = (model.config(), model.weights());
        let scalar = |name| model.params().scalar(name);
        let arc = match config.embedding {
            Embedding::Arc { tied } => {
                let a = scalar(TOK_ARC_A);
                Some((a, if tied { a } else { scalar(TOK_ARC_B) }))
            }
            Embedding::Learned => None,
        };
        let circle = arc.is_some_and(|(a, b)| a.abs() == b.abs());
        let tokens = match arc {
            None => w.tokens.outer_iter().map(|row| points(row)).collect(),
            Some(radii) => on_arc(model, radii),
        };
        let length = |row: &Vec<Interval>| match arc {
            Some((a, _)) if circle => Interval::point(a).square(),
            _ => row.iter().map(|v| v.square()).sum(),
        };
        let one = arc.is_some_and(|(a, b)| scalar(TOK_ARC_STRIDE) == 0.0 || (a == 0.0 && b == 0.0));
        let twins = (0..tokens.len()).map(|t| {
            let same = |other: &usize| w.tokens.row(*other) == w.tokens.row(t);
            if one {
                0
            } else if arc.is_some() {
                t
            } else {
                (0..t).find(same).unwrap_or(t)
            }
        });
        let angles = model.params().get(Q_PHASE_ANGLE);
        let angle = |h: usize| angles.and_then(|t| t.iter().nth(h)).map_or(0.0, |v| f64::from(*v));
        let (norm1, norm2, norm_f) = norms(model);
        Enclosed {
            lengths: tokens.iter().map(length).collect(),
            twins: twins.collect(),
            tokens,
            positions: positions(model),
            norm1,
            norm2,
            norm_f,
            phases: (0..config.n_heads).map(|h| turn(angle(h))).collect(),
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

/// Sine and cosine of a stored angle; no rotation is exactly none.
fn turn(angle: f64) -> (Interval, Interval) {
    if angle == 0.0 { (Interval::ZERO, Interval::ONE) } else { Interval::point(angle).sin_cos() }
}

fn on_arc(model: &Model, (a, b): (f64, f64)) -> Vec<Vec<Interval>> {
    let point = |name| Interval::point(model.params().scalar(name));
    let (start, stride) = (point(TOK_ARC_START), point(TOK_ARC_STRIDE));
    let embedding = |token: usize| {
        let (sin, cos) = (start + stride.times(token as f64)).sin_cos();
        vec![cos.times(a), sin.times(b)]
    };
    (0..model.config().vocabulary.size).map(embedding).collect()
}

fn positions(model: &Model) -> Vec<Vec<Interval>> {
    let (config, w) = (model.config(), model.weights());
    let point = |name| Interval::point(model.params().scalar(name));
    let corrections = model.params().get(POS_CORRECTION);
    let on_spiral = |i: usize| {
        let correction = match config.correction {
            Correction::None => Interval::ZERO,
            Correction::Linear => point(POS_CORR_INTERCEPT) + point(POS_CORR_SLOPE).times(i as f64),
            Correction::Full => {
                let stored = corrections.and_then(|t| t.iter().nth(i));
                Interval::point(stored.map_or(0.0, |v| f64::from(*v)))
            }
        };
        let scale = Interval::ONE + correction;
        let tenth = pi().times(2.0 * i as f64).over(Interval::point(DIGITS as f64));
        let (sin, cos) = (tenth + point(SPIRAL_PHASE)).sin_cos();
        let height = point(SPIRAL_SLOPE).times(i as f64) + point(SPIRAL_OFFSET);
        let mut row = vec![Interval::ZERO; config.pos_dim];
        row[0] = point(SPIRAL_AMP) * cos * scale;
        row[1] = point(SPIRAL_AMP) * sin * scale;
        row[2] = height * scale;
        row
    };
    let stored = |place: usize| match stored_position(config, place) {
        Some(_) => points(w.positions.row(place)),
        None => vec![Interval::ZERO; config.pos_dim],
    };
    (0..DIGITS).map(on_spiral).chain([stored(PLUS), stored(EQUALS)]).collect()
}

type Norms = (Vec<Interval>, Option<Vec<Interval>>, Vec<Interval>);

fn norms(model: &Model) -> Norms {
    let (config, w) = (model.config(), model.weights());
    let d = config.d_model();
    let scalar = |name| Interval::point(model.params().scalar(name));
    let one = |w: Vec<Interval>| (w.clone(), Some(w.clone()), w);
    match config.norm {
        Norm::Structured => {
            let mut all = vec![scalar(NORM_B); d];
            for (dim, name) in NORM_EXTRAS {
                all[dim] = all[dim] + scalar(name);
            }
            one(all)
        }
        Norm::SpiralBoost { amp } => {
            let values = |name| {
                let stored = model.params().get(name);
                stored
                    .map_or(vec![], |t| t.iter().map(|v| Interval::point(f64::from(*v))).collect())
            };
            let (mut all, z): (Vec<Interval>, Vec<Interval>) =
                (values(NORM_BASE), values(Z_HI_POS));
            all.resize(d, Interval::ZERO);
            let sizes: Vec<Interval> = z.iter().map(|z| Interval::point(z.lo.abs())).collect();
            let total = sizes.iter().copied().sum::<Interval>() + Interval::ONE;
            for (weight, size) in all[config.tok_dim..].iter_mut().zip(sizes) {
                *weight = *weight + (size.times(amp)).over(total);
            }
            one(all)
        }
        // The others are stored as they are used.
        Norm::Shared | Norm::Full | Norm::NoNorm2 | Norm::Fixed | Norm::Scalar | Norm::Spiral => {
            (points(&w.norm1), w.norm2.as_ref().map(points), points(&w.norm_f))
        }
    }
}

/// `W·x` for one row of `W`, whose numbers are exact.
pub fn product<'a>(row: impl IntoIterator<Item = &'a f64>, x: &[Interval]) -> Interval {
    dot(&points(row), x)
}
