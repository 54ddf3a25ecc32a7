//! Files that a person brings together, in any order and number: what each is for is told from its bytes.

use crate::names::two;
use crate::{Error, History, Kind, Raw, export, open, read_log, read_raw, sniff, unpack};
use model::Edit;
use model::file::{Evaluation, Format, Input, Log, ModelFile};

/// A file as it was dropped, picked or pasted.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, for messages only.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    fn fault(&self, error: Error) -> ReadError {
        ReadError::File { file: self.name.clone(), error }
    }
}

/// Why files did not open, with the name of the file in front.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// There was no file.
    #[error("there was no file in that: drop a checkpoint (.pt, .safetensors or .json)")]
    NoFile,
    /// One file is broken or is something else.
    #[error("{file}: {error}")]
    File {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        error: Error,
    },
    /// More than one file of a kind.
    #[error("{first} and {second} are both {kind}s: open one at a time")]
    Two {
        /// `checkpoint` or `run log`.
        kind: &'static str,
        /// Name of the first.
        first: String,
        /// Name of the second.
        second: String,
    },
}

/// Reads files that came together: a checkpoint or the history of a run, a log, or both.
///
/// # Errors
/// There is no file, or one is broken, of no use, or one too many.
pub fn read_files(files: Vec<File>) -> Result<Input, ReadError> {
    let Roles { checkpoint, log } = Roles::of(unpacked(files)?)?;
    // The log first: it is the quicker one to find broken.
    let log = log.as_ref().map(log_of).transpose()?;
    let model = checkpoint.as_ref().map(model_of).transpose()?;
    match (model, log) {
        (Some(model), log) => Ok(Input::Model(model.with_log(log))),
        (None, Some(log)) => Ok(Input::Log(log)),
        (None, None) => Err(ReadError::NoFile),
    }
}

/// The checkpoint among files that were read, as the bytes of a file of `format`: of a run the
/// snapshot at an index, or the one that it opens with; with `edits` made in it.
///
/// # Errors
/// None of the files holds a model, or such a snapshot; an edit cannot be made; the format is
/// read only.
pub fn export_files(
    files: Vec<File>,
    snapshot: Option<usize>,
    edits: &[Edit],
    format: Format,
) -> Result<Vec<u8>, ReadError> {
    let file = Roles::of(unpacked(files)?)?.checkpoint.ok_or(ReadError::NoFile)?;
    let raw = match snapshot {
        Some(index) => History::read(&file.bytes).and_then(|history| history.snapshot(index)),
        None => read_raw(&file.bytes),
    };
    let bytes = raw.and_then(|raw: Raw| export(&raw.edited(edits)?, format));
    bytes.map_err(|error| file.fault(error))
}

/// All files, those in containers one by one.
fn unpacked(files: Vec<File>) -> Result<Vec<File>, ReadError> {
    let mut all = Vec::new();
    for file in files {
        let name = file.name.clone();
        all.extend(unpack(file).map_err(|error| ReadError::File { file: name, error })?);
    }
    Ok(all)
}

/// The bytes of the one checkpoint in a container.
pub(super) fn only_checkpoint(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let files = unpack(File { name: String::new(), bytes: bytes.to_vec() })?;
    let is_one = |file: &File| !matches!(sniff(&file.bytes), Kind::RunLog | Kind::Other(_));
    let mut found = files.into_iter().filter(is_one);
    let file = found.next().ok_or(Error::NotACheckpoint {
        looks_like: "a training log (open it together with its checkpoint)",
    })?;
    match found.next() {
        None => Ok(file.bytes),
        Some(other) => Err(two(&file.name, &other.name)),
    }
}

/// Files by the role that their bytes give them.
#[derive(Default)]
struct Roles {
    checkpoint: Option<File>,
    log: Option<File>,
}

impl Roles {
    fn of(files: Vec<File>) -> Result<Roles, ReadError> {
        let mut roles = Roles::default();
        for file in files {
            let (kind, slot) = match sniff(&file.bytes) {
                Kind::RunLog => ("run log", &mut roles.log),
                _ => ("checkpoint", &mut roles.checkpoint),
            };
            if let Some(first) = slot {
                // A file that is no checkpoint at all is the better complaint.
                for file in [first, &file] {
                    check(file)?;
                }
                let (first, second) = (first.name.clone(), file.name);
                return Err(ReadError::Two { kind, first, second });
            }
            *slot = Some(file);
        }
        Ok(roles)
    }
}

/// Reads a file for its errors alone.
fn check(file: &File) -> Result<(), ReadError> {
    match sniff(&file.bytes) {
        Kind::RunLog => log_of(file).map(drop),
        _ => model_of(file).map(drop),
    }
}

fn log_of(file: &File) -> Result<Log, ReadError> {
    let entries = read_log(&file.bytes).map_err(|error| file.fault(error))?;
    Ok(Log { file: file.name.clone(), entries: entries.iter().map(Evaluation::from).collect() })
}

fn model_of(file: &File) -> Result<ModelFile, ReadError> {
    let File { name, bytes } = file;
    let opened = match sniff(bytes) {
        kind @ (Kind::History | Kind::Run) => {
            History::read(bytes).and_then(|history| history.model_file(name, kind == Kind::Run))
        }
        _ => open(bytes).map(|checkpoint| ModelFile::checkpoint(name, checkpoint)),
    };
    opened.map_err(|error| file.fault(error))
}
