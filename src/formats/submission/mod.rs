//! A model as one Python file for AdderBoard: `build_model()` and `add(model, a, b)`, over NumPy alone.
//!
//! The file holds the numbers as they are stored and the forward pass of [the model](model) in float64, with only those
//! lines that this architecture needs: who reads it sees the whole model.

mod pieces;

use model::Model;
use model::config::Config;
use model::params::Param;
use model::tensors::name::EOS_POS;
use pieces::{embedding, norms, positions, projections, row};
use std::fmt::Write;

/// The Python file. `name` is how the model is called on the board.
pub fn submission(model: &Model, name: &str) -> String {
    let config = model.config();
    let count = model.params().count();
    let mut text = format!(
        "\"\"\"MicroAdder, {count} numbers: adds two 10-digit numbers, for AdderBoard.\n\n\
         Python with NumPy is all it needs. build_model() gives the model and what the board asks to know of it,\n\
         add(model, a, b) its answer, decoded greedily. Computed in float64 from the stored float32 numbers.\n\"\"\"\n\n\
         import math\n\nimport numpy as np\n\n"
    );
    text += "# Learned numbers";
    text += if model.params().iter().all(|param| param.learned) {
        ".\n"
    } else {
        ", and those that were left as they began.\n"
    };
    text += "NUMBERS = {\n";
    for param in model.params().iter().filter(|param| is_used(param)) {
        let _ = writeln!(text, "    {}: {},", quoted(param.name), literal(param));
    }
    text += "}\n\n\n";
    for part in [
        head(config),
        embedding(config),
        positions(config),
        norms(config),
        projections(config),
        row(config),
    ] {
        text += &part;
    }
    text += &ends(config, name, count);
    text
}

/// Whether an answer can depend on the tensor: none is read behind the last answer digit.
fn is_used(param: &Param) -> bool {
    param.name != EOS_POS
}

/// A text as Python writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => quoted += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    quoted + "\""
}

/// The tensor's numbers, each in the fewest digits that name its float32.
fn literal(param: &Param) -> String {
    let numbers: Vec<f32> = param.values.iter().copied().collect();
    nested(&numbers, param.values.shape())
}

fn nested(numbers: &[f32], shape: &[usize]) -> String {
    let Some((first, rest)) = shape.split_first() else {
        return numbers.first().map_or(String::new(), |number| format!("{number:?}"));
    };
    let each = numbers.len() / (*first).max(1);
    let inside: Vec<String> = numbers.chunks(each.max(1)).map(|part| nested(part, rest)).collect();
    format!("[{}]", inside.join(", "))
}

/// The functions that every model has.
fn head(config: &Config) -> String {
    let places = "X = 0\nPLUS = 10\nY = 11\nEQUALS = 21\nZ = 22\nROWS = 33\n";
    let Config { vocabulary: words, tok_dim, pos_dim, .. } = config;
    format!(
        "# Places of a sequence: X0 … X9 + Y0 … Y9 = Z0 … Z10, the ones digit first.\n{places}\
         # Tokens; a digit is its own.\nTOKENS = {}\nPLUS_TOKEN = {}\nEQUALS_TOKEN = {}\n\
         # Widths of the residual stream: token beside position.\nTOK = {tok_dim}\nPOS = {pos_dim}\n\n\n\
         def rms(x):\n    return np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)\n\n\n\
         def gelu(x):\n    return np.array([0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in x])\n\n\n",
        words.size, words.plus, words.equals,
    )
}

/// What the board calls.
fn ends(config: &Config, name: &str, count: usize) -> String {
    let Config { n_heads, qk_dim, head_dim, ffn_dim, .. } = config;
    let architecture = format!(
        "MicroAdder: one block, d_model = {}, {n_heads} head{}, qk_dim = {qk_dim}, head_dim = {head_dim}, ffn_dim = {ffn_dim}",
        config.d_model(),
        if *n_heads == 1 { "" } else { "s" },
    );
    format!(
        "def build_model():\n    numbers = {{name: np.array(values, np.float32).astype(np.float64) for name, values in NUMBERS.items()}}\n    \
         about = {{\n        \"name\": {},\n        \"author\": \"\",\n        \"params\": {count},\n        \
         \"architecture\": {},\n        \"tricks\": [],\n    }}\n    return Adder(numbers), about\n\n\n\
         def add(model, a, b):\n    digits = lambda number: [number // 10**i % 10 for i in range(10)]\n    \
         tokens = digits(a) + [PLUS_TOKEN] + digits(b) + [EQUALS_TOKEN]\n    answer = 0\n    for k in range(11):\n        \
         token = model.next(tokens)\n        if token >= 10:\n            break\n        \
         answer += token * 10**k\n        tokens.append(token)\n    return answer\n",
        quoted(name),
        quoted(&architecture),
    )
}
