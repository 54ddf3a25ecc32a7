//! The two key dialects of MicroAdder state dicts, and the way to ours.
//!
//! The *clean* dialect is flat (`q_proj.weight`, `norm1.weight`, `fc1.weight`) and is the
//! one that this crate uses throughout. The *research* dialect nests the same
//! tensors in a block (`blocks.0.attn.q_proj.weight`, `blocks.0.ln1.weight`).

use crate::config::ParamSpec;
use serde::{Deserialize, Serialize};

/// Which dialect a checkpoint speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Family {
    /// Flat names.
    Clean,
    /// Names nested in `blocks.0`.
    Research,
}

/// Research prefix and clean prefix of each group of tensors whose names differ.
const PREFIXES: [(&str, &str); 5] = [
    ("blocks.0.attn.", ""),
    ("blocks.0.ffn.", ""),
    ("blocks.0.ln1.", "norm1."),
    ("blocks.0.ln2.", "norm2."),
    ("ln_f.", "norm_f."),
];

/// Prefixes that PyTorch wrappers put in front of every name.
const WRAPPERS: [&str; 2] = ["_orig_mod.", "module."];

/// Buffers that carry no information of their own.
const IGNORED: [&str; 8] = [
    "causal_mask",
    "_pos_sources",
    "_pos_indices",
    "_frozen_special",
    "norm1._reuse_pos",
    "norm2._reuse_pos",
    "norm_f._reuse_pos",
    "_zero_special",
];

/// Names that can hold a tensor where it is tied and the file has it only once.
pub fn twins(name: &str) -> &'static [&'static str] {
    match name {
        "z_hi_pos" => &["norm1._reuse_pos", "norm2._reuse_pos", "norm_f._reuse_pos"],
        "tok_arc_A" => &["tok_arc_B"],
        "norm1.weight" => &["norm2.weight", "norm_f.weight"],
        "norm1.scale" => &["norm2.scale", "norm_f.scale"],
        "norm1.b" => &["norm2.b", "norm_f.b"],
        "norm1.d1" => &["norm2.d1", "norm_f.d1"],
        "norm1.d4" => &["norm2.d4", "norm_f.d4"],
        "norm1.base_weight" => &["norm2.base_weight", "norm_f.base_weight"],
        _ => &[],
    }
}

/// The twins of `name` in a model with the tensors `own`: what is a tensor of its own there
/// is nobody's twin.
pub fn tied(name: &str, own: &[ParamSpec]) -> impl Iterator<Item = &'static str> {
    let is_own = |twin: &&str| own.iter().any(|spec| spec.name == *twin);
    twins(name).iter().copied().filter(move |twin| !is_own(twin))
}

/// Whether a tensor of this clean name can be left unread without loss.
pub fn is_ignored(clean: &str) -> bool {
    IGNORED.contains(&clean)
}

/// Tensors that some supported architecture has. One of these that a configuration does
/// not use is left alone; a tensor of any other name makes a file unsupported.
const KNOWN: [&str; 37] = [
    "tok_arc_A",
    "tok_arc_B",
    "tok_arc_start",
    "tok_arc_stride",
    "tok_emb.weight",
    "spiral_amp",
    "spiral_phase",
    "spiral_slope",
    "spiral_offset",
    "pos_corr_slope",
    "pos_corr_intercept",
    "pos_correction",
    "z_hi_pos",
    "special_pos",
    "special_pos_learned",
    "special_pos_equals",
    "_plus_pos",
    "_eos_pos",
    "q_phase_angle",
    "q_proj.weight",
    "k_proj.weight",
    "v_proj.weight",
    "out_proj.A",
    "out_proj.B",
    "out_proj.weight",
    "fc1.weight",
    "fc1.bias",
    "fc2.weight",
    "fc2.bias",
    "head_proj.weight",
    "norm1.weight",
    "norm2.weight",
    "norm_f.weight",
    "norm1.scale",
    "norm2.scale",
    "norm_f.scale",
    "norm1.base_weight",
];

/// Whether some supported architecture has a tensor of this clean name.
pub fn is_known(clean: &str) -> bool {
    KNOWN.contains(&clean)
}

impl Family {
    /// The dialect that these tensor names speak.
    pub fn of<'a>(mut names: impl Iterator<Item = &'a str>) -> Family {
        let nested = |name: &str| name.starts_with("blocks.") || name.starts_with("ln_f.");
        if names.any(|n| nested(unwrapped(n))) { Family::Research } else { Family::Clean }
    }

    /// The word for reports: `clean` or `research`.
    pub fn name(self) -> &'static str {
        match self {
            Family::Clean => "clean",
            Family::Research => "research",
        }
    }

    /// The name of the clean tensor `clean` in this dialect.
    pub fn source_name(self, clean: &str) -> String {
        if self == Family::Clean {
            return clean.to_owned();
        }
        for (research, ours) in &PREFIXES[2..] {
            if let Some(rest) = clean.strip_prefix(ours) {
                return format!("{research}{rest}");
            }
        }
        let nested = match clean.split('.').next().unwrap_or(clean) {
            "q_phase_angle" | "q_proj" | "k_proj" | "v_proj" | "out_proj" | "causal_mask" => {
                PREFIXES[0].0
            }
            "fc1" | "fc2" => PREFIXES[1].0,
            _ => "",
        };
        format!("{nested}{clean}")
    }
}

fn unwrapped(name: &str) -> &str {
    WRAPPERS.iter().find_map(|w| name.strip_prefix(w)).unwrap_or(name)
}

/// The clean name of a tensor of either dialect.
pub fn clean_name(name: &str) -> String {
    let name = unwrapped(name);
    for (research, ours) in PREFIXES {
        if let Some(rest) = name.strip_prefix(research) {
            return format!("{ours}{rest}");
        }
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn research_names_go_there_and_back() {
        for name in [
            "blocks.0.attn.q_proj.weight",
            "blocks.0.attn.out_proj.A",
            "blocks.0.attn.q_phase_angle",
            "blocks.0.ln1.weight",
            "blocks.0.ln2.scale",
            "blocks.0.ffn.fc1.bias",
            "ln_f.weight",
            "head_proj.weight",
            "tok_arc_A",
            "z_hi_pos",
        ] {
            assert_eq!(Family::Research.source_name(&clean_name(name)), name);
        }
    }

    #[test]
    fn wrappers_do_not_hide_the_dialect() {
        assert_eq!(clean_name("_orig_mod.blocks.0.ln1.weight"), "norm1.weight");
        assert_eq!(Family::of(["module.ln_f.weight"].into_iter()), Family::Research);
        assert_eq!(Family::of(["norm_f.weight"].into_iter()), Family::Clean);
    }
}
