//! What a file says, before anybody asks whether it is a MicroAdder.

use super::error::{Error, at_most, shown};
use super::limits::{MAX_ELEMENTS, MAX_NAME_BYTES, MAX_RANK, MAX_TENSORS};
use model::file::Format;
use model::file::size::MAX_WHOLE;
use model::params::shaped;
use ndarray::ArrayD;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a file says, before anybody asks whether it is a MicroAdder.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// The format that it was read from.
    pub format: Format,
    /// Tensors under their names in the file. Halves, doubles, integers and booleans
    /// became `f32`; NaN and infinities are still there.
    pub tensors: BTreeMap<String, ArrayD<f32>>,
    /// The configuration as it stands in the file.
    pub config: Option<Map<String, Value>>,
    /// Training steps behind these weights.
    pub step: Option<u64>,
    /// What the training script measured when it saved.
    pub metrics: Option<Map<String, Value>>,
    /// Whether an export said that its numbers were edited after training. Anything else
    /// that a file may have under this name says nothing.
    pub edited: bool,
    /// What a reader should know about how the file was read, as sentences: where its weights stood, and what was left
    /// unread.
    pub notes: Vec<String>,
}

/// The keys under which a state dict may stand, first choice first.
pub(super) const STATE_DICT_KEYS: [&str; 3] = ["model_state_dict", "state_dict", "model"];

/// The key under which an export says that its numbers were edited.
pub(super) const EDITED: &str = "edited_in_adderscope";

/// Tensors as they are collected, within the limits.
#[derive(Default)]
pub(super) struct Tensors {
    map: BTreeMap<String, ArrayD<f32>>,
    elements: usize,
}

impl Tensors {
    /// Counts a tensor before any memory is set aside for it. Returns its elements.
    pub(super) fn admit(&mut self, name: &str, shape: &[usize]) -> Result<usize, Error> {
        at_most("bytes in the name of a tensor", name.len(), MAX_NAME_BYTES)?;
        at_most("tensors", self.map.len() + 1, MAX_TENSORS)?;
        at_most("dimensions of a tensor", shape.len(), MAX_RANK)?;
        // Each dimension too: a zero among them makes a product that hides the others.
        shape.iter().try_for_each(|len| at_most("elements in tensors", *len, MAX_ELEMENTS))?;
        let count = shape.iter().fold(1, |product: usize, len| product.saturating_mul(*len));
        self.elements = self.elements.saturating_add(count);
        at_most("elements in tensors", self.elements, MAX_ELEMENTS)?;
        Ok(count)
    }

    /// Keeps a tensor that was admitted.
    pub(super) fn insert(
        &mut self,
        name: &str,
        shape: &[usize],
        data: Vec<f32>,
    ) -> Result<(), Error> {
        let array = shaped(shape, data).ok_or_else(|| Error::Ragged { name: shown(name) })?;
        self.map.insert(name.to_owned(), array);
        Ok(())
    }

    /// A tensor that was kept.
    pub(super) fn get(&self, name: &str) -> Option<&ArrayD<f32>> {
        self.map.get(name)
    }

    /// Takes a tensor out again.
    pub(super) fn take(&mut self, name: &str) -> Option<ArrayD<f32>> {
        self.map.remove(name)
    }

    pub(super) fn into_map(self) -> BTreeMap<String, ArrayD<f32>> {
        self.map
    }
}

/// A key as far as it can be a name: of a longer one enough to be refused as that.
pub(super) fn as_name(key: &str) -> &str {
    let mut starts = key.char_indices().map(|(at, _)| at);
    starts.find(|at| *at > MAX_NAME_BYTES).and_then(|end| key.get(..end)).unwrap_or(key)
}

/// `config` or `metrics`: an object, or nothing.
pub(super) fn object(
    key: &'static str,
    value: Option<Value>,
) -> Result<Option<Map<String, Value>>, Error> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(other) => Err(Error::Field {
            key,
            found: shown(&other.to_string()),
            wanted: "an object with named values",
        }),
    }
}

/// A whole number that is not negative, and that JavaScript holds too.
pub(super) fn whole(value: &Value) -> Option<u64> {
    let float =
        || value.as_f64().filter(|v| v.fract() == 0.0 && (0.0..MAX_WHOLE as f64).contains(v));
    value.as_u64().or_else(|| float().map(|v| v as u64)).filter(|n| *n < MAX_WHOLE)
}

/// The keys of a top level that has no state dict, for a message.
pub(super) fn listed<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    /// Bytes of keys in a message.
    const MOST: usize = 100;
    let mut text = String::new();
    for key in keys {
        if text.len() + key.len() > MOST && !text.is_empty() {
            text.push_str(", …");
            break;
        }
        text.push_str(if text.is_empty() { "the keys " } else { ", " });
        text.push_str(&shown(key));
    }
    if text.is_empty() { "no keys at all".to_owned() } else { text }
}
