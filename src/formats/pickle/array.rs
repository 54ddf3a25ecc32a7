//! NumPy's arrays and numbers: what a pickle says of them, and files of them (`.npy`).

use super::global::Known;
use super::object::{Id, Object};
use super::{Pickled, Source};
use crate::element::{Element, first};
use crate::error::{Error, shown};
use crate::limits::MAX_AXES;
use crate::raw::Tensors;
use std::borrow::Cow;

/// An array of numbers.
pub(crate) struct Array<'a> {
    pub(crate) shape: Vec<usize>,
    element: Element,
    /// The highest byte of each element comes first.
    big_endian: bool,
    /// The first axis moves fastest.
    fortran: bool,
    bytes: Cow<'a, [u8]>,
}

impl<'a> Array<'a> {
    /// What an object of a pickle says of the array that it is, without its numbers; and where these are.
    pub(super) fn described(file: &'a Pickled<'_>, id: Id) -> Option<(Array<'a>, Id)> {
        let objects = &file.objects;
        let (made, class) = objects.made(id)?;
        let (bytes, kind, shape, fortran) = match class?.known? {
            // (version, shape, type, fortran, bytes)
            Known::Array => match objects.get(made.state?) {
                Object::Tuple(state) => match state.as_slice() {
                    [_, shape, kind, fortran, bytes] => (*bytes, *kind, *shape, *fortran),
                    _ => return None,
                },
                _ => return None,
            },
            Known::ArrayOfBytes => match file.arguments(id)? {
                [bytes, kind, shape, order] => (*bytes, *kind, *shape, *order),
                _ => return None,
            },
            _ => return None,
        };
        let (element, big_endian) = kind_of(file, kind)?;
        let shape: Vec<usize> = match objects.get(shape) {
            Object::Tuple(items) | Object::List(items) if items.len() <= MAX_AXES => {
                items.iter().map(|item| file.size(*item)).collect()
            }
            Object::Int(_) => file.size(shape).map(|len| vec![len]),
            _ => None,
        }?;
        let fortran = matches!(objects.get(fortran), Object::Bool(true))
            || objects.text(fortran) == Some("F");
        let nothing = Cow::Borrowed(&[][..]);
        Some((Array { shape, element, big_endian, fortran, bytes: nothing }, bytes))
    }

    /// The array that an object of a pickle is.
    pub(super) fn of(file: &'a Pickled<'_>, id: Id) -> Option<Array<'a>> {
        let (array, bytes) = Array::described(file, id)?;
        let size = array.element.size();
        let most = array.shape.iter().fold(size, |count: usize, len| count.saturating_mul(*len));
        Some(Array { bytes: file.objects.bytes(bytes, most)?, ..array })
    }

    /// Whether it is just one number.
    pub(super) fn is_one(&self) -> bool {
        self.shape.iter().all(|len| *len == 1)
    }

    /// Reads a file of one array of numbers. `Err` says of what type an array of others is.
    pub(crate) fn of_file(bytes: &'a [u8]) -> Option<Result<Array<'a>, String>> {
        let Header { kind, fortran, shape, body } = Header::read(bytes)?;
        let code = kind.trim_start_matches(['<', '>', '|', '=']);
        Some(match Element::of_numpy(code) {
            Some(element) => {
                let (big_endian, bytes) = (kind.starts_with('>'), Cow::Borrowed(body));
                Ok(Array { shape, element, big_endian, fortran, bytes })
            }
            None => Err(kind.to_owned()),
        })
    }

    /// Reads the numbers.
    pub(crate) fn read(&self, name: &str, tensors: &mut Tensors) -> Result<(), Error> {
        let count = tensors.admit(name, &self.shape)?;
        let wanted = (count as u64).saturating_mul(self.element.size() as u64);
        if wanted > self.bytes.len() as u64 {
            let found = self.bytes.len() as u64;
            return Err(Error::StorageTooShort { name: shown(name), wanted, found });
        }
        let numbers: Vec<f32> =
            (0..count).map(|at| self.element.decode(&self.element_at(at))).collect();
        if !self.fortran {
            return tensors.insert(name, &self.shape, numbers);
        }
        // The same numbers, the last axis fastest.
        let mut data = Vec::with_capacity(count);
        for place in 0..count {
            let (mut rest, mut at) = (place, 0);
            for (axis, len) in self.shape.iter().enumerate().rev() {
                let stride: usize = self.shape.iter().take(axis).product();
                at += rest % len.max(&1) * stride;
                rest /= len.max(&1);
            }
            data.push(numbers.get(at).copied().unwrap_or_default());
        }
        tensors.insert(name, &self.shape, data)
    }

    /// The number of an array that is just one.
    pub(crate) fn number(&self) -> Option<f64> {
        let one = self.is_one() && self.bytes.len() >= self.element.size();
        one.then(|| self.element.decode_number(&self.element_at(0)))
    }

    /// The bytes of an element, the lowest first.
    fn element_at(&self, at: usize) -> [u8; 8] {
        let size = self.element.size();
        let mut bytes: [u8; 8] =
            first(self.bytes.get(at.saturating_mul(size)..).unwrap_or_default());
        if self.big_endian {
            bytes[..size].reverse();
        }
        bytes
    }
}

