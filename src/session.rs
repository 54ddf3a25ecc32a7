//! The files that a person opens, and what is loaded now.
//!
//! ```text
//! files → Input → Session
//! ```
//!
//! Files come in any order and number; what each is for is told from its bytes.
//! Whatever goes wrong, the last good model stays.
//!
//! Reading files and working with what they hold meet in [`Input`] alone, which goes as bytes
//! from one part of the page's library to the other.

mod editing;
mod input;
mod opened;
mod run;

pub use editing::{Number, SLIDER_POSITIONS, Slider, Tensor, Weights};
pub use input::{File, Input, Log, export};
pub use opened::Opened;
pub use run::{NoSnapshot, Run, Scales};

use crate::analysis::Report;
use crate::analysis::trajectory::Evaluation;
use crate::checkpoint::{self, Checkpoint};
use crate::summary::Summary;
use thiserror::Error;

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
    #[error(transparent)]
    LogAlone(#[from] LogAlone),
}

/// A log came before its checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file} is a run log: open its checkpoint first, or both together")]
pub struct LogAlone {
    /// The file's name.
    pub file: String,
}

/// A checkpoint with its log and its analyses.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Name of the checkpoint's file.
    pub file: String,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Its run log, if one was opened or its run holds one.
    pub log: Option<Vec<Evaluation>>,
    /// The run that it is a snapshot of, where a history was opened.
    pub run: Option<Run>,
    /// All analyses.
    pub report: Report,
}

impl Loaded {
    /// `None` where no model is at the place that `opened` opens with.
    fn new(opened: Opened, log: Option<Vec<Evaluation>>) -> Option<Loaded> {
        let checkpoint = opened.model(opened.foremost())?;
        let file = opened.file.clone();
        let run = opened.is_run().then(|| Run::new(opened));
        let log = log.or_else(|| run.as_ref().map(|run| run.log().to_vec()));
        let report = analysed(&checkpoint, log.as_deref(), run.as_ref());
        Some(Loaded { file, checkpoint, log, run, report })
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

fn analysed(checkpoint: &Checkpoint, log: Option<&[Evaluation]>, run: Option<&Run>) -> Report {
    Report { snapshot: run.map(Run::snapshot), ..Report::new(checkpoint, log) }
}

/// What is loaded now.
#[derive(Debug, Default)]
pub struct Session {
    loaded: Option<Loaded>,
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

    /// Reads files, and takes what they hold.
    ///
    /// # Errors
    /// As [`Input::read`] and [`Session::take`]; what was loaded stays.
    pub fn open(&mut self, files: Vec<File>) -> Result<&Loaded, Error> {
        self.take(Input::read(files)?)?;
        self.loaded().ok_or(Error::NoFile)
    }

    /// Takes a checkpoint or the history of a run, its log, or both. A log alone joins the loaded model, edits
    /// included; a new checkpoint drops the old one's log and edits.
    ///
    /// # Errors
    /// A log came first.
    pub fn take(&mut self, input: Input) -> Result<(), LogAlone> {
        match (input.model, input.log, &mut self.loaded) {
            (Some(opened), log, _) => {
                let loaded = Loaded::new(opened, log.map(|log| log.entries));
                self.loaded = loaded.or(self.loaded.take());
            }
            (None, Some(log), Some(loaded)) => {
                loaded.log = Some(log.entries);
                loaded.analyse();
            }
            (None, Some(log), None) => return Err(LogAlone { file: log.file }),
            (None, None, _) => {}
        }
        Ok(())
    }
}
