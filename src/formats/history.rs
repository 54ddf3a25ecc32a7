//! The history of a training run: snapshots of one model as it learned.
//!
//! One safetensors file. Each tensor of the model is a stack of its values, with the
//! snapshot as first dimension: `q_proj.weight` of a run with 121 snapshots has shape
//! (121, 4, 3). `__metadata__` holds, as JSON text:
//!
//! | key | value |
//! |---|---|
//! | `adderscope` | the word `history` (without quotes) |
//! | `config` | the configuration, as in a checkpoint |
//! | `steps` | the step of each snapshot, rising |
//! | `log` | what the run logged at each snapshot, as in `log.jsonl` |
//! | `settings` | what the run was made with |
//!
//! `config`, `log` and `settings` may be missing. A saved run (`run` for `history`) has
//! the same and more; see the crate that trains.

use super::checkpoint;
use super::element::first;
use super::error::{Error, at_most, shown};
use super::export::{Data, Packed, safetensors};
use super::limits::{MAX_JSON_BYTES, MAX_SNAPSHOTS};
use super::log::{self as run_log, LogEntry};
use super::raw::{Raw, object, whole};
use ::safetensors::SafeTensors;
use model::Params;
use model::config::{Config, ParamSpec};
use model::file::{Checkpoint, Evaluation, Format, ModelFile, Snapshots, measured};
use model::names::clean_name;
use model::params::shaped;
use model::tensors::{tied, twins};
use ndarray::ArrayD;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

mod unpacked;

pub use unpacked::{Tensor, Unpacked};

/// The metadata key that tells histories and runs from checkpoints.
pub const MARKER: &str = "adderscope";
/// Its value in a history.
pub const HISTORY: &str = "history";
/// Its value in a saved run.
pub const RUN: &str = "run";
/// How the names of tensors begin that a saved run has beside its history.
pub const RUN_PREFIX: &str = "run/";

/// The values of one tensor in every snapshot, one after the other.
#[derive(Clone, Debug, PartialEq)]
struct Stack {
    name: String,
    /// Of one snapshot.
    shape: Vec<usize>,
    data: Vec<f32>,
}

impl Stack {
    fn snapshot(&self, index: usize) -> Option<ArrayD<f32>> {
        let size = self.shape.iter().product::<usize>();
        let data = self.data.get(index * size..(index + 1) * size)?;
        shaped(&self.shape, data.to_vec())
    }
}

/// Snapshots of one model, in the order of their steps.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    config: Option<Map<String, Value>>,
    settings: Option<Map<String, Value>>,
    log: Vec<LogEntry>,
    stacks: Vec<Stack>,
}

/// A problem with a history as an error.
fn damaged(what: impl Into<String>) -> Error {
    Error::History { what: what.into() }
}

/// What the metadata of a safetensors file says under [`MARKER`].
pub(super) fn marker(bytes: &[u8]) -> Option<String> {
    let header = usize::try_from(u64::from_le_bytes(first(bytes))).ok()?;
    if header > MAX_JSON_BYTES {
        return None;
    }
    let (_, metadata) = SafeTensors::read_metadata(bytes).ok()?;
    metadata.metadata().as_ref()?.get(MARKER).cloned()
}

/// The snapshot that stands for a history or for a saved run.
pub(super) fn read_foremost(bytes: &[u8]) -> Result<Raw, Error> {
    let history = History::unpack(&mut Unpacked::read(bytes)?)?;
    history.foremost_raw()
}

impl History {
    /// No snapshots yet.
    pub fn new(config: Map<String, Value>, settings: Map<String, Value>) -> History {
        History { config: Some(config), settings: Some(settings), ..History::default() }
    }

    /// Adds a snapshot of `params` at the step of `entry`. All snapshots must be of one
    /// architecture and come in the order of their steps.
    pub fn push(&mut self, params: &Params, entry: LogEntry) {
        if self.stacks.is_empty() {
            for p in params.iter() {
                let (name, shape) = (p.name.to_owned(), p.values.shape().to_vec());
                // As a reader finds them. A sort would add 5 KB to the page.
                let place = self.stacks.partition_point(|stack| stack.name < name);
                self.stacks.insert(place, Stack { name, shape, data: Vec::new() });
            }
        }
        for stack in &mut self.stacks {
            stack.data.extend(params.get(&stack.name).into_iter().flatten());
        }
        self.log.push(entry);
    }

    /// Snapshots.
    pub fn len(&self) -> usize {
        self.log.len()
    }

    /// Whether there are no snapshots.
    pub fn is_empty(&self) -> bool {
        self.log.is_empty()
    }

    /// What the run logged at each snapshot. Every entry has its step.
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// Says anew what the run is made with.
    pub fn set_settings(&mut self, settings: Map<String, Value>) {
        self.settings = Some(settings);
    }

    /// What the run was made with.
    pub fn settings(&self) -> Option<&Map<String, Value>> {
        self.settings.as_ref()
    }

