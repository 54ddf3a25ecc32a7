//! Python's pickles: what `torch.save` writes around its storages, and those of other programs. A pickle is a program; here
//! it makes plain data, descriptions of tensors, and stand-ins for everything else. None of it is ever run.

mod array;
mod call;
mod global;
pub(crate) mod legacy;
mod machine;
mod object;
mod opcode;
mod python;
mod view;
mod written;

use crate::error::{Error, at_most};
use crate::limits::{MAX_LOOKED_AT, MAX_PICKLE_BYTES};
use crate::zip::Archive;
use object::{Objects, Place, Storage};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

pub(crate) use array::{Array, MAGIC as NUMPY, objects_in, text_in};
pub(crate) use call::{FLAGGED, META};
pub(crate) use object::Id;
pub(crate) use python::{Found, Plain};

/// Where the storages of a pickle are.
pub(crate) enum Source<'a> {
    /// Nowhere but in the pickle.
    Pickle,
    /// In an archive, under a folder.
    Zip(&'a Archive<'a>, &'a str),
    /// In a file from before PyTorch 1.6.
    Legacy(BTreeMap<&'a str, &'a [u8]>),
}

/// A pickle that was run.
pub(crate) struct Pickled<'a> {
    objects: Objects<'a>,
    /// The whole of it.
    pub(crate) top: Id,
    source: Source<'a>,
    /// Items of objects that were looked at so far.
    looked_at: Cell<usize>,
}

impl<'a> Pickled<'a> {
    /// Runs a pickle.
    pub(crate) fn read(pickle: &'a [u8], source: Source<'a>) -> Result<Pickled<'a>, Error> {
        at_most("bytes in the pickle", pickle.len(), MAX_PICKLE_BYTES)?;
        let (objects, top, _) = machine::load(pickle)?;
        Ok(Pickled::new(objects, top, source))
    }

    fn new(objects: Objects<'a>, top: Id, source: Source<'a>) -> Pickled<'a> {
        Pickled { objects, top, source, looked_at: Cell::new(0) }
    }

    /// How many items of objects were looked at so far; past [`MAX_LOOKED_AT`] nothing is found any more.
    pub(crate) fn looked_at(&self) -> usize {
        self.looked_at.get()
    }

    /// Whether so many more items can be looked at.
    fn can_look_at(&self, count: usize) -> bool {
        self.looked_at.set(self.looked_at.get().saturating_add(count));
        self.looked_at.get() <= MAX_LOOKED_AT
    }

    /// The entry of a storage.
    fn entry(&self, key: &str) -> String {
        match self.source {
            Source::Zip(_, root) => format!("{root}data/{key}"),
            _ => key.to_owned(),
        }
    }

    /// The bytes of a storage, if they take at most `most` to make.
    fn bytes(&self, storage: &Storage<'a>, most: usize) -> Option<Cow<'_, [u8]>> {
        match (storage.place, &self.source) {
            (Place::Key(key), Source::Zip(archive, _)) => {
                archive.get(&self.entry(key)).map(Cow::Borrowed)
            }
            (Place::Key(key), Source::Legacy(storages)) => {
                storages.get(key).map(|bytes| Cow::Borrowed(*bytes))
            }
            (Place::Key(_), Source::Pickle) => None,
            (Place::Inline { bytes, start }, _) => Some(match self.objects.bytes(bytes, most)? {
                Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(start..)?),
                Cow::Owned(bytes) => Cow::Owned(bytes.get(start..)?.to_vec()),
            }),
        }
    }
}
