//! The model that is open: which snapshot of its run, with which edits, and what is known of it.
//!
//! It takes what was read ([`Input`]) and knows no file. Whatever goes wrong, the last good model stays.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod doubt;
mod editing;
mod run;
mod summary;

pub use editing::{LearnedNumber, SLIDER_POSITIONS, Slider, Tensor, Weights};
pub use run::{NoSnapshot, Run};
pub use summary::{Count, Fact, Summary};

use analysis::Report;
use model::file::{Aside, Checkpoint, Evaluation, Input, Log, ModelFile};
use numbers::listed::Listed;
use thiserror::Error;

/// Why nothing was opened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// A log came before its checkpoint.
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
    pub log: Option<Vec<Evaluation>>,
    /// How that log was read, and what tells that it is another run's, as sentences.
    pub log_notes: Vec<String>,
    /// What came with its file and was left aside.
    pub aside: Vec<Aside>,
    /// The run that it is a snapshot of, where a history was opened.
    pub run: Option<Run>,
    /// All analyses.
    pub report: Report,
    /// Those of the same model without its edits, where it has some.
    pub unedited: Option<Report>,
}

impl Loaded {
    fn new(file: ModelFile) -> Loaded {
        let checkpoint = file.opening();
        let (name, log) = (file.name().to_owned(), file.log().map(<[_]>::to_vec));
        let (beside, aside) = (file.beside().cloned(), file.aside().to_vec());
        let run = file.snapshots().is_some().then(|| Run::new(file));
        let report = analysed(&checkpoint, log.as_deref(), run.as_ref());
        let mut loaded = Loaded {
            file: name,
            checkpoint,
            log,
            log_notes: Vec::new(),
            aside,
            run,
            report,
            unedited: None,
        };
        // With its analyses, which say how right it is.
        loaded.log_notes = beside.map(|log| loaded.notes_of(&log)).unwrap_or_default();
        loaded
    }

    /// Opens what was read, without a session around it.
    ///
    /// # Errors
    /// It is a log, without a model.
    pub fn open(input: Input) -> Result<Loaded, Error> {
        match input {
            Input::Model(file) => Ok(Loaded::new(file)),
            Input::Log(log) => Err(Error::LogAlone { file: log.file }),
        }
    }

    /// What is to be known of a log beside this model.
    fn notes_of(&self, log: &Log) -> Vec<String> {
        self.doubt(log).into_iter().chain(log.notes.iter().cloned()).listed()
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
#[derive(Clone, Debug, Default)]
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

    /// Gives the run that is open the numbers of all its snapshots, where its file came with those of the opening one alone
    /// ([`ModelFile::opening_alone`]). False where `input` is none of that; nothing changes then.
    pub fn complete(&mut self, input: Input) -> bool {
        match (input, self.loaded.as_mut().and_then(|loaded| loaded.run.as_mut())) {
            (Input::Model(file), Some(run)) => run.complete(file),
            _ => false,
        }
    }

    /// Takes a model or a log. A log joins the model that is open, edits included; a new model drops the old one's log
    /// and edits.
    ///
    /// # Errors
    /// As [`Loaded::open`]; what is open stays.
    pub fn take(&mut self, input: Input) -> Result<(), Error> {
        match (input, &mut self.loaded) {
            (Input::Model(file), loaded) => *loaded = Some(Loaded::new(file)),
            (Input::Log(log), Some(loaded)) => {
                loaded.log_notes = loaded.notes_of(&log);
                loaded.log = Some(log.entries);
                loaded.analyse();
            }
            (Input::Log(log), None) => return Err(Error::LogAlone { file: log.file }),
        }
        Ok(())
    }
}
