//! What a pickle can make here: plain data and descriptions of tensors. Objects refer to each
//! other by number, so nothing is cloned when it is mentioned again, a cycle is harmless, and
//! dropping them never recurses.

use crate::element::Element;
use crate::error::{Error, at_most};
use crate::limits::{MAX_CONFIG_SIZE, MAX_DEPTH};
use serde_json::{Map, Number, Value};

/// The number of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Id(pub(super) usize);

/// The Python objects that weights need. All others are refused by name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Global {
    OrderedDict,
    Size,
    RebuildTensor,
    RebuildParameter,
    Storage(Element),
}

impl Global {
    /// The allow-list.
    pub(super) fn find(module: &str, name: &str) -> Option<Self> {
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("torch", "Size") => Self::Size,
            ("torch._utils", "_rebuild_tensor_v2") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Self::RebuildParameter,
            ("torch", "DoubleStorage") => Self::Storage(Element::F64),
            ("torch", "FloatStorage") => Self::Storage(Element::F32),
            ("torch", "HalfStorage") => Self::Storage(Element::F16),
            ("torch", "BFloat16Storage") => Self::Storage(Element::Bf16),
            ("torch", "LongStorage") => Self::Storage(Element::I64),
            ("torch", "IntStorage") => Self::Storage(Element::I32),
            ("torch", "ShortStorage") => Self::Storage(Element::I16),
            ("torch", "CharStorage") => Self::Storage(Element::I8),
            ("torch", "ByteStorage") => Self::Storage(Element::U8),
            ("torch", "BoolStorage") => Self::Storage(Element::Bool),
            _ => return None,
        })
    }
}

/// Raw elements in an entry of the archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Storage<'a> {
    pub(super) element: Element,
    /// The `N` of `data/N`.
    pub(super) key: &'a str,
    /// How many elements it should have.
    pub(super) count: u64,
}

/// A tensor: how to walk over a storage. Offset and strides count elements.
#[derive(Clone, Debug)]
pub(super) struct View<'a> {
    pub(super) storage: Storage<'a>,
    pub(super) offset: u64,
    pub(super) shape: Vec<usize>,
    pub(super) strides: Vec<usize>,
}

/// An object of a pickle. Text stays in the file's bytes.
#[derive(Debug)]
pub(super) enum Object<'a> {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'a str),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict {
        items: Vec<(Id, Id)>,
        /// An `OrderedDict`, the one object that may be given a state.
        ordered: bool,
    },
    Global(Global),
    Storage(Storage<'a>),
    Tensor(Box<View<'a>>),
}

impl Object<'_> {
    /// What it is, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::Tuple(_) | Self::List(_) => "a list",
            Self::Dict { .. } => "a dict",
            Self::Global(_) => "a type",
            Self::Storage(_) => "a storage",
            Self::Tensor(_) => "a tensor",
        }
    }
}

/// All objects of a pickle.
#[derive(Debug, Default)]
pub(super) struct Objects<'a>(pub(super) Vec<Object<'a>>);

impl<'a> Objects<'a> {
    /// The object of a number. The machine gives out numbers of objects that are there.
    pub(super) fn get(&self, id: Id) -> &Object<'a> {
        self.0.get(id.0).unwrap_or(&Object::None)
    }

    /// What an object is, for a message.
    pub(super) fn kind(&self, id: Id) -> &'static str {
        self.get(id).kind()
    }

    /// The value of a key in a dict. The last one counts, as in Python.
    pub(super) fn entry(&self, dict: Id, key: &str) -> Option<Id> {
        let Object::Dict { items, .. } = self.get(dict) else { return None };
        let is_key = |id: Id| matches!(self.get(id), Object::Text(text) if *text == key);
        items.iter().rev().find(|(found, _)| is_key(*found)).map(|(_, value)| *value)
    }

    /// An object as JSON: a configuration, a step, metrics.
    pub(super) fn to_json(&self, id: Id) -> Result<Value, Error> {
        let mut size = 0;
        self.value(id, 0, &mut size)
    }

    fn value(&self, id: Id, depth: usize, size: &mut usize) -> Result<Value, Error> {
        at_most("levels in the configuration", depth, MAX_DEPTH)?;
        let object = self.get(id);
        *size += 1 + if let Object::Text(text) = object { text.len() } else { 0 };
        at_most("bytes and values in the configuration", *size, MAX_CONFIG_SIZE)?;
        Ok(match object {
            Object::None => Value::Null,
            Object::Bool(truth) => Value::Bool(*truth),
            Object::Int(int) => integer(*int),
            // NaN and infinities have no JSON: null.
            Object::Float(float) => Value::from(*float),
            Object::Text(text) => Value::from(*text),
            Object::Tuple(items) | Object::List(items) => {
                let items = items.iter().map(|item| self.value(*item, depth + 1, size));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Object::Dict { items, .. } => {
                let mut map = Map::new();
                for (key, value) in items {
                    let key = self.key(*key);
                    *size += key.len();
                    map.insert(key, self.value(*value, depth + 1, size)?);
                }
                Value::Object(map)
            }
            // Not plain data. Nothing is made up for it.
            Object::Global(_) | Object::Storage(_) | Object::Tensor(_) => Value::Null,
        })
    }

    /// A dict's key as text, as Python's `json` writes it.
    pub(super) fn key(&self, id: Id) -> String {
        match self.get(id) {
            Object::Text(text) => (*text).to_owned(),
            Object::Int(int) => int.to_string(),
            Object::Float(float) => float.to_string(),
            Object::Bool(truth) => truth.to_string(),
            Object::None => "null".to_owned(),
            other => other.kind().to_owned(),
        }
    }
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
