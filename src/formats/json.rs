//! JSON: the checkpoint's dict with tensors as nested lists, or a bare dict of those.

use super::error::{Error, at_most, shown};
use super::find::{self, Content};
use super::limits::{MAX_JSON_BYTES, MAX_RANK};
use super::node::Node;
use super::raw::{Raw, Tensors};
use super::text::decoded;
use model::file::Format;
use serde_json::{Map, Value, error::Category};

/// Stands before NaN, Infinity and -Infinity when they are made strings. No key or value
/// of a configuration begins with it.
const MARK: char = '\0';
/// The same inside JSON text, with its quote.
const MARKED: &str = "\"\\u0000";
/// How much longer a marked number is: the quotes and the mark.
const MARK_LENGTH: usize = 8;

/// Reads a JSON export.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Error> {
    at_most("bytes of JSON", bytes.len(), MAX_JSON_BYTES)?;
    let top = parse(&decoded(bytes))?;
    find::raw(&Content { format: Format::Json, top: Node::Json(&top), tensors: Vec::new() })
}

/// Shape and numbers of an object that is a tensor written as both.
pub(super) fn shaped_data(map: &Map<String, Value>) -> Option<(&Value, &Value)> {
    let shape = map.get("shape").or_else(|| map.get("size"))?;
    let data = map.get("data").or_else(|| map.get("values"))?;
    (shape.is_array() && is_tensor(data)).then_some((shape, data))
}

/// `bytes` without a byte order mark.
pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// JSON as Python's `json` writes it: NaN, Infinity and -Infinity are read as marked strings,
/// which `number` and `plain` know.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Error> {
    let text = std::str::from_utf8(without_bom(bytes)).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = good.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len) + 1;
        Error::Json { line, column, what: "it is not UTF-8".to_owned() }
    })?;
    let text = mark_non_finite(text);
    serde_json::from_str(&text).map_err(|error| broken(&text, &error))
}

fn broken(text: &str, error: &serde_json::Error) -> Error {
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.get(..error.column()).unwrap_or(line);
    let column = error.column().saturating_sub(MARK_LENGTH * before.matches(MARKED).count());
    let what = if error.classify() == Category::Eof {
        "it ends in the middle of a value".to_owned()
    } else {
        let all = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        all.strip_suffix(&position).unwrap_or(&all).to_owned()
    };
    Error::Json { line: error.line(), column, what }
}

/// Makes the bare words NaN, Infinity and -Infinity into marked strings.
fn mark_non_finite(text: &str) -> std::borrow::Cow<'_, str> {
    const WORDS: [&str; 3] = ["NaN", "Infinity", "-Infinity"];
    if !WORDS.iter().any(|word| text.contains(word)) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // The even parts between quotes are outside of strings.
    while !rest.is_empty() {
        let (outside, from_quote) = rest.split_at(rest.find('"').unwrap_or(rest.len()));
        let mut bare = outside;
        while let Some(found) = bare.find(['N', 'I', '-']) {
            let (before, from) = bare.split_at(found);
            out.push_str(before);
            if let Some(word) = WORDS.into_iter().find(|word| from.starts_with(word)) {
                out.extend([MARKED, word, "\""]);
                bare = from.get(word.len()..).unwrap_or_default();
            } else {
                out.push_str(from.get(..1).unwrap_or_default());
                bare = from.get(1..).unwrap_or_default();
            }
        }
        out.push_str(bare);
        let (string, after) = from_quote.split_at(string_length(from_quote));
        out.push_str(string);
        rest = after;
    }
    out.into()
}

