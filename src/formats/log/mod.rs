//! Run logs: what a training script wrote at each evaluation.
//!
//! ```text
//! bytes → text → form (lines, list, columns, CSV) → table of known columns → entries by step
//! ```

mod cell;
mod csv;
mod forms;
mod merge;
mod names;
mod shares;
mod table;

use super::error::{Error, at_most};
use super::limits::MAX_FILE_BYTES;
use super::raw::whole;
use super::text::guessed;
use model::file::Evaluation;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;
use table::{Table, is_count};

/// What a training run wrote after one evaluation. A number that is missing, null, NaN or
/// infinite is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LogEntry {
    /// Training steps so far.
    pub step: u64,
    /// Share of additions that were right in every digit.
    pub val_exact: Option<f64>,
    /// Share of answer tokens that were right.
    pub val_tok_acc: Option<f64>,
    /// Training loss.
    pub loss: Option<f64>,
    /// Learning rate.
    pub lr: Option<f64>,
    /// Seconds since the run began.
    pub wall_time: Option<f64>,
    /// Weight decay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wd: Option<f64>,
    /// Share of carry-heavy additions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carry_mix: Option<f64>,
    /// Fewest digits of a summand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_digits: Option<u64>,
    /// Most digits of a summand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_digits: Option<u64>,
    /// How many of all 10²⁰ additions were right, as a decimal text, where that was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
}

impl From<&LogEntry> for Evaluation {
    fn from(entry: &LogEntry) -> Evaluation {
        let LogEntry { step, val_exact, val_tok_acc, .. } = *entry;
        Evaluation { step, val_exact, val_tok_acc }
    }
}

/// A run log, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunLog {
    /// What was logged, sorted by step.
    pub entries: Vec<LogEntry>,
    /// What a reader should know about how it was read, as sentences without the file's name.
    pub notes: Vec<String>,
    /// Whether its steps are training steps; else they are epochs, or its rows were counted.
    pub has_steps: bool,
}

/// What a log can be read as.
enum Form {
    Value(Value),
    Lines,
    Csv(csv::Header),
}

impl Form {
    fn of(text: &[u8]) -> Option<Form> {
        match forms::value(text) {
            // One JSON value that is no log is none by its lines either.
            Some(value) => forms::is_log(&value).then_some(Form::Value(value)),
            None if forms::has_entries(text) => Some(Form::Lines),
            None => csv::Header::of(text).map(Form::Csv).or_else(|| Form::broken(text)),
        }
    }

    /// Lines of which none can be read as yet, but which are no other JSON.
    fn broken(text: &[u8]) -> Option<Form> {
        let is_json = text.trim_ascii_start().starts_with(b"{");
        (is_json && forms::mentions_entries(text)).then_some(Form::Lines)
    }
}

pub(super) use forms::has_weights;

/// The text of a log, its lines ended by line feeds: in one that has none, the carriage returns of old systems end them.
fn text_of(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = guessed(bytes);
    if text.contains(&b'\n') || !text.contains(&b'\r') {
        return text;
    }
    let line_feed = |byte: &u8| if *byte == b'\r' { b'\n' } else { *byte };
    text.iter().map(line_feed).collect()
}

/// Whether `bytes` are a run log, in any of the forms that are read. What holds tensors never is one.
pub(super) fn is_log(bytes: &[u8]) -> bool {
    Form::of(&text_of(bytes)).is_some()
}

/// Reads a run log of any form: JSON objects one a line, a list of them, columns, CSV. What is no entry is skipped and
/// counted; rows of one step are one entry, to which each adds what it has, the last one counting.
///
/// # Errors
/// Nothing in it can be read, or it has no name that is known.
pub fn read_log(bytes: &[u8]) -> Result<RunLog, Error> {
    at_most("bytes", bytes.len(), MAX_FILE_BYTES)?;
    let text = &*text_of(bytes);
    if text.trim_ascii().is_empty() {
        return Err(Error::LogEmpty);
    }
    let mut table = Table::default();
    match Form::of(text) {
        Some(Form::Value(value)) => table.add_value(&value)?,
        Some(Form::Csv(header)) => table.add_csv(text, &header)?,
        Some(Form::Lines) | None => table.add_lines(text)?,
    }
    merge::merged(table)
}

/// The entry that a JSON object holds, or what is wrong with it.
pub(super) fn from_value(value: Value) -> Result<LogEntry, String> {
    let Value::Object(map) = value else {
        return Err(forms::NO_OBJECT.to_owned());
    };
    let step = map.get("step").ok_or(merge::NO_STEP)?;
    Ok(LogEntry {
        step: whole(step).ok_or_else(|| merge::no_step(&step.to_string()))?,
        val_exact: share(&map, "val_exact")?,
        val_tok_acc: share(&map, "val_tok_acc")?,
        loss: optional(&map, "loss")?,
        lr: optional(&map, "lr")?,
        wall_time: optional(&map, "wall_time")?,
        // Nothing depends on these, so what they are not is no reason to refuse a log.
        wd: map.get("wd").and_then(Value::as_f64),
        carry_mix: map.get("carry_mix").and_then(Value::as_f64),
        min_digits: map.get("min_digits").and_then(whole),
        max_digits: map.get("max_digits").and_then(whole),
        exact: map
            .get("exact")
            .and_then(Value::as_str)
            .filter(|text| is_count(text))
            .map(str::to_owned),
    })
}

fn optional(map: &Map<String, Value>, key: &str) -> Result<Option<f64>, String> {
    match map.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            value.as_f64().map(Some).ok_or_else(|| merge::no_number(key, &value.to_string()))
        }
    }
}

fn share(map: &Map<String, Value>, key: &str) -> Result<Option<f64>, String> {
    match optional(map, key)? {
        Some(value) if !(0.0..=1.0).contains(&value) => {
            Err(format!("its {key} is {value:?}, not a share from 0 to 1"))
        }
        share => Ok(share),
    }
}