    /// Snapshot `index` as the content of a checkpoint file; `None` past the last.
    pub fn raw(&self, index: usize) -> Option<Raw> {
        let entry = self.log.get(index)?;
        // One by one: collecting into a map sorts first, which adds 6 KB to the page.
        let mut tensors = BTreeMap::new();
        for stack in &self.stacks {
            tensors.insert(stack.name.clone(), stack.snapshot(index)?);
        }
        Some(Raw {
            format: Format::Safetensors,
            tensors,
            config: self.config.clone(),
            step: Some(entry.step),
            metrics: metrics(entry),
            edited: false,
            notes: Vec::new(),
        })
    }

    /// Snapshot `index` as a checkpoint; `None` past the last.
    ///
    /// # Errors
    /// The snapshots are not those of a supported model.
    pub fn checkpoint(&self, index: usize) -> Option<Result<Checkpoint, Error>> {
        Some(checkpoint(&self.raw(index)?).map_err(Error::Model))
    }

    /// The numbers of every tensor of `config`, in its order: those of all snapshots, one after
    /// the other. `config` is that of a [checkpoint](History::checkpoint) of this history.
    ///
    /// # Errors
    /// Tensors that are one in this configuration differ.
    pub fn values(&self, config: &Config) -> Result<Vec<Vec<f32>>, Error> {
        let find = |name: &str| self.stacks.iter().find(|s| clean_name(&s.name) == name);
        let specs = config.specs();
        let numbers = |spec: &ParamSpec| {
            let own = find(spec.name);
            if let Some(own) = own {
                for twin in tied(spec.name, &specs).filter_map(find) {
                    if twin.data != own.data {
                        let (name, twin) = (own.name.clone(), twin.name.clone());
                        return Err(Error::Model(model::Error::TiedDiffer { name, twin }));
                    }
                }
            }
            let found = own.or_else(|| twins(spec.name).iter().copied().find_map(find));
            // Only what may be missing is: it is zeros.
            let zeros = || vec![0.0; self.len() * spec.len()];
            Ok(found.map_or_else(zeros, |stack| stack.data.clone()))
        };
        specs.iter().map(numbers).collect()
    }

    /// The same history with the tensors of `config`, under our names for them: whatever dialect a file has, snapshots can be
    /// [pushed](History::push) to it.
    ///
    /// # Errors
    /// Tensors that are one in this configuration differ.
    pub fn under_own_names(mut self, config: &Config) -> Result<History, Error> {
        let values = self.values(config)?;
        self.stacks.clear();
        for (spec, data) in config.specs().into_iter().zip(values) {
            let place = self.stacks.partition_point(|stack| stack.name.as_str() < spec.name);
            self.stacks
                .insert(place, Stack { name: spec.name.to_owned(), shape: spec.shape, data });
        }
        Ok(self)
    }

    /// The snapshot with the most additions right; of equals the one with the most tokens
    /// right, then the latest. `None` without evaluations.
    pub fn best(&self) -> Option<usize> {
        let score = |e: &LogEntry| Some((e.val_exact?, e.val_tok_acc?));
        let scored = self.log.iter().enumerate().filter_map(|(i, e)| Some((score(e)?, i)));
        scored
            .max_by(|(a, i), (b, j)| a.partial_cmp(b).unwrap_or(i.cmp(j)).then(i.cmp(j)))
            .map(|(_, i)| i)
    }

    /// The snapshot that a history opens with, as a run is judged by: its best, since training
    /// often ends a little lower; without evaluations its last. 0 without snapshots.
    pub fn foremost(&self) -> usize {
        self.best().unwrap_or(self.len().saturating_sub(1))
    }

    /// Snapshot `index` as the content of a checkpoint file.
    ///
    /// # Errors
    /// There is no such snapshot.
    pub fn snapshot(&self, index: usize) -> Result<Raw, Error> {
        let missing = || damaged(format!("it holds no snapshot {index}, counted from 0"));
        self.raw(index).ok_or_else(missing)
    }

    /// The [foremost](History::foremost) snapshot as the content of a checkpoint file.
    ///
    /// # Errors
    /// There is no snapshot.
    pub fn foremost_raw(&self) -> Result<Raw, Error> {
        self.snapshot(self.foremost())
    }

    /// The [foremost](History::foremost) snapshot as a checkpoint.
    ///
    /// # Errors
    /// There is no snapshot, or it is not that of a supported model.
    pub fn foremost_checkpoint(&self) -> Result<Checkpoint, Error> {
        Ok(checkpoint(&self.foremost_raw()?)?)
    }

    /// The history, or that of a saved run, as every reader of it opens it.
    ///
    /// # Errors
    /// There is no snapshot, or they are not those of a supported model.
    pub fn model_file(&self, name: &str, is_saved: bool) -> Result<ModelFile, Error> {
        let foremost = self.foremost_checkpoint()?;
        let tensors = self.values(foremost.model.config())?;
        let log = self.log().iter().map(Evaluation::from).collect();
        let snapshots = Snapshots { log, foremost: self.foremost(), can_go_on: is_saved };
        let file = ModelFile::run(name, foremost, tensors, snapshots);
        file.map_err(|error| damaged(error.to_string()))
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// A tensor's name does not fit the format.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        safetensors(self.fields(HISTORY), self.packed())
    }

