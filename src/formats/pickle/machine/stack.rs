//! What the machine reads and what it works on: bytes, a stack with marks, and a memo.

use super::Machine;
use crate::element::first;
use crate::error::{Error, at_most};
use crate::limits::MAX_PICKLE_OBJECTS;
use crate::pickle::object::{Id, Object};

impl<'a> Machine<'a> {
    pub(in crate::pickle) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let end = self.at.checked_add(count);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| self.fault("it ends in the middle of an instruction"))?;
        self.at += count;
        Ok(taken)
    }

    pub(in crate::pickle) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        self.take(N).map(first)
    }

    /// A length of eight bytes. What does not fit is more than there can be.
    pub(in crate::pickle) fn long_size(&mut self) -> Result<usize, Error> {
        self.array().map(|b| usize::try_from(u64::from_le_bytes(b)).unwrap_or(usize::MAX))
    }

    /// Bytes up to a line feed.
    pub(in crate::pickle) fn raw_line(&mut self) -> Result<&'a [u8], Error> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n');
        let length = length.ok_or_else(|| self.fault("a name has no end"))?;
        let line = self.take(length)?;
        self.at += 1;
        Ok(line)
    }

    /// Bytes up to a line feed, as text.
    pub(in crate::pickle) fn line(&mut self) -> Result<&'a str, Error> {
        let line = self.raw_line()?;
        std::str::from_utf8(line).map_err(|_| self.fault("a name is no text"))
    }

    pub(in crate::pickle) fn decimal(&mut self) -> Result<u32, Error> {
        let line = self.line()?;
        line.trim().parse().map_err(|_| self.fault("a number cannot be read"))
    }

    pub(in crate::pickle) fn push(&mut self, object: Object<'a>) -> Result<(), Error> {
        at_most("objects in the pickle", self.objects.0.len() + 1, MAX_PICKLE_OBJECTS)?;
        let id = Id(self.objects.0.len());
        self.objects.0.push(object);
        self.push_id(id)
    }

    pub(in crate::pickle) fn push_id(&mut self, id: Id) -> Result<(), Error> {
        at_most("places on the pickle's stack", self.stack.len() + 1, MAX_PICKLE_OBJECTS)?;
        self.stack.push(id);
        Ok(())
    }

    pub(in crate::pickle) fn mark(&mut self) -> Result<(), Error> {
        at_most("open marks in the pickle", self.marks.len() + 1, MAX_PICKLE_OBJECTS)?;
        self.marks.push(self.stack.len());
        Ok(())
    }

    pub(in crate::pickle) fn pop(&mut self) -> Result<Id, Error> {
        let id = self.top()?;
        self.stack.pop();
        Ok(id)
    }

    /// Drops the top of the stack, which may be a mark.
    pub(in crate::pickle) fn drop_top(&mut self) -> Result<(), Error> {
        if self.marks.last() == Some(&self.stack.len()) {
            self.marks.pop();
            return Ok(());
        }
        self.pop().map(drop)
    }

    pub(in crate::pickle) fn pop_many(&mut self, count: usize) -> Result<Vec<Id>, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let height = self.stack.len().checked_sub(count).filter(|height| *height >= floor);
        let height = height.ok_or_else(|| self.fault("its stack is empty"))?;
        Ok(self.stack.split_off(height))
    }

    pub(in crate::pickle) fn top(&self) -> Result<Id, Error> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let above = self.stack.get(floor..).and_then(<[Id]>::last);
        above.copied().ok_or_else(|| self.fault("its stack is empty"))
    }

    pub(in crate::pickle) fn since_mark(&mut self) -> Result<Vec<Id>, Error> {
        let mark = self.marks.pop().ok_or_else(|| self.fault("a mark is missing"))?;
        Ok(self.stack.split_off(mark))
    }

    pub(in crate::pickle) fn put(&mut self, place: u32) -> Result<(), Error> {
        at_most("places in the pickle's memo", self.memo.len() + 1, MAX_PICKLE_OBJECTS)?;
        let top = self.top()?;
        self.memo.insert(place, top);
        Ok(())
    }

    pub(in crate::pickle) fn recall(&mut self, place: u32) -> Result<(), Error> {
        let id = self.memo.get(&place).copied();
        let id = id.ok_or_else(|| self.fault("it recalls something that it did not store"))?;
        self.push_id(id)
    }
}
