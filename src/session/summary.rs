//! The facts of what was loaded, as the page's bar and the command line show them.

use crate::{Loaded, Run};
use analysis::Report;
use model::file::Aside;
use numbers::listed::Listed;
use numbers::words::{exact, grouped, percent};
use serde::Serialize;

/// Metrics that a file can have: their key, and their label without and with edits.
const STORED: [(&str, &str, &str); 2] = [
    ("exact_match", "exact match (measured in training)", "exact match (of the unedited file)"),
    (
        "token_accuracy",
        "token accuracy (measured in training)",
        "token accuracy (of the unedited file)",
    ),
];

/// One fact: a label and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Fact {
    /// A name for code: `parameters`, `step`, ….
    pub key: &'static str,
    /// What it is.
    pub label: &'static str,
    /// Its value.
    pub value: String,
    /// What to know about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What a person wants to know first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Summary {
    /// The model in two words: `62 parameters`.
    pub name: String,
    /// Name of the checkpoint's file.
    pub file: String,
    /// The file's format.
    pub format: &'static str,
    /// Numbers that were edited since the file was opened.
    pub edited: usize,
    /// Its place among the snapshots of its run; `None` for a model that is not of a run.
    pub snapshot: Option<usize>,
    /// Whether training can go on from the file.
    pub can_go_on: bool,
    /// The training step, where the file says it.
    pub step: Option<u64>,
    /// Whether a run log is there.
    pub has_log: bool,
    /// The facts, most important first.
    pub facts: Vec<Fact>,
    /// How the file was read, as sentences.
    pub notes: Vec<String>,
    /// What came with the file and was left aside.
    pub aside: Vec<Aside>,
    /// Learned numbers per tensor.
    pub breakdown: Vec<Count>,
}

/// How many numbers of a tensor were learned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
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
        let edited = loaded.checkpoint.edit_count();
        let mut facts = Vec::new();
        let mut add = |key, label, value, note| facts.push(Fact { key, label, value, note });
        let count = grouped(report.param_count as u64);
        let note = (edited > 0).then(|| format!("{edited} edited"));
        add("parameters", "learned parameters", count.clone(), note);
        if let Some(step) = report.step {
            add("step", "training step", grouped(step), None);
        }
        for (key, in_file, of_file) in STORED {
            // The file's, also where the report has none because of edits.
            let metrics = loaded.checkpoint.about.metrics.as_ref();
            if let Some(share) = metrics.and_then(|m| m.number(key)) {
                let label = if edited > 0 { of_file } else { in_file };
                let is_share = (0.0..=1.0).contains(&share);
                let value = if is_share { percent(100.0 * share) } else { exact(share) };
                add(key, label, value, (!is_share).then(|| "not a share from 0 to 1".to_owned()));
            }
        }
        Summary {
            name: match edited {
                0 => format!("{count} parameters"),
                n => format!("{count} parameters, {n} edited"),
            },
            edited,
            file: loaded.file.clone(),
            format: loaded.checkpoint.about.format.name(),
            snapshot: report.snapshot.as_ref().map(|s| s.index),
            can_go_on: loaded.run.as_ref().is_some_and(Run::can_go_on),
            step: report.step,
            has_log: loaded.log.is_some(),
            facts,
            notes: loaded.log_notes.iter().chain(&loaded.checkpoint.about.notes).cloned().listed(),
            aside: loaded.aside.clone(),
            breakdown: report
                .parameter_breakdown
                .iter()
                .map(|(name, count)| Count { name: name.clone(), count: *count })
                .listed(),
        }
    }
}