    /// What stands in the metadata of a file of `kind`.
    pub fn fields(&self, kind: &str) -> impl Iterator<Item = (&'static str, String)> {
        let text = |map: &Option<Map<String, Value>>| map.as_ref().map(|m| json!(m).to_string());
        let steps: Vec<u64> = self.log.iter().map(|e| e.step).collect();
        [
            (MARKER, Some(kind.to_owned())),
            ("config", text(&self.config)),
            ("settings", text(&self.settings)),
            ("steps", Some(json!(steps).to_string())),
            ("log", Some(json!(self.log).to_string())),
        ]
        .into_iter()
        .filter_map(|(key, text)| Some((key, text?)))
    }

    /// The stacks of a file.
    pub fn packed(&self) -> impl Iterator<Item = Packed> {
        self.stacks.iter().map(|stack| {
            let mut shape = vec![self.len()];
            shape.extend(&stack.shape);
            Packed { name: stack.name.clone(), shape, data: Data::F32(stack.data.clone()) }
        })
    }

    /// Reads a history or the history in a saved run. Like every reader of this crate it
    /// takes any bytes: it never panics, and keeps to the limits in [`super::limits`].
    ///
    /// # Errors
    /// The file is damaged, its stacks and steps do not fit together, a number is NaN or
    /// infinite, or the snapshots are not those of a supported model.
    pub fn read(bytes: &[u8]) -> Result<History, Error> {
        let mut file = Unpacked::read(bytes)?;
        if !matches!(file.text(MARKER), Some(HISTORY | RUN)) {
            return Err(damaged("it is not marked as a history"));
        }
        let history = History::unpack(&mut file)?;
        // All snapshots have the same shapes: if one is a model, so are the others.
        history.checkpoint(0).ok_or_else(|| damaged("it holds no snapshot"))??;
        Ok(history)
    }

    /// Takes metadata and stacks out of `file`, checked against each other. Tensors of a
    /// saved run stay in it.
    pub fn unpack(file: &mut Unpacked) -> Result<History, Error> {
        let steps = steps(file.field("steps")?)?;
        let log = log(file.field("log")?, &steps)?;
        let mut stacks = Vec::new();
        let run = file.take(RUN_PREFIX);
        for (name, tensor) in std::mem::replace(&mut file.tensors, run) {
            let [snapshots, shape @ ..] = &tensor.shape[..] else {
                return Err(damaged(format!("the tensor {} has no snapshots", shown(&name))));
            };
            if *snapshots != steps.len() {
                let (name, count) = (shown(&name), steps.len());
                return Err(damaged(format!(
                    "the tensor {name} has {snapshots} snapshots, but there are {count} steps"
                )));
            }
            if let Some(at) = tensor.data.iter().position(|v| !v.is_finite()) {
                let snapshot = at / (tensor.data.len() / snapshots).max(1);
                return Err(damaged(format!(
                    "the tensor {} of snapshot {snapshot} holds {}",
                    shown(&name),
                    tensor.data[at]
                )));
            }
            let data = tensor.data.iter().map(|v| *v as f32).collect();
            stacks.push(Stack { name, shape: shape.to_vec(), data });
        }
        Ok(History {
            config: object("config", file.field("config")?)?,
            settings: object("settings", file.field("settings")?)?,
            log,
            stacks,
        })
    }
}

/// What a checkpoint says about itself.
fn metrics(entry: &LogEntry) -> Option<Map<String, Value>> {
    let mut metrics = Map::new();
    for (key, value) in measured(entry.val_exact, entry.val_tok_acc)? {
        metrics.insert(key.to_owned(), json!(value));
    }
    Some(metrics)
}

fn steps(stored: Option<Value>) -> Result<Vec<u64>, Error> {
    let stored =
        stored.ok_or_else(|| damaged("it does not say which steps its snapshots are of"))?;
    let list = stored.as_array().map(Vec::as_slice).unwrap_or_default();
    at_most("snapshots", list.len(), MAX_SNAPSHOTS)?;
    let steps: Option<Vec<u64>> = list.iter().map(whole).collect();
    match steps {
        Some(steps) if !steps.is_empty() && steps.is_sorted_by(|a, b| a < b) => Ok(steps),
        _ => Err(damaged("its steps are not whole numbers that rise")),
    }
}

/// The log, one entry for each step; entries without numbers where there is none.
fn log(stored: Option<Value>, steps: &[u64]) -> Result<Vec<LogEntry>, Error> {
    let entries = match stored {
        None | Some(Value::Null) => {
            let bare = |step: &u64| LogEntry { step: *step, ..LogEntry::default() };
            return Ok(steps.iter().map(bare).collect());
        }
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(damaged("its log is not a list")),
    };
    let read = |(i, entry)| {
        run_log::from_value(entry).map_err(|what| damaged(format!("entry {i} of its log: {what}")))
    };
    let log: Vec<LogEntry> = entries.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    if !log.iter().map(|e| &e.step).eq(steps) {
        return Err(damaged("its log does not have the steps of its snapshots"));
    }
    Ok(log)
}
