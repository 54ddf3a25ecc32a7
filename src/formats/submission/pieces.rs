//! The forward pass in Python, piece by piece: the lines that an architecture needs, in the order of the pass.

use model::config::{
    Config, Correction, DigitPositions, Embedding, Norm, OutProj, QkInput, SpecialPositions,
};
use model::tensors::name::NORM_EXTRAS;

/// A function of Python with a blank line behind it; lines that are empty are left out.
fn function(head: &str, lines: &[&str]) -> String {
    let body = lines.iter().filter(|line| !line.is_empty());
    let body: Vec<String> = body.map(|line| format!("    {line}")).collect();
    format!("{head}\n{}\n\n\n", body.join("\n"))
}

/// The token table E.
pub fn embedding(config: &Config) -> String {
    let Embedding::Arc { tied } = config.embedding else {
        let rows = match config.frozen_pad {
            true => "return np.vstack([w[\"tok_emb.weight\"], np.zeros(TOK)])",
            false => "return w[\"tok_emb.weight\"]",
        };
        return function("def embedding(w):", &[rows]);
    };
    let other = if tied { "tok_arc_A" } else { "tok_arc_B" };
    let ellipse = format!(
        "return np.stack([w[\"tok_arc_A\"] * np.cos(angle), w[\"{other}\"] * np.sin(angle)], 1)"
    );
    let angle = "angle = w[\"tok_arc_start\"] + np.arange(TOKENS) * w[\"tok_arc_stride\"]";
    function("def embedding(w):", &[angle, &ellipse])
}

/// The position table P.
pub fn positions(config: &Config) -> String {
    let scale = match config.correction {
        Correction::None => "",
        Correction::Linear => {
            "spiral *= (1 + w[\"pos_corr_intercept\"] + w[\"pos_corr_slope\"] * i)[:, None]"
        }
        Correction::Full => "spiral *= (1 + w[\"pos_correction\"])[:, None]",
    };
    let special = match config.special_positions {
        SpecialPositions::All => "P[PLUS], P[EQUALS] = w[\"special_pos\"][:2]",
        SpecialPositions::PlusEquals => "P[PLUS], P[EQUALS] = w[\"special_pos_learned\"]",
        SpecialPositions::Equals => {
            "P[PLUS], P[EQUALS] = w[\"_plus_pos\"][0], w[\"special_pos_equals\"][0]"
        }
        SpecialPositions::Zero => "",
    };
    let spiral = [
        "i = np.arange(10)",
        "angle = 2 * np.pi * i / 10 + w[\"spiral_phase\"]",
        "spiral = np.zeros((10, POS))",
        "spiral[:, 0] = w[\"spiral_amp\"] * np.cos(angle)",
        "spiral[:, 1] = w[\"spiral_amp\"] * np.sin(angle)",
        "spiral[:, 2] = w[\"spiral_slope\"] * i + w[\"spiral_offset\"]",
        scale,
        "P = np.zeros((ROWS, POS))",
        "P[X : X + 10] = P[Y : Y + 10] = P[Z : Z + 10] = spiral",
    ];
    let learned = [
        "P = np.zeros((ROWS, POS))",
        "P[X : X + 10] = P[Y : Y + 10] = P[Z : Z + 10] = w[\"digit_pos\"]",
    ];
    let digits: &[&str] = match config.digit_positions {
        DigitPositions::Spiral => &spiral,
        DigitPositions::Learned => &learned,
    };
    let others = [special, "P[Z + 10] = w[\"z_hi_pos\"][0]", "return P"];
    function("def positions(w):", &[digits, &others].concat())
}

/// The weights of the norms before attention, before the FFN and before the head.
pub fn norms(config: &Config) -> String {
    let all = "return norm, norm, norm";
    let one = |make: &str| vec![format!("norm = {make}"), all.to_owned()];
    let lines = match config.norm {
        Norm::Full => {
            vec!["return w[\"norm1.weight\"], w[\"norm2.weight\"], w[\"norm_f.weight\"]".to_owned()]
        }
        Norm::NoNorm2 => vec!["return w[\"norm1.weight\"], None, w[\"norm_f.weight\"]".to_owned()],
        Norm::Shared | Norm::Spiral => one("w[\"norm1.weight\"]"),
        Norm::Fixed => one("np.ones(TOK + POS)"),
        Norm::Scalar => one("w[\"norm1.scale\"] * np.ones(TOK + POS)"),
        Norm::Structured => {
            let mut lines = one("w[\"norm1.b\"] * np.ones(TOK + POS)");
            let extras =
                NORM_EXTRAS.map(|(dim, name)| format!("norm[{dim}] += w[\"{name}\"].item()"));
            lines.splice(1..1, extras);
            lines
        }
        Norm::SpiralBoost { amp } => {
            let mut lines = one("w[\"norm1.base_weight\"].copy()");
            let boost = [
                "z = abs(w[\"z_hi_pos\"][0])".to_owned(),
                format!("norm[TOK:] += {amp:?} * z / (z.sum() + 1)"),
            ];
            lines.splice(1..1, boost);
            lines
        }
    };
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    function("def norms(w):", &lines)
}

