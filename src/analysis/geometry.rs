//! Where digits and positions live: the data of panels 1 to 3.

use super::{Rows, rows};
use model::tensors::name::{TOK_ARC_A, TOK_ARC_B, TOK_ARC_START, TOK_ARC_STRIDE};
use model::{Model, config::Embedding};
use serde::{Deserialize, Serialize};

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
    Geometry {
        token_embedding: rows(&weights.tokens),
        arc,
        positions: rows(&weights.positions),
        positions_qk: rows(&q),
        positions_k: rows(&k),
    }
}
