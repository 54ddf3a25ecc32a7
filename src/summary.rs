//! The facts of what was loaded, as the page's bar and the command line show them.

use crate::analysis::Report;
use crate::session::Loaded;
use crate::words::{grouped, percent};
use serde::Serialize;

/// One fact: a label and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// A name for code: `parameters`, `step`, ….
    pub key: &'static str,
    /// What it is.
    pub label: &'static str,
    /// Its value.
    pub value: String,
}

/// What a person wants to know first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The model in two words: `62 parameters`.
    pub name: String,
    /// Name of the checkpoint's file.
    pub file: String,
    /// The file's format.
    pub format: &'static str,
    /// Whether a run log is there.
    pub has_log: bool,
    /// The facts, most important first.
    pub facts: Vec<Fact>,
    /// How the file was read, as sentences.
    pub notes: Vec<String>,
    /// Learned numbers per tensor.
    pub breakdown: Vec<Count>,
}

/// How many numbers of a tensor were learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The tensor, under the file's name for it.
    pub name: String,
    /// Its learned numbers.
    pub count: usize,
}

impl Summary {
    /// Sums up what is loaded.
    pub fn new(loaded: &Loaded) -> Summary {
        let report: &Report = &loaded.report;
        let mut facts = vec![Fact {
            key: "parameters",
            label: "learned parameters",
            value: grouped(report.param_count as u64),
        }];
        let mut add = |key, label, value| facts.push(Fact { key, label, value });
        if let Some(step) = report.step {
            add("step", "training step", grouped(step));
        }
        if let Some(share) = report.metric("exact_match") {
            add("exact_match", "exact match (stored in the file)", percent(100.0 * share));
        }
        if let Some(share) = report.metric("token_accuracy") {
            add("token_accuracy", "token accuracy (stored in the file)", percent(100.0 * share));
        }
        Summary {
            name: format!("{} parameters", grouped(report.param_count as u64)),
            file: loaded.file.clone(),
            format: loaded.checkpoint.raw.format.name(),
            has_log: loaded.log.is_some(),
            facts,
            notes: loaded.checkpoint.notes.clone(),
            breakdown: report
                .parameter_breakdown
                .iter()
                .map(|(name, count)| Count { name: name.clone(), count: *count })
                .collect(),
        }
    }
}
