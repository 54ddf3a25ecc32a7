#![doc = include_str!("../README.md")]
//!
//! # Module map
//!
//! Each is a crate of its own, from the lowest to the highest; none knows those below it in this list.
//!
//! | module | what it holds |
//! |---|---|
//! | [`numbers`] | numbers as people read them |
//! | [`task`] | additions as tokens, the 34-token layout, labels, carries; seeded examples and AdderBoard's suite |
//! | [`model`] | configuration, parameters, layers, the plain forward pass, the fast engine; a model as it was opened |
//! | [`formats`] | files in and out: `.pt`, safetensors, JSON, the run log, the training history |
//! | [`analysis`] | plain numbers about a model; no drawing |
//! | [`session`] | the model that is open: its snapshot, its edits, its facts |
//! | [`figure`] | the panels; knows the analysis, not the model |
//! | [`train`] | training runs: settings, batches, gradients, AdamW |
//! | [`json`] | reports, traces and scores for programs |
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod json;
#[cfg(feature = "cli")]
pub mod png;

pub use analysis;
pub use figure;
pub use formats;
pub use model;
pub use numbers;
pub use session;
pub use task;
pub use train;

use formats::{File, ReadError, read_files};
use session::{Loaded, Session};
use thiserror::Error;

/// Why files did not open, with the name of the file in front.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// A file cannot be read, or files do not go together.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A log came without a model.
    #[error(transparent)]
    Session(#[from] session::Error),
}

/// Opens files that belong together: a checkpoint or the history of a run, with or without its log.
///
/// # Errors
/// A file is broken or of no use, there is none, or one too many; or there is a log alone.
pub fn open(files: Vec<File>) -> Result<Loaded, Error> {
    Ok(Loaded::open(read_files(files)?)?)
}

/// Opens files in a session: a model takes the place of the one that is open, a log joins it.
///
/// # Errors
/// A file is broken or of no use, there is none, or one too many; or a log came first. What is open stays.
pub fn open_in(session: &mut Session, files: Vec<File>) -> Result<(), Error> {
    Ok(session.take(read_files(files)?)?)
}
