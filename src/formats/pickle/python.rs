//! What Python's objects are as data: things with named values as dicts, numbers of other programs as numbers. What
//! cannot be told without running something stays unread.

use super::array::{self, Array};
use super::global::{Global, Known};
use super::object::{Id, Made, Object, View};
use super::{FLAGGED, META, Pickled};
use crate::limits::{MAX_PATH_BYTES, MAX_RANK, MAX_WRAPPERS};
use crate::names::set;
use std::collections::BTreeSet;

/// Attributes under which an object keeps what it is to others: OmegaConf, pydantic, ConfigDict.
const INSIDES: [&str; 3] = ["_content", "__dict__", "_fields"];

/// A tensor, as far as a pickle describes it.
pub(crate) enum Found<'a> {
    View(&'a View<'a>),
    Array(Array<'a>),
    /// One whose numbers are not read: of what type it is, or where it was left.
    Odd(&'a str),
}

/// A plain value.
pub(crate) enum Plain<'a> {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(std::borrow::Cow<'a, str>),
}

impl<'f> Pickled<'f> {
    /// What a call was to be made with.
    pub(super) fn arguments(&self, id: Id) -> Option<&[Id]> {
        let (made, _) = self.objects.made(id)?;
        self.arguments_of(made)
    }

    fn arguments_of(&self, made: &Made) -> Option<&[Id]> {
        match self.objects.get(made.arguments) {
            Object::Tuple(items) => items.get(made.skipped..),
            _ => None,
        }
    }

    /// A number of places.
    pub(super) fn size(&self, id: Id) -> Option<usize> {
        match self.objects.get(id) {
            Object::Int(int) => usize::try_from(*int).ok(),
            _ => None,
        }
    }

    fn attribute(&self, state: Option<Id>, name: &str) -> Option<Id> {
        let Object::Dict(items) = self.objects.get(state?) else { return None };
        if !self.can_look_at(items.len()) {
            return None;
        }
        let named = |key: Id| self.objects.text(key) == Some(name);
        items.iter().rev().find(|(key, _)| named(*key)).map(|(_, value)| *value)
    }

    /// The object that others only wrap: a value of OmegaConf, an array of one Python object.
    fn unwrapped(&self, mut id: Id) -> Id {
        for _ in 0..MAX_WRAPPERS {
            let Some((made, class)) = self.objects.made(id) else { break };
            let inner = match class.and_then(|class| class.known) {
                Some(Known::Array) => made.state.and_then(|state| match self.objects.get(state) {
                    Object::Tuple(state) => {
                        match state.get(4).map(|list| self.objects.get(*list)) {
                            Some(Object::List(items)) => {
                                items.first().copied().filter(|_| items.len() == 1)
                            }
                            _ => None,
                        }
                    }
                    _ => None,
                }),
                _ => self.attribute(made.state, "_val"),
            };
            match inner {
                Some(inner) => id = inner,
                None => break,
            }
        }
        id
    }

    /// The named values of a dict, of an object that is like one, or of one that has attributes.
    pub(crate) fn entries(&self, id: Id) -> Option<Vec<(String, Id)>> {
        let pairs = self.pairs(self.unwrapped(id), MAX_WRAPPERS)?;
        Some(pairs.into_iter().map(|(key, value)| (self.objects.key(key), value)).collect())
    }

    fn pairs(&self, id: Id, depth: usize) -> Option<Vec<(Id, Id)>> {
        let found = self.all_pairs(id, depth)?;
        self.can_look_at(found.len()).then_some(found)
    }

