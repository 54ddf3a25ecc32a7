//! What is in a file, whatever its format: named values, lists, tensors and plain values.

use super::error::{Error, shown};
use super::json;
use super::limits::{MAX_CONFIG_SIZE, MAX_DEPTH, MAX_UNREAD};
use super::pickle::{Array, FLAGGED, Found, Id, META, Pickled, Plain};
use super::raw::{Tensors, as_name};
use serde_json::{Map, Number, Value};

/// A value of a file.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// Of a pickle.
    Pickled(&'a Pickled<'a>, Id),
    /// Of JSON.
    Json(&'a Value),
    /// A file of one array.
    Array(&'a Array<'a>),
    /// A tensor of a type that is not read.
    Odd(&'a str),
    /// A tensor of a safetensors file.
    Stored(&'a super::safetensors::Stored<'a>),
}

/// Whether a value is a tensor.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Tensorness {
    /// It is none.
    Not,
    /// It is a number, or a list of some, which is one where its name is that of a tensor.
    Number,
    /// It is.
    Is,
}

impl<'a> Node<'a> {
    /// The named values in it.
    pub(super) fn entries(self) -> Option<Vec<(String, Node<'a>)>> {
        match self {
            Node::Pickled(file, id) => {
                let entries = file.entries(id)?.into_iter();
                Some(entries.map(|(key, value)| (key, Node::Pickled(file, value))).collect())
            }
            Node::Json(Value::Object(map)) if json::shaped_data(map).is_none() => Some(
                map.iter()
                    .map(|(key, value)| (as_name(key).to_owned(), Node::Json(value)))
                    .collect(),
            ),
            _ => None,
        }
    }

