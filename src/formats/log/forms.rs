//! The forms that logs come in: JSON objects one a line, among other text too; a list of them; columns; a table with a line
//! of names (CSV); and what a trainer keeps of its state.

use super::cell::Cell;
use super::names::{Field, name};
use super::table::Table;
use crate::error::{Error, at_most, shown};
use crate::json::{parse, plain};
use crate::limits::{
    MAX_DEPTH, MAX_JSON_BYTES, MAX_LINES_LOOKED_AT, MAX_LOG_LINE_BYTES, MAX_LOG_LINES,
    MAX_NAME_BYTES, MAX_NAME_PARTS,
};
use crate::raw::STATE_DICT_KEYS;
use model::names::clean_name;
use model::tensors::is_known;
use serde_json::{Map, Value};

/// The keys under which a log stands in an object that has more.
const LISTS: [&str; 9] =
    ["log_history", "history", "log", "logs", "entries", "rows", "evaluations", "metrics", "data"];

/// The JSON object or list that `text` is, if it is one.
pub fn value(text: &[u8]) -> Option<Value> {
    let text = text.trim_ascii();
    let begins = matches!(text.first(), Some(b'{' | b'[')) && text.len() <= MAX_JSON_BYTES;
    begins.then(|| parse(text).ok().map(plain)).flatten()
}

/// Whether an object has a name that logs have.
fn is_entry(value: &Value) -> bool {
    let Value::Object(map) = value else { return false };
    let is_known = |(key, value): (&String, &Value)| match value {
        Value::Object(inner) => inner
            .iter()
            .any(|(inner, v)| !v.is_object() && name(&format!("{key}/{inner}")).is_some()),
        _ => name(key).is_some(),
    };
    // What is logged of a weight is one number.
    !map.values().any(is_matrix) && map.iter().any(is_known)
}

/// A tensor of two dimensions or more.
fn is_matrix(value: &Value) -> bool {
    let row = value.as_array().and_then(|rows| rows.first()).and_then(Value::as_array);
    row.is_some_and(|row| row.first().is_some_and(|first| first.is_number() || first.is_array()))
}

/// Whether there are weights in it: a matrix of numbers, or a value under the name of a tensor.
pub fn has_weights(value: &Value) -> bool {
    fn within(value: &Value, path: &str, depth: usize) -> bool {
        let Value::Object(map) = value else { return is_matrix(value) };
        if depth == MAX_DEPTH {
            return true;
        }
        map.iter().any(|(key, value)| {
            // What is longer is no name.
            if key.len() > MAX_NAME_BYTES {
                return within(value, "", depth + 1);
            }
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let path = last_parts(&path);
            // Under whatever prefix.
            let mut ends = path.char_indices().filter(|(_, c)| *c == '.').map(|(at, _)| at + 1);
            let is_tensor = |at| is_known(&clean_name(path.get(at..).unwrap_or_default()));
            is_tensor(0) || ends.any(is_tensor) || within(value, path, depth + 1)
        })
    }
    within(value, "", 0)
}

/// The end of a path that can be a tensor's name: no more than so many parts, and no longer than a name.
fn last_parts(path: &str) -> &str {
    let mut start = path.len();
    let starts = path.rmatch_indices('.').map(|(at, _)| at + 1).take(MAX_NAME_PARTS);
    for at in starts.chain((path.split('.').nth(MAX_NAME_PARTS).is_none()).then_some(0)) {
        if path.len() - at > MAX_NAME_BYTES {
            break;
        }
        start = at;
    }
    path.get(start..).unwrap_or_default()
}

/// Whether there are weights in it, or a state dict that may be broken.
fn holds_tensors(value: &Value) -> bool {
    let has_state =
        |map: &Map<String, Value>| STATE_DICT_KEYS.iter().any(|key| map.contains_key(*key));
    value.as_object().is_some_and(has_state) || has_weights(value)
}

/// A list of one name's values: Keras' columns, or pandas' by index.
fn is_column(value: &Value) -> bool {
    let is_cell = |value: &Value| !value.is_object() && !value.is_array();
    match value {
        Value::Array(items) => items.iter().all(is_cell),
        Value::Object(map) => {
            !map.is_empty()
                && map.values().all(is_cell)
                && map.keys().all(|key| key.parse::<f64>().is_ok())
        }
        _ => false,
    }
}

