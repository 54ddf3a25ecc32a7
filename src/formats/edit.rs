//! A file with other numbers than it had.

use super::{Error, Raw, checkpoint};
use model::Edit;
use model::names::clean_name;
use model::tensors::tied;

impl Raw {
    /// The same file with `edits` made, in their order, under every name that it has for a
    /// tensor. Where a number differs after that, the file says that it was edited, and has
    /// no metrics.
    ///
    /// # Errors
    /// The file holds no model that is supported, or one of the edits cannot be made.
    pub fn edited(mut self, edits: &[Edit]) -> Result<Raw, Error> {
        let mut checkpoint = checkpoint(&self)?;
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
