//! What a run logged.

use serde::{Deserialize, Serialize};

/// One evaluation during training: what is shown of a line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Evaluation {
    /// Training step.
    pub step: u64,
    /// Share of additions with all digits right.
    pub val_exact: Option<f64>,
    /// Share of answer tokens that are right.
    pub val_tok_acc: Option<f64>,
}

/// A run log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// Name of the file.
    pub file: String,
    /// What was logged.
    pub entries: Vec<Evaluation>,
    /// Whether its steps are training steps; else they are epochs, or its rows were counted.
    pub has_steps: bool,
    /// What a reader should know about how it was read, as sentences.
    pub notes: Vec<String>,
}
