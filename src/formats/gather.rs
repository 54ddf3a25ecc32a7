//! Files that came together, by what each is for: the model, which may be in several files; its configuration; its log. What
//! is of no use is left aside, and said.

use crate::error::{Error, in_a_line, shown};
use crate::json::{parse, plain};
use crate::limits::{MAX_JSON_BYTES, MAX_WORDS};
use crate::link;
use crate::log::has_weights;
use crate::read::{File, ReadError};
use crate::schema::Schema;
use crate::text::decoded;
use crate::{History, Keys, Kind, Raw, RunLog, checkpoint, read_log, read_raw, sniff, unpack};
use model::file::{Aside, Evaluation, Log, ModelFile};
use model::names::clean_name;
use model::tensors::{is_empty, is_known};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Why a YAML file is of no use.
const YAML: &str = "YAML is not read: save its settings as JSON, as config.json beside the weights";

/// Files by their roles.
#[derive(Default)]
pub(crate) struct Gathered {
    pub model: Option<Found>,
    pub log: Option<Log>,
    pub aside: Vec<Aside>,
}

/// A model, and where it is.
pub(crate) enum Found {
    /// A run or a history.
    Run { file: File, is_saved: bool },
    /// What one file says, or several that are parts of one.
    Weights { name: String, raw: Box<Raw> },
}

/// A JSON object that is no model.
enum Beside {
    Configuration(Map<String, Value>),
    /// Which file each tensor of a model in parts is in.
    Index(BTreeSet<String>),
    /// What a run of ours was made with.
    Settings,
}

impl Beside {
    fn of(bytes: &[u8]) -> Option<Beside> {
        let text = &*decoded(bytes);
        if text.len() > MAX_JSON_BYTES || !text.trim_ascii_start().starts_with(b"{") {
            return None;
        }
        let value = parse(text).ok().map(plain)?;
        let has_weights = has_weights(&value);
        let Value::Object(map) = value else { return None };
        if map.get("schema").and_then(Value::as_str) == Some(Schema::Settings.name()) {
            return Some(Beside::Settings);
        }
        if let Some(places) = map.get("weight_map").and_then(Value::as_object) {
            let mut files = BTreeSet::new();
            for file in places.values().filter_map(Value::as_str) {
                files.insert(file.to_owned());
            }
            return Some(Beside::Index(files));
        }
        if has_weights {
            return None;
        }
        // A configuration may itself stand under a key.
        let within = map.get("config").and_then(Value::as_object).cloned();
        [within, Some(map)].into_iter().flatten().find(is_configuration).map(Beside::Configuration)
    }
}

/// Whether an object has what the configuration of any MicroAdder has.
fn is_configuration(map: &Map<String, Value>) -> bool {
    let keys = Keys::new(Some(map));
    keys.map().is_some_and(|map| {
        ["d_model", "tok_dim", "pos_dim", "vocab_size"]
            .iter()
            .filter(|key| map.contains_key(**key))
            .count()
            >= 2
    })
}

/// Weights that were read.
struct Part {
    name: String,
    raw: Raw,
}

impl Part {
    /// Whether all its tensors can be a MicroAdder's.
    fn is_ours(&self) -> bool {
        self.raw.tensors.keys().map(|name| clean_name(name)).all(|n| is_known(&n) || is_empty(&n))
    }
}

/// What came, in its order.
#[derive(Default)]
struct Sorted {
    runs: Vec<(File, bool)>,
    parts: Vec<Part>,
    configurations: Vec<(String, Map<String, Value>)>,
    indices: Vec<(String, BTreeSet<String>)>,
    settings: Vec<String>,
    logs: Vec<File>,
    /// What cannot be read, or is something else.
    broken: Vec<(String, Error)>,
}

impl Sorted {
    fn add(&mut self, file: File, kind: Kind) {
        let name = file.name.clone();
        match kind {
            Kind::History | Kind::Run => self.runs.push((file, kind == Kind::Run)),
            Kind::Link => match link::read_named(&file.bytes) {
                Ok((own, raw)) => self.parts.push(Part { name: own.unwrap_or(name), raw }),
                Err(error) => self.broken.push((name, error)),
            },
            kind => match (kind, Beside::of(&file.bytes)) {
                (Kind::Json, Some(Beside::Configuration(map))) => {
                    self.configurations.push((name, map))
                }
                (Kind::Json, Some(Beside::Index(files))) => self.indices.push((name, files)),
                (Kind::Json, Some(Beside::Settings)) => self.settings.push(name),
                _ => match read_raw(&file.bytes) {
                    Ok(raw) => self.parts.push(Part { name, raw }),
                    Err(error) => self.broken.push((name, error)),
                },
            },
        }
    }
}

