//! Where digits and positions live: the data of panels 1 to 3.

use super::{Rows, rows};
use model::config::Embedding;
use model::tensors::name::{TOK_ARC_A, TOK_ARC_B, TOK_ARC_START, TOK_ARC_STRIDE};
use model::{Model, layers};
use ndarray::Array2;
use numbers::listed::Listed;
use serde::{Deserialize, Serialize};
use task::addition::{DIGITS, EOS, EQUALS, PLUS, SEQUENCE, Vocabulary};

/// The arc that parametric embeddings lie on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arc {
    /// Radius along dim 0.
    pub a: f64,
    /// Radius along dim 1; equal to `a` on a circle.
    pub b: f64,
    /// Angle of digit 0, in radians.
    pub start: f64,
    /// Angle between neighbouring digits, in radians.
    pub stride: f64,
}

/// Token table and positions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geometry {
    /// Token table E (vocab × tok_dim).
    pub token_embedding: Rows,
    /// The arc that E lies on; `None` for a learned table.
    pub arc: Option<Arc>,
    /// Position table P (34 × pos_dim).
    pub positions: Rows,
    /// `P·Wqᵀ` (34 × n_heads·qk_dim), without norm or rotation.
    pub positions_qk: Rows,
    /// `P·Wkᵀ`, equal to `positions_qk` where queries and keys are tied.
    pub positions_k: Rows,
    /// What rows ask by, as the model makes it: normed, projected and turned (34 × n_heads·qk_dim). Where it hangs on the
    /// token too, the mean over those that can stand there.
    pub queries: Rows,
    /// What places are found by: normed and projected, the mean likewise.
    pub keys: Rows,
    /// The angle that queries are turned by, per head, in radians.
    pub turns: Vec<f64>,
}

/// The geometry of `model`.
pub fn geometry(model: &Model) -> Geometry {
    let (config, weights, params) = (model.config(), model.weights(), model.params());
    let arc = match config.embedding {
        Embedding::Learned => None,
        Embedding::Arc { tied } => {
            let a = params.scalar(TOK_ARC_A);
            Some(Arc {
                a,
                b: if tied { a } else { params.scalar(TOK_ARC_B) },
                start: params.scalar(TOK_ARC_START),
                stride: params.scalar(TOK_ARC_STRIDE),
            })
        }
    };
    let (q, k) = weights.positions_qk(config);
    let (queries, keys) = (0..SEQUENCE).map(|place| asked(model, place)).unzip();
    Geometry {
        token_embedding: rows(&weights.tokens),
        arc,
        positions: rows(&weights.positions),
        positions_qk: rows(&q),
        positions_k: rows(&k),
        queries,
        keys,
        turns: weights.phase.iter().map(|&(sin, cos)| libm::atan2(sin, cos)).listed(),
    }
}

/// Query and key of a place.
fn asked(model: &Model, place: usize) -> (Vec<f64>, Vec<f64>) {
    let (config, weights) = (model.config(), model.weights());
    let Vocabulary { plus, equals, eos, .. } = config.vocabulary;
    let tokens = match place {
        PLUS => plus..=plus,
        EQUALS => equals..=equals,
        EOS => eos..=eos,
        _ => 0..=DIGITS as u8 - 1,
    };
    let count = tokens.clone().count() as f64;
    let mut normed = vec![0.0; config.d_model()];
    let mut mean = normed.clone();
    for token in tokens {
        let embedding = weights.tokens.row(usize::from(token));
        let row: Vec<f64> = embedding.iter().chain(weights.positions.row(place)).copied().listed();
        layers::rms_norm(&row, weights.norm1.view(), &mut normed);
        mean.iter_mut().zip(&normed).for_each(|(sum, v)| *sum += v / count);
    }
    let project = |w: &Array2<f64>| {
        let mut projected = vec![0.0; w.nrows()];
        layers::linear(w.view(), &mean[config.qk_dims()], &mut projected);
        projected
    };
    let (mut query, key) = (project(&weights.q), project(&weights.k));
    for (head, phase) in query.chunks_exact_mut(config.qk_dim.max(1)).zip(&weights.phase) {
        layers::rotate(head, *phase);
    }
    (query, key)
}
