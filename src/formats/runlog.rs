//! The run log, `log.jsonl`: one JSON object a line.

use super::error::{Error, at_most, shown};
use super::json::{parse, plain, without_bom};
use super::limits::{MAX_FILE_BYTES, MAX_LOG_LINES};
use super::raw::whole;
use model::file::Evaluation;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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

/// Reads a run log, sorted by step. A resumed run logs some steps again: the last line of
/// each step counts.
pub fn read_log(bytes: &[u8]) -> Result<Vec<LogEntry>, Error> {
    at_most("bytes", bytes.len(), MAX_FILE_BYTES)?;
    let mut entries = BTreeMap::new();
    for (index, line) in without_bom(bytes).split(|byte| *byte == b'\n').enumerate() {
        at_most("lines", index + 1, MAX_LOG_LINES)?;
        let line = line.trim_ascii();
        if !line.is_empty() {
            let entry = entry(line).map_err(|what| Error::LogLine { line: index + 1, what })?;
            entries.insert(entry.step, entry);
        }
    }
    if entries.is_empty() {
        return Err(Error::LogEmpty);
    }
    Ok(entries.into_values().collect())
}

/// One line, or what is wrong with it.
fn entry(line: &[u8]) -> Result<LogEntry, String> {
    let value = parse(line).map_err(|error| match error {
        Error::Json { column, what, .. } => format!("column {column}: {}", shown(&what)),
        other => other.to_string(),
    })?;
    from_value(plain(value))
}

/// The entry that a JSON object holds, or what is wrong with it.
pub(super) fn from_value(value: Value) -> Result<LogEntry, String> {
    let Value::Object(map) = value else {
        return Err("it is not a JSON object ({…})".to_owned());
    };
    let step = map.get("step").ok_or("it has no step")?;
    Ok(LogEntry {
        step: whole(step).ok_or_else(|| {
            format!("its step is {}, not a whole number", shown(&step.to_string()))
        })?,
        val_exact: optional(&map, "val_exact")?,
        val_tok_acc: optional(&map, "val_tok_acc")?,
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

/// Whether a text is a number of additions.
fn is_count(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u128>().is_ok()
}

fn optional(map: &Map<String, Value>, key: &str) -> Result<Option<f64>, String> {
    match map.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_f64()
            .map(Some)
            .ok_or_else(|| format!("its {key} is {}, not a number", shown(&value.to_string()))),
    }
}
