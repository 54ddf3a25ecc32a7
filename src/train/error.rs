//! What can go wrong with a training run, in words that a person can act on.

use thiserror::Error;

/// A text as people quote it; what is no text as it is.
fn quoted(json: &str) -> String {
    match json.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) => format!("“{text}”"),
        None => json.to_owned(),
    }
}

/// Why a run cannot start, go on or be read.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Error {
    /// A setting of the wrong kind or out of its range.
    #[error("{name}: {} should be {wanted}", quoted(.value))]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value, as JSON.
        value: String,
        /// What it may be.
        wanted: String,
    },
    /// A setting that there is none of.
    #[error("there is no setting {name}: the settings are {known}")]
    NoSetting {
        /// The name.
        name: String,
        /// All names.
        known: String,
    },
    /// An architecture that is not supported.
    #[error("the architecture cannot be trained: {0}")]
    Architecture(#[from] model::Error),
    /// The loss or a weight became NaN or infinite.
    #[error(
        "training diverged at step {step}: {what}. The model of step {kept} is kept; try a \
         smaller lr or another seed"
    )]
    Diverged {
        /// The step that could not be taken, from 1.
        step: u64,
        /// What is no longer finite.
        what: &'static str,
        /// Step of the last good model.
        kept: u64,
    },
    /// A saved run that cannot be read.
    #[error(transparent)]
    File(#[from] formats::Error),
}