/// Bytes of the string literal that `text` begins with, both quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A number, NaN and infinities included.
pub(super) fn number(value: &Value) -> Option<f32> {
    match value {
        Value::Number(number) => number.as_f64().map(|float| float as f32),
        Value::Bool(truth) => Some(f32::from(u8::from(*truth))),
        Value::String(text) => match text.strip_prefix(MARK)? {
            "NaN" => Some(f32::NAN),
            "Infinity" => Some(f32::INFINITY),
            "-Infinity" => Some(f32::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// A value without marks: what is no number becomes null, as JSON has no word for it.
pub(super) fn plain(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with(MARK) => Value::Null,
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, plain(value))).collect(),
        other => other,
    }
}

fn is_tensor(value: &Value) -> bool {
    value.is_array() || number(value).is_some()
}

/// Reads a tensor: nested lists, a number, or shape and numbers.
pub(super) fn tensor(name: &str, value: &Value, tensors: &mut Tensors) -> Result<(), Error> {
    if let Value::Object(map) = value {
        let (shape, data) = shaped_data(map).ok_or_else(|| Error::NotATensor {
            name: shown(name),
            found: "an object".to_owned(),
        })?;
        let sizes = shape.as_array().into_iter().flatten();
        let sizes: Option<Vec<usize>> =
            sizes.map(|size| usize::try_from(size.as_u64()?).ok()).collect();
        let sizes = sizes.ok_or_else(|| Error::Ragged { name: shown(name) })?;
        let count = tensors.admit(name, &sizes)?;
        let nested = shape_of(data)?;
        if !is_row_major(map, &sizes) || (nested.len() > 1 && nested != sizes) {
            let found = "a list of numbers in another order than its shape says".to_owned();
            return Err(Error::NotATensor { name: shown(name), found });
        }
        let mut numbers = Vec::new();
        flatten(name, data, &nested, &mut numbers)?;
        if numbers.len() != count {
            return Err(Error::Ragged { name: shown(name) });
        }
        return tensors.insert(name, &sizes, numbers);
    }
    let shape = shape_of(value)?;
    let count = tensors.admit(name, &shape)?;
    let mut data = Vec::with_capacity(count);
    flatten(name, value, &shape, &mut data)?;
    tensors.insert(name, &shape, data)
}

/// Whether nothing beside a shape says that its numbers are not all there is, the last axis fastest.
fn is_row_major(map: &Map<String, Value>, sizes: &[usize]) -> bool {
    let said = |key: &str| map.get(key).filter(|value| !value.is_null());
    let is_start = |key| said(key).is_none_or(|value| value.as_u64() == Some(0));
    let contiguous = |value: &Value, width: u64| {
        let Some(strides) = value.as_array().filter(|all| all.len() == sizes.len()) else {
            return false;
        };
        let mut step = width;
        strides.iter().zip(sizes).rev().all(|(stride, size)| {
            let is_so = *size < 2 || stride.as_u64() == Some(step);
            step = step.saturating_mul(*size as u64);
            is_so
        })
    };
    // NumPy's strides are of bytes.
    is_start("offset")
        && is_start("storage_offset")
        && said("order").is_none_or(|order| order == "C")
        && said("stride").is_none_or(|strides| contiguous(strides, 1))
        && said("strides").is_none_or(|s| [1, 4, 8].iter().any(|width| contiguous(s, *width)))
}

/// The first of each list sets the shape, which the others then have to have.
fn shape_of(value: &Value) -> Result<Vec<usize>, Error> {
    let mut shape = Vec::new();
    let mut first = Some(value);
    while let Some(Value::Array(items)) = first {
        shape.push(items.len());
        at_most("dimensions of a tensor", shape.len(), MAX_RANK)?;
        first = items.first();
    }
    Ok(shape)
}

fn flatten(name: &str, value: &Value, shape: &[usize], out: &mut Vec<f32>) -> Result<(), Error> {
    let found = match (value, shape) {
        (Value::Array(items), [len, inner @ ..]) if items.len() == *len => {
            return items.iter().try_for_each(|item| flatten(name, item, inner, out));
        }
        (Value::Array(_), _) => return Err(Error::Ragged { name: shown(name) }),
        (Value::Object(_), _) => "a list with an object in it",
        (Value::Null, _) => "a list with null in it",
        (value, shape) => match number(value) {
            Some(value) if shape.is_empty() => {
                out.push(value);
                return Ok(());
            }
            Some(_) => return Err(Error::Ragged { name: shown(name) }),
            None => "a list with a string in it",
        },
    };
    Err(Error::NotATensor { name: shown(name), found: found.to_owned() })
}
