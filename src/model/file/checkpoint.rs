//! A checkpoint that opened, and the same with other numbers than its file has. The file's own are kept.

use super::{About, Metrics};
use crate::{Edit, EditError, Model, Params};
use numbers::listed::Listed;

/// A checkpoint that opened: a model, and what its file says about it.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// What the file says beside the numbers.
    pub about: About,
    /// The model.
    pub model: Model,
    /// The numbers as they stand in the file, whatever was edited since.
    original: Params,
}

impl Checkpoint {
    /// A model with the numbers of its file.
    pub fn new(about: About, model: Model) -> Checkpoint {
        let original = model.params().clone();
        Checkpoint { about, model, original }
    }

    /// Learned numbers per tensor, under the file's names: tied tensors once, frozen
    /// ones not at all.
    pub fn parameter_breakdown(&self) -> Vec<(String, usize)> {
        let learned = self.model.params().iter().filter(|p| p.learned);
        learned.map(|p| (self.about.family.source_name(p.name), p.values.len())).listed()
    }

    /// The numbers as they stand in the file, whatever was edited since.
    pub fn original(&self) -> &Params {
        &self.original
    }

    /// Makes all `edits`, in their order.
    ///
    /// # Errors
    /// One of them cannot be made; then none is.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<(), EditError> {
        self.model.edit(edits)
    }

    /// Where the model differs from the file, in the order of the forward pass: what
    /// [`Checkpoint::edit`] would make of the file's model to get this one.
    pub fn edits(&self) -> Vec<Edit> {
        self.differences().map(|(name, index, value)| Edit { name, index, value }).listed()
    }

    /// How many numbers differ from the file's.
    pub fn edit_count(&self) -> usize {
        self.differences().count()
    }

    /// Gives all numbers the file's values again.
    pub fn reset(&mut self) {
        let Checkpoint { model, original, .. } = self;
        model.change(|params| params.clone_from(original));
    }

    /// Tensor, index and value here of every number whose bits differ from the file's.
    fn differences(&self) -> impl Iterator<Item = (String, usize, f32)> {
        let tensors = self.model.params().iter().zip(self.original.iter());
        tensors.flat_map(|(now, file)| {
            let values = now.values.iter().copied().zip(file.values.iter().copied());
            values
                .enumerate()
                .filter(|(_, (now, file))| now.to_bits() != file.to_bits())
                .map(|(i, (value, _))| (now.name.to_owned(), i, value))
        })
    }

    /// Whether these are not the numbers that training left: by edits here, or before the
    /// file was saved.
    pub fn is_edited(&self) -> bool {
        self.about.edited || self.edit_count() > 0
    }

    /// The stored metrics; none with edits, since they are those of other numbers.
    pub fn metrics(&self) -> Option<&Metrics> {
        self.about.metrics.as_ref().filter(|_| self.edit_count() == 0)
    }
}
