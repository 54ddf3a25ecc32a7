//! Files in and out: `.pt`, safetensors, JSON, the run log and the training history.
//!
//! ```text
//! bytes → sniff → Raw (tensors by name, configuration) → names, configure → Checkpoint
//! ```
//!
//! Files are hostile until read: no code of a file can run, every size has a named
//! limit, and whatever the bytes, the answer is a value or an [`Error`].
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod beside;
mod configure;
mod container;
mod edit;
mod element;
mod error;
pub mod export;
mod find;
mod foreign;
mod gather;
pub mod history;
mod json;
mod keys;
pub mod limits;
pub mod link;
mod literal;
mod log;
mod names;
mod node;
mod pickle;
mod raw;
mod read;
mod safetensors;
pub mod schema;
mod settings;
mod sniff;
mod submission;
mod text;
mod torch;
mod zip;

pub use container::unpack;
pub use error::{Error, MAX_MESSAGE, TooLarge, in_a_line};
pub use export::{to_json, to_safetensors};
pub use history::History;
pub use keys::Keys;
pub use log::{LogEntry, RunLog, read_log};
pub use raw::Raw;
pub use read::{File, ReadError, export_files, link_files, read_files};
pub use schema::Schema;
pub use sniff::{Container, Kind, sniff};
pub use submission::submission;

use configure::{Configured, Tensors, configure};
use error::at_most;
use limits::MAX_FILE_BYTES;
use model::config::{Config, ParamSpec};
use model::file::{About, Checkpoint, Format, Metric, Metrics};
use model::names::{Family, clean_name};
use model::params::shaped;
use model::tensors::{self, name::NORM_BASE};
use model::{Model, Params};
use ndarray::{ArrayD, Axis};
use serde_json::{Map, Value, json};

/// Reads a checkpoint of any format, told from its bytes. Of a training history it reads
/// its [foremost](History::foremost) snapshot; of an archive the one checkpoint in it.
///
/// The bytes may come from anywhere: this never panics, runs nothing that a file says,
/// and needs memory in proportion to the limits in `limits`, whatever a file claims.
pub fn read_raw(bytes: &[u8]) -> Result<Raw, Error> {
    if bytes.trim_ascii().is_empty() {
        return Err(Error::Empty);
    }
    at_most("bytes", bytes.len(), MAX_FILE_BYTES)?;
    match sniff(bytes) {
        Kind::TorchZip => torch::read(bytes),
        Kind::TorchLegacy => torch::read_legacy(bytes),
        Kind::Pickle => torch::read_pickle(bytes),
        Kind::Npy => torch::read_npy(bytes),
        Kind::Npz => torch::read_npz(bytes),
        Kind::Safetensors => safetensors::read(bytes),
        Kind::Json => json::read(bytes),
        Kind::Link => link::read(bytes),
        Kind::History | Kind::Run => history::read_foremost(bytes),
        Kind::Container(_) => read::only_checkpoint(bytes),
        Kind::RunLog => Err(Error::NotACheckpoint {
            looks_like: "a training log (open it together with its checkpoint)",
        }),
        Kind::Other(looks_like) => Err(Error::NotACheckpoint { looks_like }),
    }
}

/// Opens a checkpoint of any supported format, told from its bytes.
///
/// # Errors
/// The bytes are no checkpoint, are broken or dangerous, or hold a model that is not
/// supported; see [`Error`].
pub fn open(bytes: &[u8]) -> Result<Checkpoint, Error> {
    Ok(checkpoint(&read_raw(bytes)?)?)
}

/// What a file holds as the bytes of another format. PyTorch's own is read only.
///
/// # Errors
/// The format is [`Format::Torch`], or a tensor's name does not fit the format.
pub fn export(raw: &Raw, format: Format) -> Result<Vec<u8>, Error> {
    match format {
        Format::Torch | Format::Pickle | Format::Numpy | Format::Link => Err(Error::ReadOnly),
        Format::Safetensors => to_safetensors(raw),
        Format::Json => Ok(to_json(raw).into_bytes()),
    }
}