fn is_columns(map: &Map<String, Value>) -> bool {
    let mut columns = map.iter().filter(|(_, value)| is_column(value));
    let has_lengths = columns.clone().any(|(_, value)| {
        value.as_array().map_or_else(|| value.as_object().map_or(0, Map::len), Vec::len) > 0
    });
    has_lengths
        && columns
            .any(|(key, _)| name(key).is_some_and(|n| n.field.is_share() || n.field == Field::Loss))
}

fn is_list(items: &[Value]) -> bool {
    items.iter().take(MAX_LINES_LOOKED_AT).any(is_entry)
        || (!items.is_empty() && items.iter().all(is_scalar))
}

/// A point as TensorBoard writes it: time, step, value.
fn is_scalar(value: &Value) -> bool {
    value.as_array().is_some_and(|point| {
        point.len() == 3 && point.iter().all(|v| !v.is_array() && !v.is_object())
    })
}

/// The list or the columns in an object that has a log among other things.
fn inner(map: &Map<String, Value>) -> Option<&Value> {
    let is_log = |value: &&Value| match value {
        Value::Array(items) => is_list(items),
        Value::Object(map) => is_columns(map),
        _ => false,
    };
    LISTS.iter().filter_map(|key| map.get(*key)).find(is_log)
}

/// pandas' form of names here and rows there.
fn split(map: &Map<String, Value>) -> Option<(Vec<&str>, &Vec<Value>)> {
    let names: Vec<&str> =
        map.get("columns")?.as_array()?.iter().map(Value::as_str).collect::<Option<_>>()?;
    let rows = map.get("data")?.as_array()?;
    names.iter().any(|path| name(path).is_some()).then_some((names, rows))
}

/// Whether a JSON value is a log. What holds tensors never is.
pub fn is_log(value: &Value) -> bool {
    match value {
        Value::Array(items) => is_list(items),
        Value::Object(map) => {
            if split(map).is_some() {
                return true;
            }
            if holds_tensors(value) {
                return false;
            }
            inner(map).is_some() || is_columns(map) || is_only_entry(map)
        }
        _ => false,
    }
}

/// A log of one line.
fn is_only_entry(map: &Map<String, Value>) -> bool {
    let has = |is: fn(Field) -> bool| map.keys().filter_map(|key| name(key)).any(|n| is(n.field));
    has(|field| field == Field::Step) && has(|field| field.is_share() || field == Field::Loss)
}

impl Table {
    /// Adds all rows of a JSON value.
    pub fn add_value(&mut self, value: &Value) -> Result<(), Error> {
        match value {
            Value::Array(items) => self.add_list(items),
            Value::Object(map) => {
                if let Some((names, rows)) = split(map) {
                    return self.add_split(&names, rows);
                }
                match inner(map) {
                    Some(inner) => self.add_value(inner),
                    None if is_columns(map) => self.add_columns(map),
                    None => {
                        self.add_object(1, map);
                        Ok(())
                    }
                }
            }
            _ => Ok(()),
        }
    }

    fn add_list(&mut self, items: &[Value]) -> Result<(), Error> {
        at_most("lines", items.len(), MAX_LOG_LINES)?;
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::Object(map) => self.add_object(index + 1, map),
                Value::Array(point) if is_scalar(item) => {
                    let names = ["wall_time", "step", "value"];
                    self.add_row(index + 1, &names, point);
                }
                _ => self.skipped.add(index + 1, NO_OBJECT),
            }
        }
        Ok(())
    }

    fn add_row(&mut self, at: usize, names: &[&str], values: &[Value]) {
        let cells = names.iter().zip(values);
        let cells = cells.filter_map(|(path, value)| Some((self.column(path)?, Cell::of(value))));
        let cells = cells.collect();
        self.add(at, cells, None);
    }

    fn add_split(&mut self, names: &[&str], rows: &[Value]) -> Result<(), Error> {
        at_most("lines", rows.len(), MAX_LOG_LINES)?;
        for (index, row) in rows.iter().enumerate() {
            match row.as_array() {
                Some(values) => self.add_row(index + 1, names, values),
                None => self.skipped.add(index + 1, "it is not a list of values"),
            }
        }
        Ok(())
    }

    fn add_columns(&mut self, map: &Map<String, Value>) -> Result<(), Error> {
        let mut rows: Vec<Vec<(u8, Cell)>> = Vec::new();
        for (key, value) in map.iter().filter(|(_, value)| is_column(value)) {
            let Some(place) = self.column(key) else { continue };
            let values: Vec<&Value> = match value {
                Value::Array(items) => items.iter().collect(),
                Value::Object(map) => map.values().collect(),
                _ => Vec::new(),
            };
            at_most("lines", values.len(), MAX_LOG_LINES)?;
            if rows.len() < values.len() {
                rows.resize_with(values.len(), Vec::new);
            }
            for (row, value) in rows.iter_mut().zip(values) {
                row.push((place, Cell::of(value)));
            }
        }
        for (index, cells) in rows.into_iter().enumerate() {
            self.add(index + 1, cells, None);
        }
        Ok(())
    }
}

