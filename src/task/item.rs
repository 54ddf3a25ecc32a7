//! What a mark, a cell or a number stands for: the same in a figure, on the page, in an address and in a lesson.
//!
//! An [`Item`] has a short text, `KIND:WHICH`, with `/` between the parts of WHICH:
//!
//! | text | item |
//! |---|---|
//! | `place:X3`, `place:PLUS` | a place of the sequence |
//! | `token:7` | a token, such as the digit 7 |
//! | `embedding:7/0` | a number of a token's embedding, by its dimension |
//! | `dim:2` | a dimension of the residual stream |
//! | `row:Z4` | the row that predicts Z4; `row:x3` is the row that reads X3 and predicts no answer digit |
//! | `attention:Z4/X4`, `attention:Z4/X4/1` | a number of a pass, by its [`Point`]: what the row looks at, by place and, but for the first, by head, from 0: `/1` is what people call head 2 |
//! | `hidden:Z4/0`, `logits:Z4/7` | others of them: a hidden unit, a logit |
//! | `carry:Z4/1` | row Z4 where a carry comes into its column |
//! | `carry_before:Z4/1` | row Z4 where a carry comes into the column before: what the original script pairs with it |
//! | `case:Z7/0/1/11` | additions that are alike to row Z7: the digit before it is 0, a carry comes into its column, and that adds up to 11; before Z0 stands EQUALS, `case:Z0/EQUALS/0/11`, and Z10 has no column, `case:Z10/0/1` |
//! | `chain:3` | answer digits to which three columns in a row before them send a carry; `chain:0`: none comes in |
//! | `direction:9` | errors that are 9 too large, modulo 10: one too small; those of `direction:0` are no digits |
//! | `norm:2/0` | dimension 0 of the second norm's weights; the last norm is `norm:f/0` |
//! | `weight:q_proj.weight/5` | a number of a tensor, by its flat index |
//! | `step:20000` | a snapshot of a run, by its training step |
//! | `seed:3` | a run of several, by its seed |
//! | `addition:57+68` | an addition |

mod text;

use thiserror::Error;

pub use crate::point::Point;
pub(crate) use text::{one_line, place_of, place_text, whole};

/// Which of the norms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Norm {
    /// Before attention.
    First,
    /// Before the FFN.
    Second,
    /// Before the head.
    Last,
}

impl Norm {
    const ALL: [(Norm, &str); 3] = [(Norm::First, "1"), (Norm::Second, "2"), (Norm::Last, "f")];
}

/// What of an addition an answer digit hangs on first of all. Additions that have it in common are one case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Case {
    /// The answer digit: 0 for the ones.
    pub digit: usize,
    /// The answer digit before it; none before the first.
    pub before: Option<u8>,
    /// The carry into its column, 0 or 1.
    pub carry: u8,
    /// What X and Y of its column add up to, 0 to 18; none for the carry-out, which has no column.
    pub sum: Option<u8>,
}

/// What a mark, a cell or a number stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// A place of the sequence, 0…33.
    Place(usize),
    /// A token.
    Token(u8),
    /// A number of a token's embedding.
    Embedding {
        /// The token.
        token: u8,
        /// The dimension of token space.
        dim: usize,
    },
    /// A dimension of the residual stream.
    Dim(usize),
    /// An input row, 0…32.
    Row(usize),
    /// A number of a pass at `row`: the one at `index`, flat over heads.
    Number {
        /// Which intermediate.
        point: Point,
        /// Its row, 0…32.
        row: usize,
        /// Which number of the row.
        index: usize,
    },
    /// A score or an attention weight: what `row` looks at.
    Source {
        /// [`Point::Score`] or [`Point::Attention`].
        point: Point,
        /// The row that looks, 0…32.
        row: usize,
        /// The place that it looks at, 0…32.
        place: usize,
        /// The head, from 0.
        head: usize,
    },
    /// A row where the carry into its column is this one.
    Carry {
        /// The row, 0…32.
        row: usize,
        /// 0 or 1.
        carry: u8,
    },
    /// A row where the carry into the column before its own is this one. The original script pairs them.
    CarryBefore {
        /// The row, 0…32.
        row: usize,
        /// 0 or 1.
        carry: u8,
    },
    /// Additions that are alike to an answer digit.
    Case(Case),
    /// Answer digits to which so many columns in a row before them send a carry: 0…10.
    Chain(u8),
    /// Errors by how much they are too large, modulo 10: 0…9. Where that is 0, what was said is no digit.
    Direction(u8),
    /// A weight of a norm.
    NormWeight {
        /// Which of the three.
        norm: Norm,
        /// The dimension of the residual stream.
        dim: usize,
    },
    /// A number of a tensor.
    Weight {
        /// The tensor's clean name.
        tensor: String,
        /// The flat index, row by row.
        index: usize,
    },
    /// A snapshot of a run, by its training step.
    Step(u64),
    /// A run of several, by its seed.
    Seed(u64),
    /// An addition: two summands.
    Addition(u64, u64),
}

/// A text that names no item.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("“{text}” names nothing that can be selected")]
pub struct NoItem {
    /// The text, cut where it is long.
    pub text: String,
}
