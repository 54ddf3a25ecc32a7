//! How it got there: the data of panel 12.

use crate::checkpoint::LogEntry;
use serde::{Deserialize, Serialize};

/// One evaluation during training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Training step.
    pub step: u64,
    /// Share of additions with all digits right.
    pub val_exact: Option<f64>,
    /// Share of answer tokens that are right.
    pub val_tok_acc: Option<f64>,
}

impl From<&LogEntry> for Evaluation {
    fn from(entry: &LogEntry) -> Evaluation {
        let LogEntry { step, val_exact, val_tok_acc, .. } = *entry;
        Evaluation { step, val_exact, val_tok_acc }
    }
}

/// The evaluations of a run log. Lines without one are left out.
pub fn trajectory(log: &[Evaluation]) -> Vec<Evaluation> {
    let evaluated = log.iter().filter(|e| e.val_exact.is_some() || e.val_tok_acc.is_some());
    evaluated.copied().collect()
}
