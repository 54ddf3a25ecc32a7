//! One addition with every intermediate, and the model's answer to it.

use super::{Rows, rows};
use model::{Forward, Model};
use ndarray::Axis;
use serde::Serialize;
use task::addition::tokens;

/// The golden `trace`: a teacher-forced pass over `a + b`, and the greedy answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AdditionTrace {
    /// First summand.
    pub a: u64,
    /// Second summand.
    pub b: u64,
    /// Input tokens (33).
    pub tokens: Vec<u8>,
    /// Token embedding beside position (33 × d_model).
    pub embed: Rows,
    /// After the first norm (33 × d_model).
    pub normed: Rows,
    /// Softmax weights (n_heads × 33 × 33).
    pub attention: Vec<Rows>,
    /// Residual stream after attention (33 × d_model).
    pub after_attention: Rows,
    /// Residual stream after the FFN (33 × d_model).
    pub after_ffn: Rows,
    /// Logits (33 × vocab).
    pub logits: Rows,
    /// The answer, decoded greedily.
    pub answer: u64,
    /// Whether the answer is the sum.
    pub correct: bool,
}

/// Traces `a + b` through `model`. Both must be at most
/// [`MAX_SUMMAND`](task::addition::MAX_SUMMAND).
pub fn trace(model: &Model, a: u64, b: u64) -> AdditionTrace {
    let forward = Forward::new(model);
    let trace = forward.trace(&tokens(a, b, model.config().vocabulary));
    let answer = forward.decode(a, b);
    AdditionTrace {
        a,
        b,
        tokens: trace.tokens,
        embed: rows(&trace.embed),
        normed: rows(&trace.normed),
        attention: trace.attention.axis_iter(Axis(0)).map(|h| rows(&h.to_owned())).collect(),
        after_attention: rows(&trace.after_attention),
        after_ffn: rows(&trace.after_ffn),
        logits: rows(&trace.logits),
        answer,
        correct: answer == a + b,
    }
}
