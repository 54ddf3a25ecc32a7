//! The run log.
use serde::{Deserialize, Serialize};
/// One line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct LogEntry {
    pub step: u64,
    pub val_exact: Option<f64>,
    pub val_tok_acc: Option<f64>,
    pub loss: Option<f64>,
    pub lr: Option<f64>,
    pub wall_time: Option<f64>,
}
