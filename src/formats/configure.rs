//! From stored settings and tensor shapes to a [`Config`].
//!
//! A stored configuration decides; what it leaves out has its dialect's default.
//! Without any configuration the tensors decide, and what they cannot tell is
//! assumed and said in a note.

use super::keys::{Keys, unsupported};
use model::config::{Config, Correction, Embedding, Norm, OutProj, QkInput, SpecialPositions};
use model::names::Family;
use model::tensors::{self, name::*};
use model::{Error, weights::spiral_norm_base};
use ndarray::ArrayD;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use task::addition::Vocabulary;

/// Tensors by clean name.
pub type Tensors = BTreeMap<String, ArrayD<f32>>;

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
        let tie_v_head = self.flag("tie_vo", self.default(false, !self.has(V_PROJ)))?;
        let tie_qk = !self.has(K_PROJ) || self.are_one(Q_PROJ, K_PROJ);
        let tie_qk = self.flag("tie_qk", self.default(false, tie_qk))?;
        let n_heads = self.heads()?;
        let d_model = tok_dim + pos_dim;
        let inner = self.dim(V_PROJ, 0).or_else(|| self.dim(OUT_PROJ_A, 0));
        let inner = inner.or_else(|| self.dim(OUT_PROJ, 1)).unwrap_or(d_model);
        let stored_head_dim = self.keys.count("head_dim")?.filter(|&d| d > 0);
        let head_dim = stored_head_dim.unwrap_or(inner / n_heads.max(1));
        let stored_qk_dim = self.keys.count("qk_dim")?.filter(|&d| d > 0);
        let qk_dim = stored_qk_dim.unwrap_or_else(|| {
            let rows = self.dim(Q_PROJ, 0).map(|rows| rows / n_heads.max(1));
            if self.keys.exist() { head_dim } else { rows.unwrap_or(head_dim) }
        });
        let stored_ffn_dim = self.keys.count("ffn_dim")?;
        let ffn_dim = stored_ffn_dim.or_else(|| self.dim(FC1, 0)).unwrap_or(2);
        let norm = self.norm(d_model, tok_dim)?;
        let phase = match self.family {
            Family::Clean => true,
            Family::Research => self.default(false, self.has(Q_PHASE_ANGLE)),
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
            tie_qk,
            q_phase: self.flag("q_phase", phase)?,
            tie_v_head,
            out_proj: self.out_proj()?,
            ffn_bias: self.flag("ffn_bias", self.default(true, self.has(FC1_BIAS)))?,
            tie_fc2_head: self.flag("tie_fc2_head", !self.keys.exist() && !self.has(FC2))?,
            norm,
            frozen: self.frozen()?.into_iter().map(str::to_owned).collect(),
        })
    }

    /// `(tok_dim, pos_dim)`.
    fn widths(&self) -> Result<(usize, usize), Error> {
        let missing = || Error::MissingTensor {
            name: self.family.source_name(HEAD_PROJ),
            wanted: "(tok_dim, d_model)".into(),
        };
        let tok_dim = match self.keys.count("tok_dim")? {
            Some(dim) => dim,
            None => self.dim(HEAD_PROJ, 0).ok_or_else(missing)?,
        };
        let d_model = self.keys.count("d_model")?;
        let pos_dim = match self.keys.count("pos_dim")? {
            Some(dim) => dim,
            None => d_model
                .or_else(|| self.dim(HEAD_PROJ, 1))
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
            None => self.dim(TOK_EMB, 0).unwrap_or_else(|| {
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
        if let Some(angles) = self.dim(Q_PHASE_ANGLE, 0) {
            return Ok(angles);
        }
        // Every published model without a phase has six-wide attention in two heads.
        let heads = if self.dim(Q_PROJ, 0) == Some(6) { 2 } else { 1 };
        self.notes.push(format!("The number of heads is assumed to be {heads}."));
        Ok(heads)
    }

    /// Whether two tensors hold the same bits where no configuration says whether they are one: then they count as one, which
    /// a note says.
    fn are_one(&mut self, name: &str, twin: &str) -> bool {
        let bits = |name: &str| {
            self.tensors.get(name).map(|t| t.iter().map(|v| v.to_bits()).collect::<Vec<_>>())
        };
        let are = !self.keys.exist() && self.has(name) && bits(name) == bits(twin);
        if are {
            let [name, twin] = [name, twin].map(|name| self.family.source_name(name));
            self.notes
                .push(format!("{name} and {twin} hold the same numbers, so they count as one."));
        }
        are
    }

    fn embedding(&mut self) -> Result<Embedding, Error> {
        let choices = [("parametric", true), ("learned", false)];
        let arc = match self.keys.choice("tok_emb_mode", &choices)? {
            Some(arc) => arc,
            None => self.default(false, !self.has(TOK_EMB)),
        };
        if !arc {
            return Ok(Embedding::Learned);
        }
        let frozen = self.keys.freezes(TOK_ARC_A)? || self.keys.freezes(TOK_ARC_B)?;
        let asked = self.keys.flag("tie_tok_arc_ab")?.unwrap_or(false) && !frozen;
        let alone = !(self.has(TOK_ARC_A) && self.has(TOK_ARC_B));
        Ok(Embedding::Arc { tied: asked || alone || self.are_one(TOK_ARC_A, TOK_ARC_B) })
    }

    fn correction(&self) -> Result<Correction, Error> {
        let choices = [
            ("none", Correction::None),
            ("linear", Correction::Linear),
            ("full", Correction::Full),
        ];
        let inferred = if self.has(POS_CORRECTION) {
            Correction::Full
        } else if self.has(POS_CORR_SLOPE) {
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
        let inferred = if self.has(SPECIAL_POS) {
            SpecialPositions::All
        } else if self.has(SPECIAL_POS_LEARNED) {
            SpecialPositions::PlusEquals
        } else if self.has(SPECIAL_POS_EQUALS) || self.family == Family::Clean {
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
        let reads_all = self.dim(Q_PROJ, 1) == Some(d_model) && !self.keys.exist();
        Ok(stored.unwrap_or(if reads_all { QkInput::Full } else { QkInput::Position }))
    }

    fn out_proj(&self) -> Result<OutProj, Error> {
        let inferred = match (self.dim(OUT_PROJ_A, 1), self.has(OUT_PROJ)) {
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

    fn norm(&self, d_model: usize, tok_dim: usize) -> Result<Norm, Error> {
        let amp = self.keys.first_number(SPIRAL_AMP)?;
        let spiral = if self.has(NORM_BASE) || twin_only(self.tensors) {
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
        Ok(self.norm_from_tensors(d_model, tok_dim, spiral, amp))
    }

    fn norm_from_tensors(&self, d_model: usize, tok_dim: usize, spiral: Norm, amp: f64) -> Norm {
        if matches!(spiral, Norm::SpiralBoost { .. }) && tok_dim < d_model {
            return spiral;
        }
        if self.has(NORM_SCALE) {
            return Norm::Scalar;
        }
        if self.has(NORM_B) {
            return Norm::Structured;
        }
        let sites = [NORM1, NORM2, NORM_F];
        let found: Vec<&ArrayD<f32>> = sites.iter().filter_map(|n| self.tensors.get(*n)).collect();
        let Some(first) = found.first() else { return Norm::Fixed };
        if found.iter().any(|w| w != first) {
            return if found.len() == 2 { Norm::NoNorm2 } else { Norm::Full };
        }
        let wave = spiral_norm_base(amp, d_model);
        let frozen = first.len() == d_model
            && first.iter().zip(&wave).all(|(w, f)| (f64::from(*w) - f).abs() < 1e-6);
        if frozen { Norm::Spiral } else { Norm::Shared }
    }

    fn frozen(&self) -> Result<BTreeSet<&'static str>, Error> {
        let mut frozen = BTreeSet::new();
        for tensor in tensors::ALL {
            let is_frozen = if self.keys.exist() {
                self.keys.freezes(tensor.name)?
            } else {
                let stored = self.tensors.get(tensor.name);
                stored.is_some_and(|values| tensor.is_at_rest(values.iter()))
            };
            if is_frozen {
                frozen.insert(tensor.name);
            }
        }
        Ok(frozen)
    }
}

/// Whether the second-generation spiral norm is there under a later name only.
fn twin_only(tensors: &Tensors) -> bool {
    tensors::twins(NORM_BASE).iter().any(|n| tensors.contains_key(*n))
}

/// Refuses an architecture that is not supported, with the value that its setting has in the file.
fn check(config: &Config, keys: Keys) -> Result<(), Error> {
    let stored = |key: &str| keys.map().and_then(|map| map.get(key)).map(Value::to_string);
    config.check().map_err(|error| match error {
        Error::Unsupported { key, value, supported } => {
            Error::Unsupported { value: stored(&key).unwrap_or(value), key, supported }
        }
        other => other,
    })?;
    match keys.count("num_kv_heads")? {
        Some(heads) if heads != 0 && heads != config.n_heads => {
            let words = "as many key as query heads";
            Err(unsupported("num_kv_heads", &json!(heads), words))
        }
        _ => Ok(()),
    }
}
