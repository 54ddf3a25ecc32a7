//! Files in and out: `.pt`, safetensors, JSON, the run log and the training history.
//!
//! ```text
//! bytes → sniff → Raw (tensors by name, configuration) → names, configure → Checkpoint
//! ```
//!
//! Files are hostile until read: no code of a file can run, every size has a named
//! limit, and whatever the bytes, the answer is a value or an [`Error`].

mod about;
mod configure;
mod edit;
mod element;
mod error;
pub(crate) mod export;
pub mod history;
mod json;
mod keys;
pub mod limits;
mod names;
mod raw;
mod runlog;
mod safetensors;
mod sniff;
mod torch;

pub use about::{About, Metrics};
pub use error::{Error, TooLarge};
pub use export::{to_json, to_safetensors};
pub use history::History;
pub(crate) use keys::Keys;
pub use names::Family;
pub use raw::{Format, Raw, read_raw};
pub use runlog::{LogEntry, read_log};
pub use sniff::{Kind, sniff};

use crate::model::{
    self, Model, Params,
    config::{Config, ParamSpec},
};
use configure::{Configured, Tensors, configure};
use serde_json::{Map, Value, json};

/// A checkpoint that opened: a model, and what its file says about it.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What the file says beside the numbers.
    pub about: About,
    /// The model.
    pub model: Model,
    /// The numbers as they stand in the file, whatever was edited since.
    original: Params,
}

/// Opens a checkpoint of any supported format, told from its bytes.
///
/// # Errors
/// The bytes are no checkpoint, are broken or dangerous, or hold a model that is not
/// supported; see [`Error`].
pub fn open(bytes: &[u8]) -> Result<Checkpoint, Error> {
    Ok(Checkpoint::new(&read_raw(bytes)?)?)
}

/// Refuses a file by its size alone, before it is read.
///
/// # Errors
/// The file is larger than [`limits::MAX_FILE_BYTES`].
pub fn check_size(bytes: u64) -> Result<(), TooLarge> {
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    error::at_most("bytes", bytes, limits::MAX_FILE_BYTES)
}

/// What a file holds as the bytes of another format. PyTorch's own is read only.
///
/// # Errors
/// The format is [`Format::Torch`], or a tensor's name does not fit the format.
pub fn export(raw: &Raw, format: Format) -> Result<Vec<u8>, Error> {
    match format {
        Format::Torch => Err(Error::ReadOnly),
        Format::Safetensors => to_safetensors(raw),
        Format::Json => Ok(to_json(raw).into_bytes()),
    }
}

impl Checkpoint {
    /// Makes a model of what a file holds.
    ///
    /// # Errors
    /// The configuration is not supported, or the tensors do not fit it.
    pub fn new(raw: &Raw) -> Result<Checkpoint, model::Error> {
        let family = Family::of(raw.tensors.keys().map(String::as_str));
        let mut tensors = Tensors::new();
        for (name, values) in &raw.tensors {
            tensors.insert(names::clean_name(name), values.clone());
        }
        let keys = Keys::new(raw.config.as_ref());
        let Configured { config, mut notes } = configure(family, keys, &tensors)?;
        let params = Params::collect(&config, |name| {
            (family.source_name(name), find(&tensors, name).cloned())
        })?;
        check_ties(&config, family, &tensors)?;
        notes.extend(unused_note(&config, raw)?);
        let config_inferred = !keys.exist();
        if config_inferred {
            let first = "The file has no configuration: it was inferred from names and shapes.";
            notes.insert(0, first.into());
        }
        let stored = keys.map().cloned().unwrap_or_else(|| describe(&config));
        if raw.edited {
            notes.push("Edited by hand in AdderScope, after its training.".into());
        }
        let about = About {
            format: raw.format,
            family,
            config: Value::Object(stored).to_string(),
            config_inferred,
            notes,
            step: raw.step,
            metrics: raw.metrics.as_ref().map(Metrics::of),
            edited: raw.edited,
        };
        Ok(Checkpoint::opened(about, Model::new(config, params)))
    }

    /// A model with the numbers of its file.
    pub(crate) fn opened(about: About, model: Model) -> Checkpoint {
        let original = model.params().clone();
        Checkpoint { about, model, original }
    }

    /// Learned numbers per tensor, under the file's names: tied tensors once, frozen
    /// ones not at all.
    pub fn parameter_breakdown(&self) -> Vec<(String, usize)> {
        let learned = self.model.params().iter().filter(|p| p.learned);
        learned.map(|p| (self.about.family.source_name(p.name), p.values.len())).collect()
    }
}

/// The architecture of a configuration of the clean dialect without any tensors. `boost`
/// chooses the second generation of the spiral norm, which a file shows by its tensors.
///
/// # Errors
/// The configuration is not supported.
pub(crate) fn architecture(
    config: &Map<String, Value>,
    boost: bool,
) -> Result<Config, model::Error> {
    let mut tensors = Tensors::new();
    if boost {
        tensors.insert("norm1.base_weight".into(), ndarray::ArrayD::zeros(vec![0]));
    }
    Ok(configure(Family::Clean, Keys::new(Some(config)), &tensors)?.config)
}

/// The tensor `name`, or where it is tied the same tensor under another name.
fn find<'a>(tensors: &'a Tensors, name: &str) -> Option<&'a ndarray::ArrayD<f32>> {
    let twins = names::twins(name).iter().copied();
    std::iter::once(name).chain(twins).find_map(|n| tensors.get(n))
}

/// Refuses a file whose tied tensors hold different values: which of them was meant
/// cannot be told.
fn check_ties(config: &Config, family: Family, tensors: &Tensors) -> Result<(), model::Error> {
    let specs = config.specs();
    for spec in &specs {
        let Some(values) = tensors.get(spec.name) else { continue };
        for twin in names::tied(spec.name, &specs) {
            if tensors.get(twin).is_some_and(|other| other != values) {
                return Err(model::Error::TiedDiffer {
                    name: family.source_name(spec.name),
                    twin: family.source_name(twin),
                });
            }
        }
    }
    Ok(())
}

/// Says which known tensors this configuration does not use; a tensor of no known
/// name is refused, since the model it belongs to would compute something else.
fn unused_note(config: &Config, raw: &Raw) -> Result<Option<String>, model::Error> {
    let specs = config.specs();
    let mut unused = Vec::new();
    for source in raw.tensors.keys() {
        let name = names::clean_name(source);
        let is_used = |spec: &ParamSpec| {
            spec.name == name || names::twins(spec.name).contains(&name.as_str())
        };
        if specs.iter().any(is_used) || names::is_ignored(&name) {
            continue;
        }
        if !names::is_known(&name) {
            return Err(model::Error::UnknownTensor { name: source.clone() });
        }
        unused.push(source.as_str());
    }
    Ok((!unused.is_empty())
        .then(|| format!("Not used by this configuration, so left alone: {}.", unused.join(", "))))
}

/// An inferred configuration in the words of the clean dialect, for reports.
fn describe(config: &Config) -> Map<String, Value> {
    let described = json!({
        "d_model": config.d_model(),
        "tok_dim": config.tok_dim,
        "pos_dim": config.pos_dim,
        "n_heads": config.n_heads,
        "head_dim": config.head_dim,
        "ffn_dim": config.ffn_dim,
        "vocab_size": config.vocabulary.size,
        "qk_dim": config.qk_dim,
        "tie_fc2_head": config.tie_fc2_head,
    });
    described.as_object().cloned().unwrap_or_default()
}
