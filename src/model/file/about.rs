//! What a file says of its model beside the numbers.

use super::Format;
use crate::names::Family;
use serde::{Deserialize, Serialize};

/// What a file says of its model beside the numbers. Whatever JSON it holds is here as text,
/// so that the page shows it without a reader of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The format of the file.
    pub format: Format,
    /// The dialect of its names.
    pub family: Family,
    /// The configuration, flat: the stored one, or the one that was inferred. A JSON object.
    pub config: String,
    /// Whether the configuration was inferred from names and shapes.
    pub config_inferred: bool,
    /// What a reader should know about how the file was read, as sentences.
    pub notes: Vec<String>,
    /// Training steps behind these weights.
    pub step: Option<u64>,
    /// What the training script measured when it saved.
    pub metrics: Option<Metrics>,
    /// Whether the file says that its numbers were edited after training.
    pub edited: bool,
}

/// What a training script measured when it saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics(Vec<Metric>);

/// One measured value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What was measured: `exact_match`.
    pub name: String,
    /// Its value where that is a number.
    pub number: Option<f64>,
    /// Its value as JSON text.
    pub text: String,
}

/// What an evaluation measured, in the words of the reference; `None` unless it measured both.
pub fn measured(
    val_exact: Option<f64>,
    val_tok_acc: Option<f64>,
) -> Option<[(&'static str, f64); 2]> {
    Some([("exact_match", val_exact?), ("token_accuracy", val_tok_acc?)])
}

impl Metrics {
    /// The metrics of a file, in its order.
    pub fn new(metrics: Vec<Metric>) -> Metrics {
        Metrics(metrics)
    }

    /// What an evaluation measured; `None` unless it measured both shares.
    pub(super) fn measured(val_exact: Option<f64>, val_tok_acc: Option<f64>) -> Option<Metrics> {
        let metric = |(name, value): (&str, f64)| Metric {
            name: name.to_owned(),
            number: Some(value),
            text: format!("{value:?}"),
        };
        Some(Metrics(measured(val_exact, val_tok_acc)?.map(metric).into()))
    }

    /// The metric called `name`, if it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|m| m.name == name)?.number
    }

    /// All of them, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Metric> {
        self.0.iter()
    }
}
