//! From a description of a tensor to its numbers.

use super::Pickled;
use super::object::{Place, View};
use crate::error::{Error, shown};
use crate::limits::{MAX_PICKLE_BYTES, MAX_STORAGE_HEAD};
use crate::raw::Tensors;

impl View<'_> {
    /// Walks over the storage in row-major order of the tensor's shape, whatever its strides.
    pub(crate) fn read(
        &self,
        name: &str,
        file: &Pickled<'_>,
        tensors: &mut Tensors,
    ) -> Result<(), Error> {
        let count = tensors.admit(name, &self.shape)?;
        let bytes = file.bytes(&self.storage, MAX_PICKLE_BYTES).ok_or_else(|| {
            let entry = match self.storage.place {
                Place::Key(key) => file.entry(key),
                Place::Inline { .. } => name.to_owned(),
            };
            Error::MissingEntry { entry: shown(&entry) }
        })?;
        if count == 0 {
            return tensors.insert(name, &self.shape, Vec::new());
        }
        let element = self.storage.element;
        // Elements that the pickle says the storage has, and those that this tensor reaches.
        let wanted = self.reach().map(|reach| reach.max(self.storage.count));
        let wanted = wanted.and_then(|count| count.checked_mul(element.size() as u64));
        let beyond = self.reach().is_none_or(|reach| reach > self.storage.count);
        let short = wanted.is_none_or(|wanted| wanted > bytes.len() as u64);
        if beyond || short {
            let held = self.storage.count.saturating_mul(element.size() as u64);
            return Err(Error::StorageTooShort {
                name: shown(name),
                wanted: wanted.unwrap_or(u64::MAX),
                found: held.min(bytes.len() as u64),
            });
        }
        let mut data = Vec::with_capacity(count);
        let mut index = vec![0; self.shape.len()];
        for _ in 0..count {
            // No overflow: every position is below `reach`, which fits into the file.
            let steps = index.iter().zip(&self.strides).map(|(index, stride)| index * stride);
            let at = (self.offset as usize + steps.sum::<usize>()) * element.size();
            data.push(element.decode(bytes.get(at..).unwrap_or_default()));
            advance(&mut index, &self.shape);
        }
        tensors.insert(name, &self.shape, data)
    }

    /// The number of a tensor that is just one.
    pub(super) fn number(&self, file: &Pickled<'_>) -> Option<f64> {
        if self.shape.iter().any(|len| *len != 1) {
            return None;
        }
        let bytes = file.bytes(&self.storage, MAX_STORAGE_HEAD)?;
        let at = usize::try_from(self.offset).ok()?.checked_mul(self.storage.element.size())?;
        let end = at.checked_add(self.storage.element.size())?;
        bytes.get(at..end).map(|bytes| self.storage.element.decode_number(bytes))
    }

    /// One past the last element that a tensor without a dimension of length 0 touches, or
    /// nothing where that overflows.
    fn reach(&self) -> Option<u64> {
        let mut last = self.offset;
        for (len, stride) in self.shape.iter().zip(&self.strides) {
            let steps = (*len as u64).checked_sub(1)?.checked_mul(*stride as u64)?;
            last = last.checked_add(steps)?;
        }
        last.checked_add(1)
    }
}

/// The next index in row-major order.
fn advance(index: &mut [usize], shape: &[usize]) {
    for (place, len) in index.iter_mut().zip(shape).rev() {
        *place += 1;
        if *place < *len {
            return;
        }
        *place = 0;
    }
}
