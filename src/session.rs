//! The files that a person opens, and what is loaded now.
//!
//! Files come in any order and number; what each is for is told from its bytes.
//! Whatever goes wrong, the last good model stays.

mod editing;
mod run;

pub use editing::{Number, SLIDER_POSITIONS, Slider, Tensor, Weights};
pub use run::{Run, Scales, Step};

use crate::analysis::Report;
use crate::checkpoint::{self, Checkpoint, History, Kind, LogEntry, sniff};
use crate::summary::Summary;
use thiserror::Error;

/// A file as it was dropped, picked or pasted.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, for messages only.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    fn fault(&self, error: checkpoint::Error) -> Error {
        Error::File { file: self.name.clone(), error }
    }
}

/// Why files did not open, with the name of the file in front.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// There was no file.
    #[error("there was no file in that: drop a checkpoint (.pt, .safetensors or .json)")]
    NoFile,
    /// One file is broken or is something else.
    #[error("{file}: {error}")]
    File {
        /// The file's name.
        file: String,
        /// What is wrong with it.
        error: checkpoint::Error,
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
    /// A log came first.
    #[error("{file} is a run log: open its checkpoint first, or both together")]
    LogAlone {
        /// The file's name.
        file: String,
    },
}

/// A checkpoint with its log and its analyses.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Name of the checkpoint's file.
    pub file: String,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Its run log, if one was opened or its run holds one.
    pub log: Option<Vec<LogEntry>>,
    /// The run that it is a snapshot of, where a history was opened.
    pub run: Option<Run>,
    /// All analyses.
    pub report: Report,
}

impl Loaded {
    fn new(opened: Opened, log: Option<Vec<LogEntry>>) -> Loaded {
        let Opened { file, checkpoint, run } = opened;
        let log = log.or_else(|| run.as_ref().map(|run| run.history().log().to_vec()));
        let report = analysed(&checkpoint, log.as_deref(), run.as_ref());
        Loaded { file, checkpoint, log, run, report }
    }

    /// Analyses the model again, after a change.
    fn analyse(&mut self) {
        self.report = analysed(&self.checkpoint, self.log.as_deref(), self.run.as_ref());
    }

    /// The facts of what is loaded.
    pub fn summary(&self) -> Summary {
        Summary::new(self)
    }
}

fn analysed(checkpoint: &Checkpoint, log: Option<&[LogEntry]>, run: Option<&Run>) -> Report {
    Report { snapshot: run.map(Run::snapshot), ..Report::new(checkpoint, log) }
}

/// A file that holds a model.
struct Opened {
    file: String,
    checkpoint: Checkpoint,
    run: Option<Run>,
}

/// What is loaded now.
#[derive(Debug, Default)]
pub struct Session {
    loaded: Option<Loaded>,
}

/// Files by the role that their bytes give them.
#[derive(Default)]
struct Roles {
    checkpoint: Option<File>,
    log: Option<File>,
}

impl Roles {
    fn of(files: Vec<File>) -> Result<Roles, Error> {
        let mut roles = Roles::default();
        for file in files {
            let (kind, slot) = match sniff(&file.bytes) {
                Kind::RunLog => ("run log", &mut roles.log),
                _ => ("checkpoint", &mut roles.checkpoint),
            };
            if let Some(first) = slot {
                // A file that is no checkpoint at all is the better complaint.
                for file in [first, &file] {
                    read(file)?;
                }
                let (first, second) = (first.name.clone(), file.name);
                return Err(Error::Two { kind, first, second });
            }
            *slot = Some(file);
        }
        Ok(roles)
    }
}

/// Reads a file for its errors alone.
fn read(file: &File) -> Result<(), Error> {
    match sniff(&file.bytes) {
        Kind::RunLog => read_log(file).map(drop),
        _ => read_model(file).map(drop),
    }
}

fn read_log(file: &File) -> Result<Vec<LogEntry>, Error> {
    checkpoint::read_log(&file.bytes).map_err(|error| file.fault(error))
}

/// A history, or that in a saved run, opens with the same snapshot as for every other reader.
fn read_model(file: &File) -> Result<Opened, Error> {
    let read = || match sniff(&file.bytes) {
        kind @ (Kind::History | Kind::Run) => {
            let (run, checkpoint) = Run::new(History::read(&file.bytes)?, kind == Kind::Run)?;
            Ok((checkpoint, Some(run)))
        }
        _ => Ok((checkpoint::open(&file.bytes)?, None)),
    };
    let (checkpoint, run) = read().map_err(|error| file.fault(error))?;
    Ok(Opened { file: file.name.clone(), checkpoint, run })
}

impl Session {
    /// What is loaded now.
    pub fn loaded(&self) -> Option<&Loaded> {
        self.loaded.as_ref()
    }

    /// What is loaded now, to be edited.
    pub fn loaded_mut(&mut self) -> Option<&mut Loaded> {
        self.loaded.as_mut()
    }

    /// Opens files without a session around them.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn load(files: Vec<File>) -> Result<Loaded, Error> {
        let mut session = Session::default();
        session.open(files)?;
        session.loaded.ok_or(Error::NoFile)
    }

    /// Opens a checkpoint or the history of a run, its log, or both. A log alone joins the loaded model, edits
    /// included; a new checkpoint drops the old one's log and edits.
    ///
    /// # Errors
    /// A file is broken, of no use, or one too many; what was loaded stays.
    pub fn open(&mut self, files: Vec<File>) -> Result<&Loaded, Error> {
        let roles = Roles::of(files)?;
        let log = roles.log.as_ref().map(read_log).transpose()?;
        let opened = match (roles.checkpoint, &self.loaded, roles.log) {
            (Some(file), ..) => read_model(&file)?,
            (None, Some(loaded), Some(_)) => {
                let Loaded { file, checkpoint, run, .. } = loaded.clone();
                Opened { file, checkpoint, run }
            }
            (None, None, Some(log)) => return Err(Error::LogAlone { file: log.name }),
            (None, _, None) => return Err(Error::NoFile),
        };
        Ok(self.loaded.insert(Loaded::new(opened, log)))
    }
}