    /// The values of a list that has at most `most`.
    pub(super) fn items(self, most: usize) -> Option<Vec<Node<'a>>> {
        match self {
            Node::Pickled(file, id) => {
                let items = file.items(id).filter(|items| items.len() <= most)?;
                Some(items.iter().map(|value| Node::Pickled(file, *value)).collect())
            }
            Node::Json(Value::Array(items)) if items.len() <= most => {
                Some(items.iter().map(Node::Json).collect())
            }
            _ => None,
        }
    }

    /// Whether it says that there is nothing.
    pub(super) fn is_null(self) -> bool {
        match self {
            Node::Pickled(file, id) => matches!(file.plain(id), Some(Plain::None)),
            Node::Json(value) => value.is_null(),
            _ => false,
        }
    }

    /// How many items of the file's objects were looked at so far, where they can be mentioned again.
    pub(super) fn looked_at(self) -> usize {
        match self {
            Node::Pickled(file, _) => file.looked_at(),
            _ => 0,
        }
    }

    /// Whether it is a tensor.
    pub(super) fn tensorness(self) -> Tensorness {
        match self {
            Node::Pickled(file, id) if file.is_tensor(id) => Tensorness::Is,
            Node::Pickled(file, id) => match file.plain(id) {
                Some(Plain::Int(_) | Plain::Float(_)) => Tensorness::Number,
                _ if file.is_list_of_numbers(id) => Tensorness::Number,
                _ => Tensorness::Not,
            },
            Node::Json(Value::Object(map)) if json::shaped_data(map).is_some() => Tensorness::Is,
            Node::Json(Value::Array(_)) => Tensorness::Is,
            Node::Json(value) if json::number(value).is_some() => Tensorness::Number,
            Node::Json(_) => Tensorness::Not,
            Node::Array(_) | Node::Odd(_) | Node::Stored(_) => Tensorness::Is,
        }
    }

    /// Reads the numbers of a tensor.
    pub(super) fn read(self, name: &str, tensors: &mut Tensors) -> Result<(), Error> {
        let odd = |dtype: &str| match dtype {
            FLAGGED => Error::NotATensor { name: shown(name), found: FLAGGED.to_owned() },
            META => Error::NoNumbers { name: shown(name) },
            _ => Error::ElementType { name: shown(name), dtype: shown(dtype) },
        };
        match self {
            Node::Pickled(file, id) => match (file.tensor(id), file.plain(id)) {
                (Some(Found::View(view)), _) => view.read(name, file, tensors),
                (Some(Found::Array(array)), _) => array.read(name, tensors),
                (Some(Found::Odd(dtype)), _) => Err(odd(dtype)),
                (None, Some(Plain::Float(float))) => one(name, float, tensors),
                (None, Some(Plain::Int(int))) => one(name, int as f64, tensors),
                _ if file.is_list_of_numbers(id) => {
                    json::tensor(name, &self.to_json(name).value, tensors)
                }
                _ => Err(Error::NotATensor { name: shown(name), found: self.kind() }),
            },
            Node::Json(value) => json::tensor(name, value, tensors),
            Node::Array(array) => array.read(name, tensors),
            Node::Odd(dtype) => Err(odd(dtype)),
            Node::Stored(stored) => stored.read(name, tensors),
        }
    }

    /// What it is, for a message.
    pub(super) fn kind(self) -> String {
        match self {
            Node::Pickled(file, id) => shown(&file.kind(id)),
            Node::Json(value) => match value {
                Value::Null => "null",
                Value::Bool(_) => "a boolean",
                Value::Number(_) => "a number",
                Value::String(_) => "a string",
                Value::Array(_) => "a list",
                Value::Object(_) => "an object",
            }
            .to_owned(),
            Node::Array(_) | Node::Odd(_) | Node::Stored(_) => "a tensor".to_owned(),
        }
    }

    /// It as JSON, with what could not be read.
    pub(super) fn to_json(self, path: &str) -> Reading {
        let mut reading = Reading::default();
        let mut path = path.to_owned();
        reading.value = self.value(0, &mut path, &mut reading);
        reading
    }

    fn value(self, depth: usize, path: &mut String, reading: &mut Reading) -> Value {
        reading.size += 1;
        if depth > MAX_DEPTH || reading.size > MAX_CONFIG_SIZE {
            return reading.too_large(path);
        }
        if let Node::Json(value) = self {
            return json::plain(value.clone());
        }
        if let Some(plain) = self.plain() {
            if let Value::String(text) = &plain {
                reading.size += text.len();
            }
            return plain;
        }
        let length = path.len();
        let mut inside = |key: &str, node: Node<'_>, reading: &mut Reading| {
            reading.size += key.len();
            path.truncate(length);
            path.push('.');
            path.push_str(&shown(key));
            node.value(depth + 1, path, reading)
        };
        let value = if let Some(entries) = self.entries() {
            let mut map = Map::new();
            for (key, node) in entries {
                if reading.is_full {
                    break;
                }
                let value = inside(&key, node, reading);
                map.insert(key, value);
            }
            Value::Object(map)
        } else if let Some(items) = self.items(usize::MAX) {
            let mut list = Vec::new();
            for (index, node) in items.into_iter().enumerate() {
                if reading.is_full {
                    break;
                }
                list.push(inside(&index.to_string(), node, reading));
            }
            Value::Array(list)
        } else {
            // Tensors beside the weights, as an optimizer has them, are no news.
            if self.tensorness() == Tensorness::Not {
                reading.leave(path, &self.kind());
            }
            Value::Null
        };
        path.truncate(length);
        value
    }

    fn plain(self) -> Option<Value> {
        let Node::Pickled(file, id) = self else { return None };
        Some(match file.plain(id)? {
            Plain::None => Value::Null,
            Plain::Bool(truth) => Value::Bool(truth),
            Plain::Int(int) => integer(int),
            // NaN and infinities have no JSON: null.
            Plain::Float(float) => Value::from(float),
            Plain::Text(text) => Value::from(text.into_owned()),
        })
    }
}

/// A value as JSON, with what could not be read of it.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) value: Value,
    /// Paths of what could not be read, each with what it is.
    pub(super) unread: Vec<String>,
    size: usize,
    is_full: bool,
}

impl Reading {
    fn leave(&mut self, path: &str, kind: &str) {
        if self.unread.len() < MAX_UNREAD {
            self.unread.push(format!("{path} ({kind})"));
        }
    }

    /// What is too large is left unread as a whole: a part of a configuration would be another one.
    fn too_large(&mut self, path: &str) -> Value {
        if !self.is_full {
            self.is_full = true;
            let top = path.split('.').next().unwrap_or_default().to_owned();
            self.unread.clear();
            self.leave(&top, "too large or too deep");
        }
        Value::Null
    }

    /// How much of the limit it took.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Whether all of it was within the limits.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_full
    }
}

fn one(name: &str, number: f64, tensors: &mut Tensors) -> Result<(), Error> {
    tensors.admit(name, &[])?;
    tensors.insert(name, &[], vec![number as f32])
}

fn integer(int: i128) -> Value {
    if let Ok(int) = i64::try_from(int) {
        Value::from(int)
    } else if let Ok(int) = u64::try_from(int) {
        Value::from(int)
    } else {
        Number::from_f64(int as f64).map_or(Value::Null, Value::Number)
    }
}
