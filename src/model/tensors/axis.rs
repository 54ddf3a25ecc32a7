//! What the places along an axis of a tensor are.

use crate::config::Config;
use numbers::listed::Listed;
use task::addition::DIGITS;

/// What the places along an axis of a tensor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// One place, which only shapes the tensor.
    One,
    /// Tokens of the vocabulary.
    Tokens,
    /// Columns of digits.
    Columns,
    /// Special places of the sequence, by name.
    Places(&'static [&'static str]),
    /// Dimensions of the residual stream.
    Dims,
    /// Those of its token part.
    TokDims,
    /// Those of its position part.
    PosDims,
    /// What queries and keys read.
    QkInput,
    /// Attention heads.
    Heads,
    /// Query dimensions, head after head.
    Queries,
    /// Key dimensions, head after head.
    Keys,
    /// Value dimensions, head after head.
    Values,
    /// Ranks of the output projection.
    Ranks,
    /// Hidden units of the FFN.
    Units,
}

impl Axis {
    /// How many places it has.
    pub(super) fn len(self, config: &Config) -> usize {
        match self {
            Axis::One => 1,
            Axis::Tokens => config.vocabulary.size - usize::from(config.frozen_pad),
            Axis::Columns => DIGITS,
            Axis::Places(names) => names.len(),
            Axis::Dims => config.d_model(),
            Axis::TokDims => config.tok_dim,
            Axis::PosDims => config.pos_dim,
            Axis::QkInput => config.qk_dims().len(),
            Axis::Heads => config.n_heads,
            Axis::Queries | Axis::Keys => config.n_heads * config.qk_dim,
            Axis::Values => config.inner_dim(),
            Axis::Ranks => config.out_proj.rank().unwrap_or(1),
            Axis::Units => config.ffn_dim,
        }
    }

    /// The names of its places; `None` for an axis whose one place needs no name.
    pub(super) fn names(self, config: &Config) -> Option<Vec<String>> {
        let len = self.len(config);
        let numbered = |word: &str, first: usize| {
            Some((first..first + len).map(|i| format!("{word}{i}")).listed())
        };
        let headed = |letter: &str, each: usize| {
            if config.n_heads == 1 {
                return numbered(letter, 0);
            }
            let head = |h: usize| (0..each).map(move |i| format!("{letter}{i} head {h}"));
            Some((1..=config.n_heads).flat_map(head).listed())
        };
        match self {
            Axis::One => None,
            Axis::Heads | Axis::Ranks if len == 1 => None,
            Axis::Tokens => numbered("token ", 0),
            Axis::Columns => numbered("column ", 0),
            Axis::Places(names) => Some(names.iter().map(|n| (*n).to_owned()).listed()),
            Axis::TokDims => Some(config.dim_labels()[..config.tok_dim].to_vec()),
            Axis::PosDims => Some(config.dim_labels()[config.tok_dim..].to_vec()),
            Axis::QkInput => Some(config.dim_labels()[config.qk_dims()].to_vec()),
            Axis::Dims => Some(config.dim_labels()),
            Axis::Heads => numbered("head ", 1),
            Axis::Queries => headed("q", config.qk_dim),
            Axis::Keys => headed("k", config.qk_dim),
            Axis::Values => headed("v", config.head_dim),
            Axis::Ranks => numbered("rank ", 0),
            Axis::Units => numbered("unit ", 0),
        }
    }
}
