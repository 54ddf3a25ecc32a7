//! A safetensors file of f32 and f64 tensors, as histories and saved runs are.

use super::damaged;
use crate::element::{Element, first};
use crate::error::{Error, at_most, shown};
use crate::json::{parse, plain};
use crate::limits::{MAX_FILE_BYTES, MAX_HISTORY_ELEMENTS, MAX_NAME_BYTES, MAX_RANK, MAX_TENSORS};
use crate::safetensors as reader;
use ::safetensors::Dtype;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// A safetensors file of f32 and f64 tensors, within the limits of a history.
pub struct Unpacked {
    metadata: HashMap<String, String>,
    /// What is not yet taken out.
    pub tensors: BTreeMap<String, Tensor>,
}

/// A tensor as it stands in a file; f32 became f64.
#[derive(Debug)]
pub struct Tensor {
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers, row by row.
    pub data: Vec<f64>,
}

impl Unpacked {
    /// Reads a file, whatever its bytes.
    pub fn read(bytes: &[u8]) -> Result<Unpacked, Error> {
        if bytes.trim_ascii().is_empty() {
            return Err(Error::Empty);
        }
        at_most("bytes", bytes.len(), MAX_FILE_BYTES)?;
        let (file, metadata) = reader::open(bytes)?;
        let mut tensors = BTreeMap::new();
        let mut elements = 0usize;
        for (name, view) in file.iter() {
            at_most("bytes in the name of a tensor", name.len(), MAX_NAME_BYTES)?;
            at_most("tensors", tensors.len() + 1, MAX_TENSORS)?;
            at_most("dimensions of a tensor", view.shape().len(), MAX_RANK)?;
            if view.shape().contains(&0) {
                return Err(damaged(format!("the tensor {} has a dimension of 0", shown(name))));
            }
            let element = match view.dtype() {
                Dtype::F32 => Element::F32,
                Dtype::F64 => Element::F64,
                other => {
                    let (name, dtype) = (shown(name), format!("{other:?}"));
                    return Err(Error::ElementType { name, dtype });
                }
            };
            elements = elements.saturating_add(view.data().len() / element.size());
            at_most("elements in tensors", elements, MAX_HISTORY_ELEMENTS)?;
            let data = match element {
                Element::F64 => {
                    view.data().chunks_exact(8).map(|v| f64::from_le_bytes(first(v))).collect()
                }
                _ => element.decode_all(view.data()).into_iter().map(f64::from).collect(),
            };
            tensors.insert(name.to_owned(), Tensor { shape: view.shape().to_vec(), data });
        }
        Ok(Unpacked { metadata, tensors })
    }

    /// The metadata under `key`.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// The metadata under `key`, read as JSON.
    pub fn field(&self, key: &'static str) -> Result<Option<Value>, Error> {
        let Some(text) = self.metadata.get(key) else { return Ok(None) };
        let value = parse(text.as_bytes()).map(plain);
        value.map(Some).map_err(|_| Error::Field { key, found: shown(text), wanted: "JSON text" })
    }

    /// Takes out all tensors whose names begin with `prefix`.
    pub(super) fn take(&mut self, prefix: &str) -> BTreeMap<String, Tensor> {
        let (taken, left) = std::mem::take(&mut self.tensors)
            .into_iter()
            .partition(|(name, _)| name.starts_with(prefix));
        self.tensors = left;
        taken
    }
}
