//! What a model is made of, and which tensors that takes.

use crate::Error;
use crate::params::not_finite;
use numbers::listed::Listed;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use task::addition::{DIGITS, Vocabulary};

/// Widest `n_heads · head_dim`, `n_heads · qk_dim`, `tok_dim`, `pos_dim`, `ffn_dim` or rank. Published
/// models stop at 6; the limit keeps a hostile file from asking for huge tables.
pub const MAX_WIDTH: usize = 64;

/// Where the token table E comes from (step 1 of [the crate](crate)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Embedding {
    /// `E[d] = [A·cos(start + d·stride), B·sin(start + d·stride)]`.
    Arc {
        /// B is A: one learned number, no `tok_arc_B`.
        tied: bool,
    },
    /// `tok_emb.weight`, one row per token.
    Learned,
}

/// Where the positions of X, Y and Z0…Z9 come from (step 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DigitPositions {
    /// The spiral.
    Spiral,
    /// `digit_pos`, one row per column.
    Learned,
}

/// How digit positions are scaled along the spiral (step 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Correction {
    /// Not at all.
    None,
    /// By `1 + pos_corr_intercept + pos_corr_slope·i`.
    Linear,
    /// By `1 + pos_correction[i]`.
    Full,
}

/// Which special places have a stored position (step 2). The others are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpecialPositions {
    /// PLUS, EQUALS and EOS: `special_pos`.
    All,
    /// PLUS and EQUALS: `special_pos_learned`.
    PlusEquals,
    /// EQUALS: `special_pos_equals`.
    Equals,
    /// None of them.
    Zero,
}

/// What the query and key projections read (step 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QkInput {
    /// The position part of the normed row.
    Position,
    /// The whole normed row.
    Full,
    /// The token part of the normed row.
    Token,
}

/// The shape of attention's output projection (step 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OutProj {
    /// `(·A)·B` with A (inner × r) and B (r × d_model).
    LowRank(usize),
    /// `·Wᵀ` with W (d_model × inner).
    Full,
}

impl OutProj {
    /// The rank; `None` for a full matrix.
    pub fn rank(self) -> Option<usize> {
        match self {
            OutProj::LowRank(rank) => Some(rank),
            OutProj::Full => None,
        }
    }
}

/// The weights of the three norms.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Norm {
    /// One learned vector for all three.
    Shared,
    /// Three learned vectors.
    Full,
    /// Two learned vectors; the FFN reads the residual stream without a norm.
    NoNorm2,
    /// All ones.
    Fixed,
    /// One learned number.
    Scalar,
    /// Three learned numbers: `b` everywhere, `+d1` on dim 1, `+d4` on dim 4.
    Structured,
    /// Frozen sine, stored whole (first generation).
    Spiral,
    /// Frozen sine plus `amp·|z| / (Σ|z| + 1)` on the position dims, z = `z_hi_pos`
    /// (second generation).
    SpiralBoost {
        /// `spiral_init_amp` of the configuration.
        amp: f64,
    },
}

/// A supported architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Token numbers.
    pub vocabulary: Vocabulary,
    /// Width of the token part of the residual stream.
    pub tok_dim: usize,
    /// Width of the position part, at least 3.
    pub pos_dim: usize,
    /// Attention heads.
    pub n_heads: usize,
    /// Value dimensions per head.
    pub head_dim: usize,
    /// Query and key dimensions per head.
    pub qk_dim: usize,
    /// Hidden units of the FFN.
    pub ffn_dim: usize,
    /// Source of the token table.
    pub embedding: Embedding,
    /// The learned table has no row for PAD, the last token: it is 0.
    pub frozen_pad: bool,
    /// Source of the digits' positions.
    pub digit_positions: DigitPositions,
    /// Scaling along the spiral; none where there is no spiral.
    pub correction: Correction,
    /// Stored special positions.
    pub special_positions: SpecialPositions,
    /// Input of queries and keys.
    pub qk_input: QkInput,
    /// Keys use the query projection.
    pub tie_qk: bool,
    /// Queries are rotated by a learned angle per head.
    pub q_phase: bool,
    /// Attention's weights are `e / (1 + Σ e)` with `e = exp(score − largest)`, which sum to less than 1: softmax1 as
    /// MicroAdder's trainer computes it.
    pub softmax1: bool,
    /// Values use `head_proj`.
    pub tie_v_head: bool,
    /// Shape of the output projection.
    pub out_proj: OutProj,
    /// The FFN has biases.
    pub ffn_bias: bool,
    /// The FFN's second layer is `head_proj`.
    pub tie_fc2_head: bool,
    /// Weights of the norms.
    pub norm: Norm,
    /// Names of tensors that training left alone, sorted; they are not counted.
    pub frozen: Vec<String>,
}

/// A tensor that a configuration asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamSpec {
    /// Its name in the clean dialect, which is ours.
    pub name: &'static str,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Whether it counts as learned.
    pub learned: bool,
    /// Zeros when the file does not have it.
    pub optional: bool,
}

impl ParamSpec {
    /// How many numbers it holds, at least one.
    #[allow(clippy::len_without_is_empty, reason = "no tensor is empty")]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

impl Config {
    /// Width of the residual stream.
    pub fn d_model(&self) -> usize {
        self.tok_dim + self.pos_dim
    }

    /// Concatenated value dimensions of all heads.
    pub fn inner_dim(&self) -> usize {
        self.n_heads * self.head_dim
    }

    /// Whether attention's weights are the same whatever the digits are: queries and keys read positions alone, and all
    /// embeddings are equally long.
    pub fn attention_is_fixed(&self) -> bool {
        self.embedding == Embedding::Arc { tied: true } && self.qk_input == QkInput::Position
    }

