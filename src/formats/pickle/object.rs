//! What a pickle can make here: plain data, descriptions of tensors, and stand-ins for everything
//! else. Objects refer to each other by number, so nothing is cloned when it is mentioned again, a
//! cycle is harmless, and dropping them never recurses.

use super::global::Global;
use crate::element::Element;
use crate::raw::as_name;
use std::borrow::Cow;

/// The number of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Id(pub(super) usize);

/// Raw elements of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Storage<'a> {
    pub(crate) element: Element,
    /// Where they are.
    pub(crate) place: Place<'a>,
    /// How many elements it should have.
    pub(crate) count: u64,
}

/// Where the bytes of a storage are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place<'a> {
    /// In the file, under this key: the `N` of `data/N`.
    Key(&'a str),
    /// In the pickle: bytes from a place in an object of bytes.
    Inline { bytes: Id, start: usize },
}

/// A tensor: how to walk over a storage. Offset and strides count elements.
#[derive(Clone, Debug)]
pub(crate) struct View<'a> {
    pub(super) storage: Storage<'a>,
    pub(super) offset: u64,
    pub(super) shape: Vec<usize>,
    pub(super) strides: Vec<usize>,
}

/// An object that only Python could make: what it was to be made of. It stays what it is, and nothing
/// of it is ever run.
#[derive(Debug)]
pub(super) struct Made {
    /// What was to be called.
    pub(super) class: Id,
    /// With what: a tuple, which many objects can share.
    pub(super) arguments: Id,
    /// How many of these are not its own.
    pub(super) skipped: usize,
    /// The dict or list that it began as.
    pub(super) base: Option<Id>,
    /// The state that it was given.
    pub(super) state: Option<Id>,
    /// What was appended to it.
    pub(super) items: Vec<Id>,
    /// The items that were set in it.
    pub(super) pairs: Vec<(Id, Id)>,
}

impl Made {
    /// Of a class and a tuple of arguments.
    pub(super) fn new(class: Id, arguments: Id) -> Made {
        let (base, state, items, pairs) = (None, None, Vec::new(), Vec::new());
        Made { class, arguments, skipped: 0, base, state, items, pairs }
    }
}

/// An object of a pickle. Text stays in the file's bytes wherever it stands there as it is.
#[derive(Debug)]
pub(super) enum Object<'a> {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Cow<'a, str>),
    Bytes(&'a [u8]),
    /// Bytes that a text stands for, a letter for each.
    Latin(Id),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    Global(Global<'a>),
    Storage(Storage<'a>),
    Tensor(Box<View<'a>>),
    /// A tensor, or a storage, whose numbers are not read: of what type it is, or why not.
    Odd(&'a str),
    Made(Box<Made>),
}

/// All objects of a pickle.
#[derive(Debug, Default)]
pub(super) struct Objects<'a>(pub(super) Vec<Object<'a>>);

impl<'a> Objects<'a> {
    /// The object of a number. The machine gives out numbers of objects that are there.
    pub(super) fn get(&self, id: Id) -> &Object<'a> {
        self.0.get(id.0).unwrap_or(&Object::None)
    }

    /// A text that stands in the file as it is.
    pub(super) fn text(&self, id: Id) -> Option<&'a str> {
        match self.get(id) {
            Object::Text(Cow::Borrowed(text)) => Some(text),
            _ => None,
        }
    }

    /// The bytes that an object is, if that takes at most `most` to make: a text is turned into bytes each time.
    pub(super) fn bytes(&self, id: Id, most: usize) -> Option<Cow<'a, [u8]>> {
        match self.get(id) {
            Object::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            Object::Latin(text) => match self.get(*text) {
                // A letter of one byte takes up to two in UTF-8.
                Object::Text(text) if text.len() / 2 <= most => {
                    let bytes = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok());
                    bytes.collect::<Option<Vec<u8>>>().map(Cow::Owned)
                }
                _ => None,
            },
            // Python 2 had one type for text and bytes.
            Object::Text(Cow::Borrowed(text)) => Some(Cow::Borrowed(text.as_bytes())),
            _ => None,
        }
    }

    /// What was to be called to make an object.
    pub(super) fn made(&self, id: Id) -> Option<(&Made, Option<Global<'a>>)> {
        let Object::Made(made) = self.get(id) else { return None };
        let class = match self.get(made.class) {
            Object::Global(global) => Some(*global),
            _ => None,
        };
        Some((made, class))
    }

    /// A dict's key as text of at most about a name's length, as Python's `json` writes it.
    pub(super) fn key(&self, id: Id) -> String {
        match self.get(id) {
            Object::Text(text) => as_name(text).to_owned(),
            Object::Int(int) => int.to_string(),
            Object::Float(float) => float.to_string(),
            Object::Bool(truth) => truth.to_string(),
            Object::None => "null".to_owned(),
            Object::Tuple(_) | Object::List(_) => "a list".to_owned(),
            Object::Global(global) => global.to_string(),
            _ => "an object".to_owned(),
        }
    }
}
