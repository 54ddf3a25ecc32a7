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
//!
//! # Examples
//!
//! What the package for JavaScript shows, here: a model is opened, asked, scored and decided.
//!
//! ```
//! use adderscope::analysis::{answer::answer, explain::explain_text, trace::trace};
//! use adderscope::formats::File;
//! use adderscope::model::{Engine, exact::Exact};
//!
//! let bytes = std::fs::read("www/models/57p/57p.history.safetensors")?;
//! let loaded = adderscope::open(vec![File { name: "best.safetensors".into(), bytes }])?;
//! let model = &loaded.checkpoint.model;
//! assert_eq!(loaded.summary().name, "57 parameters");
//! assert_eq!(answer(model, 57, 68).answer, 125);
//! assert_eq!(trace(model, 57, 68).answer, 125);
//! assert_eq!(explain_text(model, 57, 68, "hidden:Z1/0")?.item.to_string(), "hidden:Z1/0");
//! assert_eq!(Engine::new(model).score().passed, 10_010);
//!
//! let mut exact = Exact::new(model);
//! while !exact.step(20_000) {}
//! assert_eq!(exact.report(10).right.as_deref(), Some("100000000000000000000"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Its report, as the command line prints it, and a panel as SVG:
//!
//! ```
//! use adderscope::figure::{Figure, Frame, Theme, View, panel_svg};
//! use adderscope::formats::File;
//! use adderscope::task::addition::Alignment;
//!
//! let bytes = std::fs::read("www/models/57p/57p.history.safetensors")?;
//! let loaded = adderscope::open(vec![File { name: "best.safetensors".into(), bytes }])?;
//! let report = adderscope::json::report(&loaded.report, Alignment::Answer);
//! assert_eq!(report["param_count"], 57);
//!
//! let ruler = adderscope::analysis::ruler::ruler(&loaded.checkpoint.model, 57, 68, 1);
//! let mut figure = Figure::new(loaded.report, None);
//! figure.set_ruler(ruler);
//! let (_, panel) = figure.panel("ruler", View::default()).ok_or("there is a ruler")?;
//! let frame = Frame { width: 640.0, height: 320.0, theme: Theme::Dark, title: true, ground: true };
//! assert!(panel_svg(panel, frame)?.starts_with("<svg"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
pub use session::Loaded;
use session::Session;
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