impl Gathered {
    /// # Errors
    /// None of several files is of any use, or parts of a model are missing.
    pub fn of(files: Vec<File>) -> Result<Gathered, ReadError> {
        let mut gathered = Gathered::default();
        let mut sorted = Sorted::default();
        for file in files {
            let name = file.name.clone();
            let inner = unpack(file).unwrap_or_else(|error| {
                sorted.broken.push((name, error));
                Vec::new()
            });
            for file in inner {
                match sniff(&file.bytes) {
                    Kind::RunLog => sorted.logs.push(file),
                    kind => sorted.add(file, kind),
                }
            }
        }
        gathered.choose(&mut sorted)?;
        gathered.choose_log(&sorted.logs)?;
        gathered.leave_rest(sorted)?;
        Ok(gathered)
    }

    fn leave(&mut self, name: &str, why: &str, opens: bool) {
        let file = shown(name);
        let why: String = why.chars().take(MAX_WORDS).collect();
        let sentence = format!("{file} was left aside: {why}.");
        self.aside.push(Aside { file: name.to_owned(), sentence, opens });
    }

    /// A saved run before a history, and that before weights: it has all that they have.
    fn choose(&mut self, sorted: &mut Sorted) -> Result<(), ReadError> {
        let saved = sorted.runs.iter().position(|(_, is_saved)| *is_saved).unwrap_or(0);
        if saved < sorted.runs.len() {
            let (file, is_saved) = sorted.runs.remove(saved);
            self.model = Some(Found::Run { file, is_saved });
            return Ok(());
        }
        if sorted.parts.is_empty() {
            return Ok(());
        }
        // One that is a model alone, before what may be a part of one, and that before a model of another kind.
        let alone = sorted.parts.iter().position(|part| checkpoint(&part.raw).is_ok());
        let first = alone.or_else(|| sorted.parts.iter().position(|part| part.is_ours()));
        let Part { name, mut raw } = sorted.parts.remove(first.unwrap_or(0));
        let mut names = vec![name];
        let mut others = Vec::new();
        for part in sorted.parts.drain(..) {
            let belongs = are_said_to_be_one(&names[0], &part.name, &sorted.indices)
                || (alone.is_none() && part.is_ours());
            if belongs && are_apart(&raw, &part.raw) {
                join(&mut raw, part.raw);
                names.push(part.name);
            } else {
                others.push(part);
            }
        }
        sorted.parts = others;
        check_index(&names, &sorted.indices)?;
        if names.len() > 1 || raw.config.is_none() {
            sorted
                .indices
                .retain(|(_, files)| !names.iter().any(|name| files.contains(base(name))));
        }
        if raw.config.is_none() && !sorted.configurations.is_empty() {
            raw.config = Some(sorted.configurations.remove(0).1);
        }
        let name = match &names[..] {
            [first, rest @ ..] if !rest.is_empty() => format!("{first} and {} more", rest.len()),
            _ => names.concat(),
        };
        self.model = Some(Found::Weights { name, raw: Box::new(raw) });
        Ok(())
    }

    /// The first log that can be read. What only looks like one does not stand in the way of a checkpoint.
    fn choose_log(&mut self, logs: &[File]) -> Result<(), ReadError> {
        let mut broken = None;
        for file in logs {
            if self.log.is_some() {
                self.leave(&file.name, "it is a second log", false);
                continue;
            }
            match log_of(file) {
                Ok(log) => self.log = Some(log),
                Err(error) => {
                    self.leave(&file.name, &error.to_string(), false);
                    broken = broken.or(Some(ReadError::File { file: file.name.clone(), error }));
                }
            }
        }
        match broken {
            Some(error) if self.log.is_none() && self.model.is_none() => Err(error),
            _ => Ok(()),
        }
    }

    /// Says why each of the others was left aside.
    fn leave_rest(&mut self, sorted: Sorted) -> Result<(), ReadError> {
        if self.model.is_none() && self.log.is_none() {
            return sorted.nothing();
        }
        let has_model = self.model.is_some();
        let model = if has_model { "it is a second checkpoint" } else { "it is no checkpoint" };
        for (file, is_saved) in &sorted.runs {
            let opened =
                History::read(&file.bytes).and_then(|h| h.model_file(&file.name, *is_saved));
            self.leave_model(&file.name, "it is a second run", opened.map(drop));
        }
        for Part { name, raw } in &sorted.parts {
            self.leave_model(name, model, checkpoint(raw).map(drop).map_err(Error::Model));
        }
        for (name, _) in &sorted.configurations {
            let why = match has_model {
                true => "the checkpoint has a configuration of its own",
                false => "it is a configuration, and there is no checkpoint",
            };
            self.leave(name, why, false);
        }
        for (name, _) in &sorted.indices {
            self.leave(name, "it is the index of a model in other files", false);
        }
        for name in &sorted.settings {
            self.leave(
                name,
                "it is what a run was made with, which the run's file says too",
                false,
            );
        }
        for (name, error) in &sorted.broken {
            let is_yaml = [".yaml", ".yml"].iter().any(|end| name.to_lowercase().ends_with(end));
            let why = if is_yaml { YAML.to_owned() } else { error.to_string() };
            self.leave(name, &why, false);
        }
        Ok(())
    }