/// The number that NumPy keeps as a type and bytes.
pub(super) fn scalar(file: &Pickled<'_>, kind: Id, bytes: Id) -> Option<f64> {
    let (element, big_endian) = kind_of(file, kind)?;
    let bytes = file.objects.bytes(bytes, element.size())?;
    Array { shape: Vec::new(), element, big_endian, fortran: false, bytes }.number()
}

/// A type of elements, and whether their highest byte comes first.
fn kind_of(file: &Pickled<'_>, id: Id) -> Option<(Element, bool)> {
    let (made, class) = file.objects.made(id)?;
    if class?.known != Some(Known::ArrayType) {
        return None;
    }
    let element = Element::of_numpy(file.objects.text(*file.arguments(id)?.first()?)?)?;
    let order = made.state.and_then(|state| match file.objects.get(state) {
        Object::Tuple(state) => file.objects.text(*state.get(1)?),
        _ => None,
    });
    Some((element, order == Some(">")))
}

/// What stands before the numbers of a `.npy` file.
struct Header<'a> {
    /// The type, with the order of its bytes in front: `<f4`.
    kind: &'a str,
    fortran: bool,
    shape: Vec<usize>,
    body: &'a [u8],
}

impl<'a> Header<'a> {
    /// `\x93NUMPY`, a version, a length, and a dict as Python writes it.
    fn read(bytes: &'a [u8]) -> Option<Header<'a>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (length, start) = match rest {
            [1, _, rest @ ..] => (usize::from(u16::from_le_bytes(first(rest))), 4),
            [2 | 3, _, rest @ ..] => (u32::from_le_bytes(first(rest)) as usize, 6),
            _ => return None,
        };
        let end = length.checked_add(start)?;
        let (text, body) = (std::str::from_utf8(rest.get(start..end)?).ok()?, rest.get(end..)?);
        let after =
            |key: &str| text.split_once(key)?.1.trim_start().strip_prefix(':').map(str::trim_start);
        let kind = after("'descr'")?.strip_prefix('\'')?.split_once('\'')?.0;
        let fortran = after("'fortran_order'")?.starts_with("True");
        let shape = after("'shape'")?.strip_prefix('(')?.split_once(')')?.0;
        let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty());
        Some(Header {
            kind,
            fortran,
            shape: sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?,
            body,
        })
    }
}

/// How a `.npy` file begins.
pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";

/// The pickle of a `.npy` file of Python objects, which is how `numpy.save` writes a dict.
pub(crate) fn objects_in(bytes: &[u8]) -> Option<Result<Pickled<'_>, Error>> {
    let header = Header::read(bytes)?;
    header.kind.ends_with('O').then(|| Pickled::read(header.body, Source::Pickle))
}

/// The text of a `.npy` file that holds nothing else.
pub(crate) fn text_in(bytes: &[u8]) -> Option<String> {
    let header = Header::read(bytes)?;
    let letters = header.kind.strip_prefix("<U").filter(|_| header.shape.is_empty())?;
    letters.parse::<usize>().ok()?;
    let codes = header.body.chunks_exact(4).map(|code| u32::from_le_bytes(first(code)));
    codes.take_while(|code| *code != 0).map(char::from_u32).collect()
}
