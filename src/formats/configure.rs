//! From stored settings and tensor shapes to a [`Config`].
//!
//! A stored configuration decides; what it leaves out has its dialect's default.
//! Without any configuration the tensors decide, and what they cannot tell is
//! assumed and said in a note.

use super::keys::{Keys, unsupported};
use model::config::{
    Config, Correction, Embedding, MAX_WIDTH, Norm, OutProj, QkInput, SpecialPositions,
};
use model::names::Family;
use model::{Error, weights::spiral_norm_base};
use ndarray::ArrayD;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use task::addition::Vocabulary;

/// Tensors by clean name.
pub type Tensors = BTreeMap<String, ArrayD<f32>>;

const ARC: [(&str, &str); 4] = [
    ("A", "tok_arc_A"),
    ("B", "tok_arc_B"),
    ("start", "tok_arc_start"),
    ("stride", "tok_arc_stride"),
];
const SPIRAL: [(&str, &str); 4] = [
    ("amp", "spiral_amp"),
    ("phase", "spiral_phase"),
    ("slope", "spiral_slope"),
    ("offset", "spiral_offset"),
];
/// Values that frozen tensors have in MicroAdder runs. A learned number that never
/// moved off its start to the last bit is as good as frozen.
const FROZEN_VALUES: [(&str, &[f32]); 7] = [
    ("tok_arc_A", &[2.5]),
    ("tok_arc_start", &[-1.2]),
    ("tok_arc_stride", &[0.29]),
    ("spiral_amp", &[3.5, 1.0]),
    ("spiral_phase", &[0.0]),
    ("spiral_slope", &[0.15, 1.0 / 9.0, 0.0]),
    ("spiral_offset", &[0.0]),
];
const DEFAULT_SPIRAL_AMP: f64 = 3.5;

/// The architecture of a file, and what had to be assumed about it.
pub struct Configured {
    /// The architecture.
    pub config: Config,
    /// Sentences for the reader.
    pub notes: Vec<String>,
}

struct Source<'a> {
    family: Family,
    keys: Keys<'a>,
    tensors: &'a Tensors,
    notes: Vec<String>,
}

/// Reads the architecture out of `keys` and `tensors`.
///
/// # Errors
/// A setting outside of what is supported, by key and value; a tensor without which
/// no size can be told.
pub fn configure(family: Family, keys: Keys, tensors: &Tensors) -> Result<Configured, Error> {
    keys.refuse_unsupported()?;
    let mut source = Source { family, keys, tensors, notes: Vec::new() };
    let config = source.config()?;
    check(&config, keys)?;
    Ok(Configured { config, notes: source.notes })
}