    fn leave_model(&mut self, name: &str, what: &str, opened: Result<(), Error>) {
        match opened {
            Ok(()) => self.leave(name, what, true),
            Err(error) => self.leave(name, &error.to_string(), false),
        }
    }
}

impl Sorted {
    /// Why nothing of it can be opened.
    fn nothing(self) -> Result<(), ReadError> {
        let fault = |file: &str, error| ReadError::File { file: file.to_owned(), error };
        if let Some((file, error)) = self.broken.into_iter().next() {
            return Err(fault(&file, error));
        }
        let configurations = self.configurations.iter().map(|(name, _)| name);
        let mut others =
            configurations.chain(self.indices.iter().map(|(name, _)| name)).chain(&self.settings);
        match others.next() {
            Some(name) => Err(ReadError::NoWeights { file: name.clone() }),
            None => Ok(()),
        }
    }
}

/// The last part of a path.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Whether an index names both files, or their names are those of shards of one model: `model-00001-of-00002`.
fn are_said_to_be_one(a: &str, b: &str, indices: &[(String, BTreeSet<String>)]) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let shard = |name: &'_ str| -> Option<(String, String)> {
        let (before, after) = name.rsplit_once("-of-")?;
        let (model, part) = before.rsplit_once('-')?;
        let (count, _) = after.split_once('.').unwrap_or((after, ""));
        (is_number(part) && is_number(count)).then(|| (model.to_owned(), count.to_owned()))
    };
    let (a, b) = (base(a), base(b));
    shard(a).is_some_and(|of| shard(b) == Some(of))
        || indices.iter().any(|(_, files)| files.contains(a) && files.contains(b))
}

/// Whether weights have no tensor in common, as the parts of one model.
fn are_apart(a: &Raw, b: &Raw) -> bool {
    let names = |raw: &Raw| {
        let mut names = BTreeSet::new();
        for name in raw.tensors.keys() {
            names.insert(clean_name(name));
        }
        names
    };
    let known = names(a);
    names(b).iter().all(|name| !known.contains(name))
}

fn join(raw: &mut Raw, part: Raw) {
    for (name, values) in part.tensors {
        raw.tensors.insert(name, values);
    }
    raw.config = raw.config.take().or(part.config);
    raw.step = raw.step.or(part.step);
    raw.metrics = raw.metrics.take().or(part.metrics);
    raw.edited |= part.edited;
    raw.notes.extend(part.notes);
}

/// Every file is there that the index of these parts names.
fn check_index(names: &[String], indices: &[(String, BTreeSet<String>)]) -> Result<(), ReadError> {
    let has = |file: &String| names.iter().any(|name| base(name) == file.as_str());
    for (index, files) in indices.iter().filter(|(_, files)| files.iter().any(has)) {
        if let Some(missing) = files.iter().find(|file| !has(file)) {
            let (index, file) = (index.clone(), shown(missing));
            return Err(ReadError::MissingPart { index, file });
        }
    }
    Ok(())
}

impl Found {
    /// # Errors
    /// It is no model, or none that is supported.
    pub fn model_file(&self) -> Result<ModelFile, ReadError> {
        let (name, opened) = match self {
            Found::Run { file, is_saved } => {
                let history = History::read(&file.bytes);
                (&file.name, history.and_then(|h| h.model_file(&file.name, *is_saved)))
            }
            Found::Weights { name, raw } => {
                let checkpoint = checkpoint(raw).map_err(Error::Model);
                (name, checkpoint.map(|checkpoint| ModelFile::checkpoint(name, checkpoint)))
            }
        };
        opened.map_err(|error| ReadError::File { file: name.clone(), error })
    }
}

fn log_of(file: &File) -> Result<Log, Error> {
    let RunLog { entries, notes, has_steps } = read_log(&file.bytes)?;
    let entries = entries.iter().map(Evaluation::from).collect();
    let notes = notes.iter().map(|note| in_a_line(&file.name, note)).collect();
    Ok(Log { file: file.name.clone(), entries, has_steps, notes })
}
