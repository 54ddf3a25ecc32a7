//! From the matrices back to the stored parameters: the backward of
//! [`Weights::new`](model::Weights::new), function by function. Here the
//! contributions of tied matrices come together.

use model::config::{Config, Correction, DigitPositions, Embedding, Norm, SpecialPositions};
use model::params::Param;
use model::tensors::name::*;
use model::weights::{OutWeights, spiral};
use model::{Params, Weights};
use ndarray::{Array1, Array2, ArrayD, Axis};
use std::f64::consts::PI;
use task::addition::{DIGITS, EOS, EQUALS, PLUS, Y0, Z0, Z10};

/// Derivatives of one tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorGradient {
    /// Name in the clean dialect.
    pub name: &'static str,
    /// Derivatives in the shape of the tensor; zeros where it is frozen.
    pub values: ArrayD<f64>,
    /// Whether the tensor is learned.
    pub learned: bool,
}

/// Derivatives of the loss with respect to every tensor of a model, in the order of
/// [`Config::specs`].
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    list: Vec<TensorGradient>,
}

impl Gradient {
    fn zeros(params: &Params) -> Gradient {
        let zeros = |p: &Param| TensorGradient {
            name: p.name,
            values: ArrayD::zeros(p.values.shape()),
            learned: p.learned,
        };
        Gradient { list: params.iter().map(zeros).collect() }
    }

    /// All tensors, in the order of the forward pass.
    pub fn iter(&self) -> impl Iterator<Item = &TensorGradient> {
        self.list.iter()
    }

    /// The derivatives of the tensor called `name`, if this architecture has it.
    pub fn get(&self, name: &str) -> Option<&ArrayD<f64>> {
        self.list.iter().find(|t| t.name == name).map(|t| &t.values)
    }

    /// Derivatives of learned numbers only, one after the other.
    pub fn learned(&self) -> impl Iterator<Item = f64> {
        self.list.iter().filter(|t| t.learned).flat_map(|t| t.values.iter().copied())
    }

    /// Adds to a tensor in row-major order. Frozen ones and names that this architecture
    /// does not have are left alone.
    fn add<'a>(&mut self, name: &str, values: impl IntoIterator<Item = &'a f64>) {
        if let Some(tensor) = self.list.iter_mut().find(|t| t.name == name && t.learned) {
            tensor.values.iter_mut().zip(values).for_each(|(t, v)| *t += v);
        }
    }

    fn add_scalar(&mut self, name: &str, value: f64) {
        self.add(name, &[value]);
    }

    fn add_matrix(&mut self, name: &str, matrix: &Array2<f64>) {
        self.add(name, matrix.iter());
    }
}

/// The derivatives with respect to `params`, given those with respect to the matrices that
/// [`Weights::new`](model::Weights::new) makes of them.
pub fn params_gradient(config: &Config, params: &Params, weights: &Weights) -> Gradient {
    let mut gradient = Gradient::zeros(params);
    let to = &mut gradient;
    to.add_matrix(HEAD_PROJ, &weights.head);
    to.add_matrix(Q_PROJ, &weights.q);
    to.add_matrix(if config.tie_qk { Q_PROJ } else { K_PROJ }, &weights.k);
    for (tied, name, matrix) in
        [(config.tie_v_head, V_PROJ, &weights.v), (config.tie_fc2_head, FC2, &weights.fc2)]
    {
        if tied {
            to.add(HEAD_PROJ, matrix.t().iter());
        } else {
            to.add_matrix(name, matrix);
        }
    }
    match &weights.out {
        OutWeights::LowRank { a, b } => {
            to.add_matrix(OUT_PROJ_A, a);
            to.add_matrix(OUT_PROJ_B, b);
        }
        OutWeights::Full(w) => to.add_matrix(OUT_PROJ, w),
    }
    phase_backward(params, &weights.phase, to);
    to.add_matrix(FC1, &weights.fc1);
    to.add(FC1_BIAS, &weights.fc1_bias);
    to.add(FC2_BIAS, &weights.fc2_bias);
    token_table_backward(config, params, &weights.tokens, to);
    position_table_backward(config, params, &weights.positions, to);
    norms_backward(config, params, weights, to);
    gradient
}