    fn all_pairs(&self, id: Id, depth: usize) -> Option<Vec<(Id, Id)>> {
        let made = match self.objects.get(id) {
            Object::Dict(items) => return Some(items.clone()),
            Object::Made(made) => made,
            _ => return None,
        };
        let depth = depth.checked_sub(1)?;
        if !made.pairs.is_empty() {
            return Some(made.pairs.clone());
        }
        if let Some(base) = made.base {
            match self.objects.get(base) {
                Object::Dict(items) if !items.is_empty() => return Some(items.clone()),
                Object::List(items) | Object::Tuple(items) => {
                    let pair = |item: &Id| match self.objects.get(*item) {
                        Object::List(pair) | Object::Tuple(pair) => match pair[..] {
                            [key, value] => Some((key, value)),
                            _ => None,
                        },
                        _ => None,
                    };
                    return items.iter().map(pair).collect();
                }
                _ => {}
            }
        }
        if made.state.is_none() {
            return self.of_call(made);
        }
        match self.objects.get(made.state?) {
            Object::Dict(items) => {
                let inside = INSIDES.iter().find_map(|name| {
                    let inner = self.attribute(made.state, name)?;
                    self.pairs(inner, depth)
                });
                Some(inside.unwrap_or_else(|| self.of_module(items)))
            }
            // Attributes, and those that have slots.
            Object::Tuple(parts) if parts.len() == 2 => {
                let dicts = parts.iter().filter_map(|part| match self.objects.get(*part) {
                    Object::Dict(items) => Some(items.as_slice()),
                    _ => None,
                });
                Some(dicts.flatten().copied().collect())
            }
            _ => None,
        }
    }

    /// The items of a dict that was made from another one, or that is of a known class and has none.
    fn of_call(&self, made: &Made) -> Option<Vec<(Id, Id)>> {
        if let Some([one]) = self.arguments_of(made)
            && let Object::Dict(items) = self.objects.get(*one)
        {
            return Some(items.clone());
        }
        match self.objects.get(made.class) {
            Object::Global(class)
                if class.module == "collections" && class.name == "defaultdict" =>
            {
                Some(Vec::new())
            }
            _ => None,
        }
    }

    /// The attributes of an object. Of a PyTorch module, its tensors and modules stand beside its own attributes, as in its
    /// state dict.
    fn of_module(&self, items: &[(Id, Id)]) -> Vec<(Id, Id)> {
        if !self.can_look_at(items.len()) {
            return Vec::new();
        }
        let named = |name: &str| {
            items.iter().find(|(key, _)| self.objects.text(*key) == Some(name)).map(|(_, v)| *v)
        };
        let inside = |name: &str| named(name).and_then(|id| self.pairs(id, 2)).unwrap_or_default();
        if named("_parameters").is_none() || named("_modules").is_none() {
            return items.to_vec();
        }
        let passing = match named("_non_persistent_buffers_set").map(|id| self.objects.get(id)) {
            Some(Object::List(names)) => {
                set(&mut names.iter().filter_map(|name| self.objects.text(*name)))
            }
            _ => BTreeSet::new(),
        };
        let kept =
            |(key, _): &(Id, Id)| self.objects.text(*key).is_none_or(|key| !passing.contains(key));
        let own = |(key, _): &&(Id, Id)| {
            self.objects.text(*key).is_some_and(|key| !key.starts_with('_') && key != "training")
        };
        let mut all = inside("_parameters");
        all.extend(inside("_buffers").into_iter().filter(kept));
        all.extend(inside("_modules"));
        all.extend(items.iter().filter(own));
        // What a module holds in neither place.
        all.retain(|(_, value)| !matches!(self.objects.get(*value), Object::None));
        all
    }

    /// The values of a list, or of an object that is like one.
    pub(crate) fn items(&self, id: Id) -> Option<&[Id]> {
        let id = self.unwrapped(id);
        match self.objects.get(id) {
            Object::Tuple(items) | Object::List(items) => Some(items),
            Object::Made(made) if !made.items.is_empty() => Some(&made.items),
            Object::Made(made) => {
                let list = |id: Id| match self.objects.get(id) {
                    Object::Tuple(items) | Object::List(items) => Some(items.as_slice()),
                    _ => None,
                };
                self.attribute(made.state, "_content").and_then(list)
            }
            _ => None,
        }
    }

    /// Whether an object is a list that begins with a number, or with such a list.
    pub(crate) fn is_list_of_numbers(&self, mut id: Id) -> bool {
        for _ in 0..MAX_RANK {
            match self.objects.get(id) {
                Object::List(items) | Object::Tuple(items) => match items.first() {
                    Some(first) => id = *first,
                    None => return false,
                },
                Object::Int(_) | Object::Float(_) => return true,
                _ => return false,
            }
        }
        false
    }

    /// Whether an object is a tensor, without looking at its numbers.
    pub(crate) fn is_tensor(&self, id: Id) -> bool {
        matches!(self.objects.get(id), Object::Tensor(_) | Object::Odd(_))
            || Array::described(self, id).is_some()
    }

