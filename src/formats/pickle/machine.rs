//! A pickle machine that can make nothing but [`Object`]s. Pickle is a program for a stack
//! machine; Python's own runs any function that a file names. This one runs none: what is to be
//! called stays a name, and what it was to be called with stands beside it.

use super::global::Global;
use super::object::{Id, Made, Object, Objects};
use super::opcode as op;
use crate::error::{Error, shown};
use crate::limits::MAX_NAME_BYTES;
use std::borrow::Cow;
use std::collections::HashMap;

mod stack;

/// Runs a pickle to its STOP. Returns all objects, the top one, and how many bytes it was.
pub(super) fn load(bytes: &[u8]) -> Result<Loaded<'_>, Error> {
    Machine { bytes, ..Machine::default() }.run()
}

/// The same for a pickle inside of a pickle, which can hold no further ones.
pub(super) fn load_inner(bytes: &[u8]) -> Result<Loaded<'_>, Error> {
    Machine { bytes, is_inner: true, ..Machine::default() }.run()
}

/// All objects, the top one, and how many bytes the pickle was.
pub(super) type Loaded<'a> = (Objects<'a>, Id, usize);

#[derive(Default)]
pub(super) struct Machine<'a> {
    bytes: &'a [u8],
    /// The next byte.
    at: usize,
    /// Where the present instruction begins.
    start: usize,
    pub(super) objects: Objects<'a>,
    stack: Vec<Id>,
    /// Heights of the stack at each open MARK. Nothing below the last one can be popped.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
    /// Storages so far that stand in the pickle itself.
    pub(super) storages: usize,
    /// Whether this pickle stands inside of another.
    pub(super) is_inner: bool,
}

