//! What a model is made of, and which tensors that takes.

use serde::{Deserialize, Serialize};
use task::addition::{DIGITS, Vocabulary};

/// Widest `n_heads · head_dim`, `n_heads · qk_dim`, `d_model` or `ffn_dim`. Published
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
    /// Scaling along the spiral.
    pub correction: Correction,
    /// Stored special positions.
    pub special_positions: SpecialPositions,
    /// Input of queries and keys.
    pub qk_input: QkInput,
    /// Keys use the query projection.
    pub tie_qk: bool,
    /// Queries are rotated by a learned angle per head.
    pub q_phase: bool,
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
    #[serde(with = "frozen")]
    pub frozen: Vec<&'static str>,
}

/// Learned tensors that a run can leave alone.
const FREEZABLE: [&str; 10] = [
    "special_pos_equals",
    "spiral_amp",
    "spiral_offset",
    "spiral_phase",
    "spiral_slope",
    "tok_arc_A",
    "tok_arc_B",
    "tok_arc_start",
    "tok_arc_stride",
    "z_hi_pos",
];

/// [`Config::frozen`] in other forms: as the places of its names in [`FREEZABLE`].
mod frozen {
    use super::FREEZABLE;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};

    pub fn serialize<S: Serializer>(names: &[&'static str], to: S) -> Result<S::Ok, S::Error> {
        let place = |name: &&str| FREEZABLE.iter().position(|n| n == name).map(|i| i as u8);
        let places: Option<Vec<u8>> = names.iter().map(place).collect();
        places.ok_or_else(|| S::Error::custom("no run can freeze it"))?.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<&'static str>, D::Error> {
        let places = Vec::<u8>::deserialize(from)?;
        let name = |place: &u8| FREEZABLE.get(usize::from(*place)).copied();
        let names: Option<Vec<_>> = places.iter().map(name).collect();
        names.ok_or_else(|| D::Error::custom("no tensor that a run can freeze"))
    }
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

    /// Names of the residual stream's dimensions: `tok0`, `tok1`, `pos0`, ….
    pub fn dim_labels(&self) -> Vec<String> {
        let tok = (0..self.tok_dim).map(|i| format!("tok{i}"));
        tok.chain((0..self.pos_dim).map(|i| format!("pos{i}"))).collect()
    }

    /// Every tensor of this architecture, in the order of the forward pass. Tied
    /// tensors stand once. This is the one list that loading, counting, exporting
    /// and editing go by.
    pub fn specs(&self) -> Vec<ParamSpec> {
        let mut specs = Specs { frozen: &self.frozen, list: Vec::new() };
        self.token_specs(&mut specs);
        self.position_specs(&mut specs);
        self.attention_specs(&mut specs);
        self.ffn_specs(&mut specs);
        self.norm_specs(&mut specs);
        specs.list
    }

    fn token_specs(&self, specs: &mut Specs) {
        match self.embedding {
            Embedding::Arc { tied } => {
                specs.add("tok_arc_A", &[]);
                if !tied {
                    specs.add("tok_arc_B", &[]);
                }
                specs.add("tok_arc_start", &[]);
                specs.add("tok_arc_stride", &[]);
            }
            Embedding::Learned => {
                specs.add("tok_emb.weight", &[self.vocabulary.size, self.tok_dim]);
            }
        }
    }

    fn position_specs(&self, specs: &mut Specs) {
        for name in ["spiral_amp", "spiral_phase", "spiral_slope", "spiral_offset"] {
            specs.add(name, &[]);
        }
        match self.correction {
            Correction::None => {}
            Correction::Linear => {
                specs.add("pos_corr_slope", &[]);
                specs.add("pos_corr_intercept", &[]);
            }
            Correction::Full => specs.add("pos_correction", &[DIGITS]),
        }
        specs.add("z_hi_pos", &[1, self.pos_dim]);
        match self.special_positions {
            SpecialPositions::All => specs.add("special_pos", &[3, self.pos_dim]),
            SpecialPositions::PlusEquals => specs.add("special_pos_learned", &[2, self.pos_dim]),
            SpecialPositions::Equals => specs.add("special_pos_equals", &[1, self.pos_dim]),
            SpecialPositions::Zero => {}
        }
        if matches!(self.special_positions, SpecialPositions::Equals) {
            specs.buffer("_plus_pos", &[1, self.pos_dim], true);
        }
        if !matches!(self.special_positions, SpecialPositions::All | SpecialPositions::Zero) {
            specs.buffer("_eos_pos", &[1, self.pos_dim], true);
        }
    }

    fn attention_specs(&self, specs: &mut Specs) {
        let qk_in = match self.qk_input {
            QkInput::Position => self.pos_dim,
            QkInput::Full => self.d_model(),
        };
        if self.q_phase {
            specs.add("q_phase_angle", &[self.n_heads]);
        }
        specs.add("q_proj.weight", &[self.n_heads * self.qk_dim, qk_in]);
        if !self.tie_qk {
            specs.add("k_proj.weight", &[self.n_heads * self.qk_dim, qk_in]);
        }
        if !self.tie_v_head {
            specs.add("v_proj.weight", &[self.inner_dim(), self.tok_dim]);
        }
        match self.out_proj {
            OutProj::LowRank(rank) => {
                specs.add("out_proj.A", &[self.inner_dim(), rank]);
                specs.add("out_proj.B", &[rank, self.d_model()]);
            }
            OutProj::Full => specs.add("out_proj.weight", &[self.d_model(), self.inner_dim()]),
        }
    }

    fn ffn_specs(&self, specs: &mut Specs) {
        specs.add("fc1.weight", &[self.ffn_dim, self.d_model()]);
        if self.ffn_bias {
            specs.add("fc1.bias", &[self.ffn_dim]);
        }
        if !self.tie_fc2_head {
            specs.add("fc2.weight", &[self.d_model(), self.ffn_dim]);
        }
        if self.ffn_bias {
            specs.add("fc2.bias", &[self.d_model()]);
        }
        specs.add("head_proj.weight", &[self.tok_dim, self.d_model()]);
    }

    fn norm_specs(&self, specs: &mut Specs) {
        let d = self.d_model();
        match self.norm {
            Norm::Shared => specs.add("norm1.weight", &[d]),
            Norm::Full => {
                specs.add("norm1.weight", &[d]);
                specs.add("norm2.weight", &[d]);
                specs.add("norm_f.weight", &[d]);
            }
            Norm::NoNorm2 => {
                specs.add("norm1.weight", &[d]);
                specs.add("norm_f.weight", &[d]);
            }
            Norm::Fixed => {}
            Norm::Scalar => specs.add("norm1.scale", &[1]),
            Norm::Structured => {
                for name in ["norm1.b", "norm1.d1", "norm1.d4"] {
                    specs.add(name, &[]);
                }
            }
            Norm::Spiral => specs.buffer("norm1.weight", &[d], false),
            Norm::SpiralBoost { .. } => specs.buffer("norm1.base_weight", &[d], false),
        }
    }
}

struct Specs<'a> {
    frozen: &'a [&'static str],
    list: Vec<ParamSpec>,
}

impl Specs<'_> {
    fn add(&mut self, name: &'static str, shape: &[usize]) {
        let learned = !self.frozen.contains(&name);
        self.list.push(ParamSpec { name, shape: shape.to_vec(), learned, optional: false });
    }

    fn buffer(&mut self, name: &'static str, shape: &[usize], optional: bool) {
        self.list.push(ParamSpec { name, shape: shape.to_vec(), learned: false, optional });
    }
}
