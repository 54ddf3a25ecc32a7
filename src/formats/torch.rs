//! What PyTorch and NumPy write: `.pt`, which is a zip archive of stored entries with a pickle (`*/data.pkl`) that says what
//! there is and raw little-endian storages (`*/data/N`) that it points at; the format from before 1.6; bare pickles; `.npz`
//! and `.npy`.

use super::error::{Error, shown};
use super::find::{self, Content};
use super::names::two;
use super::node::Node;
use super::pickle::{self, Array, Pickled, Source, legacy};
use super::raw::Raw;
use super::zip::Archive;
use model::file::Format;
use model::names::clean_name;
use model::tensors::is_known;
use serde_json::{Map, Value};

/// Whether an entry of an archive is the pickle of a checkpoint.
pub(super) fn is_pickle(name: &str) -> bool {
    name == "data.pkl" || name.ends_with("/data.pkl")
}

/// Reads a `.pt` file. Nothing in it is run.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, Error> {
    let mut archive = Archive::open(bytes)?;
    let mut pickles = archive.names().filter(|name| is_pickle(name)).map(str::to_owned);
    let name =
        pickles.next().ok_or_else(|| Error::MissingEntry { entry: "data.pkl".to_owned() })?;
    if let Some(second) = pickles.next() {
        return Err(two(&name, &second));
    }
    drop(pickles);
    archive.unpack(|_| true)?;
    let root = name.strip_suffix("data.pkl").unwrap_or_default();
    // Files from before PyTorch 2.0 have no such entry and are little-endian too.
    let order = archive.get(&format!("{root}byteorder")).unwrap_or(b"little");
    if order.trim_ascii() != b"little" {
        return Err(Error::ByteOrder { found: shown(&String::from_utf8_lossy(order)) });
    }
    let pickle = archive.get(&name).unwrap_or_default();
    pickled(Format::Torch, &Pickled::read(pickle, Source::Zip(&archive, root))?)
}

/// Reads a file from before PyTorch 1.6.
pub(super) fn read_legacy(bytes: &[u8]) -> Result<Raw, Error> {
    pickled(Format::Torch, &legacy::read(bytes)?)
}

/// Reads a pickle that `torch.save` did not write.
pub(super) fn read_pickle(bytes: &[u8]) -> Result<Raw, Error> {
    pickled(Format::Pickle, &Pickled::read(bytes, Source::Pickle)?)
}

fn pickled(format: Format, file: &Pickled<'_>) -> Result<Raw, Error> {
    let top = Node::Pickled(file, file.top);
    find::raw(&Content { format, top, tensors: Vec::new() })
}

/// Reads a `.npy` file, which holds a state dict only as a pickle.
pub(super) fn read_npy(bytes: &[u8]) -> Result<Raw, Error> {
    match pickle::objects_in(bytes) {
        Some(file) => pickled(Format::Numpy, &file?),
        None => Err(Error::NoStateDict { found: "one NumPy array, without a name".to_owned() }),
    }
}

/// Reads a `.npz` archive: arrays by their names.
pub(super) fn read_npz(bytes: &[u8]) -> Result<Raw, Error> {
    let mut archive = Archive::open(bytes)?;
    archive.unpack(|_| true)?;
    let mut arrays = Vec::new();
    let mut fields = Map::new();
    for entry in archive.names() {
        let (Some(name), Some(file)) = (entry.strip_suffix(".npy"), archive.get(entry)) else {
            continue;
        };
        if let Some(text) = pickle::text_in(file) {
            fields.insert(name.to_owned(), Value::String(text));
        } else if let Some(objects) = pickle::objects_in(file) {
            let objects = objects?;
            fields
                .insert(name.to_owned(), Node::Pickled(&objects, objects.top).to_json(name).value);
        } else if let Some(array) = Array::of_file(file) {
            arrays.push((name.to_owned(), array));
        }
    }
    for (name, array) in &arrays {
        if is_known(&clean_name(name)) {
            continue;
        }
        // One number can be a step, and what is no number is no tensor.
        let field = match array {
            Ok(array) => array.number().map(Value::from),
            Err(kind) => Some(Value::from(kind.as_str())),
        };
        if let Some(field) = field {
            fields.insert(name.clone(), field);
        }
    }
    arrays.retain(|(name, _)| !fields.contains_key(name));
    let tensors = arrays.iter().map(|(name, array)| {
        let node = match array {
            Ok(array) => Node::Array(array),
            Err(kind) => Node::Odd(kind),
        };
        (name.clone(), node)
    });
    let tensors = tensors.collect();
    let top = Value::Object(fields);
    find::raw(&Content { format: Format::Numpy, top: Node::Json(&top), tensors })
}
