//! What a pickle calls: the few functions that weights are made with are known by what they make, and of the others
//! name and arguments are kept.

use super::global::{Global, Known};
use super::legacy;
use super::machine::Machine;
use super::object::{Id, Made, Object, Place, Storage, View};
use crate::element::Element;
use crate::error::{Error, at_most};
use crate::limits::{MAX_PICKLE_BYTES, MAX_RANK, MAX_TENSORS};

/// What a tensor says that its numbers were left on.
pub(crate) const META: &str = "the meta device, where tensors have no numbers";

/// A storage of PyTorch before 0.4, which is said to be a part of another.
const PART: &str = "a storage is a part of another one";

/// What a tensor is whose numbers are other ones than its storage has.
pub(crate) const FLAGGED: &str =
    "a view that negates or conjugates (save it after resolve_neg() and resolve_conj())";

impl<'a> Machine<'a> {
    /// Calls what stands below its arguments.
    pub(super) fn reduce(&mut self) -> Result<(), Error> {
        let (tuple, function) = (self.pop()?, self.pop()?);
        let known = match self.objects.get(function) {
            Object::Global(global) => global.known,
            Object::Made(_) => None,
            _ => return Err(self.fault("it calls what is not a function")),
        };
        let made = Made::new(function, tuple);
        let arguments = match self.objects.get(tuple) {
            Object::Tuple(arguments) => arguments.as_slice(),
            _ if known.is_none() => return self.make(made),
            _ => return Err(self.fault("the arguments of a call are not a tuple")),
        };
        match (known, arguments) {
            (
                None | Some(Known::Array | Known::ArrayOfBytes | Known::ArrayType | Known::Scalar),
                _,
            ) => self.make(made),
            (Some(Known::Dict), []) => self.push(Object::Dict(Vec::new())),
            (Some(Known::Dict), [base, ..]) => self.make(Made { base: Some(*base), ..made }),
            (Some(Known::List), []) => self.push(Object::List(Vec::new())),
            // What stands for another object is that object: mentioned again, not copied, or a long tuple that is
            // memorised once could be copied a hundred thousand times.
            (Some(Known::List), [list]) if self.items(*list).is_ok() => {
                let list = *list;
                self.push_id(list)
            }
            (Some(Known::List), _) => self.make(made),
            (Some(Known::Parameter | Known::FromArray), [tensor, ..]) => {
                let tensor = *tensor;
                self.push_id(tensor)
            }
            (Some(Known::Encode), [text, ..]) => {
                let text = *text;
                self.push(Object::Latin(text))
            }
            (Some(Known::NewObject), [class, ..]) => {
                self.make(Made { class: *class, skipped: 1, ..made })
            }
            (Some(Known::Reconstructor), [class, _, base]) => {
                self.make(Made { class: *class, skipped: 3, base: Some(*base), ..made })
            }
            (Some(known), arguments) => {
                let arguments = arguments.to_vec();
                self.tensor(known, &arguments)
            }
        }
    }

    /// Makes what is a tensor or a storage.
    fn tensor(&mut self, known: Known, arguments: &[Id]) -> Result<(), Error> {
        let made = match (known, arguments) {
            (Known::Tensor, [_, _, _, _, _, _, flags, ..])
            | (Known::TypedTensor, [_, _, _, _, _, _, _, flags, ..])
                if self.has_flags(*flags) =>
            {
                Object::Odd(FLAGGED)
            }
            (Known::Tensor, [storage, offset, shape, strides, ..]) => {
                self.view([*storage, *offset, *shape, *strides], None)?
            }
            (Known::TypedTensor, [storage, offset, shape, strides, _, _, element, ..]) => {
                match self.objects.get(*element) {
                    Object::Global(Global { known: Some(Known::Element(element)), .. }) => {
                        self.view([*storage, *offset, *shape, *strides], Some(*element))?
                    }
                    Object::Global(Global { name, .. }) => Object::Odd(name),
                    _ => return Err(self.fault("a call has arguments that do not fit")),
                }
            }
            (Known::FromType, [function, _, inner, ..]) => {
                return self.of_type(*function, *inner);
            }
            (Known::Meta, _) => Object::Odd(META),
            (Known::StorageBytes, [bytes]) => {
                let (element, count, start) = self.storage_in(*bytes)?;
                Object::Storage(Storage {
                    element,
                    place: Place::Inline { bytes: *bytes, start },
                    count,
                })
            }
            _ => return Err(self.fault("a call has arguments that do not fit")),
        };
        self.push(made)
    }

    /// Whether what is said of a tensor beside its numbers is anything at all.
    fn has_flags(&self, flags: Id) -> bool {
        match self.objects.get(flags) {
            Object::None => false,
            Object::Dict(items) => !items.is_empty(),
            Object::Made(made) => made.base.is_some() || !made.pairs.is_empty(),
            _ => true,
        }
    }

    /// The storage that bytes in the pickle are: its type, count and start. Such bytes hold a pickle of their own, which
    /// can hold no further ones.
    fn storage_in(&mut self, bytes: Id) -> Result<(Element, u64, usize), Error> {
        self.storages += 1;
        at_most("storages in the pickle", self.storages, MAX_TENSORS)?;
        let bytes = self.objects.bytes(bytes, MAX_PICKLE_BYTES).filter(|_| !self.is_inner);
        let found = bytes.and_then(|bytes| legacy::storage(&bytes));
        found.ok_or_else(|| self.fault("a storage cannot be read"))
    }