/// What a line is not.
pub const NO_OBJECT: &str = "it is not a JSON object ({…})";

/// The JSON object in a line of text, or what is wrong with it: as programs log it, after a time or a word, and as Python
/// prints a dict.
pub fn object(line: &[u8]) -> Result<Map<String, Value>, String> {
    let Some(start) = line.iter().position(|byte| *byte == b'{') else {
        return Err(NO_OBJECT.to_owned());
    };
    let end = line.iter().rposition(|byte| *byte == b'}').filter(|end| *end > start);
    let text = line.get(start..end.map_or(line.len(), |end| end + 1)).unwrap_or_default();
    let read = |text: &[u8]| match parse(text).map(plain) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(NO_OBJECT.to_owned()),
        Err(Error::Json { column, what, .. }) => {
            Err(format!("column {}: {}", start + column, shown(&what)))
        }
        Err(other) => Err(other.to_string()),
    };
    read(text).or_else(|what| {
        let as_json =
            std::str::from_utf8(text).ok().filter(|text| text.contains('\'')).map(from_python);
        as_json.and_then(|json| read(json.as_bytes()).ok()).ok_or(what)
    })
}

/// A dict as Python prints it, in JSON's words.
fn from_python(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut word = String::new();
    for letter in text.chars() {
        if quote.is_none() && letter.is_ascii_alphabetic() {
            word.push(letter);
            continue;
        }
        out.push_str(match word.as_str() {
            "None" => "null",
            "True" => "true",
            "False" => "false",
            "nan" => "NaN",
            "inf" => "Infinity",
            other => other,
        });
        word.clear();
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            ('"', Some(_)) => out.push('\\'),
            _ => {}
        }
        out.push(if quote != Some('"') && letter == '\'' { '"' } else { letter });
    }
    out
}

/// The lines of a text that are not blank, with their numbers from 1.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = text.split(|byte| *byte == b'\n').enumerate();
    lines.map(|(index, line)| (index + 1, line.trim_ascii())).filter(|(_, line)| !line.is_empty())
}

/// Whether text has lines that a run logged.
pub fn has_entries(text: &[u8]) -> bool {
    let looked = || {
        lines(text).take(MAX_LINES_LOOKED_AT).filter(|(_, line)| line.len() <= MAX_LOG_LINE_BYTES)
    };
    looked().any(|(_, line)| object(line).is_ok_and(|map| is_entry(&Value::Object(map))))
}

/// Whether the beginning of text that is no JSON, or broken JSON, has what a line of a log has, and no weights.
pub fn mentions_entries(text: &[u8]) -> bool {
    let head = text.get(..MAX_LOG_LINE_BYTES.min(text.len())).unwrap_or_default();
    let has = |key: &str| {
        head.windows(key.len() + 2).any(|part| {
            part.first() == Some(&b'"')
                && part.last() == Some(&b'"')
                && part.get(1..=key.len()) == Some(key.as_bytes())
        })
    };
    has("step")
        && ["loss", "val_exact", "val_tok_acc"].into_iter().any(has)
        && !STATE_DICT_KEYS.into_iter().chain(["config"]).any(has)
}

impl Table {
    /// Adds every line that holds a JSON object.
    pub fn add_lines(&mut self, text: &[u8]) -> Result<(), Error> {
        self.has_lines = true;
        for (number, line) in lines(text) {
            at_most("lines", number, MAX_LOG_LINES)?;
            if line.len() > MAX_LOG_LINE_BYTES {
                self.skipped.add(number, too_long(line.len()));
                continue;
            }
            match object(line) {
                Ok(map) => self.add_object(number, &map),
                Err(what) => self.skipped.add(number, what),
            }
        }
        Ok(())
    }
}

/// What is wrong with a line of `bytes`.
pub fn too_long(bytes: usize) -> String {
    format!("it has {bytes} bytes, and a line of a log at most {MAX_LOG_LINE_BYTES}")
}
