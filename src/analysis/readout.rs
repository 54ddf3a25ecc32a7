//! How the model reads and writes: the data of panels 9 to 11.

use model::layers::product;
use model::weights::OutWeights;
use model::{Model, config::Norm};
use numbers::listed::Listed;
use serde::{Deserialize, Serialize};
use task::item;

/// The norm weights that a trained 67-parameter model had, as the original script
/// gives them: the reference of panel 11.
pub const LEARNED_67P: [f64; 5] = [0.74, 2.83, 4.00, 4.01, 5.10];

/// The single direction that a rank-1 output projection reads and the one it writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rank1 {
    /// A·V per digit: `(E[d]·Wvᵀ)·A`. The number that attention passes on for a digit.
    pub readout: Vec<f64>,
    /// The direction of token space that the readout is along: it is `E·direction` (tok_dim).
    pub direction: Vec<f64>,
    /// A, read from the concatenated heads (n_heads·head_dim).
    pub a: Vec<f64>,
    /// B, written to the residual stream (d_model).
    pub b: Vec<f64>,
}

/// Weights of the norms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NormWeights {
    /// What they are, in words: `frozen spiral`, `learned, shared by three norms`.
    pub kind: String,
    /// Before attention (d_model).
    pub norm1: Vec<f64>,
    /// Before the FFN; `None` where there is no such norm.
    pub norm2: Option<Vec<f64>>,
    /// Before the head.
    pub norm_f: Vec<f64>,
}

impl NormWeights {
    /// The norms that differ, each with its name; one entry where all are the same.
    pub fn distinct(&self) -> Vec<(&'static str, &'static [item::Norm], &[f64])> {
        use item::Norm::{First, Last, Second};
        if self.norm_f == self.norm1 && self.norm2.as_ref() == Some(&self.norm1) {
            return vec![("all norms", &[First, Second, Last], &self.norm1)];
        }
        let second = self.norm2.as_deref().map(|w| ("norm 2", &[Second][..], w));
        let first = ("norm 1", &[First][..], self.norm1.as_slice());
        let last = ("norm f", &[Last][..], self.norm_f.as_slice());
        [Some(first), second, Some(last)].into_iter().flatten().listed()
    }
}

/// The rank-1 directions; `None` where the output projection has another rank.
pub fn rank1(model: &Model) -> Option<Rank1> {
    let w = model.weights();
    let OutWeights::LowRank { a, b } = &w.out else { return None };
    if a.ncols() != 1 {
        return None;
    }
    let direction = w.v.t().dot(&a.column(0));
    let readout = product(w.tokens.view(), w.v.t()).dot(&a.column(0));
    Some(Rank1 {
        direction: direction.to_vec(),
        readout: readout.iter().take(10).copied().listed(),
        a: a.column(0).to_vec(),
        b: b.row(0).to_vec(),
    })
}

/// The norm weights of `model`.
pub fn norm_weights(model: &Model) -> NormWeights {
    let w = model.weights();
    let kind = match model.config().norm {
        Norm::Shared => "learned, shared by three norms",
        Norm::Full => "learned, three norms",
        Norm::NoNorm2 => "learned, no norm before the FFN",
        Norm::Fixed => "all ones, not learned",
        Norm::Scalar => "one learned number",
        Norm::Structured => "three learned numbers",
        Norm::Spiral => "frozen spiral",
        Norm::SpiralBoost { .. } => "frozen spiral, boosted by Z10's position",
    };
    NormWeights {
        kind: kind.to_owned(),
        norm1: w.norm1.to_vec(),
        norm2: w.norm2.as_ref().map(|n| n.to_vec()),
        norm_f: w.norm_f.to_vec(),
    }
}
