//! The matrices of the forward pass in f64, built once per model from its parameters.

use super::config::{
    Config, Correction, DigitPositions, Embedding, Norm, OutProj, QkInput, SpecialPositions,
};
use super::layers::product;
use super::params::Params;
use super::tensors::name::*;
use ndarray::{Array1, Array2, Axis, Slice};
use numbers::listed::Listed;
use std::f64::consts::PI;
use task::addition::{DIGITS, EOS, EQUALS, PLUS, SEQUENCE, Y0, Z0, Z10};

/// Attention's output projection.
#[derive(Clone, Debug)]
pub enum OutWeights {
    /// A (inner × r), read from the heads, and B (r × d_model), written to the residual stream.
    LowRank {
        /// Read directions, one column per rank.
        a: Array2<f64>,
        /// Write directions, one row per rank.
        b: Array2<f64>,
    },
    /// W (d_model × inner).
    Full(Array2<f64>),
}

impl OutWeights {
    /// Where one number is all that is written: how it is read from the heads (inner), and the direction in which it is
    /// written (d_model).
    pub fn single(&self) -> Option<(Vec<f64>, Vec<f64>)> {
        match self {
            OutWeights::LowRank { a, b } if a.ncols() == 1 => {
                Some((a.column(0).to_vec(), b.row(0).to_vec()))
            }
            OutWeights::Full(w) if w.ncols() == 1 => Some((vec![1.0], w.column(0).to_vec())),
            _ => None,
        }
    }
}

/// Everything that the forward pass multiplies with. Ties are resolved: a tied
/// matrix stands in each place that uses it.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Token table E (vocab × tok_dim).
    pub tokens: Array2<f64>,
    /// Position table P (34 × pos_dim).
    pub positions: Array2<f64>,
    /// Weights of the norm before attention (d_model).
    pub norm1: Array1<f64>,
    /// Weights of the norm before the FFN (d_model); `None` where there is no such norm.
    pub norm2: Option<Array1<f64>>,
    /// Weights of the last norm (d_model).
    pub norm_f: Array1<f64>,
    /// Query projection (n_heads·qk_dim × input).
    pub q: Array2<f64>,
    /// Key projection (n_heads·qk_dim × input).
    pub k: Array2<f64>,
    /// Sine and cosine of each head's query rotation.
    pub phase: Vec<(f64, f64)>,
    /// Value projection (n_heads·head_dim × tok_dim).
    pub v: Array2<f64>,
    /// Output projection.
    pub out: OutWeights,
    /// First FFN layer (ffn_dim × d_model).
    pub fc1: Array2<f64>,
    /// Its bias (ffn_dim), zero where there is none.
    pub fc1_bias: Array1<f64>,
    /// Second FFN layer (d_model × ffn_dim).
    pub fc2: Array2<f64>,
    /// Its bias (d_model), zero where there is none.
    pub fc2_bias: Array1<f64>,
    /// Output head (tok_dim × d_model); logits are `E · (head · x)`.
    pub head: Array2<f64>,
}

/// `params` as f64 vectors and matrices; zeros stand in for what is not there. What ndarray has for any number of dimensions
/// or any function of its elements is made anew for each: all is made from lists here.
struct Reader<'a>(&'a Params);

/// `values`, row by row, as a matrix of so many columns.
fn matrix(values: Vec<f64>, columns: usize) -> Array2<f64> {
    let rows = values.len() / columns.max(1);
    Array1::from_vec(values).into_shape_with_order((rows, columns)).unwrap_or_default()
}

impl Reader<'_> {
    /// Row by row, of a tensor with so many dimensions.
    fn numbers(&self, name: &str, dimensions: usize) -> Option<Vec<f64>> {
        let tensor = self.0.get(name).filter(|tensor| tensor.ndim() == dimensions)?;
        Some(tensor.as_slice()?.iter().map(|v| f64::from(*v)).listed())
    }

    fn matrix(&self, name: &str) -> Array2<f64> {
        let columns = self.0.get(name).and_then(|tensor| tensor.shape().last().copied());
        matrix(self.numbers(name, 2).unwrap_or_default(), columns.unwrap_or(0))
    }

    fn list(&self, name: &str, length: usize) -> Vec<f64> {
        self.numbers(name, 1).unwrap_or_else(|| vec![0.0; length])
    }

    fn vector(&self, name: &str, length: usize) -> Array1<f64> {
        Array1::from_vec(self.list(name, length))
    }
}

