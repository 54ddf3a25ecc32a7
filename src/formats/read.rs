//! Files that a person brings together, in any order and number: what each is for is told from its bytes.

use crate::error::{in_a_line, shown};
use crate::gather::{Found, Gathered};
use crate::names::two;
use crate::{Error, History, Raw, export, link};
use model::Edit;
use model::file::{Format, Input};

/// A file as it was dropped, picked or pasted.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, for messages only.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why files did not open, with the name of the file in front.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// There was no file.
    #[error("there was no file in that: drop a checkpoint (.pt, .safetensors or .json)")]
    NoFile,
    /// One file is broken or is something else.
    #[error("{}", in_a_line(file, error))]
    File {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        error: Error,
    },
    /// A configuration, an index or settings, without the weights that they are of.
    #[error(
        "{} holds no weights: open it together with them (.pt, .safetensors or .json)",
        shown(file)
    )]
    NoWeights {
        /// The file's name.
        file: String,
    },
    /// A part of a model that its index names did not come.
    #[error(
        "{} names {}, which is not among these files: open all of them at once",
        shown(index),
        shown(file)
    )]
    MissingPart {
        /// The index.
        index: String,
        /// The file that it names.
        file: String,
    },
}

/// Reads files that came together: a checkpoint, in one file or several, with its configuration, or the history of a run;
/// a log; or both. What else came is left aside, and the input says so.
///
/// # Errors
/// There is no file, or none is of use; what holds the model or the log is broken.
pub fn read_files(files: Vec<File>) -> Result<Input, ReadError> {
    let Gathered { model, log, aside } = Gathered::of(files)?;
    let model = model.as_ref().map(Found::model_file).transpose()?;
    match (model, log) {
        (Some(model), log) => Ok(Input::Model(model.with_log(log).with_aside(aside))),
        (None, Some(mut log)) => {
            log.notes.extend(aside.into_iter().map(|aside| aside.sentence));
            Ok(Input::Log(log))
        }
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
    of_model(files, snapshot, |_, raw| export(&raw.edited(edits)?, format))
}

/// The same as what a link has of it: `weights=…`.
///
/// # Errors
/// None of the files holds a model, or such a snapshot; or it is too large for a link.
pub fn link_files(files: Vec<File>, snapshot: Option<usize>) -> Result<String, ReadError> {
    of_model(files, snapshot, |name, raw| link::to_link(&raw, name))
}

/// What `make` makes of the checkpoint among files and its name.
fn of_model<Made>(
    files: Vec<File>,
    snapshot: Option<usize>,
    make: impl FnOnce(&str, Raw) -> Result<Made, Error>,
) -> Result<Made, ReadError> {
    let (name, raw) = match Gathered::of(files)?.model.ok_or(ReadError::NoFile)? {
        Found::Run { file, .. } => {
            let history = History::read(&file.bytes);
            let raw = history.and_then(|history| match snapshot {
                Some(index) => history.snapshot(index),
                None => history.foremost_raw(),
            });
            (file.name, raw)
        }
        Found::Weights { name, raw } => (name, Ok(*raw)),
    };
    raw.and_then(|raw| make(&name, raw)).map_err(|error| ReadError::File { file: name, error })
}

/// The one checkpoint in a container, with its configuration and in all its parts.
pub(super) fn only_checkpoint(bytes: &[u8]) -> Result<Raw, Error> {
    let nothing = |looks_like| Error::NotACheckpoint { looks_like };
    let files = vec![File { name: String::new(), bytes: bytes.to_vec() }];
    let Gathered { model, log, aside } = Gathered::of(files).map_err(|error| match error {
        ReadError::File { error, .. } => error,
        ReadError::MissingPart { .. } => nothing("an archive of some parts of a model"),
        ReadError::NoWeights { .. } | ReadError::NoFile => nothing("a configuration alone"),
    })?;
    let (name, mut raw) = match model {
        None => {
            return Err(nothing("a training log (open it together with its checkpoint)"));
        }
        Some(Found::Weights { name, raw }) => (name, *raw),
        Some(Found::Run { file, .. }) => {
            let raw = History::read(&file.bytes).and_then(|history| history.foremost_raw())?;
            (file.name, raw)
        }
    };
    match aside.iter().find(|aside| aside.opens) {
        Some(other) => Err(two(&name, &other.file)),
        None => {
            // What is inside has the container's name in front, which is none.
            let inside = |words: &str| words.trim_start_matches(": ").to_owned();
            raw.notes.extend(aside.iter().map(|aside| inside(&aside.sentence)));
            raw.notes.extend(log.map(|log| {
                let file = inside(&shown(&log.file));
                format!("{file} was left aside: it is a log, and only the checkpoint was read.")
            }));
            Ok(raw)
        }
    }
}
