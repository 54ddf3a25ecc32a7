//! One addition with every intermediate, and the model's answer to it.

use super::{Rows, rows};
use model::{Forward, Model, Trace};
use ndarray::{Array2, ArrayView1};
use numbers::listed::Listed;
use serde::Serialize;
use task::addition::{ROWS, tokens};
use task::item::Point;

/// The golden `trace`: a teacher-forced pass over `a + b`, and the greedy answer. Its matrices bear the names of the
/// [points](Point) of a pass.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
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
    /// Rotated queries (33 × n_heads·qk_dim).
    pub query: Rows,
    /// Keys (33 × n_heads·qk_dim).
    pub key: Rows,
    /// Values (33 × n_heads·head_dim).
    pub value: Rows,
    /// Scores before the softmax (n_heads × 33 × 33); `None` where the row cannot see the place, since it comes later.
    pub score: Vec<Vec<Vec<Option<f64>>>>,
    /// Softmax weights (n_heads × 33 × 33).
    pub attention: Vec<Rows>,
    /// What the heads read, added up (33 × n_heads·head_dim).
    pub read: Rows,
    /// What the output projection makes of that before it writes (33 × its rank); `None` where it is a full matrix.
    pub s: Option<Rows>,
    /// Residual stream after attention (33 × d_model).
    pub after_attention: Rows,
    /// What the FFN reads (33 × d_model).
    pub ffn_input: Rows,
    /// Hidden units before GELU (33 × ffn_dim).
    pub hidden: Rows,
    /// Hidden units after GELU (33 × ffn_dim).
    pub active: Rows,
    /// Residual stream after the FFN (33 × d_model).
    pub after_ffn: Rows,
    /// After the last norm (33 × d_model).
    pub r#final: Rows,
    /// What the head makes of that (33 × tok_dim).
    pub token_space: Rows,
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
    let trace = Trace::new(model, &tokens(a, b, model.config().vocabulary));
    let answer = Forward::new(model).decode(a, b);
    let at = |point| trace.at(point).map(rows).unwrap_or_default();
    let by_head = |point| trace.at(point).map(heads).unwrap_or_default();
    let score = by_head(Point::Score).into_iter().map(|head| head.into_iter().map(seen).listed());
    AdditionTrace {
        a,
        b,
        embed: at(Point::Embed),
        normed: at(Point::Normed),
        query: at(Point::Query),
        key: at(Point::Key),
        value: at(Point::Value),
        score: score.listed(),
        attention: by_head(Point::Attention),
        read: at(Point::Read),
        s: trace.at(Point::Sum).map(rows),
        after_attention: at(Point::AfterAttention),
        ffn_input: at(Point::FfnInput),
        hidden: at(Point::Hidden),
        active: at(Point::Active),
        after_ffn: at(Point::AfterFfn),
        r#final: at(Point::Final),
        token_space: at(Point::TokenSpace),
        logits: at(Point::Logits),
        answer,
        correct: answer == a + b,
        tokens: trace.tokens,
    }
}

/// What stands head by head, as a matrix for each.
fn heads(values: &Array2<f64>) -> Vec<Rows> {
    let part = |row: ArrayView1<f64>, h| row.iter().skip(h).take(ROWS).copied().listed();
    let head = |h| values.outer_iter().map(|row| part(row, h)).listed();
    (0..values.ncols()).step_by(ROWS).map(head).listed()
}

/// A row of scores without those that are none.
fn seen(scores: Vec<f64>) -> Vec<Option<f64>> {
    scores.into_iter().map(|score| score.is_finite().then_some(score)).listed()
}