impl Weights {
    /// Builds the matrices of `config` from `params`, which must fit it.
    pub fn new(config: &Config, params: &Params) -> Weights {
        let read = Reader(params);
        let (d, head) = (config.d_model(), read.matrix(HEAD_PROJ));
        let q = read.matrix(Q_PROJ);
        let k = if config.tie_qk { q.clone() } else { read.matrix(K_PROJ) };
        let v = if config.tie_v_head { head.t().to_owned() } else { read.matrix(V_PROJ) };
        let fc2 = if config.tie_fc2_head { head.t().to_owned() } else { read.matrix(FC2) };
        let out = match config.out_proj {
            OutProj::LowRank(_) => {
                OutWeights::LowRank { a: read.matrix(OUT_PROJ_A), b: read.matrix(OUT_PROJ_B) }
            }
            OutProj::Full => OutWeights::Full(read.matrix(OUT_PROJ)),
        };
        let angles = read.list(Q_PHASE_ANGLE, config.n_heads);
        let (norm1, norm2, norm_f) = norms(config, params);
        Weights {
            tokens: token_table(config, params),
            positions: position_table(config, params),
            norm1,
            norm2,
            norm_f,
            q,
            k,
            phase: angles.iter().map(|&a| (libm::sin(a), libm::cos(a))).listed(),
            v,
            out,
            fc1: read.matrix(FC1),
            fc1_bias: read.vector(FC1_BIAS, config.ffn_dim),
            fc2,
            fc2_bias: read.vector(FC2_BIAS, d),
            head,
        }
    }

    /// Zeros in the shapes of these matrices, to add derivatives to.
    pub fn zeros_like(&self) -> Weights {
        let vector = |v: &Array1<f64>| Array1::zeros(v.len());
        let matrix = |m: &Array2<f64>| Array2::zeros(m.dim());
        Weights {
            tokens: matrix(&self.tokens),
            positions: matrix(&self.positions),
            norm1: vector(&self.norm1),
            norm2: self.norm2.as_ref().map(vector),
            norm_f: vector(&self.norm_f),
            q: matrix(&self.q),
            k: matrix(&self.k),
            phase: vec![(0.0, 0.0); self.phase.len()],
            v: matrix(&self.v),
            out: match &self.out {
                OutWeights::LowRank { a, b } => OutWeights::LowRank { a: matrix(a), b: matrix(b) },
                OutWeights::Full(w) => OutWeights::Full(matrix(w)),
            },
            fc1: matrix(&self.fc1),
            fc1_bias: vector(&self.fc1_bias),
            fc2: matrix(&self.fc2),
            fc2_bias: vector(&self.fc2_bias),
            head: matrix(&self.head),
        }
    }

    /// Raw positions through the query and the key projection (34 × n_heads·qk_dim
    /// each, without norm or rotation): the data of panels 2 and 3. Where queries read
    /// the whole row, only the columns that read its position part are used; where they read tokens alone, all is 0.
    pub fn positions_qk(&self, config: &Config) -> (Array2<f64>, Array2<f64>) {
        let skip = match config.qk_input {
            QkInput::Position => 0,
            QkInput::Full => config.tok_dim,
            QkInput::Token => {
                let nowhere = |w: &Array2<f64>| Array2::zeros((SEQUENCE, w.nrows()));
                return (nowhere(&self.q), nowhere(&self.k));
            }
        };
        let project = |w: &Array2<f64>| {
            let reads_position = w.slice_axis(Axis(1), Slice::from(skip..));
            product(self.positions.view(), reads_position.t())
        };
        (project(&self.q), project(&self.k))
    }
}

fn token_table(config: &Config, params: &Params) -> Array2<f64> {
    let Embedding::Arc { tied } = config.embedding else {
        let mut rows = Reader(params).numbers(TOK_EMB, 2).unwrap_or_default();
        rows.resize(config.vocabulary.size * config.tok_dim, 0.0);
        return matrix(rows, config.tok_dim);
    };
    let a = params.scalar(TOK_ARC_A);
    let b = if tied { a } else { params.scalar(TOK_ARC_B) };
    let (start, stride) = (params.scalar(TOK_ARC_START), params.scalar(TOK_ARC_STRIDE));
    let mut table = Vec::new();
    for token in 0..config.vocabulary.size {
        let angle = start + token as f64 * stride;
        table.extend([a * libm::cos(angle), b * libm::sin(angle)]);
    }
    matrix(table, config.tok_dim)
}

/// Point `i` of the digit spiral before any correction (pos_dim numbers).
pub fn spiral(params: &Params, pos_dim: usize, i: f64) -> Vec<f64> {
    let (amp, phase) = (params.scalar(SPIRAL_AMP), params.scalar(SPIRAL_PHASE));
    let angle = 2.0 * PI * i / DIGITS as f64 + phase;
    let mut point = vec![0.0; pos_dim];
    point[0] = amp * libm::cos(angle);
    point[1] = amp * libm::sin(angle);
    point[2] = params.scalar(SPIRAL_SLOPE) * i + params.scalar(SPIRAL_OFFSET);
    point
}

