//! What only the page asks of a figure.

use super::Figure;
use analysis::Report;
use figure::{ExactShare, Section};
use seam::{error, foreign, plain};
use task::item::Item;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl Figure {
    /// Makes the axes for the `snapshot` that is shown or for the whole `run`.
    pub fn set_scales(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Scales")] scales: &str,
    ) -> Result<(), JsValue> {
        self.scales = drawing::scales(scales)?;
        Ok(())
    }

    /// Takes the bytes of `Session.unedited`, the model without its edits; none: it has none. Before `replace`, which then
    /// draws it as a ghost: outlines behind what moved, on axes that hold both.
    pub fn set_ghost(&mut self, report: Option<Vec<u8>>) -> Result<(), JsValue> {
        // The same at every move of a weight: its panels are made once.
        if self.ghost != report {
            let bytes = report.as_ref();
            let read = bytes.map(|bytes| Report::from_bytes(bytes).map_err(foreign)).transpose()?;
            self.inner.set_ghost(read);
            self.ghost = report;
        }
        Ok(())
    }

    /// Says what is known of the run's snapshots over all additions: their steps, in order, and of each between which
    /// shares of 1 it lies. Panel 12 is to be drawn again.
    pub fn set_exact(&mut self, steps: &[f64], at_least: &[f64], at_most: &[f64]) {
        let all = steps.iter().zip(at_least).zip(at_most);
        let share = |((&step, &at_least), &at_most): ((&f64, &f64), &f64)| ExactShare {
            step: step as u64,
            at_least,
            at_most,
        };
        self.inner.set_exact(all.map(share).collect());
    }

    /// The case of additions that an item names, in words; nothing where it names none, or nothing is known.
    #[wasm_bindgen(unchecked_return_type = "CaseText | undefined")]
    pub fn case_text(&self, item: &str) -> Result<JsValue, JsValue> {
        let case = match item.parse() {
            Ok(Item::Case(case)) => case,
            _ => return Ok(JsValue::UNDEFINED),
        };
        let text = self.inner.map().and_then(|map| figure::case_text(map, case));
        text.map_or(Ok(JsValue::UNDEFINED), |text| plain(&text))
    }

    /// What a section says of this model.
    pub fn section_sentence(&self, key: &str, alignment_name: &str) -> Result<String, JsValue> {
        let section = Section::ALL.into_iter().find(|s| s.key() == key);
        let section = section.ok_or_else(|| error(format!("{key} is no section")))?;
        Ok(section.sentence(&self.inner.subject(self.view(alignment_name)?)))
    }
}