/// Sine and cosine of each head's angle: `d_angle = d_sin·cos − d_cos·sin`.
fn phase_backward(params: &Params, phase: &[(f64, f64)], to: &mut Gradient) {
    let Some(angles) = params.get(Q_PHASE_ANGLE) else { return };
    let d_angles: Vec<f64> = angles
        .iter()
        .zip(phase)
        .map(|(&a, (d_sin, d_cos))| {
            let a = f64::from(a);
            d_sin * libm::cos(a) - d_cos * libm::sin(a)
        })
        .collect();
    to.add(Q_PHASE_ANGLE, &d_angles);
}

/// `d_table`: vocab × tok_dim.
fn token_table_backward(
    config: &Config,
    params: &Params,
    d_table: &Array2<f64>,
    to: &mut Gradient,
) {
    let Embedding::Arc { tied } = config.embedding else {
        let learned = config.vocabulary.size - usize::from(config.frozen_pad);
        let rows = d_table.iter().copied().take(learned * config.tok_dim);
        to.add(TOK_EMB, &rows.collect::<Vec<f64>>());
        return;
    };
    let a = params.scalar(TOK_ARC_A);
    let b = if tied { a } else { params.scalar(TOK_ARC_B) };
    let (start, stride) = (params.scalar(TOK_ARC_START), params.scalar(TOK_ARC_STRIDE));
    let (mut d_a, mut d_b, mut d_start, mut d_stride) = (0.0, 0.0, 0.0, 0.0);
    for ((token, dim), d) in d_table.indexed_iter() {
        let angle = start + token as f64 * stride;
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        let d_angle = if dim == 0 {
            d_a += d * cos;
            -d * a * sin
        } else {
            d_b += d * sin;
            d * b * cos
        };
        d_start += d_angle;
        d_stride += d_angle * token as f64;
    }
    to.add_scalar(TOK_ARC_A, d_a);
    to.add_scalar(if tied { TOK_ARC_A } else { TOK_ARC_B }, d_b);
    to.add_scalar(TOK_ARC_START, d_start);
    to.add_scalar(TOK_ARC_STRIDE, d_stride);
}

/// Point `i` of the digit spiral before any correction; `d_point`: pos_dim.
fn spiral_backward(params: &Params, i: f64, d_point: &Array1<f64>, to: &mut Gradient) {
    let (amp, phase) = (params.scalar(SPIRAL_AMP), params.scalar(SPIRAL_PHASE));
    let angle = 2.0 * PI * i / DIGITS as f64 + phase;
    let (sin, cos) = (libm::sin(angle), libm::cos(angle));
    to.add_scalar(SPIRAL_AMP, d_point[0] * cos + d_point[1] * sin);
    to.add_scalar(SPIRAL_PHASE, amp * (d_point[1] * cos - d_point[0] * sin));
    to.add_scalar(SPIRAL_SLOPE, d_point[2] * i);
    to.add_scalar(SPIRAL_OFFSET, d_point[2]);
}

/// `d_table`: 34 × pos_dim. Xi, Yi and Zi are one point, so their derivatives add up.
fn position_table_backward(
    config: &Config,
    params: &Params,
    d_table: &Array2<f64>,
    to: &mut Gradient,
) {
    let columns = |i: usize| {
        [0, Y0, Z0].iter().fold(Array1::zeros(config.pos_dim), |sum: Array1<f64>, start| {
            sum + d_table.row(start + i)
        })
    };
    match config.digit_positions {
        DigitPositions::Spiral => spiral_table_backward(config, params, columns, to),
        DigitPositions::Learned => {
            let rows: Vec<f64> = (0..DIGITS).flat_map(|i| columns(i).to_vec()).collect();
            to.add(DIGIT_POS, &rows);
        }
    }
    let rows = |places: &[usize]| d_table.select(Axis(0), places);
    to.add_matrix(Z_HI_POS, &rows(&[Z10]));
    match config.special_positions {
        SpecialPositions::All => to.add_matrix(SPECIAL_POS, &rows(&[PLUS, EQUALS, EOS])),
        SpecialPositions::PlusEquals => {
            to.add_matrix(SPECIAL_POS_LEARNED, &rows(&[PLUS, EQUALS]));
        }
        SpecialPositions::Equals => to.add_matrix(SPECIAL_POS_EQUALS, &rows(&[EQUALS])),
        SpecialPositions::Zero => {}
    }
}