impl<'a> Machine<'a> {
    fn run(mut self) -> Result<Loaded<'a>, Error> {
        loop {
            self.start = self.at;
            let [code] = self.array()?;
            if code == op::STOP {
                let top = self.pop()?;
                return Ok((self.objects, top, self.at));
            }
            self.step(code)?;
        }
    }

    /// One instruction.
    fn step(&mut self, code: u8) -> Result<(), Error> {
        match code {
            op::PROTO => self.protocol(),
            op::FRAME => self.take(8).map(drop),
            op::NONE => self.push(Object::None),
            op::NEWTRUE => self.push(Object::Bool(true)),
            op::NEWFALSE => self.push(Object::Bool(false)),
            op::MARK => self.mark(),
            op::POP => self.drop_top(),
            op::POP_MARK => self.since_mark().map(drop),
            op::DUP => self.top().and_then(|top| self.push_id(top)),
            op::EMPTY_TUPLE => self.push(Object::Tuple(Vec::new())),
            op::TUPLE => self.since_mark().and_then(|items| self.push(Object::Tuple(items))),
            op::TUPLE1 => self.tuple(1),
            op::TUPLE2 => self.tuple(2),
            op::TUPLE3 => self.tuple(3),
            op::EMPTY_LIST | op::EMPTY_SET => self.push(Object::List(Vec::new())),
            op::LIST | op::FROZENSET => {
                self.since_mark().and_then(|items| self.push(Object::List(items)))
            }
            op::APPEND => self.pop().and_then(|item| self.append(vec![item])),
            op::APPENDS | op::ADDITEMS => self.since_mark().and_then(|items| self.append(items)),
            op::EMPTY_DICT => self.push(Object::Dict(Vec::new())),
            op::DICT => self.since_mark().and_then(|pairs| self.dict(&pairs)),
            op::SETITEM => self.pop_many(2).and_then(|pair| self.set_items(&pair)),
            op::SETITEMS => self.since_mark().and_then(|pairs| self.set_items(&pairs)),
            op::PUT => self.decimal().and_then(|place| self.put(place)),
            op::BINPUT => self.array().and_then(|[byte]| self.put(u32::from(byte))),
            op::LONG_BINPUT => self.array().and_then(|b| self.put(u32::from_le_bytes(b))),
            op::MEMOIZE => self.put(u32::try_from(self.memo.len()).unwrap_or(u32::MAX)),
            op::GET => self.decimal().and_then(|place| self.recall(place)),
            op::BINGET => self.array().and_then(|[byte]| self.recall(u32::from(byte))),
            op::LONG_BINGET => self.array().and_then(|b| self.recall(u32::from_le_bytes(b))),
            op::GLOBAL => self.global(),
            op::STACK_GLOBAL => self.stack_global(),
            op::REDUCE => self.reduce(),
            op::NEWOBJ => self.new_object(2),
            op::NEWOBJ_EX => self.new_object(3),
            op::INST => self.instance(),
            op::OBJ => self.object(),
            op::BUILD => self.build(),
            op::PERSID => self.line().and_then(|text| self.storage_of_text(text)),
            op::BINPERSID => self.storage(),
            code => self.plain(code),
        }
    }

    /// One instruction that makes a number, a text or bytes.
    fn plain(&mut self, code: u8) -> Result<(), Error> {
        match code {
            op::INT => self.written_int(),
            op::LONG => self.written_long(),
            op::FLOAT => self.written_float(),
            op::BININT => self.array().and_then(|b| self.int(i32::from_le_bytes(b))),
            op::BININT1 => self.array().and_then(|[byte]| self.int(byte)),
            op::BININT2 => self.array().and_then(|b| self.int(u16::from_le_bytes(b))),
            op::LONG1 => self.array().and_then(|[byte]| self.long(usize::from(byte))),
            op::LONG4 => self.array().and_then(|b| self.long(u32::from_le_bytes(b) as usize)),
            op::BINFLOAT => {
                self.array().and_then(|b| self.push(Object::Float(f64::from_be_bytes(b))))
            }
            op::STRING => self.written_string(),
            op::UNICODE => self.written_text(),
            op::BINSTRING => self.array().and_then(|b| self.string(u32::from_le_bytes(b) as usize)),
            op::SHORT_BINSTRING => self.array().and_then(|[byte]| self.string(usize::from(byte))),
            op::BINUNICODE => self.array().and_then(|b| self.text(u32::from_le_bytes(b) as usize)),
            op::SHORT_BINUNICODE => self.array().and_then(|[byte]| self.text(usize::from(byte))),
            op::BINUNICODE8 => self.long_size().and_then(|length| self.text(length)),
            op::BINBYTES => self.array().and_then(|b| self.raw(u32::from_le_bytes(b) as usize)),
            op::SHORT_BINBYTES => self.array().and_then(|[byte]| self.raw(usize::from(byte))),
            op::BINBYTES8 | op::BYTEARRAY8 => self.long_size().and_then(|length| self.raw(length)),
            code => Err(Error::ForbiddenOpcode { name: op::name(code), offset: self.start }),
        }
    }

    pub(super) fn fault(&self, what: &'static str) -> Error {
        Error::Pickle { offset: self.start, what }
    }

    // Plain data.

    fn protocol(&mut self) -> Result<(), Error> {
        match self.array()? {
            [0..=5] => Ok(()),
            _ => Err(self.fault("its protocol is not one of 0 to 5")),
        }
    }

    pub(super) fn int(&mut self, value: impl Into<i128>) -> Result<(), Error> {
        self.push(Object::Int(value.into()))
    }

    /// A whole number of any length, two's complement. One that has more than 128 bits, as a random
    /// generator's state can have, is kept roughly: nothing reads it.
    fn long(&mut self, length: usize) -> Result<(), Error> {
        let bytes = self.take(length)?;
        let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        if bytes.len() > 16 {
            return self.push(Object::Float(if negative { f64::MIN } else { f64::MAX }));
        }
        let mut all = [if negative { 0xff } else { 0 }; 16];
        all.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.int(i128::from_le_bytes(all))
    }

    fn text(&mut self, length: usize) -> Result<(), Error> {
        let bytes = self.take(length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| self.fault("a string is not UTF-8"))?;
        self.push(Object::Text(Cow::Borrowed(text)))
    }

    /// A string of Python 2, which is text or bytes.
    fn string(&mut self, length: usize) -> Result<(), Error> {
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => self.push(Object::Text(Cow::Borrowed(text))),
            Err(_) => self.push(Object::Bytes(bytes)),
        }
    }

    fn raw(&mut self, length: usize) -> Result<(), Error> {
        let bytes = self.take(length)?;
        self.push(Object::Bytes(bytes))
    }

    fn tuple(&mut self, count: usize) -> Result<(), Error> {
        let items = self.pop_many(count)?;
        self.push(Object::Tuple(items))
    }

    fn append(&mut self, new: Vec<Id>) -> Result<(), Error> {
        let list = self.top()?;
        match self.objects.0.get_mut(list.0) {
            Some(Object::List(items)) => items.extend(new),
            Some(Object::Made(made)) => made.items.extend(new),
            _ => return Err(self.fault("it appends to what is not a list")),
        }
        Ok(())
    }

    fn pairs(&self, new: &[Id]) -> Result<Vec<(Id, Id)>, Error> {
        let (pairs, rest) = new.as_chunks();
        if rest.is_empty() {
            return Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect());
        }
        Err(self.fault("a key has no value"))
    }

    fn dict(&mut self, new: &[Id]) -> Result<(), Error> {
        let pairs = self.pairs(new)?;
        self.push(Object::Dict(pairs))
    }

    fn set_items(&mut self, new: &[Id]) -> Result<(), Error> {
        let (dict, pairs) = (self.top()?, self.pairs(new)?);
        match self.objects.0.get_mut(dict.0) {
            Some(Object::Dict(items)) => items.extend(pairs),
            Some(Object::Made(made)) => made.pairs.extend(pairs),
            _ => return Err(self.fault("it sets an item of what is not a dict")),
        }
        Ok(())
    }

    // Names.

    fn global(&mut self) -> Result<(), Error> {
        let (module, name) = (self.line()?, self.line()?);
        self.name(module, name)
    }

    fn stack_global(&mut self) -> Result<(), Error> {
        let parts = self.pop_many(2)?;
        let mut texts = parts.iter().map(|id| self.objects.text(*id));
        let (Some(Some(module)), Some(Some(name))) = (texts.next(), texts.next()) else {
            return Err(self.fault("a name is no text"));
        };
        self.name(module, name)
    }

    fn name(&mut self, module: &'a str, name: &'a str) -> Result<(), Error> {
        if module.len().max(name.len()) > MAX_NAME_BYTES {
            return Err(self.fault("a module or class has too long a name"));
        }
        let global = Global::new(module, name);
        if global.does_harm() {
            return Err(Error::ForbiddenGlobal { name: shown(&global.to_string()) });
        }
        self.push(Object::Global(global))
    }

    // Objects.

    fn instance(&mut self) -> Result<(), Error> {
        let arguments = self.since_mark()?;
        self.global()?;
        let class = self.pop()?;
        self.made_of(class, arguments)
    }

    fn object(&mut self) -> Result<(), Error> {
        let mut arguments = self.since_mark()?;
        if arguments.is_empty() {
            return Err(self.fault("an object has no class"));
        }
        let class = arguments.remove(0);
        self.made_of(class, arguments)
    }

    fn made_of(&mut self, class: Id, arguments: Vec<Id>) -> Result<(), Error> {
        self.push(Object::Tuple(arguments))?;
        let arguments = self.pop()?;
        self.make(Made::new(class, arguments))
    }

    /// Of a class and a tuple, and with `count` 3 a dict of further arguments.
    fn new_object(&mut self, count: usize) -> Result<(), Error> {
        let parts = self.pop_many(count)?;
        let [class, arguments, ..] = parts[..] else {
            return Err(self.fault("its stack is empty"));
        };
        self.make(Made::new(class, arguments))
    }

    /// A stand-in for the object that a call would make.
    pub(super) fn make(&mut self, made: Made) -> Result<(), Error> {
        self.push(Object::Made(Box::new(made)))
    }

    /// Gives an object its state. What is plain data here has none that anything needs: a state dict's
    /// is module versions in `_metadata`.
    fn build(&mut self) -> Result<(), Error> {
        let state = self.pop()?;
        let target = self.top()?;
        if let Some(Object::Made(made)) = self.objects.0.get_mut(target.0) {
            made.state = Some(state);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_its_tuple_and_never_a_copy() {
        // (size, ((1, 2),)) with the inner tuple in memo 0 and on top at the end: the size's id.
        let pickle = b"\x80\x02ctorch\nSize\n(K\x01K\x02tq\x00\x85R.";
        let (objects, top, length) = load(pickle).unwrap();
        assert_eq!(length, pickle.len());
        let Object::Tuple(items) = objects.get(top) else { panic!("no tuple") };
        assert_eq!(items.len(), 2);
        let tuples = objects.0.iter().filter(|o| matches!(o, Object::Tuple(t) if t.len() == 2));
        assert_eq!(tuples.count(), 1);
    }
}
