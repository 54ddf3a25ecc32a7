//! What a file says, before anybody asks whether it is a MicroAdder.

use ndarray::ArrayD;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A file format of checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PyTorch `.pt`: a zip with a pickle and raw storages.
    Torch,
    /// safetensors.
    Safetensors,
    /// JSON with tensors as nested lists.
    Json,
}

/// Tensors by name and what else the file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// Where it came from.
    pub format: Format,
    /// Tensors under the file's own names.
    pub tensors: BTreeMap<String, ArrayD<f32>>,
    /// Stored configuration, as it is.
    pub config: Option<Map<String, Value>>,
    /// Training step.
    pub step: Option<u64>,
    /// Stored metrics.
    pub metrics: Option<Map<String, Value>>,
}
