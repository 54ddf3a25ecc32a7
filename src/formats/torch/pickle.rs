//! A pickle machine that can make nothing but [`Object`]s. Pickle is a program for a stack
//! machine; Python's own runs any function that a file names. This one has a fixed set of
//! instructions and a fixed list of names ([`Global::find`]), and refuses all others.

use super::object::{Global, Id, Object, Objects, Storage, View};
use super::opcode as op;
use crate::element::first;
use crate::error::{Error, at_most, shown};
use crate::limits::{MAX_PICKLE_OBJECTS, MAX_RANK};
use std::collections::HashMap;

/// Runs a pickle to its STOP. Returns all objects and the top one.
pub(super) fn load(bytes: &[u8]) -> Result<(Objects<'_>, Id), Error> {
    let mut machine = Machine { bytes, ..Machine::default() };
    loop {
        machine.start = machine.at;
        let [code] = machine.array()?;
        if code == op::STOP {
            let top = machine.pop()?;
            return Ok((machine.objects, top));
        }
        machine.step(code)?;
    }
}

#[derive(Default)]
struct Machine<'a> {
    bytes: &'a [u8],
    /// The next byte.
    at: usize,
    /// Where the present instruction begins.
    start: usize,
    objects: Objects<'a>,
    stack: Vec<Id>,
    /// Heights of the stack at each open MARK. Nothing below the last one can be popped.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
}

impl<'a> Machine<'a> {
    /// One instruction.
    fn step(&mut self, code: u8) -> Result<(), Error> {
        match code {
            op::PROTO => self.protocol(),
            op::FRAME => self.take(8).map(drop),
            op::NONE => self.push(Object::None),
            op::NEWTRUE => self.push(Object::Bool(true)),
            op::NEWFALSE => self.push(Object::Bool(false)),
            op::BININT => self.array().and_then(|b| self.int(i32::from_le_bytes(b))),
            op::BININT1 => self.array().and_then(|[byte]| self.int(byte)),
            op::BININT2 => self.array().and_then(|b| self.int(u16::from_le_bytes(b))),
            op::LONG1 => self.long(),
            op::BINFLOAT => {
                self.array().and_then(|b| self.push(Object::Float(f64::from_be_bytes(b))))
            }
            op::BINUNICODE => self.array().and_then(|b| self.text(u32::from_le_bytes(b) as usize)),
            op::SHORT_BINUNICODE => self.array().and_then(|[byte]| self.text(usize::from(byte))),
            op::MARK => self.mark(),
            op::EMPTY_TUPLE => self.push(Object::Tuple(Vec::new())),
            op::TUPLE => self.since_mark().and_then(|items| self.push(Object::Tuple(items))),
            op::TUPLE1 => self.tuple(1),
            op::TUPLE2 => self.tuple(2),
            op::TUPLE3 => self.tuple(3),
            op::EMPTY_LIST => self.push(Object::List(Vec::new())),
            op::APPEND => self.pop().and_then(|item| self.append(vec![item])),
            op::APPENDS => self.since_mark().and_then(|items| self.append(items)),
            op::EMPTY_DICT => self.push(Object::Dict { items: Vec::new(), ordered: false }),
            op::SETITEM => self.pop_many(2).and_then(|pair| self.set_items(&pair)),
            op::SETITEMS => self.since_mark().and_then(|pairs| self.set_items(&pairs)),
            op::BINPUT => self.array().and_then(|[byte]| self.put(u32::from(byte))),
            op::LONG_BINPUT => self.array().and_then(|b| self.put(u32::from_le_bytes(b))),
            op::MEMOIZE => self.put(u32::try_from(self.memo.len()).unwrap_or(u32::MAX)),
            op::BINGET => self.array().and_then(|[byte]| self.recall(u32::from(byte))),
            op::LONG_BINGET => self.array().and_then(|b| self.recall(u32::from_le_bytes(b))),
            op::GLOBAL => self.global(),
            op::STACK_GLOBAL => self.stack_global(),
            op::REDUCE => self.reduce(),
            op::BUILD => self.build(),
            op::BINPERSID => self.storage(),
            code => Err(Error::ForbiddenOpcode { name: op::name(code), offset: self.start }),
        }
    }

    fn fault(&self, what: &'static str) -> Error {
        Error::Pickle { offset: self.start, what }
    }

