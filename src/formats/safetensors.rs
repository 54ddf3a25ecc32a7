//! safetensors: the state dict, with `config`, `step` and `metrics` as JSON strings in
//! `__metadata__`. The `safetensors` crate checks the header and every offset.

use super::element::{Element, first};
use super::error::{Error, at_most, shown};
use super::find::{self, Content};
use super::limits::MAX_JSON_BYTES;
use super::node::Node;
use super::raw::{Raw, Tensors};
use ::safetensors::{Dtype, SafeTensorError, SafeTensors};
use model::file::Format;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

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
    if let Some(name) = twice(bytes.get(8..8 + header).unwrap_or_default()) {
        let what = format!(
            "it holds the tensor {} twice, so which one is meant cannot be told",
            shown(&name)
        );
        return Err(Error::Safetensors { what });
    }
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| damaged(bytes, error))?;
    let file = SafeTensors::deserialize(bytes).map_err(|error| damaged(bytes, error))?;
    Ok((file, metadata.metadata().clone().unwrap_or_default()))
}

/// A tensor of such a file.
pub(super) struct Stored<'a> {
    dtype: Dtype,
    shape: &'a [usize],
    data: &'a [u8],
}

impl Stored<'_> {
    /// Reads its numbers.
    pub(super) fn read(&self, name: &str, tensors: &mut Tensors) -> Result<(), Error> {
        let element = element(self.dtype).ok_or_else(|| Error::ElementType {
            name: shown(name),
            dtype: format!("{:?}", self.dtype),
        })?;
        tensors.admit(name, self.shape)?;
        tensors.insert(name, self.shape, element.decode_all(self.data))
    }
}

/// Reads a safetensors file.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Error> {
    let (file, metadata) = open(bytes)?;
    let views = file.tensors();
    let mut stored: Vec<(&str, Stored<'_>)> = Vec::new();
    for (name, view) in &views {
        stored.push((name, Stored { dtype: view.dtype(), shape: view.shape(), data: view.data() }));
    }
    let tensors = stored.iter().map(|(name, stored)| ((*name).to_owned(), Node::Stored(stored)));
    let mut top = Map::new();
    let mut sorted = BTreeMap::new();
    for (key, text) in metadata {
        sorted.insert(key, text);
    }
    for (key, text) in sorted {
        top.insert(key, Value::String(text));
    }
    let top = Value::Object(top);
    let tensors = tensors.collect();
    find::raw(&Content { format: Format::Safetensors, top: Node::Json(&top), tensors })
}

/// A name that a header has twice. The crate would take the last of them.
fn twice(header: &[u8]) -> Option<String> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a header")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<String>, A::Error> {
            let mut names = BTreeSet::new();
            let mut twice = None;
            while let Some(name) = map.next_key::<String>()? {
                map.next_value::<IgnoredAny>()?;
                if !names.insert(name.clone()) {
                    twice = Some(name);
                }
            }
            Ok(twice)
        }
    }
    let mut header = serde_json::Deserializer::from_slice(header);
    // A header that is no JSON is refused by the crate, in better words.
    header.deserialize_map(Names).ok().flatten()
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