/// The tensor that holds the position of `place`, and its row there. `None` where the place is on
/// the spiral, or nowhere: then its position is zero.
pub fn stored_position(config: &Config, place: usize) -> Option<(&'static str, usize)> {
    use SpecialPositions::{All, Equals, PlusEquals, Zero};
    match (place, config.special_positions) {
        (Z10, _) => Some((Z_HI_POS, 0)),
        (PLUS | EQUALS | EOS, Zero) => None,
        (PLUS, All) => Some((SPECIAL_POS, 0)),
        (EQUALS, All) => Some((SPECIAL_POS, 1)),
        (EOS, All) => Some((SPECIAL_POS, 2)),
        (PLUS, PlusEquals) => Some((SPECIAL_POS_LEARNED, 0)),
        (EQUALS, PlusEquals) => Some((SPECIAL_POS_LEARNED, 1)),
        (PLUS, Equals) => Some((PLUS_POS, 0)),
        (EQUALS, Equals) => Some((SPECIAL_POS_EQUALS, 0)),
        (EOS, PlusEquals | Equals) => Some((EOS_POS, 0)),
        _ => None,
    }
}

fn position_table(config: &Config, params: &Params) -> Array2<f64> {
    let read = Reader(params);
    let full = read.list(POS_CORRECTION, DIGITS);
    let width = config.pos_dim;
    let mut table = vec![0.0; SEQUENCE * width];
    let mut put = |place: usize, row: &[f64]| {
        table[place * width..][..row.len()].copy_from_slice(row);
    };
    let learned = match config.digit_positions {
        DigitPositions::Spiral => None,
        DigitPositions::Learned => read.numbers(DIGIT_POS, 2),
    };
    for (i, row) in learned.iter().flat_map(|table| table.chunks_exact(width)).enumerate() {
        [0, Y0, Z0].iter().for_each(|start| put(start + i, row));
    }
    let on_spiral = if learned.is_some() { 0 } else { DIGITS };
    for (i, full) in full.into_iter().enumerate().take(on_spiral) {
        let correction = match config.correction {
            Correction::None => 0.0,
            Correction::Linear => {
                params.scalar(POS_CORR_INTERCEPT) + params.scalar(POS_CORR_SLOPE) * i as f64
            }
            Correction::Full => full,
        };
        let mut point = spiral(params, width, i as f64);
        point.iter_mut().for_each(|v| *v *= 1.0 + correction);
        [0, Y0, Z0].iter().for_each(|start| put(start + i, &point));
    }
    for place in [PLUS, EQUALS, Z10, EOS] {
        let Some((name, row)) = stored_position(config, place) else { continue };
        let stored = read.numbers(name, 2).unwrap_or_default();
        stored.chunks_exact(width).skip(row).take(1).for_each(|row| put(place, row));
    }
    matrix(table, width)
}

/// The frozen spiral norm's base: `amp·sin(2πd/10) + 1` for each dimension.
pub fn spiral_norm_base(amp: f64, d_model: usize) -> Array1<f64> {
    Array1::from_shape_fn(d_model, |d| amp * libm::sin(2.0 * PI * d as f64 / 10.0) + 1.0)
}

type NormWeights = (Array1<f64>, Option<Array1<f64>>, Array1<f64>);

fn norms(config: &Config, params: &Params) -> NormWeights {
    let read = Reader(params);
    let d = config.d_model();
    let all = match config.norm {
        Norm::Full => {
            let vector = |name| read.vector(name, d);
            return (vector(NORM1), Some(vector(NORM2)), vector(NORM_F));
        }
        Norm::NoNorm2 => return (read.vector(NORM1, d), None, read.vector(NORM_F, d)),
        Norm::Shared | Norm::Spiral => read.list(NORM1, d),
        Norm::Fixed => vec![1.0; d],
        Norm::Scalar => vec![params.scalar(NORM_SCALE); d],
        Norm::Structured => {
            let mut w = vec![params.scalar(NORM_B); d];
            for (dim, name) in NORM_EXTRAS {
                w[dim] += params.scalar(name);
            }
            w
        }
        Norm::SpiralBoost { amp } => {
            let mut w = read.list(NORM_BASE, d);
            let mut z = read.numbers(Z_HI_POS, 2).unwrap_or_default();
            z.iter_mut().for_each(|z| *z = z.abs());
            let total = z.iter().sum::<f64>() + 1.0;
            for (w, z) in w[config.tok_dim..].iter_mut().zip(z) {
                *w += amp * z / total;
            }
            w
        }
    };
    let all = Array1::from_vec(all);
    (all.clone(), Some(all.clone()), all)
}