impl Source<'_> {
    fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name)
    }

    fn dim(&self, name: &str, axis: usize) -> Option<usize> {
        self.tensors.get(name)?.shape().get(axis).copied()
    }

    /// The default of a setting that the configuration leaves out: `research` in a
    /// research configuration, else what the tensors say.
    fn default<T>(&self, research: T, inferred: T) -> T {
        if self.keys.exist() && self.family == Family::Research { research } else { inferred }
    }

    /// A stored flag, or `otherwise` where the configuration leaves it out.
    fn flag(&self, key: &str, otherwise: bool) -> Result<bool, Error> {
        Ok(self.keys.flag(key)?.unwrap_or(otherwise))
    }

    fn config(&mut self) -> Result<Config, Error> {
        let (tok_dim, pos_dim) = self.widths()?;
        let vocabulary = self.vocabulary()?;
        let embedding = self.embedding()?;
        let tie_v_head = self.flag("tie_vo", self.default(false, !self.has("v_proj.weight")))?;
        let n_heads = self.heads()?;
        let d_model = tok_dim + pos_dim;
        let inner = self.dim("v_proj.weight", 0).or_else(|| self.dim("out_proj.A", 0));
        let inner = inner.or_else(|| self.dim("out_proj.weight", 1)).unwrap_or(d_model);
        let stored_head_dim = self.keys.count("head_dim")?.filter(|&d| d > 0);
        let head_dim = stored_head_dim.unwrap_or(inner / n_heads.max(1));
        let stored_qk_dim = self.keys.count("qk_dim")?.filter(|&d| d > 0);
        let qk_dim = stored_qk_dim.unwrap_or_else(|| {
            let rows = self.dim("q_proj.weight", 0).map(|rows| rows / n_heads.max(1));
            if self.keys.exist() { head_dim } else { rows.unwrap_or(head_dim) }
        });
        let stored_ffn_dim = self.keys.count("ffn_dim")?;
        let ffn_dim = stored_ffn_dim.or_else(|| self.dim("fc1.weight", 0)).unwrap_or(2);
        let norm = self.norm(d_model, tok_dim)?;
        let phase = match self.family {
            Family::Clean => true,
            Family::Research => self.default(false, self.has("q_phase_angle")),
        };
        Ok(Config {
            vocabulary,
            tok_dim,
            pos_dim,
            n_heads,
            head_dim,
            qk_dim,
            ffn_dim,
            embedding,
            correction: self.correction()?,
            special_positions: self.special_positions()?,
            qk_input: self.qk_input(d_model)?,
            tie_qk: self.flag("tie_qk", self.default(false, !self.has("k_proj.weight")))?,
            q_phase: self.flag("q_phase", phase)?,
            tie_v_head,
            out_proj: self.out_proj()?,
            ffn_bias: self.flag("ffn_bias", self.default(true, self.has("fc1.bias")))?,
            tie_fc2_head: self
                .flag("tie_fc2_head", !self.keys.exist() && !self.has("fc2.weight"))?,
            norm,
            frozen: self.frozen()?.into_iter().collect(),
        })
    }

    /// `(tok_dim, pos_dim)`.
    fn widths(&self) -> Result<(usize, usize), Error> {
        let missing = || Error::MissingTensor {
            name: self.family.source_name("head_proj.weight"),
            wanted: "(tok_dim, d_model)".into(),
        };
        let tok_dim = match self.keys.count("tok_dim")? {
            Some(dim) => dim,
            None => self.dim("head_proj.weight", 0).ok_or_else(missing)?,
        };
        let d_model = self.keys.count("d_model")?;
        let pos_dim = match self.keys.count("pos_dim")? {
            Some(dim) => dim,
            None => d_model
                .or_else(|| self.dim("head_proj.weight", 1))
                .ok_or_else(missing)?
                .saturating_sub(tok_dim),
        };
        match d_model {
            Some(d) if d != tok_dim.saturating_add(pos_dim) => Err(unsupported(
                "d_model",
                &json!(d),
                format!("d_model = tok_dim + pos_dim, here {tok_dim} + {pos_dim}"),
            )),
            _ => Ok((tok_dim, pos_dim)),
        }
    }

    fn vocabulary(&mut self) -> Result<Vocabulary, Error> {
        let size = match self.keys.count("vocab_size")? {
            Some(size) => size,
            None => self.dim("tok_emb.weight", 0).unwrap_or_else(|| {
                self.notes.push(
                    "The vocabulary size is assumed to be 10: an arc of embeddings does not tell."
                        .into(),
                );
                10
            }),
        };
        Vocabulary::of_size(size).ok_or_else(|| {
            let sizes: Vec<String> = Vocabulary::SIZES.iter().map(usize::to_string).collect();
            unsupported("vocab_size", &json!(size), format!("{} tokens", sizes.join(", ")))
        })
    }

    fn heads(&mut self) -> Result<usize, Error> {
        if let Some(heads) = self.keys.count("n_heads")? {
            return Ok(heads);
        }
        if let Some(angles) = self.dim("q_phase_angle", 0) {
            return Ok(angles);
        }
        // Every published model without a phase has six-wide attention in two heads.
        let heads = if self.dim("q_proj.weight", 0) == Some(6) { 2 } else { 1 };
        self.notes.push(format!("The number of heads is assumed to be {heads}."));
        Ok(heads)
    }

    fn embedding(&self) -> Result<Embedding, Error> {
        let choices = [("parametric", true), ("learned", false)];
        let arc = match self.keys.choice("tok_emb_mode", &choices)? {
            Some(arc) => arc,
            None => self.default(false, !self.has("tok_emb.weight")),
        };
        if !arc {
            return Ok(Embedding::Learned);
        }
        let frozen = self.keys.list("freeze_tok_arc", &ARC)?;
        let free = !frozen.contains(&"tok_arc_A") && !frozen.contains(&"tok_arc_B");
        let asked = self.keys.flag("tie_tok_arc_ab")?.unwrap_or(false) && free;
        let alone = !(self.has("tok_arc_A") && self.has("tok_arc_B"));
        Ok(Embedding::Arc { tied: asked || alone })
    }

    fn correction(&self) -> Result<Correction, Error> {
        let choices = [
            ("none", Correction::None),
            ("linear", Correction::Linear),
            ("full", Correction::Full),
        ];
        let inferred = if self.has("pos_correction") {
            Correction::Full
        } else if self.has("pos_corr_slope") {
            Correction::Linear
        } else {
            Correction::None
        };
        let stored = self.keys.choice("pos_correction_mode", &choices)?;
        Ok(stored.unwrap_or_else(|| self.default(Correction::Full, inferred)))
    }

    fn special_positions(&self) -> Result<SpecialPositions, Error> {
        let choices = [
            ("none", SpecialPositions::All),
            ("eos", SpecialPositions::PlusEquals),
            ("plus_eos", SpecialPositions::Equals),
            ("plus_eos_equals", SpecialPositions::Equals),
            ("all", SpecialPositions::Zero),
        ];
        let inferred = if self.has("special_pos") {
            SpecialPositions::All
        } else if self.has("special_pos_learned") {
            SpecialPositions::PlusEquals
        } else if self.has("special_pos_equals") || self.family == Family::Clean {
            SpecialPositions::Equals
        } else {
            SpecialPositions::Zero
        };
        let stored = self.keys.choice("freeze_special", &choices)?;
        Ok(stored.unwrap_or_else(|| self.default(SpecialPositions::All, inferred)))
    }

    fn qk_input(&self, d_model: usize) -> Result<QkInput, Error> {
        let choices = [("pos", QkInput::Position), ("full", QkInput::Full)];
        let stored = match self.keys.choice("qk_input", &choices)? {
            Some(input) => Some(input),
            None => self.keys.choice("qk_source", &choices)?,
        };
        let reads_all = self.dim("q_proj.weight", 1) == Some(d_model) && !self.keys.exist();
        Ok(stored.unwrap_or(if reads_all { QkInput::Full } else { QkInput::Position }))
    }

    fn out_proj(&self) -> Result<OutProj, Error> {
        let inferred = match (self.dim("out_proj.A", 1), self.has("out_proj.weight")) {
            (Some(rank), _) => OutProj::LowRank(rank),
            (None, true) => OutProj::Full,
            (None, false) => OutProj::LowRank(1),
        };
        Ok(match self.keys.count("attn_out_rank")? {
            Some(0) => OutProj::Full,
            Some(rank) => OutProj::LowRank(rank),
            None => self.default(OutProj::Full, inferred),
        })
    }

    fn norm(&mut self, d_model: usize, tok_dim: usize) -> Result<Norm, Error> {
        let amp = self.keys.number("spiral_init_amp")?.unwrap_or(DEFAULT_SPIRAL_AMP);
        let spiral = if self.has("norm1.base_weight") || twin_only(self.tensors) {
            Norm::SpiralBoost { amp }
        } else {
            Norm::Spiral
        };
        let choices = [
            ("weighted", Norm::Shared),
            ("shared", Norm::Shared),
            ("full", Norm::Full),
            ("no_ln2", Norm::NoNorm2),
            ("parameterless", Norm::Fixed),
            ("fixed", Norm::Fixed),
            ("scalar", Norm::Scalar),
            ("structured", Norm::Structured),
            ("spiral", spiral),
        ];
        if let Some(norm) = self.keys.choice("norm_mode", &choices)? {
            return Ok(norm);
        }
        if self.keys.exist() {
            return Ok(self.default(Norm::Full, Norm::Shared));
        }
        Ok(self.norm_from_tensors(d_model, tok_dim, spiral))
    }

    fn norm_from_tensors(&mut self, d_model: usize, tok_dim: usize, spiral: Norm) -> Norm {
        if matches!(spiral, Norm::SpiralBoost { .. }) && tok_dim < d_model {
            return spiral;
        }
        if self.has("norm1.scale") {
            return Norm::Scalar;
        }
        if self.has("norm1.b") {
            return Norm::Structured;
        }
        let sites = ["norm1.weight", "norm2.weight", "norm_f.weight"];
        let found: Vec<&ArrayD<f32>> = sites.iter().filter_map(|n| self.tensors.get(*n)).collect();
        let Some(first) = found.first() else { return Norm::Fixed };
        if found.iter().any(|w| w != first) {
            return if found.len() == 2 { Norm::NoNorm2 } else { Norm::Full };
        }
        let wave = spiral_norm_base(DEFAULT_SPIRAL_AMP, d_model);
        let frozen = first.len() == d_model
            && first.iter().zip(&wave).all(|(w, f)| (f64::from(*w) - f).abs() < 1e-6);
        if frozen { Norm::Spiral } else { Norm::Shared }
    }

    fn frozen(&self) -> Result<BTreeSet<&'static str>, Error> {
        let mut frozen = BTreeSet::new();
        if !self.keys.exist() {
            let at_start = |name: &str, values: &[f32]| {
                let stored = self.tensors.get(name).and_then(|t| t.first());
                stored.is_some_and(|v| values.contains(v))
            };
            let names = FROZEN_VALUES.iter().filter(|(name, values)| at_start(name, values));
            frozen.extend(names.map(|(name, _)| *name));
            for name in ["z_hi_pos", "special_pos_equals"] {
                if self.tensors.get(name).is_some_and(|t| t.iter().all(|v| *v == 0.0)) {
                    frozen.insert(name);
                }
            }
            return Ok(frozen);
        }
        frozen.extend(self.keys.list("freeze_tok_arc", &ARC)?);
        frozen.extend(self.keys.list("freeze_spiral", &SPIRAL)?);
        if self.keys.flag("freeze_z_hi")? == Some(true) {
            frozen.insert("z_hi_pos");
        }
        let on_spiral = self.keys.number("equals_spiral_idx")?.is_some_and(|i| i >= 0.0);
        let all_frozen = self.keys.choice("freeze_special", &[("plus_eos_equals", true)]);
        if on_spiral || all_frozen == Ok(Some(true)) {
            frozen.insert("special_pos_equals");
        }
        Ok(frozen)
    }
}