/// Makes a model of what a file holds.
///
/// # Errors
/// The configuration is not supported, or the tensors do not fit it.
pub fn checkpoint(raw: &Raw) -> Result<Checkpoint, model::Error> {
    let family = Family::of(raw.tensors.keys().map(String::as_str));
    let mut tensors = Tensors::new();
    for (name, values) in &raw.tensors {
        let clean = clean_name(name);
        let values = without_more(values.clone(), &clean);
        // Under the names of both dialects it has to be the same tensor.
        if tensors.get(&clean).is_some_and(|before| !before.iter().eq(values.iter())) {
            let other = raw.tensors.keys().find(|other| clean_name(other) == clean);
            let twin = error::shown(other.unwrap_or(&clean));
            return Err(model::Error::TiedDiffer { name: error::shown(name), twin });
        }
        tensors.insert(clean, values);
    }
    foreign::refuse(&raw.tensors, &tensors)?;
    let keys = Keys::new(raw.config.as_ref());
    let Configured { config, mut notes } = configure(family, keys, &tensors)?;
    let specs = config.specs();
    let params = Params::collect(&config, |name| {
        let stored = find(&tensors, name).cloned();
        (family.source_name(name), stored.map(|values| with_ones(values, name, &specs)))
    })?;
    check_ties(&config, family, &tensors)?;
    notes.extend(unused_note(&config, raw)?);
    let config_inferred = !keys.exist();
    if config_inferred {
        let first = "The file has no configuration: it was inferred from names and shapes.";
        let untold = "Those do not tell everything: plain softmax (not softmax1), GELU and heads of one size were \
                      assumed, and numbers that never left their first values count as frozen.";
        notes.splice(0..0, [first.to_owned(), untold.to_owned()]);
    }
    notes.splice(0..0, raw.notes.iter().cloned());
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
        metrics: raw.metrics.as_ref().map(metrics_of),
        edited: raw.edited,
    };
    Ok(Checkpoint::new(about, Model::new(config, params)))
}

/// The metrics of a file. Their JSON is kept as text, so that a model can be shown without a reader of JSON.
fn metrics_of(map: &Map<String, Value>) -> Metrics {
    let metric = |(name, value): (&String, &Value)| Metric {
        name: name.clone(),
        number: value.as_f64(),
        text: value.to_string(),
    };
    Metrics::new(map.iter().map(metric).collect())
}

/// The metrics as they stand in the file.
pub fn metrics_json(metrics: &Metrics) -> Value {
    let value = |m: &Metric| (m.name.clone(), serde_json::from_str(&m.text).unwrap_or_default());
    Value::Object(metrics.iter().map(value).collect())
}

/// The architecture of a configuration of the clean dialect without any tensors. `boost`
/// chooses the second generation of the spiral norm, which a file shows by its tensors.
///
/// # Errors
/// The configuration is not supported.
pub fn architecture(config: &Map<String, Value>, boost: bool) -> Result<Config, model::Error> {
    let mut tensors = Tensors::new();
    if boost {
        tensors.insert(NORM_BASE.into(), ndarray::ArrayD::zeros(vec![0]));
    }
    Ok(configure(Family::Clean, Keys::new(Some(config)), &tensors)?.config)
}

/// The tensor `name`, or where it is tied the same tensor under another name.
fn find<'a>(stored: &'a Tensors, name: &str) -> Option<&'a ndarray::ArrayD<f32>> {
    let twins = tensors::twins(name).iter().copied();
    std::iter::once(name).chain(twins).find_map(|n| stored.get(n))
}

/// Values without dimensions of 1 in front of those that `name` has.
fn without_more(mut values: ArrayD<f32>, name: &str) -> ArrayD<f32> {
    let Some(tensor) = tensors::find(name) else { return values };
    while values.ndim() > tensor.axes.len() && values.shape().first() == Some(&1) {
        values = values.index_axis_move(Axis(0), 0);
    }
    values
}

/// Values in the shape that `name` has, where only dimensions of 1 are missing or too many.
fn with_ones(values: ArrayD<f32>, name: &str, specs: &[ParamSpec]) -> ArrayD<f32> {
    let more = |shape: &[usize]| shape.iter().copied().filter(|len| *len != 1).collect::<Vec<_>>();
    let wanted = specs.iter().find(|spec| spec.name == name).map(|spec| &spec.shape);
    match wanted.filter(|wanted| more(wanted) == more(values.shape())) {
        Some(wanted) => shaped(wanted, values.iter().copied().collect()).unwrap_or(values),
        None => values,
    }
}

/// Refuses a file whose tied tensors hold different values: which of them was meant
/// cannot be told.
fn check_ties(config: &Config, family: Family, stored: &Tensors) -> Result<(), model::Error> {
    let specs = config.specs();
    for spec in &specs {
        let Some(values) = stored.get(spec.name) else { continue };
        for twin in tensors::tied(spec.name, &specs) {
            if stored.get(twin).is_some_and(|other| !other.iter().eq(values.iter())) {
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
        let name = clean_name(source);
        let is_used = |spec: &ParamSpec| {
            spec.name == name || tensors::twins(spec.name).contains(&name.as_str())
        };
        if specs.iter().any(is_used) {
            continue;
        }
        if tensors::is_empty(&name) {
            let is_zero =
                raw.tensors.get(source).is_none_or(|values| values.iter().all(|v| *v == 0.0));
            if tensors::is_zero(&name) && !is_zero {
                return Err(model::Error::Unsupported {
                    key: error::shown(source),
                    value: "other numbers than 0".into(),
                    supported: "it opens models in which that is 0".into(),
                });
            }
            continue;
        }
        if !tensors::is_known(&name) {
            return Err(model::Error::UnknownTensor { name: error::shown(source) });
        }
        unused.push(source.as_str());
    }
    let names = unused.into_iter().map(error::shown);
    Ok(find::sentence("Not used by this configuration, so left alone", names))
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
