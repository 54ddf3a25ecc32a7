//! PyTorch's format from before 1.6: pickles one after the other (a number that says what it is, the version,
//! facts of the machine, the checkpoint, the keys of its storages), then the storages.

use super::machine::{Loaded, load, load_inner};
use super::object::{Object, Objects, Place};
use super::{Pickled, Source};
use crate::element::{Element, first};
use crate::error::{Error, at_most, shown};
use crate::limits::{MAX_PICKLE_BYTES, MAX_STORAGE_HEAD};
use std::collections::BTreeMap;

/// How such a file begins: the number 0x1950a86a20f9469cfc6c in protocols 2 and up, and as protocols 0 and 1 write it.
pub(crate) const MAGIC: [&[u8]; 2] =
    [b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", b"L119547037146038801333356L\n."];

/// Whether `bytes` begin as such a file.
pub(crate) fn is_legacy(bytes: &[u8]) -> bool {
    let body = match bytes {
        [0x80, 2..=5, body @ ..] => body,
        body => body,
    };
    // Protocol 4 puts the pickle into a frame.
    let body = if body.first() == Some(&0x95) { body.get(9..).unwrap_or_default() } else { body };
    MAGIC.iter().any(|magic| body.starts_with(magic))
}

/// Reads such a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Pickled<'_>, Error> {
    let Parts { objects, top, storages } = parts(bytes, load)?;
    let mut found = BTreeMap::new();
    for (key, start, end) in storages {
        found.insert(key, bytes.get(start..end).unwrap_or_default());
    }
    Ok(Pickled::new(objects, top, Source::Legacy(found)))
}

/// The storage that is such a file of its own: its type, how many elements it has, and where they start.
pub(super) fn storage(bytes: &[u8]) -> Option<(Element, u64, usize)> {
    let head = bytes.get(..MAX_STORAGE_HEAD.min(bytes.len()))?;
    let Parts { objects, top, .. } = parts(head, load_inner).ok()?;
    let Object::Storage(storage) = objects.get(top) else { return None };
    let start = storages_start(head, load_inner).ok()?.checked_add(8)?;
    Some((storage.element, storage.count, start))
}

struct Parts<'a> {
    objects: Objects<'a>,
    top: super::Id,
    /// Key, start and end of each that is there.
    storages: Vec<(&'a str, usize, usize)>,
}

type Load = for<'a> fn(&'a [u8]) -> Result<Loaded<'a>, Error>;

/// A pickle at a place, with where it ends.
fn at(bytes: &[u8], place: usize, load: Load) -> Result<(Objects<'_>, super::Id, usize), Error> {
    let rest = bytes.get(place..).unwrap_or_default();
    let loaded = load(rest.get(..MAX_PICKLE_BYTES.min(rest.len())).unwrap_or_default());
    let (objects, top, length) = loaded.map_err(|error| match error {
        Error::Pickle { .. } if rest.len() > MAX_PICKLE_BYTES => {
            at_most("bytes in the pickle", rest.len(), MAX_PICKLE_BYTES)
                .err()
                .map_or(error, Error::from)
        }
        Error::Pickle { offset, what } => Error::Pickle { offset: offset + place, what },
        other => other,
    })?;
    Ok((objects, top, place + length))
}

/// Where the checkpoint's pickle starts.
fn checkpoint_start(bytes: &[u8], load: Load) -> Result<usize, Error> {
    let (_, _, end) = at(bytes, 0, load)?;
    let (_, _, end) = at(bytes, end, load)?;
    let (machine, facts, end) = at(bytes, end, load)?;
    let little = match machine.get(facts) {
        Object::Dict(items) => {
            items.iter().find(|(key, _)| machine.text(*key) == Some("little_endian"))
        }
        _ => None,
    };
    match little.map(|(_, value)| machine.get(*value)) {
        Some(Object::Bool(false) | Object::Int(0)) => Err(Error::ByteOrder { found: shown("big") }),
        _ => Ok(end),
    }
}

/// Where the first storage starts.
fn storages_start(bytes: &[u8], load: Load) -> Result<usize, Error> {
    let (_, _, end) = at(bytes, checkpoint_start(bytes, load)?, load)?;
    Ok(at(bytes, end, load)?.2)
}

fn parts(bytes: &[u8], load: Load) -> Result<Parts<'_>, Error> {
    let (objects, top, end) = at(bytes, checkpoint_start(bytes, load)?, load)?;
    let (listed, keys, mut end) = at(bytes, end, load)?;
    let mut sizes = BTreeMap::new();
    for object in &objects.0 {
        if let Object::Storage(storage) = object
            && let Place::Key(key) = storage.place
        {
            sizes.insert(key, storage.element.size());
        }
    }
    let mut storages = Vec::new();
    let keys = match listed.get(keys) {
        Object::List(keys) | Object::Tuple(keys) => keys.as_slice(),
        _ => &[],
    };
    for key in keys {
        // Without its type nobody can say where the next one starts; what reads from these says what is missing. Each is
        // there once.
        let Some(key) = listed.text(*key) else { break };
        let Some(size) = sizes.remove(key) else { break };
        let count = u64::from_le_bytes(first(bytes.get(end..).unwrap_or_default()));
        let length = usize::try_from(count).ok().and_then(|count| count.checked_mul(size));
        let start = end.saturating_add(8).min(bytes.len());
        end = length
            .and_then(|length| start.checked_add(length))
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        storages.push((key, start, end));
    }
    Ok(Parts { objects, top, storages })
}