    /// The dimensions of a normed row that queries and keys read.
    pub fn qk_dims(&self) -> Range<usize> {
        match self.qk_input {
            QkInput::Position => self.tok_dim..self.d_model(),
            QkInput::Full => 0..self.d_model(),
            QkInput::Token => 0..self.tok_dim,
        }
    }

    /// Names of the residual stream's dimensions: `tok0`, `tok1`, `pos0`, ….
    pub fn dim_labels(&self) -> Vec<String> {
        let tok = (0..self.tok_dim).map(|i| format!("tok{i}"));
        tok.chain((0..self.pos_dim).map(|i| format!("pos{i}"))).listed()
    }

    /// Whether it is supported: its sizes are within their limits, and what is tied fits together.
    ///
    /// # Errors
    /// [`Error::Unsupported`], under the name that the clean dialect has for the setting.
    pub fn check(&self) -> Result<(), Error> {
        self.unfit().map_or(Ok(()), |unfit| Err(self.words(unfit)))
    }

    /// Whether [`Config::check`] has nothing to say, without the words.
    pub fn is_supported(&self) -> bool {
        self.unfit().is_none()
    }

    fn unfit(&self) -> Option<Unfit> {
        if let Some(size) = self.unfit_size() {
            return Some(size);
        }
        let d_model = self.d_model();
        if Vocabulary::of_size(self.vocabulary.size) != Some(self.vocabulary) {
            Some(Unfit::Vocabulary)
        } else if self.frozen_pad
            && (self.embedding != Embedding::Learned || self.vocabulary.size == DIGITS)
        {
            Some(Unfit::FrozenPad)
        } else if matches!(self.embedding, Embedding::Arc { .. }) && self.tok_dim != 2 {
            Some(Unfit::Arc)
        } else if self.tie_v_head && self.inner_dim() != d_model {
            Some(Unfit::TiedValues)
        } else if self.tie_fc2_head && self.ffn_dim != self.tok_dim {
            Some(Unfit::TiedFfn)
        } else {
            match self.norm {
                Norm::Structured if d_model < 5 => Some(Unfit::StructuredNorm),
                Norm::SpiralBoost { amp } if !amp.is_finite() => Some(Unfit::Boost(amp)),
                _ => None,
            }
        }
    }

    fn unfit_size(&self) -> Option<Unfit> {
        // What others are shared among is looked at before them.
        let each = MAX_WIDTH / self.n_heads.max(1);
        let rank = match self.out_proj {
            OutProj::LowRank(rank) => rank,
            OutProj::Full => 1,
        };
        let sizes = [
            ("tok_dim", self.tok_dim, 1, MAX_WIDTH),
            ("pos_dim", self.pos_dim, 3, MAX_WIDTH),
            ("n_heads", self.n_heads, 1, MAX_WIDTH),
            ("head_dim", self.head_dim, 1, each),
            ("qk_dim", self.qk_dim, 1, each),
            ("ffn_dim", self.ffn_dim, 1, MAX_WIDTH),
            ("attn_out_rank", rank, 1, MAX_WIDTH),
        ];
        let outside = sizes.iter().find(|(_, width, least, most)| width < least || width > most);
        outside.map(|(key, width, least, most)| Unfit::Size(key, *width, *least, *most))
    }

    fn words(&self, unfit: Unfit) -> Error {
        let tok_dim = self.tok_dim;
        match unfit {
            Unfit::Size(key, width, least, most) => {
                unsupported(key, width, format!("{key} from {least} to {most}"))
            }
            Unfit::Vocabulary => {
                let sizes: Vec<String> = Vocabulary::SIZES.iter().map(usize::to_string).listed();
                let words = format!("{} tokens", sizes.join(", "));
                unsupported("vocab_size", self.vocabulary.size, words)
            }
            Unfit::FrozenPad => {
                let words = "freeze_pad where embeddings are learned and PAD is a token";
                unsupported("freeze_pad", true, words.into())
            }
            Unfit::Arc => {
                let words = "tok_dim = 2 where embeddings lie on an arc";
                unsupported("tok_dim", tok_dim, words.into())
            }
            Unfit::TiedValues => {
                let d_model = self.d_model();
                let words =
                    format!("n_heads · head_dim = d_model = {d_model} where values are tied");
                unsupported("head_dim", self.head_dim, words)
            }
            Unfit::TiedFfn => {
                let words = format!("ffn_dim = tok_dim = {tok_dim} where tie_fc2_head is set");
                unsupported("ffn_dim", self.ffn_dim, words)
            }
            Unfit::StructuredNorm => {
                let words = "d_model ≥ 5 for structured norms";
                unsupported("norm_mode", "\"structured\"", words.into())
            }
            Unfit::Boost(amp) => {
                let amp = not_finite(amp as f32);
                unsupported("spiral_init_amp", amp, "a finite spiral_init_amp".into())
            }
        }
    }
}

/// What of a configuration is not supported.
enum Unfit {
    /// A size by its key, and the least and the greatest that are.
    Size(&'static str, usize, usize, usize),
    Vocabulary,
    FrozenPad,
    Arc,
    TiedValues,
    TiedFfn,
    StructuredNorm,
    Boost(f64),
}

/// A refusal that names the setting and its value.
fn unsupported(key: &str, value: impl ToString, supported: String) -> Error {
    Error::Unsupported {
        key: key.to_owned(),
        value: value.to_string(),
        supported: format!("it opens models with {supported}"),
    }
}
