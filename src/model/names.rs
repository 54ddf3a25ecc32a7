//! The two key dialects of MicroAdder state dicts, and the way to ours.
//!
//! The *clean* dialect is flat (`q_proj.weight`, `norm1.weight`, `fc1.weight`) and is the
//! one that this crate uses throughout. The *research* dialect nests the same
//! tensors in a block (`blocks.0.attn.q_proj.weight`, `blocks.0.ln1.weight`).

use crate::tensors::{self, Block};
use serde::{Deserialize, Serialize};

/// Which dialect a checkpoint speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Family {
    /// Flat names.
    Clean,
    /// Names nested in `blocks.0`.
    Research,
}

/// What the research dialect has in front of the names of attention and of the FFN.
const ATTENTION: &str = "blocks.0.attn.";
const FFN: &str = "blocks.0.ffn.";

/// Research prefix and clean prefix of each norm.
const NORMS: [(&str, &str); 3] =
    [("blocks.0.ln1.", "norm1."), ("blocks.0.ln2.", "norm2."), ("ln_f.", "norm_f.")];

impl Family {
    /// The dialect that these tensor names speak.
    pub fn of<'a>(mut names: impl Iterator<Item = &'a str>) -> Family {
        let nested = |name: &str| name.starts_with("blocks.") || name.starts_with("ln_f.");
        if names.any(nested) { Family::Research } else { Family::Clean }
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
        for (research, ours) in NORMS {
            if let Some(rest) = clean.strip_prefix(ours) {
                return format!("{research}{rest}");
            }
        }
        let nested = match tensors::find(clean).map(|tensor| tensor.block) {
            Some(Block::Attention) => ATTENTION,
            Some(Block::Ffn) => FFN,
            Some(Block::Top) | None => "",
        };
        format!("{nested}{clean}")
    }
}

/// The clean name of a tensor of either dialect.
pub fn clean_name(name: &str) -> String {
    for (research, ours) in [(ATTENTION, ""), (FFN, "")].into_iter().chain(NORMS) {
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
    fn one_nested_name_tells_the_dialect() {
        assert_eq!(clean_name("blocks.0.ln1.weight"), "norm1.weight");
        assert_eq!(Family::of(["tok_arc_A", "ln_f.weight"].into_iter()), Family::Research);
        assert_eq!(Family::of(["norm_f.weight"].into_iter()), Family::Clean);
    }
}
