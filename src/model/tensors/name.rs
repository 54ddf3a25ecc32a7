//! The name of every tensor, in the clean dialect: what code says in place of the text.
#![allow(missing_docs, reason = "the table says what each is")]

pub const TOK_ARC_A: &str = "tok_arc_A";
pub const TOK_ARC_B: &str = "tok_arc_B";
pub const TOK_ARC_START: &str = "tok_arc_start";
pub const TOK_ARC_STRIDE: &str = "tok_arc_stride";
pub const TOK_EMB: &str = "tok_emb.weight";

pub const SPIRAL_AMP: &str = "spiral_amp";
pub const SPIRAL_PHASE: &str = "spiral_phase";
pub const SPIRAL_SLOPE: &str = "spiral_slope";
pub const SPIRAL_OFFSET: &str = "spiral_offset";
pub const DIGIT_POS: &str = "digit_pos";
pub const POS_CORR_SLOPE: &str = "pos_corr_slope";
pub const POS_CORR_INTERCEPT: &str = "pos_corr_intercept";
pub const POS_CORRECTION: &str = "pos_correction";
pub const Z_HI_POS: &str = "z_hi_pos";
pub const SPECIAL_POS: &str = "special_pos";
pub const SPECIAL_POS_LEARNED: &str = "special_pos_learned";
pub const SPECIAL_POS_EQUALS: &str = "special_pos_equals";
pub const PLUS_POS: &str = "_plus_pos";
pub const EOS_POS: &str = "_eos_pos";

pub const Q_PHASE_ANGLE: &str = "q_phase_angle";
pub const Q_PROJ: &str = "q_proj.weight";
pub const K_PROJ: &str = "k_proj.weight";
pub const V_PROJ: &str = "v_proj.weight";
pub const OUT_PROJ_A: &str = "out_proj.A";
pub const OUT_PROJ_B: &str = "out_proj.B";
pub const OUT_PROJ: &str = "out_proj.weight";

pub const FC1: &str = "fc1.weight";
pub const FC1_BIAS: &str = "fc1.bias";
pub const FC2: &str = "fc2.weight";
pub const FC2_BIAS: &str = "fc2.bias";
pub const HEAD_PROJ: &str = "head_proj.weight";

pub const NORM1: &str = "norm1.weight";
pub const NORM2: &str = "norm2.weight";
pub const NORM_F: &str = "norm_f.weight";
pub const NORM_SCALE: &str = "norm1.scale";
pub const NORM_B: &str = "norm1.b";
pub const NORM_D1: &str = "norm1.d1";
pub const NORM_D4: &str = "norm1.d4";
pub const NORM_BASE: &str = "norm1.base_weight";

/// The structured norm's numbers that one dimension has on top of the others, and that dimension.
pub const NORM_EXTRAS: [(usize, &str); 2] = [(1, NORM_D1), (4, NORM_D4)];