/// Whether the second-generation spiral norm is there under a later name only.
fn twin_only(tensors: &Tensors) -> bool {
    ["norm2.base_weight", "norm_f.base_weight"].iter().any(|n| tensors.contains_key(*n))
}

/// Refuses sizes that no supported model has, and ties that do not fit.
fn check(config: &Config, keys: Keys) -> Result<(), Error> {
    let value = |key: &str, inferred: usize| {
        keys.map().and_then(|m| m.get(key)).cloned().unwrap_or_else(|| json!(inferred))
    };
    let limit = |key: &str, width: usize, least: usize, most: usize| {
        let words = || format!("{key} from {least} to {most}");
        let inside = (least..=most).contains(&width);
        if inside { Ok(()) } else { Err(unsupported(key, &value(key, width), words())) }
    };
    limit("tok_dim", config.tok_dim, 1, MAX_WIDTH)?;
    limit("pos_dim", config.pos_dim, 3, MAX_WIDTH)?;
    limit("n_heads", config.n_heads, 1, MAX_WIDTH)?;
    limit("head_dim", config.head_dim, 1, MAX_WIDTH / config.n_heads)?;
    limit("qk_dim", config.qk_dim, 1, MAX_WIDTH / config.n_heads)?;
    limit("ffn_dim", config.ffn_dim, 1, MAX_WIDTH)?;
    if let OutProj::LowRank(rank) = config.out_proj {
        limit("attn_out_rank", rank, 1, MAX_WIDTH)?;
    }
    let refuse = |key: &str, found: Value, words: String| Err(unsupported(key, &found, words));
    let (tok_dim, d_model) = (config.tok_dim, config.d_model());
    if matches!(config.embedding, Embedding::Arc { .. }) && tok_dim != 2 {
        return refuse(
            "tok_dim",
            json!(tok_dim),
            "tok_dim = 2 where embeddings lie on an arc".into(),
        );
    }
    if config.tie_v_head && config.inner_dim() != d_model {
        let words = format!("n_heads · head_dim = d_model = {d_model} where values are tied");
        return refuse("head_dim", value("head_dim", config.head_dim), words);
    }
    if config.tie_fc2_head && config.ffn_dim != tok_dim {
        let words = format!("ffn_dim = tok_dim = {tok_dim} where tie_fc2_head is set");
        return refuse("ffn_dim", value("ffn_dim", config.ffn_dim), words);
    }
    if config.norm == Norm::Structured && d_model < 5 {
        return refuse("norm_mode", json!("structured"), "d_model ≥ 5 for structured norms".into());
    }
    match keys.count("num_kv_heads")? {
        Some(heads) if heads != 0 && heads != config.n_heads => {
            refuse("num_kv_heads", json!(heads), "as many key as query heads".into())
        }
        _ => Ok(()),
    }
}
