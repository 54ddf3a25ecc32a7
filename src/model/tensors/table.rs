//! The table itself, in the order of the forward pass.

use super::name::*;
use super::{Axis, Block, First, Freeze, FrozenBy, Role, Tensor, Title};
use crate::config::{
    Config, Correction, DigitPositions, Embedding, Norm, OutProj, SpecialPositions,
};

/// Standard deviation of initial positions.
const POSITION: First = First::Normal(0.02);

/// The setting that says at which point of the spiral EQUALS is frozen.
const EQUALS_ON_SPIRAL: &str = "equals_spiral_idx";

/// What most tensors are: learned in every architecture, at first zeros.
const LEARNED: Tensor = Tensor {
    name: "",
    title: Title::Is(""),
    axes: &[],
    role: |_| Some(Role::Learned),
    block: Block::Top,
    first: First::Zeros,
    fixed: None,
    freeze: None,
    twins: &[],
};
/// A tensor of the attention.
const ATTENTION: Tensor = Tensor { block: Block::Attention, ..LEARNED };
/// A tensor of the FFN.
const FFN: Tensor = Tensor { block: Block::Ffn, ..LEARNED };

/// Learned where `held`, and nowhere else.
fn learned(held: bool) -> Option<Role> {
    held.then_some(Role::Learned)
}

fn is_arc(config: &Config) -> bool {
    matches!(config.embedding, Embedding::Arc { .. })
}

fn on_spiral(config: &Config) -> bool {
    config.digit_positions == DigitPositions::Spiral
}

/// Frozen by a word of a setting that lists some.
const fn listed(by: &'static [FrozenBy; 1], also: &'static [f32]) -> Option<Freeze> {
    Some(Freeze { by, also })
}

const fn arc_word(word: &'static str) -> FrozenBy {
    FrozenBy::Listed { key: "freeze_tok_arc", word }
}

const fn spiral_word(word: &'static str) -> FrozenBy {
    FrozenBy::Listed { key: "freeze_spiral", word }
}

/// Title of what the structured norm adds in dimension `dim`.
fn extra(config: &Config, dim: usize) -> String {
    let dims = config.dim_labels();
    format!("Norms, on top of that in {}", dims.get(dim).map_or("", |name| name))
}

/// Title of the head, which other places can use.
fn head(config: &Config) -> String {
    let mut uses = vec!["Output head"];
    if config.tie_v_head {
        uses.push("values");
    }
    if config.tie_fc2_head {
        uses.push("second layer of the FFN");
    }
    numbers::words::list(&uses)
}

