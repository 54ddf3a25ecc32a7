//! From stored settings and tensor shapes to a [`Config`].
//!
//! A stored configuration decides; what it leaves out has its dialect's default.
//! Without any configuration the tensors decide, and what they cannot tell is
//! assumed and said in a note.

use super::keys::{Keys, unsupported};
use model::Error;
use model::config::{
    Config, Correction, DigitPositions, Embedding, OutProj, QkInput, SpecialPositions,
};
use model::names::Family;
use model::tensors::{self, name::*};
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

mod norms;

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
    let mut notes = source.notes;
    if !keys.exist() && config.qk_input == QkInput::Position && config.tok_dim == config.pos_dim {
        notes.push("Queries and keys are assumed to read positions: tokens are as wide.".into());
    }
    notes.extend(left_open(&config).map(str::to_owned));
    Ok(Configured { config, notes })
}

/// What is not decided of an architecture, as a sentence.
fn left_open(config: &Config) -> Option<&'static str> {
    config.softmax1.then_some(
        "Its attention is softmax1: how firm a number is stays open where several scores can be the largest and one of them varies with it.",
    )
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
        let embedding = self.embedding()?;
        let frozen_pad = self.frozen_pad(embedding)?;
        let vocabulary = self.vocabulary(frozen_pad)?;
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
        let digit_positions = self.digit_positions()?;
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
            frozen_pad,
            digit_positions,
            correction: match digit_positions {
                DigitPositions::Spiral => self.correction()?,
                DigitPositions::Learned => Correction::None,
            },
            special_positions: self.special_positions()?,
            qk_input: self.qk_input(tok_dim, pos_dim)?,
            tie_qk,
            q_phase: self.flag("q_phase", phase)?,
            softmax1: self.flag("softmax1", false)?,
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

    /// Whether PAD, the last token, has no learned embedding.
    fn frozen_pad(&self, embedding: Embedding) -> Result<bool, Error> {
        let rows = self.dim(TOK_EMB, 0).filter(|_| embedding == Embedding::Learned);
        // A vocabulary of 10 has no PAD.
        let is_one_short = |rows: usize| {
            rows > 10
                && Vocabulary::of_size(rows).is_none()
                && Vocabulary::of_size(rows + 1).is_some()
        };
        let stored = self.keys.flag("freeze_pad")?.filter(|_| embedding == Embedding::Learned);
        Ok(stored.unwrap_or(!self.keys.exist() && rows.is_some_and(is_one_short)))
    }

    fn vocabulary(&mut self, frozen_pad: bool) -> Result<Vocabulary, Error> {
        let size = match self.keys.count("vocab_size")? {
            Some(size) => size,
            None => self.dim(TOK_EMB, 0).map(|rows| rows + usize::from(frozen_pad)).unwrap_or_else(
                || {
                    self.notes.push(
                    "The vocabulary size is assumed to be 10: an arc of embeddings does not tell."
                        .into(),
                );
                    10
                },
            ),
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

    fn digit_positions(&self) -> Result<DigitPositions, Error> {
        let choices = [
            ("spiral_correct", DigitPositions::Spiral),
            ("spiral", DigitPositions::Spiral),
            ("sinusoidal", DigitPositions::Spiral),
            ("learned", DigitPositions::Learned),
        ];
        let inferred =
            if self.has(DIGIT_POS) { DigitPositions::Learned } else { DigitPositions::Spiral };
        Ok(self.keys.choice("pos_mode", &choices)?.unwrap_or(inferred))
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

    fn qk_input(&self, tok_dim: usize, pos_dim: usize) -> Result<QkInput, Error> {
        let choices =
            [("pos", QkInput::Position), ("full", QkInput::Full), ("tok", QkInput::Token)];
        let stored = match self.keys.choice("qk_input", &choices)? {
            Some(input) => Some(input),
            None => self.keys.choice("qk_source", &choices)?,
        };
        let inferred = match self.dim(Q_PROJ, 1).filter(|_| !self.keys.exist()) {
            Some(read) if read == tok_dim + pos_dim => QkInput::Full,
            Some(read) if read == tok_dim && read != pos_dim => QkInput::Token,
            _ => QkInput::Position,
        };
        Ok(stored.unwrap_or(inferred))
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
