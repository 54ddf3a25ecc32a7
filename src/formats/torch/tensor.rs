//! From a description of a tensor to its numbers.

use super::object::View;
use super::zip::Archive;
use crate::error::{Error, shown};
use crate::raw::Tensors;

impl View<'_> {
    /// Walks over the storage in row-major order of the tensor's shape, whatever its strides.
    pub(super) fn read(
        &self,
        name: &str,
        archive: &Archive<'_>,
        root: &str,
        tensors: &mut Tensors,
    ) -> Result<(), Error> {
        let count = tensors.admit(name, &self.shape)?;
        let entry = format!("{root}data/{}", self.storage.key);
        let bytes =
            archive.get(&entry).ok_or_else(|| Error::MissingEntry { entry: shown(&entry) })?;
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