/// Every tensor that some supported architecture has, in the order of the forward pass.
pub const ALL: &[Tensor] = &[
    Tensor {
        name: TOK_ARC_A,
        title: Title::Of(|c| match c.embedding {
            Embedding::Arc { tied: true } => "Radius of the digit arc".into(),
            _ => "Half width of the digit arc".into(),
        }),
        role: |c| learned(is_arc(c)),
        first: First::Number { key: "tok_arc_init_A", default: 2.5 },
        freeze: listed(&[arc_word("A")], &[]),
        twins: &[TOK_ARC_B],
        ..LEARNED
    },
    Tensor {
        name: TOK_ARC_B,
        title: Title::Is("Half height of the digit arc"),
        role: |c| learned(c.embedding == Embedding::Arc { tied: false }),
        first: First::NumberLike { key: "tok_arc_init_B", other: TOK_ARC_A },
        freeze: listed(&[arc_word("B")], &[]),
        ..LEARNED
    },
    Tensor {
        name: TOK_ARC_START,
        title: Title::Is("Angle of digit 0, in radians"),
        role: |c| learned(is_arc(c)),
        first: First::Number { key: "tok_arc_init_start", default: -1.2 },
        freeze: listed(&[arc_word("start")], &[]),
        ..LEARNED
    },
    Tensor {
        name: TOK_ARC_STRIDE,
        title: Title::Is("Angle between digits, in radians"),
        role: |c| learned(is_arc(c)),
        first: First::Number { key: "tok_arc_init_stride", default: 0.29 },
        freeze: listed(&[arc_word("stride")], &[]),
        ..LEARNED
    },
    // A deviation of 1 is what PyTorch gives a table of embeddings.
    Tensor {
        name: TOK_EMB,
        title: Title::Is("Token embeddings"),
        axes: &[Axis::Tokens, Axis::TokDims],
        role: |c| learned(c.embedding == Embedding::Learned),
        first: First::Normal(1.0),
        ..LEARNED
    },
    Tensor {
        name: SPIRAL_AMP,
        title: Title::Is("Radius of the spiral of positions"),
        role: |c| learned(on_spiral(c)),
        first: First::Number { key: "spiral_init_amp", default: 3.5 },
        freeze: listed(&[spiral_word("amp")], &[1.0]),
        ..LEARNED
    },
    Tensor {
        name: SPIRAL_PHASE,
        title: Title::Is("Angle of column 0 on the spiral, in radians"),
        role: |c| learned(on_spiral(c)),
        first: First::Number { key: "spiral_init_phase", default: 0.0 },
        freeze: listed(&[spiral_word("phase")], &[]),
        ..LEARNED
    },
    Tensor {
        name: SPIRAL_SLOPE,
        title: Title::Is("Rise of the spiral per column"),
        role: |c| learned(on_spiral(c)),
        first: First::Number { key: "spiral_init_slope", default: 0.15 },
        freeze: listed(&[spiral_word("slope")], &[1.0 / 9.0, 0.0]),
        ..LEARNED
    },
    Tensor {
        name: SPIRAL_OFFSET,
        title: Title::Is("Height of column 0 on the spiral"),
        role: |c| learned(on_spiral(c)),
        first: First::Number { key: "spiral_init_offset", default: 0.0 },
        freeze: listed(&[spiral_word("offset")], &[]),
        ..LEARNED
    },
    Tensor {
        name: POS_CORR_SLOPE,
        title: Title::Is("Correction of the spiral per column"),
        role: |c| learned(c.correction == Correction::Linear),
        ..LEARNED
    },
    Tensor {
        name: POS_CORR_INTERCEPT,
        title: Title::Is("Correction of the spiral at column 0"),
        role: |c| learned(c.correction == Correction::Linear),
        ..LEARNED
    },
    Tensor {
        name: POS_CORRECTION,
        title: Title::Is("Correction of the spiral"),
        axes: &[Axis::Columns],
        role: |c| learned(c.correction == Correction::Full),
        ..LEARNED
    },
    Tensor {
        name: DIGIT_POS,
        title: Title::Is("Positions of the columns"),
        axes: &[Axis::Columns, Axis::PosDims],
        role: |c| learned(!on_spiral(c)),
        first: POSITION,
        ..LEARNED
    },
    Tensor {
        name: Z_HI_POS,
        title: Title::Is("Position of Z10, the carry out"),
        axes: &[Axis::One, Axis::PosDims],
        first: POSITION,
        fixed: Some(First::Zeros),
        freeze: Some(Freeze { by: &[FrozenBy::Flag("freeze_z_hi")], also: &[0.0] }),
        twins: &["norm1._reuse_pos", "norm2._reuse_pos", "norm_f._reuse_pos"],
        ..LEARNED
    },
    Tensor {
        name: SPECIAL_POS,
        title: Title::Is("Positions of PLUS, EQUALS and EOS"),
        axes: &[Axis::Places(&["PLUS", "EQUALS", "EOS"]), Axis::PosDims],
        role: |c| learned(c.special_positions == SpecialPositions::All),
        first: POSITION,
        ..LEARNED
    },
    Tensor {
        name: SPECIAL_POS_LEARNED,
        title: Title::Is("Positions of PLUS and EQUALS"),
        axes: &[Axis::Places(&["PLUS", "EQUALS"]), Axis::PosDims],
        role: |c| learned(c.special_positions == SpecialPositions::PlusEquals),
        first: POSITION,
        ..LEARNED
    },
    Tensor {
        name: SPECIAL_POS_EQUALS,
        title: Title::Is("Position of EQUALS"),
        axes: &[Axis::One, Axis::PosDims],
        role: |c| learned(c.special_positions == SpecialPositions::Equals),
        first: POSITION,
        fixed: Some(First::OnSpiral { key: EQUALS_ON_SPIRAL }),
        freeze: Some(Freeze {
            by: &[
                FrozenBy::NotNegative(EQUALS_ON_SPIRAL),
                FrozenBy::Choice { key: "freeze_special", word: "plus_eos_equals" },
            ],
            also: &[0.0],
        }),
        ..LEARNED
    },
    Tensor {
        name: PLUS_POS,
        title: Title::Is("Position of PLUS"),
        axes: &[Axis::One, Axis::PosDims],
        role: |c| (c.special_positions == SpecialPositions::Equals).then_some(Role::Optional),
        ..LEARNED
    },
    Tensor {
        name: EOS_POS,
        title: Title::Is("Position of EOS"),
        axes: &[Axis::One, Axis::PosDims],
        role: |c| match c.special_positions {
            SpecialPositions::PlusEquals | SpecialPositions::Equals => Some(Role::Optional),
            SpecialPositions::All | SpecialPositions::Zero => None,
        },
        ..LEARNED
    },
    Tensor {
        name: Q_PHASE_ANGLE,
        title: Title::Is("Rotation of the queries, in radians"),
        axes: &[Axis::Heads],
        role: |c| learned(c.q_phase),
        ..ATTENTION
    },
    Tensor {
        name: Q_PROJ,
        title: Title::Of(|c| if c.tie_qk { "Queries and keys".into() } else { "Queries".into() }),
        axes: &[Axis::Queries, Axis::QkInput],
        first: First::Xavier,
        ..ATTENTION
    },
    Tensor {
        name: K_PROJ,
        title: Title::Is("Keys"),
        axes: &[Axis::Keys, Axis::QkInput],
        role: |c| learned(!c.tie_qk),
        first: First::Xavier,
        ..ATTENTION
    },
    Tensor {
        name: V_PROJ,
        title: Title::Is("Values"),
        axes: &[Axis::Values, Axis::TokDims],
        role: |c| learned(!c.tie_v_head),
        first: First::Xavier,
        ..ATTENTION
    },
    Tensor {
        name: OUT_PROJ_A,
        title: Title::Is("What the output projection reads (A)"),
        axes: &[Axis::Values, Axis::Ranks],
        role: |c| learned(c.out_proj != OutProj::Full),
        first: First::Kaiming,
        ..ATTENTION
    },
    Tensor {
        name: OUT_PROJ_B,
        title: Title::Is("What the output projection writes (B)"),
        axes: &[Axis::Ranks, Axis::Dims],
        role: |c| learned(c.out_proj != OutProj::Full),
        ..ATTENTION
    },
    Tensor {
        name: OUT_PROJ,
        title: Title::Is("Output projection"),
        axes: &[Axis::Dims, Axis::Values],
        role: |c| learned(c.out_proj == OutProj::Full),
        first: First::Xavier,
        ..ATTENTION
    },
    Tensor {
        name: FC1,
        title: Title::Is("First layer of the FFN"),
        axes: &[Axis::Units, Axis::Dims],
        first: First::Xavier,
        ..FFN
    },
    Tensor {
        name: FC1_BIAS,
        title: Title::Is("Biases of its hidden units"),
        axes: &[Axis::Units],
        role: |c| learned(c.ffn_bias),
        ..FFN
    },
    Tensor {
        name: FC2,
        title: Title::Is("Second layer of the FFN"),
        axes: &[Axis::Dims, Axis::Units],
        role: |c| learned(!c.tie_fc2_head),
        first: First::Xavier,
        ..FFN
    },
    Tensor {
        name: FC2_BIAS,
        title: Title::Is("Biases of what it writes"),
        axes: &[Axis::Dims],
        role: |c| learned(c.ffn_bias),
        ..FFN
    },
    Tensor {
        name: HEAD_PROJ,
        title: Title::Of(head),
        axes: &[Axis::TokDims, Axis::Dims],
        first: First::Xavier,
        ..LEARNED
    },
    Tensor {
        name: NORM1,
        title: Title::Of(|c| match c.norm {
            Norm::Full | Norm::NoNorm2 => "Norm before attention".into(),
            _ => "Norms".into(),
        }),
        axes: &[Axis::Dims],
        role: |c| match c.norm {
            Norm::Shared | Norm::Full | Norm::NoNorm2 => Some(Role::Learned),
            Norm::Spiral => Some(Role::Buffer),
            _ => None,
        },
        first: First::Ones,
        fixed: Some(First::SpiralNorm),
        twins: &[NORM2, NORM_F],
        ..LEARNED
    },
    Tensor {
        name: NORM2,
        title: Title::Is("Norm before the FFN"),
        axes: &[Axis::Dims],
        role: |c| learned(c.norm == Norm::Full),
        first: First::Ones,
        ..LEARNED
    },
    Tensor {
        name: NORM_F,
        title: Title::Is("Last norm"),
        axes: &[Axis::Dims],
        role: |c| learned(matches!(c.norm, Norm::Full | Norm::NoNorm2)),
        first: First::Ones,
        ..LEARNED
    },
    Tensor {
        name: NORM_SCALE,
        title: Title::Is("Norms, every dimension"),
        axes: &[Axis::One],
        role: |c| learned(c.norm == Norm::Scalar),
        first: First::Ones,
        twins: &["norm2.scale", "norm_f.scale"],
        ..LEARNED
    },
    Tensor {
        name: NORM_B,
        title: Title::Is("Norms, every dimension"),
        role: |c| learned(c.norm == Norm::Structured),
        first: First::Ones,
        twins: &["norm2.b", "norm_f.b"],
        ..LEARNED
    },
    Tensor {
        name: NORM_D1,
        title: Title::Of(|c| extra(c, NORM_EXTRAS[0].0)),
        role: |c| learned(c.norm == Norm::Structured),
        twins: &["norm2.d1", "norm_f.d1"],
        ..LEARNED
    },
    Tensor {
        name: NORM_D4,
        title: Title::Of(|c| extra(c, NORM_EXTRAS[1].0)),
        role: |c| learned(c.norm == Norm::Structured),
        twins: &["norm2.d4", "norm_f.d4"],
        ..LEARNED
    },
    Tensor {
        name: NORM_BASE,
        title: Title::Is("What the spiral norms have in common"),
        axes: &[Axis::Dims],
        role: |c| matches!(c.norm, Norm::SpiralBoost { .. }).then_some(Role::Buffer),
        first: First::SpiralNorm,
        twins: &["norm2.base_weight", "norm_f.base_weight"],
        ..LEARNED
    },
];