    /// The tensor that an object is.
    pub(crate) fn tensor(&self, id: Id) -> Option<Found<'_>> {
        match self.objects.get(id) {
            Object::Tensor(view) => Some(Found::View(view)),
            Object::Odd(name) => Some(Found::Odd(name)),
            Object::Made(_) => Array::of(self, id).map(Found::Array),
            _ => None,
        }
    }

    /// The plain value that an object is, or that stands for it.
    pub(crate) fn plain(&self, id: Id) -> Option<Plain<'_>> {
        let id = self.unwrapped(id);
        Some(match self.objects.get(id) {
            Object::None => Plain::None,
            Object::Bool(truth) => Plain::Bool(*truth),
            Object::Int(int) => Plain::Int(*int),
            Object::Float(float) => Plain::Float(*float),
            Object::Text(text) => Plain::Text((&**text).into()),
            Object::Global(global) => Plain::Text(global.to_string().into()),
            Object::Tensor(view) => Plain::Float(view.number(self)?),
            Object::Made(made) => return self.plain_of(id, made),
            _ => return None,
        })
    }

    fn plain_of(&self, id: Id, made: &Made) -> Option<Plain<'_>> {
        let (_, class) = self.objects.made(id)?;
        let arguments = self.arguments_of(made)?;
        let known = class.and_then(|class| class.known);
        if let (Some(Known::Scalar), [kind, bytes]) = (known, arguments) {
            return array::scalar(self, *kind, *bytes).map(Plain::Float);
        }
        if known == Some(Known::Array) || known == Some(Known::ArrayOfBytes) {
            let (described, _) = Array::described(self, id)?;
            return described.is_one().then(|| Array::of(self, id))??.number().map(Plain::Float);
        }
        let module = class.map_or("", |class| class.module.split('.').next().unwrap_or_default());
        if module == "pathlib" {
            if arguments.len() > MAX_PATH_BYTES {
                return None;
            }
            let parts: Option<Vec<&str>> =
                arguments.iter().map(|part| self.objects.text(*part)).collect();
            let parts = parts?;
            let length =
                parts.iter().fold(0, |sum: usize, part| sum.saturating_add(part.len() + 1));
            let is_path = length <= MAX_PATH_BYTES;
            return is_path.then(|| Plain::Text(parts.join("/").replace("//", "/").into()));
        }
        if module == "torch" && class.is_some_and(|class| class.name == "device") {
            return self.plain_argument(*arguments.first()?);
        }
        // An enum's member is written as its class and its value; a decimal and a version are as well.
        match arguments {
            [value] if made.state.is_none() => self.plain_argument(*value),
            _ => None,
        }
    }

    fn plain_argument(&self, id: Id) -> Option<Plain<'_>> {
        match self.objects.get(id) {
            Object::Text(text) => Some(Plain::Text((&**text).into())),
            Object::Int(int) => Some(Plain::Int(*int)),
            Object::Float(float) => Some(Plain::Float(*float)),
            Object::Bool(truth) => Some(Plain::Bool(*truth)),
            _ => None,
        }
    }

    /// What an object is, for a message: a kind of plain data, or the name of its class.
    pub(crate) fn kind(&self, id: Id) -> String {
        let kind = match self.objects.get(id) {
            Object::None => "None",
            Object::Bool(_) => "a boolean",
            Object::Int(_) | Object::Float(_) => "a number",
            Object::Text(_) => "a string",
            Object::Bytes(_) | Object::Latin(_) => "bytes",
            Object::Tuple(_) | Object::List(_) => "a list",
            Object::Dict { .. } => "a dict",
            Object::Global(global) => return global.to_string(),
            Object::Storage(_) => "a storage",
            Object::Tensor(_) => "a tensor",
            Object::Odd(name) if *name == FLAGGED => FLAGGED,
            Object::Odd(name) if *name == META => return format!("a tensor on {name}"),
            Object::Odd(name) => return format!("a tensor of type {name}"),
            Object::Made(made) => {
                return match self.objects.get(made.class) {
                    Object::Global(Global {
                        known: Some(Known::Array | Known::ArrayOfBytes),
                        ..
                    }) => "a NumPy array".to_owned(),
                    Object::Global(global) => global.to_string(),
                    _ => "an object".to_owned(),
                };
            }
        };
        kind.to_owned()
    }
}
