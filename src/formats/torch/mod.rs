//! PyTorch's `.pt`: a zip archive of stored entries, with a pickle (`*/data.pkl`) that says
//! what there is and raw little-endian storages (`*/data/N`) that it points at.

mod object;
mod opcode;
mod pickle;
mod tensor;
pub(super) mod zip;

use super::error::{Error, at_most, shown};
use super::limits::MAX_PICKLE_BYTES;
use super::raw::{Raw, STATE_DICT_KEYS, Tensors, listed, object, step};
use model::file::Format;
use object::{Id, Object, Objects};
use serde_json::Value;
use zip::Archive;

/// Reads a `.pt` file. Nothing in it is run: the pickle can make dicts, lists, numbers,
/// text and descriptions of tensors, and anything else is refused by its name.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Error> {
    let archive = Archive::open(bytes)?;
    archive.verify()?;
    let name = archive
        .names()
        .find(|name| *name == "data.pkl" || name.ends_with("/data.pkl"))
        .ok_or_else(|| Error::MissingEntry { entry: "data.pkl".to_owned() })?;
    let root = name.strip_suffix("data.pkl").unwrap_or_default();
    // Files from before PyTorch 2.0 have no such entry and are little-endian too.
    let order = archive.get(&format!("{root}byteorder")).unwrap_or(b"little");
    if order.trim_ascii() != b"little" {
        return Err(Error::ByteOrder { found: shown(&String::from_utf8_lossy(order)) });
    }
    let pickle = archive.get(name).unwrap_or_default();
    at_most("bytes in the pickle", pickle.len(), MAX_PICKLE_BYTES)?;
    let (objects, top) = pickle::load(pickle)?;

    let state = state_dict(&objects, top)?;
    let mut tensors = Tensors::default();
    for (key, value) in state.items {
        let name = objects.key(key);
        let Object::Tensor(view) = objects.get(value) else {
            return Err(Error::NotATensor { name: shown(&name), found: objects.kind(value) });
        };
        view.read(&name, &archive, root, &mut tensors)?;
    }
    let field = |key: &str| -> Result<Option<Value>, Error> {
        if state.bare {
            return Ok(None);
        }
        objects.entry(top, key).map(|id| objects.to_json(id)).transpose()
    };
    Ok(Raw {
        format: Format::Torch,
        config: object("config", field("config")?)?,
        step: step(field("step")?)?,
        metrics: object("metrics", field("metrics")?)?,
        edited: false,
        tensors: tensors.into_map(),
    })
}

/// Where the weights are.
struct StateDict {
    items: Vec<(Id, Id)>,
    /// The whole file is the state dict.
    bare: bool,
}

fn state_dict(objects: &Objects<'_>, top: Id) -> Result<StateDict, Error> {
    let Object::Dict { items, .. } = objects.get(top) else {
        return Err(Error::NoStateDict { found: objects.kind(top).to_owned() });
    };
    for key in STATE_DICT_KEYS {
        if let Some(Object::Dict { items, .. }) = objects.entry(top, key).map(|id| objects.get(id))
        {
            return Ok(StateDict { items: items.clone(), bare: false });
        }
    }
    let is_tensor = |(_, value): &(Id, Id)| matches!(objects.get(*value), Object::Tensor(_));
    if !items.is_empty() && items.iter().all(is_tensor) {
        return Ok(StateDict { items: items.clone(), bare: true });
    }
    let keys = items.iter().filter_map(|(key, _)| match objects.get(*key) {
        Object::Text(key) => Some(*key),
        _ => None,
    });
    Err(Error::NoStateDict { found: listed(keys) })
}