    /// A tensor of a class of its own, or with attributes: the tensor that it is made of.
    fn of_type(&mut self, function: Id, arguments: Id) -> Result<(), Error> {
        let known = match self.objects.get(function) {
            Object::Global(Global { known: Some(known), .. }) if *known != Known::FromType => {
                *known
            }
            _ => return self.push(Object::Odd("a type that is not PyTorch's")),
        };
        let arguments = match self.objects.get(arguments) {
            Object::Tuple(arguments) if arguments.len() < 16 => arguments.clone(),
            _ => return Err(self.fault("the arguments of a call are not a tuple")),
        };
        match (known, arguments.as_slice()) {
            (Known::Parameter | Known::FromArray, [tensor, ..]) => self.push_id(*tensor),
            (known, arguments) => self.tensor(known, arguments),
        }
    }

    /// `("storage", type, key, location, count)`, or a module's class with its source.
    pub(super) fn storage(&mut self) -> Result<(), Error> {
        let id = self.pop()?;
        let fields = match self.objects.get(id) {
            Object::Tuple(fields) => fields.as_slice(),
            _ => &[],
        };
        let tag = fields.first().and_then(|tag| self.objects.text(*tag));
        if let (Some("module"), [_, class, ..]) = (tag, fields) {
            let class = *class;
            return self.push_id(class);
        }
        let [tag, kind, key, _location, count, rest @ ..] = fields else {
            return Err(self.fault("a storage does not have its five fields"));
        };
        if rest.first().is_some_and(|part| !matches!(self.objects.get(*part), Object::None)) {
            return Err(self.fault(PART));
        }
        if self.as_text(*tag)? != "storage" {
            return Err(self.fault("it refers to something that is no storage"));
        }
        let made = match self.objects.get(*kind) {
            Object::Global(Global { known: Some(Known::Storage(element)), .. }) => {
                let (place, count) = (Place::Key(self.as_text(*key)?), self.as_size(*count)?);
                Object::Storage(Storage { element: *element, place, count })
            }
            Object::Global(Global { name, .. }) => Object::Odd(name),
            _ => return Err(self.fault("a storage has no element type")),
        };
        self.push(made)
    }

    /// The same as protocol 0 writes it: the tuple as Python shows it.
    pub(super) fn storage_of_text(&mut self, text: &'a str) -> Result<(), Error> {
        let inner = text
            .trim()
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'))
            .unwrap_or_default();
        let bare = |part: &'a str| part.trim().trim_matches(['\'', '"']);
        let fields: Vec<&'a str> = inner.split(',').map(bare).collect();
        let ["storage", kind, key, _location, count, ref rest @ ..] = fields[..] else {
            return Err(self.fault("it refers to something that is no storage"));
        };
        if rest.first().is_some_and(|part| !part.is_empty() && *part != "None") {
            return Err(self.fault(PART));
        }
        let kind = kind.trim_start_matches("<class '").trim_end_matches("'>");
        let (module, name) = kind.rsplit_once('.').unwrap_or(("", kind));
        let made = match (Global::new(module, name).known, count.parse()) {
            (Some(Known::Storage(element)), Ok(count)) => {
                Object::Storage(Storage { element, place: Place::Key(key), count })
            }
            (_, Ok(_)) => Object::Odd(name),
            (_, Err(_)) => return Err(self.fault("a storage does not have its five fields")),
        };
        self.push(made)
    }

    /// A tensor by its storage, offset, shape and strides; its elements can be of another type than the storage
    /// says.
    fn view(
        &self,
        [storage, offset, shape, strides]: [Id; 4],
        typed: Option<Element>,
    ) -> Result<Object<'a>, Error> {
        let mut storage = match self.objects.get(storage) {
            Object::Storage(storage) => *storage,
            Object::Odd(name) => return Ok(Object::Odd(name)),
            _ => return Err(self.fault("a tensor has no storage")),
        };
        if let Some(element) = typed {
            // A storage without a type counts bytes.
            let bytes = storage.count.saturating_mul(storage.element.size() as u64);
            storage = Storage { element, count: bytes / element.size() as u64, ..storage };
        }
        let offset = self.as_size(offset)?;
        let (shape, strides) = (self.sizes(shape)?, self.sizes(strides)?);
        if shape.len() != strides.len() {
            return Err(self.fault("a tensor has not one stride for each dimension"));
        }
        Ok(Object::Tensor(Box::new(View { storage, offset, shape, strides })))
    }

    // What arguments should be.

    fn items(&self, id: Id) -> Result<&[Id], Error> {
        match self.objects.get(id) {
            Object::Tuple(items) | Object::List(items) => Ok(items),
            _ => Err(self.fault("a shape is not a tuple")),
        }
    }

    fn sizes(&self, id: Id) -> Result<Vec<usize>, Error> {
        let items = self.items(id)?;
        at_most("dimensions of a tensor", items.len(), MAX_RANK)?;
        let too_large = |_| self.fault("a size or stride is too large");
        items.iter().map(|item| usize::try_from(self.as_size(*item)?).map_err(too_large)).collect()
    }

    fn as_size(&self, id: Id) -> Result<u64, Error> {
        match self.objects.get(id) {
            Object::Int(int) if *int < 0 => Err(self.fault("a size, stride or offset is negative")),
            Object::Int(int) => {
                u64::try_from(*int).map_err(|_| self.fault("a size, stride or offset is too large"))
            }
            _ => Err(self.fault("a size, stride or offset is not a whole number")),
        }
    }

    fn as_text(&self, id: Id) -> Result<&'a str, Error> {
        self.objects.text(id).ok_or_else(|| self.fault("a name is no text"))
    }
}
