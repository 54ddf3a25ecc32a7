//! safetensors: the state dict, with `config`, `step` and `metrics` as JSON strings in
//! `__metadata__`. The `safetensors` crate checks the header and every offset.

use super::element::{Element, first};
use super::error::{Error, at_most, shown};
use super::json::{parse, plain};
use super::limits::MAX_JSON_BYTES;
use super::raw::{EDITED, Raw, Tensors, object, step};
use ::safetensors::{Dtype, SafeTensorError, SafeTensors};
use model::file::Format;
use serde_json::Value;
use std::collections::HashMap;

/// A file whose header was checked, and its `__metadata__`.
pub(super) type Opened<'a> = (SafeTensors<'a>, HashMap<String, String>);

/// Checks the header of a safetensors file against its length and the limits.
pub(super) fn open(bytes: &[u8]) -> Result<Opened<'_>, Error> {
    let header = usize::try_from(u64::from_le_bytes(first(bytes))).unwrap_or(usize::MAX);
    let there = bytes.len().saturating_sub(8);
    if header > there {
        let what = format!("its header should have {header} bytes, and {there} are there");
        return Err(Error::Truncated { what });
    }
    at_most("bytes of JSON", header, MAX_JSON_BYTES)?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| damaged(bytes, error))?;
    let file = SafeTensors::deserialize(bytes).map_err(|error| damaged(bytes, error))?;
    Ok((file, metadata.metadata().clone().unwrap_or_default()))
}

/// Reads a safetensors file.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Error> {
    let (file, metadata) = open(bytes)?;
    let mut tensors = Tensors::default();
    for (name, view) in file.iter() {
        let element = element(view.dtype()).ok_or_else(|| Error::ElementType {
            name: shown(name),
            dtype: format!("{:?}", view.dtype()),
        })?;
        tensors.admit(name, view.shape())?;
        tensors.insert(name, view.shape(), element.decode_all(view.data()))?;
    }
    let field = |key: &'static str| {
        let text = metadata.get(key);
        text.map(|text| parse(text.as_bytes()).map(plain)).transpose().map_err(|_| Error::Field {
            key,
            found: shown(text.map_or("", String::as_str)),
            wanted: "JSON text",
        })
    };
    Ok(Raw {
        format: Format::Safetensors,
        config: object("config", field("config")?)?,
        step: step(field("step")?)?,
        metrics: object("metrics", field("metrics")?)?,
        edited: matches!(field(EDITED), Ok(Some(Value::Bool(true)))),
        tensors: tensors.into_map(),
    })
}

fn element(dtype: Dtype) -> Option<Element> {
    Some(match dtype {
        Dtype::F64 => Element::F64,
        Dtype::F32 => Element::F32,
        Dtype::F16 => Element::F16,
        Dtype::BF16 => Element::Bf16,
        Dtype::I64 => Element::I64,
        Dtype::I32 => Element::I32,
        Dtype::I16 => Element::I16,
        Dtype::I8 => Element::I8,
        Dtype::U64 => Element::U64,
        Dtype::U32 => Element::U32,
        Dtype::U16 => Element::U16,
        Dtype::U8 => Element::U8,
        Dtype::BOOL => Element::Bool,
        _ => return None,
    })
}

fn damaged(bytes: &[u8], error: SafeTensorError) -> Error {
    let what = match error {
        SafeTensorError::MetadataIncompleteBuffer => return wrong_length(bytes),
        SafeTensorError::InvalidHeader(_) => "its header is not UTF-8".to_owned(),
        SafeTensorError::InvalidHeaderDeserialization(error) => {
            format!("its header is not the JSON of safetensors ({})", shown(&error.to_string()))
        }
        SafeTensorError::InvalidOffset(name) => {
            format!("the bytes of the tensor {} are not where the one before ends", shown(&name))
        }
        other => shown(&other.to_string()),
    };
    Error::Safetensors { what }
}

/// The header is fine in itself, but not for a file of this length.
fn wrong_length(bytes: &[u8]) -> Error {
    let header = usize::try_from(u64::from_le_bytes(first(bytes))).unwrap_or(usize::MAX);
    let body = bytes.len().saturating_sub(8).saturating_sub(header);
    let json = bytes.get(8..).and_then(|rest| rest.get(..header)).unwrap_or_default();
    let parsed: Value = serde_json::from_slice(json).unwrap_or_default();
    let ends = parsed.as_object().into_iter().flat_map(|map| map.values());
    let wanted = ends.filter_map(|info| info.pointer("/data_offsets/1")?.as_u64()).max();
    match wanted {
        Some(wanted) if wanted > body as u64 => Error::Truncated {
            what: format!("its tensors should have {wanted} bytes, and {body} are there"),
        },
        _ => Error::Safetensors { what: "there are bytes after its last tensor".to_owned() },
    }
}