    // Bytes.

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| self.fault("it ends in the middle of an instruction"))?;
        self.at += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.take(N).map(first)
    }

    /// Bytes up to a line feed, as text.
    fn line(&mut self) -> Result<&'a str, Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n');
        let length = length.ok_or_else(|| self.fault("a name has no end"))?;
        let line = self.take(length)?;
        self.at += 1;
        std::str::from_utf8(line).map_err(|_| self.fault("a name is no text"))
    }

    // Stack and memo.

    fn push(&mut self, object: Object<'a>) -> Result<(), Error> {
        at_most("objects in the pickle", self.objects.0.len() + 1, MAX_PICKLE_OBJECTS)?;
        let id = Id(self.objects.0.len());
        self.objects.0.push(object);
        self.push_id(id)
    }

    fn push_id(&mut self, id: Id) -> Result<(), Error> {
        at_most("places on the pickle's stack", self.stack.len() + 1, MAX_PICKLE_OBJECTS)?;
        self.stack.push(id);
        Ok(())
    }

    fn mark(&mut self) -> Result<(), Error> {
        at_most("open marks in the pickle", self.marks.len() + 1, MAX_PICKLE_OBJECTS)?;
        self.marks.push(self.stack.len());
        Ok(())
    }

    fn pop(&mut self) -> Result<Id, Error> {
        let id = self.top()?;
        self.stack.pop();
        Ok(id)
    }

    fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let height = self.stack.len().checked_sub(count).filter(|height| *height >= floor);
        let height = height.ok_or_else(|| self.fault("its stack is empty"))?;
        Ok(self.stack.split_off(height))
    }

    fn top(&self) -> Result<Id, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let above = self.stack.get(floor..).and_then(<[Id]>::last);
        above.copied().ok_or_else(|| self.fault("its stack is empty"))
    }

    fn since_mark(&mut self) -> Result<Vec<Id>, Error> {
        let mark = self.marks.pop().ok_or_else(|| self.fault("a mark is missing"))?;
        Ok(self.stack.split_off(mark))
    }

    fn put(&mut self, place: u32) -> Result<(), Error> {
        at_most("places in the pickle's memo", self.memo.len() + 1, MAX_PICKLE_OBJECTS)?;
        let top = self.top()?;
        self.memo.insert(place, top);
        Ok(())
    }

    fn recall(&mut self, place: u32) -> Result<(), Error> {
        let id = self.memo.get(&place).copied();
        let id = id.ok_or_else(|| self.fault("it recalls something that it did not store"))?;
        self.push_id(id)
    }

    // Plain data.

    fn protocol(&mut self) -> Result<(), Error> {
        match self.array()? {
            [2..=5] => Ok(()),
            _ => Err(self.fault("its protocol is not one of 2 to 5")),
        }
    }

    fn int(&mut self, value: impl Into<i128>) -> Result<(), Error> {
        self.push(Object::Int(value.into()))
    }

    /// A whole number of any length, two's complement. 128 bits are more than a seed needs.
    fn long(&mut self) -> Result<(), Error> {
        let [length] = self.array()?;
        let bytes = self.take(usize::from(length))?;
        if bytes.len() > 16 {
            return Err(self.fault("a whole number has more than 128 bits"));
        }
        let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let mut all = [if negative { 0xff } else { 0 }; 16];
        all.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.int(i128::from_le_bytes(all))
    }

    fn text(&mut self, length: usize) -> Result<(), Error> {
        let bytes = self.take(length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| self.fault("a string is not UTF-8"))?;
        self.push(Object::Text(text))
    }

    fn tuple(&mut self, count: usize) -> Result<(), Error> {
        let items = self.pop_many(count)?;
        self.push(Object::Tuple(items))
    }

    fn append(&mut self, new: Vec<Id>) -> Result<(), Error> {
        let list = self.top()?;
        let Some(Object::List(items)) = self.objects.0.get_mut(list.0) else {
            return Err(self.fault("it appends to what is not a list"));
        };
        items.extend(new);
        Ok(())
    }

    fn set_items(&mut self, new: &[Id]) -> Result<(), Error> {
        let dict = self.top()?;
        let Some(Object::Dict { items, .. }) = self.objects.0.get_mut(dict.0) else {
            return Err(self.fault("it sets an item of what is not a dict"));
        };
        let (pairs, rest) = new.as_chunks();
        items.extend(pairs.iter().map(|[key, value]| (*key, *value)));
        if rest.is_empty() { Ok(()) } else { Err(self.fault("a key has no value")) }
    }

    // Names and calls.

    fn global(&mut self) -> Result<(), Error> {
        let (module, name) = (self.line()?, self.line()?);
        self.allowed(module, name)
    }

    fn stack_global(&mut self) -> Result<(), Error> {
        let parts = self.pop_many(2)?;
        let mut texts = parts.iter().map(|id| self.as_text(*id));
        let (Some(Ok(module)), Some(Ok(name))) = (texts.next(), texts.next()) else {
            return Err(self.fault("a name is no text"));
        };
        self.allowed(module, name)
    }

    fn allowed(&mut self, module: &str, name: &str) -> Result<(), Error> {
        let global = Global::find(module, name)
            .ok_or_else(|| Error::ForbiddenGlobal { name: shown(&format!("{module}.{name}")) })?;
        self.push(Object::Global(global))
    }

    /// Calls one of the four functions that weights need.
    fn reduce(&mut self) -> Result<(), Error> {
        let (arguments, function) = (self.pop()?, self.pop()?);
        let Object::Tuple(arguments) = self.objects.get(arguments) else {
            return Err(self.fault("the arguments of a call are not a tuple"));
        };
        let Object::Global(function) = self.objects.get(function) else {
            return Err(self.fault("it calls what is not a function"));
        };
        let made = match (function, arguments.as_slice()) {
            (Global::OrderedDict, []) => Object::Dict { items: Vec::new(), ordered: true },
            (Global::RebuildTensor, [storage, offset, shape, strides, ..]) => {
                self.view(*storage, *offset, *shape, *strides)?
            }
            // A size is its tuple and a parameter its tensor: mentioned again, not copied, or a
            // long tuple that is memorised once could be copied a hundred thousand times.
            (Global::Size, [sizes]) => {
                let sizes = *sizes;
                self.items(sizes)?;
                return self.push_id(sizes);
            }
            (Global::RebuildParameter, [tensor, ..]) => {
                let tensor = *tensor;
                return self.push_id(tensor);
            }
            _ => return Err(self.fault("a call has arguments that do not fit")),
        };
        self.push(made)
    }

    /// Gives an object its state. `OrderedDict` alone has one here, module versions in
    /// `_metadata`, and nothing needs it.
    fn build(&mut self) -> Result<(), Error> {
        self.pop()?;
        let target = self.top()?;
        match self.objects.get(target) {
            Object::Dict { ordered: true, .. } => Ok(()),
            _ => Err(self.fault("it gives a state to what is not an OrderedDict")),
        }
    }

    /// `("storage", type, key, location, count)`.
    fn storage(&mut self) -> Result<(), Error> {
        let id = self.pop()?;
        let fields = match self.objects.get(id) {
            Object::Tuple(fields) => fields.as_slice(),
            _ => &[],
        };
        let [tag, kind, key, _location, count] = fields else {
            return Err(self.fault("a storage does not have its five fields"));
        };
        if self.as_text(*tag)? != "storage" {
            return Err(self.fault("it refers to something that is no storage"));
        }
        let Object::Global(Global::Storage(element)) = self.objects.get(*kind) else {
            return Err(self.fault("a storage has no element type"));
        };
        let (key, count) = (self.as_text(*key)?, self.as_size(*count)?);
        self.push(Object::Storage(Storage { element: *element, key, count }))
    }

    fn view(&self, storage: Id, offset: Id, shape: Id, strides: Id) -> Result<Object<'a>, Error> {
        let Object::Storage(storage) = self.objects.get(storage) else {
            return Err(self.fault("a tensor has no storage"));
        };
        let (storage, offset) = (*storage, self.as_size(offset)?);
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
        match self.objects.get(id) {
            Object::Text(text) => Ok(text),
            _ => Err(self.fault("a name is no text")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_its_tuple_and_never_a_copy() {
        // (size, ((1, 2),)) with the inner tuple in memo 0 and on top at the end: the size's id.
        let pickle = b"\x80\x02ctorch\nSize\n(K\x01K\x02tq\x00\x85R.";
        let (objects, top) = load(pickle).unwrap();
        let Object::Tuple(items) = objects.get(top) else { panic!("no tuple") };
        assert_eq!(items.len(), 2);
        let tuples = objects.0.iter().filter(|o| matches!(o, Object::Tuple(t) if t.len() == 2));
        assert_eq!(tuples.count(), 1);
    }
}
