//! A checkpoint with other numbers than its file has. The file's own are kept.

use super::names::{clean_name, tied};
use super::{Checkpoint, Error, Metrics, Raw};
use crate::model::{Edit, EditError, Params};

impl Checkpoint {
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
        self.differences().map(|(name, index, value, _)| Edit { name, index, value }).collect()
    }

    /// How many numbers differ from the file's.
    pub fn edit_count(&self) -> usize {
        self.differences().count()
    }

    /// The edits that bring the file's numbers back.
    pub fn resets(&self) -> Vec<Edit> {
        self.differences().map(|(name, index, _, value)| Edit { name, index, value }).collect()
    }

    /// Tensor, index, value here and in the file of every number whose bits differ.
    fn differences(&self) -> impl Iterator<Item = (String, usize, f32, f32)> {
        let tensors = self.model.params().iter().zip(self.original.iter());
        tensors.flat_map(|(now, file)| {
            let values = now.values.iter().copied().zip(file.values.iter().copied());
            values
                .enumerate()
                .filter(|(_, (now, file))| now.to_bits() != file.to_bits())
                .map(|(i, (now_value, file_value))| (now.name.to_owned(), i, now_value, file_value))
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

impl Raw {
    /// The same file with `edits` made, in their order, under every name that it has for a
    /// tensor. Where a number differs after that, the file says that it was edited, and has
    /// no metrics.
    ///
    /// # Errors
    /// The file holds no model that is supported, or one of the edits cannot be made.
    pub fn edited(mut self, edits: &[Edit]) -> Result<Raw, Error> {
        let mut checkpoint = Checkpoint::new(&self)?;
        checkpoint.edit(edits)?;
        let edits = checkpoint.edits();
        if edits.is_empty() {
            return Ok(self);
        }
        let own = checkpoint.model.config().specs();
        for (source, values) in &mut self.tensors {
            let clean = clean_name(source);
            for Edit { name, index, value } in &edits {
                let holds = clean == *name || tied(name, &own).any(|twin| twin == clean);
                if holds && let Some(place) = values.iter_mut().nth(*index) {
                    *place = *value;
                }
            }
        }
        Ok(Raw { edited: true, metrics: None, ..self })
    }
}