/// `columns(i)`: the derivatives of column i's position (pos_dim).
fn spiral_table_backward(
    config: &Config,
    params: &Params,
    columns: impl Fn(usize) -> Array1<f64>,
    to: &mut Gradient,
) {
    let full = params.get(POS_CORRECTION);
    let mut d_full = [0.0; DIGITS];
    for (i, d_correction) in d_full.iter_mut().enumerate() {
        let correction = match config.correction {
            Correction::None => 0.0,
            Correction::Linear => {
                params.scalar(POS_CORR_INTERCEPT) + params.scalar(POS_CORR_SLOPE) * i as f64
            }
            Correction::Full => full.and_then(|t| t.get(i)).map_or(0.0, |&v| f64::from(v)),
        };
        let d_scaled = columns(i);
        // Rows of the table are the point times `1 + correction`.
        *d_correction = d_scaled.dot(&Array1::from_vec(spiral(params, config.pos_dim, i as f64)));
        spiral_backward(params, i as f64, &(d_scaled * (1.0 + correction)), to);
    }
    match config.correction {
        Correction::None => {}
        Correction::Linear => {
            let slope = d_full.iter().enumerate().map(|(i, d)| d * i as f64).sum();
            to.add_scalar(POS_CORR_SLOPE, slope);
            to.add_scalar(POS_CORR_INTERCEPT, d_full.iter().sum());
        }
        Correction::Full => to.add(POS_CORRECTION, &d_full),
    }
}

/// The three norms' weights, one learned vector or fewer numbers.
fn norms_backward(config: &Config, params: &Params, weights: &Weights, to: &mut Gradient) {
    let (norm1, norm_f) = (&weights.norm1, &weights.norm_f);
    let sum = || match &weights.norm2 {
        Some(norm2) => norm1 + norm2 + norm_f,
        None => norm1 + norm_f,
    };
    match config.norm {
        Norm::Shared => to.add(NORM1, &sum()),
        Norm::Full | Norm::NoNorm2 => {
            to.add(NORM1, norm1);
            if let Some(norm2) = &weights.norm2 {
                to.add(NORM2, norm2);
            }
            to.add(NORM_F, norm_f);
        }
        Norm::Fixed | Norm::Spiral => {}
        Norm::Scalar => to.add_scalar(NORM_SCALE, sum().sum()),
        Norm::Structured => {
            let d = sum();
            to.add_scalar(NORM_B, d.sum());
            for (dim, name) in NORM_EXTRAS {
                to.add_scalar(name, d[dim]);
            }
        }
        Norm::SpiralBoost { amp } => {
            let d = sum();
            let d_boost = d.iter().skip(config.tok_dim).copied().collect::<Vec<f64>>();
            boost_backward(params, amp, &d_boost, to);
        }
    }
}

/// The second-generation boost `amp·|z_i| / S`, `S = Σ|z| + 1`; `d_boost`: pos_dim. Where a
/// z is 0, its |z| has derivative 0, as in PyTorch.
fn boost_backward(params: &Params, amp: f64, d_boost: &[f64], to: &mut Gradient) {
    let Some(z) = params.get(Z_HI_POS) else { return };
    let z: Vec<f64> = z.iter().map(|&z| f64::from(z)).collect();
    let total = z.iter().map(|z| z.abs()).sum::<f64>() + 1.0;
    let along: f64 = z.iter().zip(d_boost).map(|(z, d)| z.abs() * d).sum::<f64>() / total;
    let sign = |z: f64| if z == 0.0 { 0.0 } else { z.signum() };
    let d_z: Vec<f64> =
        z.iter().zip(d_boost).map(|(&z, d)| amp * sign(z) * (d - along) / total).collect();
    to.add(Z_HI_POS, &d_z);
}