/// The model: what of a row depends on its place and token alone, as tables.
pub fn projections(config: &Config) -> String {
    let Config { n_heads, qk_dim, .. } = config;
    let read = match config.qk_input {
        QkInput::Position => "read = h[..., TOK:]",
        QkInput::Full => "read = h",
        QkInput::Token => "read = h[..., :TOK]",
    };
    let keys = if config.tie_qk { "q_proj" } else { "k_proj" };
    let values = match config.tie_v_head {
        true => "w[\"head_proj.weight\"]".to_owned(),
        false => "w[\"v_proj.weight\"].T".to_owned(),
    };
    let turn = [
        format!("even = {}", qk_dim / 2 * 2),
        "sin, cos = (f(w[\"q_phase_angle\"])[:, None] for f in (np.sin, np.cos))".to_owned(),
        "q0, q1 = self.Q[..., 0:even:2].copy(), self.Q[..., 1:even:2].copy()".to_owned(),
        "self.Q[..., 0:even:2], self.Q[..., 1:even:2] = q0 * cos - q1 * sin, q0 * sin + q1 * cos"
            .to_owned(),
    ];
    let turn = if config.q_phase { turn } else { Default::default() };
    let lines = [
        "\"\"\"Rows of the residual stream, queries, keys and values, by place and token.\"\"\""
            .to_owned(),
        "self.w, (self.norm1, self.norm2, self.norm_f) = w, norms(w)".to_owned(),
        "self.E, P = embedding(w), positions(w)".to_owned(),
        "x = np.zeros((ROWS, TOKENS, TOK + POS))".to_owned(),
        "x[..., :TOK], x[..., TOK:] = self.E, P[:, None]".to_owned(),
        "h = x / rms(x) * self.norm1".to_owned(),
        read.to_owned(),
        format!("heads = lambda rows: rows.reshape(ROWS, TOKENS, {n_heads}, -1)"),
        "self.x, self.Q = x, heads(read @ w[\"q_proj.weight\"].T)".to_owned(),
        format!("self.K = heads(read @ w[\"{keys}.weight\"].T)"),
        format!("self.V = heads(h[..., :TOK] @ {values})"),
    ];
    let lines: Vec<&str> = lines.iter().chain(&turn).map(String::as_str).collect();
    let begin = function("    def __init__(self, w):", &lines).replace("\n    ", "\n        ");
    format!("class Adder:\n{}\n\n", begin.trim_end())
}

/// The model's next token: one row from attention to the logits.
pub fn row(config: &Config) -> String {
    let Config { qk_dim, .. } = config;
    let out = match config.out_proj {
        OutProj::LowRank(_) => "w[\"out_proj.A\"] @ w[\"out_proj.B\"]",
        OutProj::Full => "w[\"out_proj.weight\"].T",
    };
    let (b1, b2) =
        if config.ffn_bias { (" + w[\"fc1.bias\"]", " + w[\"fc2.bias\"]") } else { ("", "") };
    let second =
        if config.tie_fc2_head { "w[\"head_proj.weight\"]" } else { "w[\"fc2.weight\"].T" };
    let total = if config.softmax1 { "(1 + e.sum(0))" } else { "e.sum(0)" };
    let normed = match config.norm {
        Norm::NoNorm2 => "h = x",
        _ => "h = x / rms(x) * self.norm2",
    };
    let lines = [
        "w, row, places = self.w, len(tokens) - 1, np.arange(len(tokens))".to_owned(),
        "K, V = self.K[places, tokens], self.V[places, tokens]".to_owned(),
        format!(
            "scores = (K * self.Q[row, tokens[-1]]).sum(-1) / math.sqrt({qk_dim})  # by place and head"
        ),
        "e = np.exp(scores - scores.max(0))".to_owned(),
        format!("inner = ((e / {total})[..., None] * V).sum(0).ravel()"),
        format!("x = self.x[row, tokens[-1]] + inner @ {out}"),
        normed.to_owned(),
        format!("x = x + gelu(h @ w[\"fc1.weight\"].T{b1}) @ {second}{b2}"),
        "logits = self.E @ (w[\"head_proj.weight\"] @ (x / rms(x) * self.norm_f))".to_owned(),
        "return int(logits.argmax())".to_owned(),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    function("    def next(self, tokens):", &lines).replace("\n    ", "\n        ")
}
