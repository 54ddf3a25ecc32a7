//! What each tensor is and what its numbers are for, in words.

use super::config::{Config, Embedding, QkInput};
use task::addition::DIGITS;

/// What a tensor is, with every place that uses it.
pub fn title(name: &str, config: &Config) -> String {
    let title = match name {
        "tok_arc_A" if config.embedding == (Embedding::Arc { tied: true }) => {
            "Radius of the digit arc"
        }
        "tok_arc_A" => "Half width of the digit arc",
        "tok_arc_B" => "Half height of the digit arc",
        "tok_arc_start" => "Angle of digit 0, in radians",
        "tok_arc_stride" => "Angle between digits, in radians",
        "tok_emb.weight" => "Token embeddings",
        "spiral_amp" => "Radius of the spiral of positions",
        "spiral_phase" => "Angle of column 0 on the spiral, in radians",
        "spiral_slope" => "Rise of the spiral per column",
        "spiral_offset" => "Height of column 0 on the spiral",
        "pos_corr_slope" => "Correction of the spiral per column",
        "pos_corr_intercept" => "Correction of the spiral at column 0",
        "pos_correction" => "Correction of the spiral",
        "z_hi_pos" => "Position of Z10, the carry out",
        "special_pos" => "Positions of PLUS, EQUALS and EOS",
        "special_pos_learned" => "Positions of PLUS and EQUALS",
        "special_pos_equals" => "Position of EQUALS",
        "q_phase_angle" => "Rotation of the queries, in radians",
        "q_proj.weight" if config.tie_qk => "Queries and keys",
        "q_proj.weight" => "Queries",
        "k_proj.weight" => "Keys",
        "v_proj.weight" => "Values",
        "out_proj.A" => "What the output projection reads (A)",
        "out_proj.B" => "What the output projection writes (B)",
        "out_proj.weight" => "Output projection",
        "fc1.weight" => "First layer of the FFN",
        "fc1.bias" => "Biases of its hidden units",
        "fc2.weight" => "Second layer of the FFN",
        "fc2.bias" => "Biases of what it writes",
        "head_proj.weight" => return head_title(config),
        "norm1.weight" if config.specs().iter().any(|s| s.name == "norm_f.weight") => {
            "Norm before attention"
        }
        "norm1.weight" => "Norms",
        "norm2.weight" => "Norm before the FFN",
        "norm_f.weight" => "Last norm",
        "norm1.scale" => "Norms, every dimension",
        "norm1.b" => "Norms, every dimension",
        "norm1.d1" => return format!("Norms, on top of that in {}", dim(config, 1)),
        "norm1.d4" => return format!("Norms, on top of that in {}", dim(config, 4)),
        other => other,
    };
    title.to_owned()
}

fn dim(config: &Config, index: usize) -> String {
    config.dim_labels().get(index).cloned().unwrap_or_default()
}

fn head_title(config: &Config) -> String {
    let mut uses = vec!["Output head"];
    if config.tie_v_head {
        uses.push("values");
    }
    if config.tie_fc2_head {
        uses.push("second layer of the FFN");
    }
    numbers::words::list(&uses)
}

/// Names of the places along each axis of a tensor, outermost first. Axes of one place that
/// only shape the tensor are left out.
pub fn axes(name: &str, config: &Config) -> Vec<Vec<String>> {
    let dims = config.dim_labels();
    let (tok, pos) = (dims[..config.tok_dim].to_vec(), dims[config.tok_dim..].to_vec());
    let numbered =
        |letter: &str, n: usize| (0..n).map(|i| format!("{letter}{i}")).collect::<Vec<_>>();
    let heads = |letter: &str, each: usize| -> Vec<String> {
        if config.n_heads == 1 {
            return numbered(letter, each);
        }
        let head = |h: usize| (0..each).map(move |i| format!("{letter}{i} head {}", h + 1));
        (0..config.n_heads).flat_map(head).collect()
    };
    let qk_in = match config.qk_input {
        QkInput::Position => pos.clone(),
        QkInput::Full => dims.clone(),
    };
    let named = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let ranks = |rank: usize| if rank == 1 { vec![] } else { vec![numbered("rank ", rank)] };
    let rank = config.out_proj.rank().unwrap_or(1);
    match name {
        "tok_emb.weight" => vec![numbered("token ", config.vocabulary.size), tok],
        "pos_correction" => vec![numbered("column ", DIGITS)],
        "z_hi_pos" | "special_pos_equals" => vec![pos],
        "special_pos" => vec![named(&["PLUS", "EQUALS", "EOS"]), pos],
        "special_pos_learned" => vec![named(&["PLUS", "EQUALS"]), pos],
        "q_phase_angle" if config.n_heads > 1 => {
            vec![numbered("head ", config.n_heads + 1).split_off(1)]
        }
        "q_proj.weight" => vec![heads("q", config.qk_dim), qk_in],
        "k_proj.weight" => vec![heads("k", config.qk_dim), qk_in],
        "v_proj.weight" => vec![heads("v", config.head_dim), tok],
        "out_proj.A" => [vec![heads("v", config.head_dim)], ranks(rank)].concat(),
        "out_proj.B" => [ranks(rank), vec![dims]].concat(),
        "out_proj.weight" => vec![dims, heads("v", config.head_dim)],
        "fc1.weight" => vec![numbered("unit ", config.ffn_dim), dims],
        "fc1.bias" => vec![numbered("unit ", config.ffn_dim)],
        "fc2.weight" => vec![dims, numbered("unit ", config.ffn_dim)],
        "fc2.bias" | "norm1.weight" | "norm2.weight" | "norm_f.weight" => vec![dims],
        "head_proj.weight" => vec![tok, dims],
        _ => vec![],
    }
}

/// What the number at the flat `index` of a tensor is: `q0, pos2`; empty for a tensor of one
/// number.
pub fn place(axes: &[Vec<String>], mut index: usize) -> String {
    let mut names = Vec::new();
    for axis in axes.iter().rev() {
        names.push(axis.get(index % axis.len().max(1)).cloned().unwrap_or_default());
        index /= axis.len().max(1);
    }
    names.reverse();
    names.join(", ")
}

/// The index of the number at the flat `index` as code writes it: `[0, 2]`; empty for a
/// tensor without axes.
pub fn subscript(shape: &[usize], mut index: usize) -> String {
    if shape.is_empty() {
        return String::new();
    }
    let mut parts = Vec::new();
    for len in shape.iter().rev() {
        parts.push((index % len.max(&1)).to_string());
        index /= len.max(&1);
    }
    parts.reverse();
    format!("[{}]", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_named_by_their_axes() {
        let axes = vec![vec!["q0".to_owned(), "q1".to_owned()], vec!["pos0".into(), "pos1".into()]];
        let places: Vec<String> = (0..4).map(|i| place(&axes, i)).collect();
        assert_eq!(places, ["q0, pos0", "q0, pos1", "q1, pos0", "q1, pos1"]);
        let subscripts: Vec<String> = (0..4).map(|i| subscript(&[2, 2], i)).collect();
        assert_eq!(subscripts, ["[0, 0]", "[0, 1]", "[1, 0]", "[1, 1]"]);
        assert_eq!((place(&[], 0), subscript(&[], 0)), (String::new(), String::new()));
    }
}
